"""A tray rolls: a slot whose unit is done takes the next that waits, by the one hand there is, while the others run on."""

from dataclasses import dataclass, field

import pytest

from station.core.errors import InterlockError, StationError
from station.core.verdict import Verdict
from station.hardware.lending import LoanEntry
from station.line.floor import Floor
from station.line.line import Outcome
from station.line.slots import State
from station.line.tray import OPERATOR, Tray
from station.sequencer.unit import Unit
from tests.line.stage import Stage, bad, lasting


@dataclass
class FakeHand:
    """A hand that takes `seconds` for a change; `did` is what it was asked, and when."""

    stage: Stage
    seconds: float = 0.0
    did: list[tuple[int, str, str]] = field(default_factory=list)
    done: float = 0.0

    def change(self, slot: int, out: Outcome | None, into: str) -> None:
        self.did.append((slot, out.serial if out else "", into))
        self.done = self.stage.clock.now() + self.seconds

    def seated(self, slot: int) -> bool:
        return self.stage.clock.now() >= self.done


def bug(unit: Unit) -> None:
    raise ZeroDivisionError(unit.serial)


class Job:
    """A stage, a hand and a tray."""

    def __init__(self, slots: int, *, seconds: float = 0.0, floor: Floor | None = None) -> None:
        self.stage = Stage(slots, floor=floor)
        self.hand = FakeHand(self.stage, seconds)
        self.log: list[LoanEntry] = []
        self.tray = Tray(self.stage.station, self.hand, self.stage.clock, self.log.append)

    def test(self, placed: dict[int, str], waiting: list[str]) -> dict[str, Verdict]:
        """Test a tray and return the verdicts by serial."""
        with self.stage.station.at_work():
            self.tray.test(placed, waiting)
        return {one.serial: one.verdict for one in self.tray.outcomes}


def test_a_slot_that_is_done_takes_the_next_unit_while_the_others_run_on() -> None:
    line = Job(2)
    line.stage.bodies = {"A": lasting(10.0), "B": lasting(100.0), "C": lasting(20.0), "D": lasting(30.0, bad)}

    verdicts = line.test({1: "A", 2: "B"}, ["C", "D"])

    assert {"A": Verdict.PASS, "C": Verdict.PASS, "D": Verdict.FAIL, "B": Verdict.PASS} == verdicts
    assert [(1, "", "A"), (2, "", "B"), (1, "A", "C"), (1, "C", "D")] == line.hand.did
    assert 100.0 == pytest.approx(line.stage.clock.now(), abs=1.0)


def test_many_more_units_than_slots_all_get_their_verdict() -> None:
    line = Job(32)
    serials = [f"SN-{number}" for number in range(100)]
    line.stage.bodies = {serial: lasting(100.0 + number % 7) for number, serial in enumerate(serials)}

    verdicts = line.test(dict(enumerate(serials[:32], 1)), serials[32:])

    assert dict.fromkeys(serials, Verdict.PASS) == verdicts
    assert line.stage.clock.now() < 450.0


def test_a_serial_that_is_refused_makes_room_for_the_next() -> None:
    line = Job(1)

    verdicts = line.test({1: "A"}, ["A", "S N", "B"])

    assert {"A": Verdict.PASS, "B": Verdict.PASS} == verdicts
    assert ["A", "S N"] == [one.serial for one in line.tray.refusals]
    assert "has passed already" in line.tray.refusals[0].why


def test_a_retest_waits_for_another_slot_than_the_one_in_which_its_unit_failed() -> None:
    line = Job(2)
    line.stage.bodies = {"R": bad, "C": lasting(50.0), "A": lasting(10.0), "B": lasting(10.0)}

    line.test({1: "R", 2: "C"}, ["A", "R", "B"])

    assert [(1, "", "R"), (2, "", "C"), (1, "R", "A"), (1, "A", "B"), (2, "C", "R")] == line.hand.did
    assert [] == line.tray.refusals


