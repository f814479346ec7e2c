"""Units are changed by the simulated operator, or by a person whom the fixture watches; slots that no file has are marked."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from station.cli import elsewhere
from station.cli.commands import Wanted, slots_of
from station.cli.hands import Person, SimulatedHand
from station.cli.home import Home, read
from station.cli.tray import exit_code
from station.core.equipment import Contact
from station.core.errors import InterlockError, LinkError, StationError
from station.core.instruments import Nest
from station.core.verdict import Verdict
from station.line.admission import Refusal
from station.line.line import Outcome
from tests.sequencer.fakes import FakeNest

A = Outcome(2, "A", Verdict.PASS, "")
IN, OUT, LOOSE = Contact(True, True, 0), Contact(False, False, 0), Contact(True, False, 0)


@dataclass
class FakeSeats:
    """A fixture with one slot whose session ends with its lid."""

    slot: FakeNest = field(default_factory=lambda: FakeNest(number=2))
    halted: str | None = None
    lid_open: bool = False
    lost: bool = False
    restored: int = 0

    def restore(self) -> None:
        if self.lid_open:
            raise InterlockError("the lid is open")
        self.halted = None
        self.restored += 1

    def nest(self, slot: int) -> Nest:
        assert slot == self.slot.number
        return self.slot

    def present(self, slot: int) -> bool:
        if self.lost:
            raise LinkError("the line is lost")
        return self.nest(slot).contact().present


def person(seats: FakeSeats, placed: dict[int, str] | None = None) -> tuple[Person, list[str]]:
    said: list[str] = []
    return Person(seats, placed or {}, said.append), said


def seen(hand: Person, seats: FakeSeats, *contacts: Contact) -> list[bool]:
    """Return what the hand says while the fixture sees one contact after the other."""
    answers = []
    for contact in contacts:
        seats.slot.touches = contact
        answers.append(hand.seated(2))
    return answers


def test_a_unit_that_was_in_from_the_beginning_is_not_asked_for() -> None:
    hand, said = person(FakeSeats(), {2: "A"})

    hand.change(2, None, "A")

    assert (True, []) == (hand.seated(2), said)


def test_a_change_is_done_when_the_slot_was_empty_and_then_holds_a_unit_that_touches() -> None:
    seats = FakeSeats()
    hand, said = person(seats, {2: "A"})
    hand.change(2, None, "A")

    hand.change(2, A, "B")

    assert ["station: slot 2: take A (PASS) out and put B in\n"] == said
    assert [False, False, False, False, True] == seen(hand, seats, IN, IN, OUT, LOOSE, IN)


def test_an_empty_slot_is_filled_when_a_unit_touches() -> None:
    seats = FakeSeats()
    hand, said = person(seats, {1: "A"})

    hand.change(2, None, "B")

    assert ["station: slot 2: put B in\n"] == said
    assert [False, False, True] == seen(hand, seats, OUT, LOOSE, IN)


def test_a_lid_that_was_opened_for_the_change_ends_no_tray_once_it_is_closed() -> None:
    seats = FakeSeats()
    hand, _ = person(seats)
    hand.change(2, None, "B")
    seats.halted, seats.lid_open = "the lid is open", True

    open_lid = hand.seated(2)
    seats.lid_open = False

    assert (False, True, 1) == (open_lid, hand.seated(2), seats.restored)


def test_a_unit_that_was_changed_for_the_next_under_an_open_lid_is_seen_to_be_changed() -> None:
    seats = FakeSeats()
    hand, _ = person(seats)
    hand.change(2, A, "B")
    seats.halted, seats.lid_open = "the lid is open", True
    under_the_lid = seen(hand, seats, IN, OUT, IN)

    seats.lid_open = False

    assert ([False] * 3, [True]) == (under_the_lid, seen(hand, seats, IN))


def test_a_line_that_was_lost_is_opened_again_though_nobody_could_be_asked_over_it() -> None:
    seats = FakeSeats(halted="the line is lost", lost=True)
    hand, _ = person(seats)
    hand.change(2, None, "B")

    assert ([True], 1) == (seen(hand, seats, IN), seats.restored)


def test_a_lid_that_was_opened_and_closed_over_the_same_unit_is_no_change() -> None:
    seats = FakeSeats()
    hand, _ = person(seats)
    hand.change(2, A, "B")
    seats.halted, seats.lid_open = "the lid is open", True
    under_the_lid = seen(hand, seats, IN)

    seats.lid_open = False

    assert ([False], [False]) == (under_the_lid, seen(hand, seats, IN))


def test_a_fixture_that_cannot_be_asked_is_told_of_once_while_the_change_waits() -> None:
    seats = FakeSeats()
    hand, said = person(seats)
    hand.change(2, None, "A")
    said.clear()
    faults = iter(
        [LinkError("no answer: put the plug in"), LinkError("no answer: put the plug in"), LinkError("another fixture")]
    )

    def broken() -> None:
        raise next(faults)

    seats.halted, seats.restore = "the line is lost", broken  # type: ignore[method-assign]  # this very fixture cannot go on

    assert [False] * 3 == seen(hand, seats, OUT, OUT, OUT)
    assert [
        "station: slot 2 cannot be looked at: no answer: put the plug in\n",
        "station: slot 2 cannot be looked at: another fixture\n",
    ] == said


def test_a_person_who_can_be_told_nothing_any_more_is_waited_for_no_longer_and_breaks_no_run() -> None:
    def gone(_: str) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(StationError, match=r"nobody can be told what to change: stderr does not take it \(Broken pipe\)"):
        Person(FakeSeats(), {}, gone).change(2, A, "B")


@dataclass
class FakeHand:
    did: list[str] = field(default_factory=list)
    left: dict[int, str] = field(default_factory=dict)

    def seated(self) -> dict[int, str]:
        return self.left

    def place(self, slot: int, serial: str, defect: str = "") -> None:
        self.did.append(f"PLACE {slot} {serial} {defect}".strip())

    def remove(self, slot: int) -> None:
        self.did.append(f"REMOVE {slot}")


def test_the_simulated_hand_takes_out_and_puts_in_with_the_defect_that_is_wanted() -> None:
    fake = FakeHand()
    hand = SimulatedHand(fake, {1: "A"}, {"B": "no_shutoff"})

    hand.change(1, None, "A")
    hand.change(1, A, "B")

    assert ["PLACE 1 A", "REMOVE 1", "PLACE 1 B no_shutoff"] == fake.did
    assert hand.seated(1)


def test_the_simulated_hand_takes_out_what_an_earlier_tray_left_and_leaves_in_what_is_where_it_is_wanted() -> None:
    fake = FakeHand(left={1: "A", 2: "B", 3: "OLD", 4: "OLDER"})
    hand = SimulatedHand(fake, {1: "A", 2: "B", 3: "C"}, {"B": "no_shutoff"})

    for slot, serial in {1: "A", 2: "B", 3: "C"}.items():
        hand.change(slot, None, serial)

    assert ["REMOVE 2", "REMOVE 3", "REMOVE 4", "PLACE 2 B no_shutoff", "PLACE 3 C"] == fake.did


@pytest.fixture(scope="module")
def home() -> Home:
    return read(Path(__file__).parents[2])


def test_a_simulated_fixture_may_be_wider_than_its_file_and_says_so(home: Home) -> None:
    wide = elsewhere.widened(home, 20).fixture

    assert 20 == wide.slots
    assert 20 * len(home.fixture.loads) == len(wide.sense)
    assert home.fixture.sense[3, 500.0] == wide.sense[3, 500.0]
    assert home.fixture.sense[3, 500.0].ohm == wide.sense[19, 500.0].ohm
    assert wide.sense[19, 500.0].certificate.example
    assert 20 * len(home.fixture.shunts) == 8 * len(wide.shunts)
    assert f"{home.fixture.file}, simulated with 20 slots" == wide.file
    assert home.fixture.digest != wide.digest != elsewhere.widened(home, 21).fixture.digest


def test_each_resistor_of_a_wider_fixture_has_a_certificate_of_its_own_so_that_no_budget_takes_two_for_one(home: Home) -> None:
    wide = elsewhere.widened(home, 20).fixture

    numbers = [one.certificate.number for one in (*wide.sense.values(), *wide.shunts.values())]

    assert len(numbers) == len(set(numbers))


def test_a_fixture_as_wide_as_its_file_is_that_file(home: Home) -> None:
    assert home is elsewhere.widened(home, home.fixture.slots)
    assert {1, 2} == {slot for slot, _ in elsewhere.widened(home, 2).fixture.sense}


def wanted(*serials: str, slots: tuple[str, ...] = ()) -> Wanted:
    return Wanted(serials, slots, True, None, 1.0, 1, "", "")


def test_serials_take_the_first_free_slots_and_the_others_wait_in_their_order() -> None:
    assert {2: "X", 1: "A", 3: "B", -1: "C", -2: "D"} == slots_of(wanted("A", "B", "C", "D", slots=("2=X",)), 3)


@pytest.mark.parametrize(
    ("verdicts", "codes", "expected"),
    [
        ([Verdict.PASS], [], 0),
        ([Verdict.PASS], [2], 2),
        ([Verdict.FAIL], [2], 1),
        ([Verdict.FAIL], [4], 4),
        ([Verdict.ERROR], [4], 3),
        ([Verdict.PASS], [130], 130),
        ([], [2], 2),
        ([], [4], 4),
        ([], [], 3),
    ],
)
def test_a_tray_ends_with_the_gravest_of_its_units_and_refusals(verdicts: list[Verdict], codes: list[int], expected: int) -> None:
    outcomes = [Outcome(1, "A", verdict, "") for verdict in verdicts]

    assert expected == exit_code(outcomes, [Refusal(1, "B", "", code) for code in codes])
