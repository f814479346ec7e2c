"""Instruments are lent in turn: never to two at once, first come first served, given back whatever happens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.clocks.steady import SteadyClock
from station.core.clock import Stop
from station.core.errors import LoanError, SequenceError, Stopped
from station.hardware.lending import Lending, LoanEntry
from tests.hardware.conftest import Spawn
from tests.hardware.fakes import HandClock, hurried

DMM, SCOPE, BOTH = frozenset({"dmm"}), frozenset({"scope"}), frozenset({"dmm", "scope"})


@dataclass
class Office:
    """A lending office on a hurried clock, with its log."""

    clock: SteadyClock = field(default_factory=hurried)
    log: list[LoanEntry] = field(default_factory=list)
    patience: float = 600.0

    def __post_init__(self) -> None:
        self.lending = Lending(self.clock, self.log.append, patience=self.patience)
        self.monitor = self.clock.monitor()

    def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(2000):
            if holds():
                return
            with self.monitor as monitor:
                monitor.wait_for(lambda: False, 0.05)
        pytest.fail("it did not come about")

    def waiting(self) -> int:
        return len(self.lending._queue)  # noqa: SLF001 - who waits shows nowhere else


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    assert made.waiting() == 0


WISHES = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([DMM, SCOPE, BOTH])), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=WISHES)
@pytest.mark.hazard("TR-18")
def test_loans_never_overlap_and_every_wish_is_granted(spawn: Spawn, wishes: list[tuple[int, frozenset[str]]]) -> None:
    office = Office()
    has: dict[str, int] = {}
    wrong: list[tuple[int, str]] = []
    stop = office.clock.stop()

    def run(slot: int) -> Callable[[Stop], None]:
        def body(_: Stop) -> None:
            for instruments in [instruments for number, instruments in wishes if number == slot]:
                with office.lending.turn(slot, instruments, stop):
                    wrong.extend((slot, name) for name in instruments if has.setdefault(name, slot) != slot)
                    office.clock.wait(0.01, stop)
                    for name in instruments:
                        del has[name]

        return body

    for slot in {slot for slot, _ in wishes}:
        spawn(f"slot {slot}", run(slot))
    office.until(lambda: len(office.log) == len(wishes))

    assert wrong == []
    assert all(entry.got is not None for entry in office.log)


def test_who_asked_first_is_served_first(office: Office, spawn: Spawn) -> None:
    stop, served = office.clock.stop(), list[int]()

    def run(slot: int, instruments: frozenset[str]) -> Callable[[Stop], None]:
        def body(_: Stop) -> None:
            with office.lending.turn(slot, instruments, stop):
                served.append(slot)

        return body

    with office.lending.turn(1, DMM, stop):
        for slot, instruments in ((2, BOTH), (3, DMM), (4, SCOPE), (5, BOTH)):
            before = office.waiting()
            spawn(f"slot {slot}", run(slot, instruments))
            office.until(lambda before=before: office.waiting() > before)  # type: ignore[misc]  # mypy infers no lambda with defaults
    office.until(lambda: len(office.log) == 5)

    assert served[0] == 2
    assert set(served[1:3]) == {3, 4}
    assert served[3] == 5


def test_two_instruments_can_be_lent_to_two_slots_at_once(office: Office) -> None:
    stop = office.clock.stop()

    with office.lending.turn(1, DMM, stop) as first, office.lending.turn(2, SCOPE, stop) as second:
        first.check()
        second.check()


def test_a_loan_inside_a_loan_is_the_steps_fault(office: Office) -> None:
    stop = office.clock.stop()

    with (
        office.lending.turn(1, DMM, stop),
        pytest.raises(SequenceError, match="borrow both in one call"),
        office.lending.turn(1, SCOPE, stop),
    ):
        pass


def test_a_loan_is_given_back_when_its_user_raises(office: Office) -> None:
    stop = office.clock.stop()

    with pytest.raises(ZeroDivisionError), office.lending.turn(1, DMM, stop):
        _ = 1 / 0

    with office.lending.turn(2, DMM, stop):
        pass


def test_a_loan_that_is_over_cannot_be_used(office: Office) -> None:
    with office.lending.turn(1, DMM, office.clock.stop()) as loan:
        loan.check()

    with pytest.raises(LoanError, match="outside its loan"):
        loan.check()


def test_a_loan_that_is_kept_too_long_cannot_be_used() -> None:
    clock = HandClock()
    lending = Lending(clock, lambda _: None, hold=120.0)

    with lending.turn(1, DMM, clock.stop()) as loan:
        clock.pass_by(121.0)

        with pytest.raises(LoanError, match="more than 120 s"):
            loan.check()


@pytest.mark.hazard("TR-11")
def test_who_waits_too_long_is_told_who_is_before_it() -> None:
    office = Office(patience=0.5)
    stop = office.clock.stop()

    with (
        office.lending.turn(1, BOTH, stop),
        pytest.raises(LoanError, match=r"slot 2 waited 0\.5 s for dmm: slot 1 has it"),
        office.lending.turn(2, DMM, stop),
    ):
        pass

    assert [(entry.slot, entry.got is None) for entry in office.log] == [(2, True), (1, False)]


def test_a_stop_is_heard_while_waiting(office: Office, spawn: Spawn) -> None:
    stop, stopped = office.clock.stop(), list[str]()

    def body(_: Stop) -> None:
        try:
            with office.lending.turn(2, DMM, stop):
                pytest.fail("it was lent")
        except Stopped as request:
            stopped.append(str(request))

    with office.lending.turn(1, DMM, office.clock.stop()):
        spawn("slot 2", body)
        office.until(lambda: office.waiting() == 2)
        stop.set("the operator pressed stop")
        office.until(lambda: bool(stopped))

    assert stopped == ["the operator pressed stop"]


def test_the_log_says_who_asked_got_and_gave_back_what_and_when() -> None:
    clock = HandClock()
    log: list[LoanEntry] = []

    with Lending(clock, log.append).turn(3, BOTH, clock.stop()):
        clock.pass_by(2.5)

    assert log == [LoanEntry(3, ("dmm", "scope"), 0.0, 0.0, 2.5)]


def test_the_hold_counts_from_when_the_instrument_is_ready_not_from_when_its_trouble_began() -> None:
    clock = HandClock()
    lending = Lending(clock, lambda _: None, hold=10.0)

    with lending.turn(1, DMM, clock.stop()) as loan:
        clock.wait(60.0, clock.stop())
        with pytest.raises(LoanError, match="kept dmm for more than 10 s"):
            loan.check()
        loan.begin()

        loan.check()


POOL = {"dmm": ("dmm", "dmm2"), "scope": ("scope",)}


def test_of_a_pool_each_gets_another_one_and_the_log_says_which() -> None:
    clock, log = HandClock(), list[LoanEntry]()
    lending = Lending(clock, log.append, POOL)

    with lending.turn(1, BOTH, clock.stop()) as one, lending.turn(2, DMM, clock.stop()) as two:
        assert {"dmm": "dmm", "scope": "scope"} == one.lent
        assert {"dmm": "dmm2"} == two.lent

    assert [("dmm2",), ("dmm", "scope")] == [entry.instruments for entry in log]


def test_a_slot_gets_the_instrument_that_it_had_last_where_it_is_free() -> None:
    clock = HandClock()
    lending = Lending(clock, lambda _: None, POOL)
    with lending.turn(1, DMM, clock.stop()), lending.turn(2, DMM, clock.stop()):
        pass

    with lending.turn(2, DMM, clock.stop()) as again:
        assert {"dmm": "dmm2"} == again.lent


def test_what_is_set_aside_is_lent_to_nobody_for_a_while_unless_it_is_the_last() -> None:
    clock = HandClock()
    lending = Lending(clock, lambda _: None, POOL)

    assert lending.set_aside("dmm")
    with lending.turn(1, DMM, clock.stop()) as other:
        assert {"dmm": "dmm2"} == other.lent
    assert not lending.set_aside("dmm2")
    assert not lending.set_aside("scope")

    clock.pass_by(61.0)
    with lending.turn(2, DMM, clock.stop()) as again:
        assert {"dmm": "dmm"} == again.lent


def test_who_never_gets_one_of_a_pool_is_told_who_has_them_all() -> None:
    clock = HandClock()
    lending = Lending(clock, lambda _: None, POOL, patience=10.0)

    with (
        lending.turn(1, DMM, clock.stop()),
        lending.turn(4, DMM, clock.stop()),
        pytest.raises(LoanError, match=r"slot 2 waited 10 s for dmm: slots 1 and 4 have it"),
        lending.turn(2, DMM, clock.stop()),
    ):
        pass


def test_a_loan_that_would_begin_behind_its_window_is_refused_although_the_instrument_is_free() -> None:
    """What is measured behind the window is measured of a unit that may have gone off by itself."""
    clock = HandClock()
    lending = Lending(clock, lambda _: None)
    clock.pass_by(100.0)

    with pytest.raises(LoanError, match="by the end of its window"), lending.turn(1, DMM, clock.stop(), before=99.0):
        pytest.fail("it was lent")

    with lending.turn(1, DMM, clock.stop(), before=101.0) as loan:
        assert loan.lent == {"dmm": "dmm"}