def test_a_retest_that_has_no_other_slot_is_refused_with_the_reason() -> None:
    line = Job(1)
    line.stage.bodies = {"R": bad}

    line.test({1: "R"}, ["R", "B"])

    assert [(1, "", "R"), (1, "R", "B")] == line.hand.did
    assert ["R failed in slot 1: its retest must be in another slot"] == [one.why for one in line.tray.refusals]


def test_those_that_wait_take_slots_that_are_empty_from_the_beginning() -> None:
    line = Job(3)

    verdicts = line.test({2: "A"}, ["B"])

    assert {"A": Verdict.PASS, "B": Verdict.PASS} == verdicts
    assert [(2, "", "A"), (1, "", "B")] == line.hand.did


def test_the_one_hand_changes_slot_after_slot_and_the_log_says_who_waited_for_it() -> None:
    line = Job(2, seconds=5.0)
    line.stage.bodies = {"A": lasting(10.0), "B": lasting(10.0)}

    line.test({1: "A", 2: "B"}, [])

    first, second = line.log
    assert ((OPERATOR,), (OPERATOR,)) == (first.instruments, second.instruments)
    assert [1, 2] == [first.slot, second.slot]
    assert (0.0, 5.0) == (first.got, first.gave_back)
    assert (5.0, 10.0) == (second.got, second.gave_back)


def test_a_stop_ends_the_tray_and_says_who_was_left() -> None:
    line = Job(1)

    def stops_all(unit: Unit) -> None:
        line.stage.station.stop_all("Ctrl-C")
        unit.wait(100.0)

    line.stage.bodies = {"A": stops_all}

    verdicts = line.test({1: "A"}, ["B", "C"])

    assert {"A": Verdict.ABORTED} == verdicts
    assert (["B", "C"], True) == (line.tray.left, line.tray.stopped)


def test_a_line_that_is_held_finishes_what_runs_and_starts_nothing_more() -> None:
    line = Job(2, floor=Floor())
    line.stage.bodies = {"LONG": lasting(100.0), **{f"BAD-{number}": lasting(1.0, bad) for number in range(5)}}

    verdicts = line.test({1: "LONG", 2: "BAD-0"}, [f"BAD-{number}" for number in range(1, 5)])

    assert {"LONG": Verdict.PASS, **{f"BAD-{number}": Verdict.FAIL for number in range(3)}} == verdicts
    assert ["BAD-3", "BAD-4"] == line.tray.left
    assert "3 units in a row failed" in str(line.tray.over)
    assert not line.tray.stopped


def test_a_station_that_may_start_nothing_leaves_its_units_where_they_are() -> None:
    line = Job(2)
    line.stage.barred = InterlockError("the lid is open")

    verdicts = line.test({1: "A"}, ["B"])

    assert {} == verdicts
    assert line.stage.barred is line.tray.over
    assert {"A", "B"} == set(line.tray.left)


def test_a_hand_that_fails_ends_the_tray_and_no_run() -> None:
    line = Job(2)
    line.stage.bodies = {"A": lasting(10.0), "B": lasting(100.0)}
    change = line.hand.change

    def fails(slot: int, out: Outcome | None, into: str) -> None:
        if out:
            raise StationError("the hand is tired")
        change(slot, out, into)

    line.hand.change = fails  # type: ignore[method-assign]  # a fake of one method

    verdicts = line.test({1: "A", 2: "B"}, ["C", "D"])

    assert {"A": Verdict.PASS, "B": Verdict.PASS} == verdicts
    assert "the hand is tired" == str(line.tray.over)
    assert ["C", "D"] == line.tray.left


def test_a_slot_that_locks_itself_takes_no_more_and_the_others_go_on() -> None:
    line = Job(2, floor=Floor())
    line.stage.bodies = dict.fromkeys(("BUG-0", "BUG-1", "BUG-2"), bug) | {"LONG": lasting(1000.0)}

    verdicts = line.test({1: "BUG-0", 2: "LONG"}, ["BUG-1", "BUG-2", "B"])

    assert State.LOCKED == line.stage.slot(1).state
    assert Verdict.PASS == verdicts["B"]
    assert (2, "LONG", "B") == line.hand.did[-1]
