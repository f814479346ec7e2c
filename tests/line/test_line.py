"""A tray runs in threads: every slot ends safe, and a verdict is what is on record, not what was proposed."""

from collections.abc import Callable
from typing import Never

import pytest

from station.core.errors import LinkError, StoreError
from station.core.record import RunRecord
from station.core.verdict import Verdict
from station.line.line import Issued
from station.sequencer.unit import Unit
from tests.line.stage import Body, Stage, bad, good, no_document
from tests.sequencer.fakes import FakeNest
from tests.world.line import Line


class Floor:
    """A tray on a stage, whose test does what each slot is told."""

    def __init__(self, bodies: dict[int, Body], issue: Callable[[RunRecord], Issued | None] = no_document) -> None:
        self.stage = Stage(max(bodies), issue=issue)
        tray = {slot: f"SN-{slot}" for slot in bodies}
        self.stage.bodies = {serial: bodies[slot] for slot, serial in tray.items()}
        self.bench, self.journal, self.made_safe = self.stage.bench, self.stage.journal, self.stage.made_safe
        self.line = Line(self.stage.rooms, self.stage.papers, tray)


def test_each_slot_gets_the_verdict_of_its_record() -> None:
    floor = Floor({1: good, 2: bad, 3: good})

    outcomes = floor.line.test()

    assert [outcome.verdict for outcome in outcomes] == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    assert [outcome.serial for outcome in outcomes] == ["SN-1", "SN-2", "SN-3"]
    assert len(floor.made_safe) == 1


@pytest.mark.hazard("ST-01")
def test_a_full_journal_makes_every_verdict_an_error() -> None:
    floor = Floor({1: good, 2: good})
    floor.journal.full = 3

    outcomes = floor.line.test()

    assert {Verdict.ERROR} == {outcome.verdict for outcome in outcomes}
    assert all(outcome.record is None and "disk is full" in outcome.reason for outcome in outcomes)


@pytest.mark.hazard("SP-04")
def test_stopping_one_slot_leaves_the_others_alone() -> None:
    def stops_itself(unit: Unit) -> None:
        floor.line.stop(1, "operator")
        unit.wait(1000.0)

    floor = Floor({1: stops_itself, 2: good})

    first, second = floor.line.test()

    assert (first.verdict, second.verdict) == (Verdict.ABORTED, Verdict.PASS)
    assert "operator" in first.reason


@pytest.mark.hazard("SP-04")
def test_stopping_all_makes_the_fixture_safe_and_aborts_everyone() -> None:
    def stops_all(unit: Unit) -> None:
        floor.line.stop_all("Ctrl-C")
        unit.wait(1e6)

    floor = Floor({1: stops_all, 2: lambda unit: unit.wait(1e6)})

    outcomes = floor.line.test()

    assert {Verdict.ABORTED} == {outcome.verdict for outcome in outcomes}
    assert len(floor.made_safe) == 1


@pytest.mark.hazard("FC-11")
def test_a_fail_found_before_a_stop_stays_a_fail() -> None:
    def fails_and_stops(unit: Unit) -> None:
        bad(unit)
        floor.line.stop_all("Ctrl-C")
        unit.wait(1e6)

    floor = Floor({1: fails_and_stops})

    (outcome,) = floor.line.test()

    assert outcome.verdict == Verdict.FAIL


@pytest.mark.hazard("ST-04")
def test_a_document_that_cannot_be_issued_is_told_and_changes_no_verdict() -> None:
    def broken(record: RunRecord) -> Issued | None:
        raise StoreError("the folder is gone")

    floor = Floor({1: good}, broken)

    (outcome,) = floor.line.test()

    assert outcome.verdict == Verdict.PASS
    assert "the folder is gone" in outcome.trouble
    assert outcome.issued is None


@pytest.mark.hazard("TR-15")
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
    drawn: list[str] = []

    def draws(record: RunRecord) -> Issued | None:
        drawn.append(record.started.serial)
        return Issued("NO-1", "x.pdf") if record.started.serial == "SN-2" else _bug()

    def waits_for_the_bug(unit: Unit) -> None:
        unit.wait(10.0)
        assert ["SN-1"] == drawn
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
    floor.stage.line_lost = True

    with pytest.raises(LinkError):
        floor.line.test()

    assert [Verdict.PASS] == [outcome.verdict for outcome in floor.line.outcomes]


def _bug() -> Never:
    raise ZeroDivisionError


def test_a_run_that_ends_early_leaves_the_time_that_was_kept_for_it_to_the_others() -> None:
    seen: list[list[int]] = []

    def breaks_in_its_window(unit: Unit) -> None:
        unit.open_window(seconds=1000.0, loans={"dmm": 10})
        seen.append(list(floor.bench.windows))
        raise ZeroDivisionError

    floor = Floor({1: breaks_in_its_window})

    (outcome,) = floor.line.test()

    assert Verdict.ERROR == outcome.verdict
    assert [[1]] == seen
    assert [] == floor.bench.windows
