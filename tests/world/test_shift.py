"""A shift in memory: the same story from the same seed, the same verdicts under whatever clock, and no duration by the wall."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from station.cli.home import Home
from station.clocks.steady import SteadyClock
from station.clocks.virtual import VirtualClock
from station.core.canonical import Json, canonical
from station.core.clock import Clock, Stop
from station.core.event_json import to_json
from station.core.events import Event, RunEnded, StepStarted
from station.core.recipe import Recipe
from station.line.crew import Crew
from tests.world.world import MONDAY, World, world

UNITS, SLOTS = 12, 6
EIGHT_HOURS = 700  # units in 32 slots: one DMM takes 43 s for each
DEFECTS = {1: "good", 2: "wrong_sense", 3: "dc_imbalance", 4: "good"}
WALL = {"at", "run_id", "execution_id", "tz_offset_min"}  # what may differ when the wall clock does
SPRING = datetime(2027, 3, 28, 0, 58, 30, tzinfo=UTC)  # at 01:00 UTC it becomes 03:00 in Berlin
AUTUMN = datetime(2027, 10, 31, 0, 58, 30, tzinfo=UTC)  # at 01:00 UTC it becomes 02:00 once more


def accelerated(home: Home) -> Home:
    return replace(home, config=replace(home.config, recipe=Recipe.ACCELERATED))


def story(made: World) -> Iterator[dict[str, Json]]:
    """Yield all that is on record, run by run."""
    archive = made.kept.archive
    for run in archive.runs():
        yield from (to_json(event) for event in archive.events(run.run_id))


@dataclass(frozen=True, slots=True)
class Shift:
    """What became of a shift: the digest of all its records, its verdicts, and how long it took (s of the line)."""

    digest: str
    verdicts: tuple[str, ...]
    seconds: float


def shift(folder: Path, seed: int, units: int, slots: int) -> Shift:
    """Test a rolling shift with defects as production makes them."""
    serials = [f"SN{number:04d}" for number in range(units)]
    with world(folder, seed=seed, slots=slots, natural=True, documents=False, floor=False) as made:
        line = made.line(dict(enumerate(serials[:slots], 1)), serials[slots:])
        outcomes = line.test()
        whole = hashlib.sha256(b"\n".join(canonical(event) for event in story(made)))
        seconds = made.clock.now()
    assert sorted(serials) == sorted(outcome.serial for outcome in outcomes)
    return Shift(whole.hexdigest(), tuple(outcome.verdict.name for outcome in outcomes), seconds)


def test_a_rolling_shift_from_one_seed_has_the_same_records_down_to_ids_and_evidence(tmp_path: Path) -> None:
    first = shift(tmp_path / "a", 3, UNITS, SLOTS)

    assert first == shift(tmp_path / "b", 3, UNITS, SLOTS)
    assert {"PASS", "FAIL"} >= set(first.verdicts)
    assert UNITS / 2 < first.verdicts.count("PASS")


@pytest.mark.hungry
@pytest.mark.timeout(2400)
def test_eight_hours_in_32_slots_from_one_seed_have_the_same_records_twice(tmp_path: Path) -> None:
    first = shift(tmp_path / "a", 8, EIGHT_HOURS, 32)

    assert first.seconds > 8 * 3600
    assert first == shift(tmp_path / "b", 8, EIGHT_HOURS, 32)
    assert {"PASS", "FAIL", "INCONCLUSIVE"} >= set(first.verdicts)


def tray(folder: Path, clock: Clock) -> dict[str, tuple[str, str]]:
    """Return the verdict of each unit of a tray, and the row that failed first, under `clock`."""
    with world(folder, slots=len(DEFECTS), documents=False, clock=clock, change=accelerated) as made:
        outcomes = made.test({slot: f"SN{slot}" for slot in DEFECTS}, DEFECTS)
    records = [outcome.record for outcome in outcomes if outcome.record is not None]
    return {record.started.serial: (record.verdict.name, record.first_fail) for record in records}


def test_the_verdicts_are_the_same_in_real_time_and_in_virtual_time(tmp_path: Path) -> None:
    virtual = tray(tmp_path / "virtual", VirtualClock(20.0))

    assert virtual == tray(tmp_path / "real", SteadyClock(60.0))
    assert ["PASS", "FAIL", "FAIL", "PASS"] == [verdict for verdict, _ in virtual.values()]


@contextmanager
def stepped(made: World, *seconds: float) -> Iterator[None]:
    """Step the wall clock by each of `seconds` in the middle of a shut-off and of what comes behind it."""

    def step(stop: Stop) -> None:
        for by, title in zip(seconds, ("Auto shut-off", "Service mode left"), strict=True):
            made.heard.await_one(partial(_begins, title), stop)
            made.clock.wait(0.5, stop)
            made.step_wall(by)

    with Crew(made.clock) as crew:
        crew.start("a time server", step)
        yield


def _begins(title: str, event: Event) -> bool:
    return isinstance(event, StepStarted) and event.step == title


def timed(folder: Path, begin: datetime, *seconds: float) -> list[dict[str, Json]]:
    """Return all that two units' records say but for what the wall clock says."""
    clock = VirtualClock(20.0, begin)
    with world(folder, slots=2, documents=False, clock=clock) as made, stepped(made, *seconds):
        outcomes = made.test({1: "SN1", 2: "SN2"}, {1: "good", 2: "good"})
        slots = {run.run_id: run.slot for run in made.kept.archive.runs()}
        told = sorted(story(made), key=lambda event: slots[str(event["run_id"])])
    assert [("SN1", True), ("SN2", True)] == [(one.serial, one.record is not None) for one in outcomes]
    assert 2 == sum(event["kind"] == RunEnded.__name__ for event in told)
    return [{key: value for key, value in event.items() if key not in WALL} for event in told]


def test_a_wall_clock_that_is_stepped_and_a_night_of_summer_time_change_no_duration_and_lose_no_unit(tmp_path: Path) -> None:
    untouched = timed(tmp_path / "untouched", MONDAY, 0.0, 0.0)

    assert untouched == timed(tmp_path / "forward", MONDAY, 3600.0, -3600.0)
    assert untouched == timed(tmp_path / "back", MONDAY, -3600.0, 7200.0)
    assert untouched == timed(tmp_path / "spring", SPRING, 0.0, 0.0)
    assert untouched == timed(tmp_path / "autumn", AUTUMN, 0.0, 0.0)
