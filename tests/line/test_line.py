"""A tray runs in threads: every slot ends safe, and a verdict is what is on record, not what was proposed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Never

import pytest

from station.cli.assemble import papers
from station.cli.home import read
from station.clocks.steady import SteadyClock
from station.core.errors import LinkError, StationError, StoreError
from station.core.events import Event, RunEnded
from station.core.instruments import Nest
from station.core.measurement import Evidence
from station.core.record import RunRecord, replay
from station.core.uncertainty import Uncertainty
from station.core.verdict import Verdict
from station.core.waveform import Waveform
from station.line.line import Issued, Line, Rooms
from station.sequencer.sequence import Sequence, step
from station.sequencer.unit import Unit
from station.store.ids import Ids
from tests.sequencer.fakes import FakeBench, FakeNest

HOME = Path(__file__).parents[2]
Body = Callable[[Unit], None]


@dataclass
class FakeJournal:
    """A journal that keeps events in lists; `full` after so many."""

    clock: SteadyClock
    full: int = 10_000
    events: dict[str, list[Event]] = field(default_factory=dict)

    def write(self, event: Event) -> None:
        if sum(len(told) for told in self.events.values()) >= self.full:
            raise StoreError("the disk is full")
        self.events.setdefault(event.run_id, []).append(event)

    def settle(self, run_id: str) -> None:
        if not isinstance(self.events[run_id][-1], RunEnded):
            raise StoreError("the end is not on record")

    def record(self, run_id: str) -> RunRecord:
        return replay(self.events[run_id])


class ManySlots(FakeBench):
    """A bench whose every slot is a nest of its own."""

    def nest(self, slot: int) -> Nest:
        return FakeNest(number=slot)


def good(unit: Unit) -> None:
    unit.measure("BAT.010", 3.8, Uncertainty(1e-4, "V", "test"))


def bad(unit: Unit) -> None:
    unit.measure("BAT.010", 3.0, Uncertainty(1e-4, "V", "test"))


class Floor:
    """A line of fake rooms whose one step does what each slot is told."""

    def __init__(self, bodies: dict[int, Body], issue: Callable[[RunRecord], Issued | None] = lambda record: None) -> None:
        self.clock = SteadyClock(1000.0)
        self.journal = FakeJournal(self.clock)
        self.bench = ManySlots()
        self.made_safe: list[str] = []
        self.line_lost = False
        home = read(HOME)
        limits = replace(home.limits, limits={"BAT.010": home.limits.limits["BAT.010"]})
        body = step("Battery", "BAT.010")(lambda unit: bodies[unit.slot](unit))
        sequence = Sequence("MC-100", "1", "test", (body,), lambda unit: unit.nest.safe())
        ids = Ids(self.clock, lambda bits: 7)
        rooms = Rooms(
            self.clock, self.bench, self.journal, _no_evidence, _nobody, ids.new, lambda serial: 1, self.journal.record,
            issue, self._make_safe,
        )  # fmt: skip
        tray = {slot: f"SN-{slot}" for slot in bodies}
        self.line = Line(rooms, papers(replace(home, limits=limits), sequence, "", "", ids, 1000.0), tray)

    def _make_safe(self) -> None:
        self.made_safe.append("all")
        if self.line_lost:
            raise LinkError("the fixture's line is lost")


def _no_evidence(wave: Waveform, title: str) -> Evidence:
    raise StationError("nothing is kept here")


def _nobody(question: str) -> str:
    raise StationError(question)


def test_each_slot_gets_the_verdict_of_its_record() -> None:
    floor = Floor({1: good, 2: bad, 3: good})

    outcomes = floor.line.test()

    assert [outcome.verdict for outcome in outcomes] == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    assert [outcome.serial for outcome in outcomes] == ["SN-1", "SN-2", "SN-3"]
    assert floor.made_safe == ["all"]


def test_a_full_journal_makes_every_verdict_an_error() -> None:
    floor = Floor({1: good, 2: good})
    floor.journal.full = 3

    outcomes = floor.line.test()

    assert {Verdict.ERROR} == {outcome.verdict for outcome in outcomes}
    assert all(outcome.record is None and "disk is full" in outcome.reason for outcome in outcomes)


def test_stopping_one_slot_leaves_the_others_alone() -> None:
    def stops_itself(unit: Unit) -> None:
        floor.line.stop(1, "operator")
        unit.wait(1000.0)

    floor = Floor({1: stops_itself, 2: good})

    first, second = floor.line.test()

    assert (first.verdict, second.verdict) == (Verdict.ABORTED, Verdict.PASS)
    assert "operator" in first.reason


def test_stopping_all_makes_the_fixture_safe_and_aborts_everyone() -> None:
    def stops_all(unit: Unit) -> None:
        floor.line.stop_all("Ctrl-C")
        unit.wait(1e6)

    floor = Floor({1: stops_all, 2: lambda unit: unit.wait(1e6)})

    outcomes = floor.line.test()

    assert {Verdict.ABORTED} == {outcome.verdict for outcome in outcomes}
    assert floor.made_safe == ["all"]


def test_a_fail_found_before_a_stop_stays_a_fail() -> None:
    def fails_and_stops(unit: Unit) -> None:
        bad(unit)
        floor.line.stop_all("Ctrl-C")
        unit.wait(1e6)

    floor = Floor({1: fails_and_stops})

    (outcome,) = floor.line.test()

    assert outcome.verdict == Verdict.FAIL


def test_a_document_that_cannot_be_issued_is_told_and_changes_no_verdict() -> None:
    def broken(record: RunRecord) -> Issued | None:
        raise StoreError("the folder is gone")

    floor = Floor({1: good}, broken)

    (outcome,) = floor.line.test()

    assert outcome.verdict == Verdict.PASS
    assert "the folder is gone" in outcome.trouble
    assert outcome.issued is None


def test_a_bug_in_a_step_is_an_error_of_ours_and_the_others_go_on() -> None:
    def bug(unit: Unit) -> None:
        unit.measure("BAT.010", float("nothing"))

    floor = Floor({1: bug, 2: good})

    first, second = floor.line.test()

    assert (first.verdict, second.verdict) == (Verdict.ERROR, Verdict.PASS)


@pytest.mark.parametrize("slots", [1, 8, 32])
def test_any_number_of_slots_ends(slots: int) -> None:
    floor = Floor(dict.fromkeys(range(1, slots + 1), good))

    outcomes = floor.line.test()

    assert slots == len(outcomes)


def test_a_bug_in_drawing_a_document_costs_no_verdict_and_stops_no_other_slot() -> None:
    started = SteadyClock().monitor()
    drawn: list[str] = []

    def draws(record: RunRecord) -> Issued | None:
        with started:
            drawn.append(record.started.serial)
            started.notify()
        return Issued("NO-1", "x.pdf") if record.started.serial == "SN-2" else _bug()

    def waits_for_the_bug(unit: Unit) -> None:
        with started:
            assert started.wait_for(lambda: "SN-1" in drawn, 10.0)
        good(unit)

    floor = Floor({1: good, 2: waits_for_the_bug}, draws)

    first, second = floor.line.test()

    assert (first.verdict, second.verdict) == (Verdict.PASS, Verdict.PASS)
    assert "could not be issued: ZeroDivisionError. The next start issues it" in first.trouble
    assert (None, Issued("NO-1", "x.pdf")) == (first.issued, second.issued)


def test_a_bug_before_the_run_begins_is_told_as_an_error_of_its_slot_alone() -> None:
    floor = Floor({1: good, 2: good})
    floor.bench.nest = lambda slot: FakeNest(number=slot) if slot == 2 else _bug()  # type: ignore[method-assign]  # a fake of one method

    first, second = floor.line.test()

    assert (first.verdict, second.verdict) == (Verdict.ERROR, Verdict.PASS)
    assert "not on record: ZeroDivisionError" == first.trouble


def test_what_units_came_to_is_known_although_the_fixture_cannot_be_made_safe_in_the_end() -> None:
    floor = Floor({1: good})
    floor.line_lost = True

    with pytest.raises(LinkError):
        floor.line.test()

    assert [Verdict.PASS] == [outcome.verdict for outcome in floor.line.outcomes]


def _bug() -> Never:
    raise ZeroDivisionError
