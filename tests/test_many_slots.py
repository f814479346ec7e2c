"""More units than slots, more slots than the file has, over real sockets: the tray rolls, loans are serialised, waits overlap."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from station.cli import assemble, elsewhere
from station.cli.bench_process import simulator
from station.cli.hand import Hand
from station.cli.home import make, read
from station.clocks.steady import SteadyClock
from station.core.verdict import Verdict
from station.line.feed import Feed, View
from station.line.slots import State
from station.line.station import Station
from station.store.archive import Archive

pytestmark = [pytest.mark.process, pytest.mark.hungry]

STATION = (sys.executable, "-c", "from station.cli import main; main()")
SLOTS, UNITS = 32, 33
SPEED = 300.0
STOPPED, LATE = 5, 32  # the slot that is stopped while it waits for its shut-off, and the one that is loaded only then


@pytest.mark.timeout(300)
def test_32_slots_test_33_units_and_the_last_joins_when_the_first_is_done(tmp_path: Path) -> None:
    make(tmp_path)
    serials = [f"SN26-{number}" for number in range(1, UNITS + 1)]
    words = ("--home", str(tmp_path), "--simulate", "--slots", str(SLOTS), "--speed", f"{SPEED:g}", "--profile", "-o", "json")

    done = subprocess.run([*STATION, "run", *words, *serials], capture_output=True, text=True, check=False, timeout=280)

    assert 0 == done.returncode, done.stderr
    archive = Archive(tmp_path / "records" / "station.sqlite")
    records = [record for serial in serials for record in archive.records(serial)]
    assert [Verdict.PASS] * UNITS == [record.verdict for record in records]
    assert all("simulated with 32 slots" in record.started.documents.fixture_file for record in records)
    last, others = records[-1].started, [record for record in records[:-1] if record.started.slot != records[-1].started.slot]
    assert sum(record.ended is not None and record.ended.monotonic > last.monotonic for record in others) > SLOTS // 2
    said = json.loads(done.stdout.splitlines()[-1])
    things = {use["thing"]: use for use in said["things"]}
    assert {"dmm", "scope", "operator", "start"} == set(things)
    assert (UNITS, UNITS) == (things["operator"]["came"], things["start"]["came"])
    assert things["dmm"]["asked"] == things["dmm"]["came"] > 10 * UNITS
    assert 0.3 < things["dmm"]["utilisation"] <= 1.0
    assert sum(record.duration or 0.0 for record in records) > 10 * said["span"]


@contextmanager
def line(folder: Path) -> Iterator[tuple[Station, Hand]]:
    """Open a line of 32 simulated slots over sockets, and the hand that puts units in."""
    make(folder)
    with simulator(slots=SLOTS, speed=SPEED, seed=1, mains_hz=50, truth=None) as addresses:
        home = elsewhere.widened(elsewhere.simulated(read(folder), addresses), SLOTS)
        clock = SteadyClock(SPEED)
        ids, feed = assemble.new_ids(clock), Feed(clock, SLOTS)
        with assemble.kept(home.config, clock, ids, (feed.hear,)) as kept, assemble.bench_of(home, clock) as bench:
            rooms = replace(assemble.rooms(clock, bench, kept, ids, is_simulated=True), issue=lambda _: None)
            papers = assemble.papers(home, assemble.sequence_of(home), "", "", ids, SPEED)
            station = Station(rooms, papers, feed)
            with station.at_work(), Hand(addresses.operator) as hand:
                yield station, hand


def begin(station: Station, hand: Hand, slot: int) -> None:
    station.ready(slot, f"SN26-{slot}")
    hand.place(slot, f"SN26-{slot}")
    station.start(slot)


@pytest.mark.timeout(300)
def test_one_slot_is_stopped_one_joins_in_the_middle_and_31_take_no_notice(tmp_path: Path) -> None:
    with line(tmp_path) as (station, hand):
        for slot in range(1, SLOTS):
            begin(station, hand, slot)
        watch, is_stopped = station.watch(), False
        while any(one.state is State.TESTING for one in station.view().slots):
            news = watch.next(None)
            if isinstance(news, View) or news is None or news.slot is None:
                continue
            if not is_stopped and (news.slot.slot, news.slot.step) == (STOPPED, "Auto shut-off"):
                is_stopped = True
                station.stop(STOPPED, "the operator")
                begin(station, hand, LATE)
        outcomes = {one.slot: one.outcome for one in station.view().slots}

    verdicts = {slot: None if outcome is None else outcome.verdict for slot, outcome in outcomes.items()}
    assert verdicts.pop(STOPPED) is Verdict.ABORTED
    assert {Verdict.PASS} == set(verdicts.values())
    assert SLOTS - 1 == len(verdicts)
