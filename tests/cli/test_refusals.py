"""What may not be tested is refused before an instrument is opened: the addresses of this home lead nowhere."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from station.cli import assemble, tray
from station.cli.home import Home, make, read
from station.cli.modes import Mode
from station.cli.program import code_of
from station.clocks.steady import SteadyClock
from station.core.equipment import Certificate
from station.core.errors import LinkError, LockedError, StoreError
from station.core.events import RunStarted
from station.core.limit_file import parse
from station.core.record import replay
from station.line.admission import Refusal
from station.store.journal import Journal
from tests.core.samples import story as passing
from tests.store.stories import at_work, ids, keep, story

PAST = Certificate("CAL-7", date(2019, 1, 1), date(2020, 1, 1))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    make(tmp_path)
    path = tmp_path / "station.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("5030", "1").replace("5025", "2").replace("5026", "3"), encoding="utf-8")
    return read(tmp_path)


def job(serials: Mapping[int, str]) -> tray.Job:
    return tray.Job(tray=serials, defects={}, speed=1.0, operator="", lot="", mode=Mode.PLAIN)


def refused(home: Home, serials: Mapping[int, str]) -> list[Refusal]:
    outcomes, refusals = tray.tested(home, job(serials))
    assert [] == outcomes
    return refusals


def test_a_good_serial_would_go_on_to_the_bench(home: Home) -> None:
    with pytest.raises(LinkError, match=r"127\.0\.0\.1:1"):
        tray.tested(home, job({1: "SN26-1"}))


def test_a_simulated_bench_that_nobody_started_is_told_how_to_start_it(home: Home) -> None:
    said = r"is the address right\? This bench is simulated: start it with `station simulate`, or say --simulate$"

    with pytest.raises(LinkError, match=said):
        tray.tested(home, job({1: "SN26-1"}))


def test_another_fault_of_a_simulated_bench_is_no_matter_of_starting_it(home: Home) -> None:
    odd = replace(home, config=replace(home.config, fixture_address="socket://nowhere"))

    with pytest.raises(LinkError, match=r"write it like socket://127\.0\.0\.1:5030$"):
        tray.tested(odd, job({1: "SN26-1"}))


def _meter(home: Home) -> Home:
    return replace(home, config=replace(home.config, dmms=(replace(home.config.dmms[0], certificate=PAST),)))


def _oscilloscope(home: Home) -> Home:
    return replace(home, config=replace(home.config, scopes=(replace(home.config.scopes[0], certificate=PAST),)))


def _timer(home: Home) -> Home:
    return replace(home, fixture=replace(home.fixture, timer=replace(home.fixture.timer, certificate=PAST)))


def _resistor(home: Home) -> Home:
    one = home.fixture.sense[5, 10_000.0]
    return replace(
        home, fixture=replace(home.fixture, sense={**home.fixture.sense, (5, 10_000.0): replace(one, certificate=PAST)})
    )


LATE = [
    (_meter, "dmm 34461A, serial SIM34461A1"),
    (_oscilloscope, "scope DSOX1204G, serial SIMDSOX1204G1"),
    (_timer, "timer of fixture SIMFX-0001"),
    (_resistor, "sense resistor of slot 5, load 10000 ohm"),
]


@pytest.mark.parametrize(("late", "said"), LATE)
@pytest.mark.hazard("EQ-01", "EQ-02", "EQ-03")
def test_a_certificate_past_due_locks_the_station_whosever_it_is(home: Home, late: Callable[[Home], Home], said: str) -> None:
    with pytest.raises(LockedError) as locked:
        tray.tested(late(home), job({1: "SN26-1"}))

    assert f"calibration past due: {said} (certificate CAL-7) was due on 2020-01-01" in str(locked.value)
    assert 4 == code_of(locked.value)
    assert not home.config.store.exists()


def _kept(home: Home, serial: str, **changed: str) -> None:
    with at_work(home.config.store) as journal:
        keep(journal, story(ids(3).new(), serial, simulated=True, **changed))


@pytest.mark.parametrize(
    ("serials", "said"),
    [
        ({1: "SN26-1"}, ["SN26-1 has passed already"]),
        ({1: ""}, ["the serial is empty"]),
        ({1: "SN 1"}, ["which GS1 serials may not"]),
        ({1: "S" * 21}, ["has 21 characters; at most 20 are allowed"]),
        ({1: "SN26-2", 4: "SN26-2"}, ["stands in more than one slot", "stands in more than one slot"]),
        ({9: "SN26-2"}, ["the fixture has slots 1 to 8, not 9"]),
    ],
)
@pytest.mark.hazard("SN-01", "SN-02", "SN-03")
def test_a_serial_that_may_not_be_tested_opens_nothing(home: Home, serials: dict[int, str], said: list[str]) -> None:
    _kept(home, "SN26-1")

    refusals = refused(home, serials)

    assert len(said) == len(refusals)
    for refusal, why in zip(refusals, said, strict=True):
        assert why in refusal.why


@pytest.mark.hazard("SN-05")
def test_a_serial_that_failed_a_safety_row_is_quarantined(home: Home) -> None:
    _kept(home, "SN26-1", fails="CUR.311")

    assert "it is quarantined, which this version cannot lift: keep it apart" in refused(home, {1: "SN26-1"})[0].why


@pytest.mark.hazard("SN-04")
def test_a_serial_that_runs_in_another_program_cannot_run_here(home: Home) -> None:
    """One store has one writer: a second program is refused whatever serial it is given."""
    with (
        Journal(home.config.store, SteadyClock(), ids(1)),
        pytest.raises(StoreError, match=r"another station \(process \d+\) writes to"),
    ):
        tray.tested(home, job({1: "SN26-1"}))


@pytest.mark.hazard("ST-02")
def test_a_store_that_is_no_database_opens_nothing(home: Home) -> None:
    home.config.store.parent.mkdir()
    home.config.store.write_text("a letter, and no store at all\n" * 50, encoding="utf-8")

    with pytest.raises(StoreError, match="restore it from the backup") as fault:
        tray.tested(home, job({1: "SN26-1"}))

    assert 3 == code_of(fault.value)


def _draft(text: str) -> str:
    return text.replace('status = "released"', 'status = "draft"')


def _edited(text: str) -> str:
    return text.replace("high = 432,", "high = 431,", 1)


@pytest.mark.parametrize("spoil", [_draft, _edited])
@pytest.mark.hazard("LF-01", "LF-02")
def test_a_run_by_limits_that_are_not_released_is_a_trial_that_earns_no_document(home: Home, spoil: Callable[[str], str]) -> None:
    text = home.config.limits.read_text(encoding="utf-8")
    limits = parse(spoil(text).encode(), "limits/mc100-b.toml")
    spoiled = replace(home, limits=limits)

    papers = assemble.papers(spoiled, assemble.sequence_of(spoiled), "", "", ids(1), 1.0)
    head = papers.started("run", "SN26-1", 1, 1, (), "2026-11-22T08:00:00.000000Z", 0.0)

    assert limits.unreleased is not None
    assert ("debug", limits.unreleased) == (head.run_type, head.documents.limits_unreleased)
    first, *rest = passing()
    assert isinstance(first, RunStarted)
    assert not replay([replace(first, run_type=head.run_type, documents=head.documents), *rest]).certifiable
