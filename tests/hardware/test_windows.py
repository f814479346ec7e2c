"""A unit is started only when its measurements fit into its own window; a slot whose window would be missed goes first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from station.clocks.virtual import VirtualClock
from station.core.clock import Stop
from station.core.equipment import named
from station.core.errors import LoanError, Stopped
from station.hardware.lending import START, Lending, LoanEntry
from station.hardware.windows import USUAL, Window
from station.line.crew import Crew

DMM, SCOPE, BOTH = frozenset({"dmm"}), frozenset({"scope"}), frozenset({"dmm", "scope"})


class Office:
    """A lending office on a clock that is turned by hand; `served` tells who began what, in order."""

    def __init__(self, dmms: int = 1, speed: float = 1.0) -> None:
        self.clock = VirtualClock(speed)
        self.log: list[LoanEntry] = []
        self.lending = Lending(self.clock, self.log.append, {"dmm": named("dmm", dmms), "scope": named("scope", 1)})
        self.windows = self.lending.windows
        self.stop = self.clock.stop()
        self.served: list[int] = []

    def borrows(self, slot: int, hold: float, before: float | None = None, what: frozenset[str] = DMM) -> Callable[[Stop], None]:
        def body(_: Stop) -> None:
            with self.lending.turn(slot, what, self.stop, before):
                self.served.append(slot)
                self.clock.wait(hold, self.stop)

        return body

    def opens(self, slot: int, *, seconds: float = 1000.0, loans: int = 10) -> Callable[[Stop], None]:
        def body(_: Stop) -> None:
            self.windows.open(slot, self.stop, seconds=seconds, loans={"dmm": loans})
            self.served.append(slot)

        return body

    @contextmanager
    def at_work(self, *bodies: Callable[[Stop], None]) -> Iterator[None]:
        """Start these in their order, and let them end."""
        with Crew(self.clock) as crew:
            for number, body in enumerate(bodies):
                crew.start(f"body {number}", body)
            self.pass_by(0.001)
            yield
            crew.join()

    def pass_by(self, seconds: float) -> None:
        self.clock.wait(seconds, self.clock.stop())


def test_who_would_begin_too_late_goes_first_by_when_it_must_begin() -> None:
    office = Office()

    with office.at_work(
        office.borrows(1, 20.0),
        office.borrows(2, 5.0),
        office.borrows(3, 5.0, before=31.0),
        office.borrows(4, 5.0, before=26.0),
    ):
        pass

    assert [1, 4, 3, 2] == office.served


def test_who_has_time_enough_waits_his_turn() -> None:
    office = Office()

    with office.at_work(office.borrows(1, 20.0), office.borrows(2, 5.0), office.borrows(3, 5.0, before=500.0)):
        pass

    assert [1, 2, 3] == office.served


def test_who_comes_too_late_is_told_who_has_it_and_that_his_window_is_over() -> None:
    office = Office()
    told: list[str] = []

    def late(_: Stop) -> None:
        try:
            office.borrows(2, 1.0, before=10.0)(office.stop)
        except LoanError as error:
            told.append(f"{office.clock.now():.2f} {error}")

    with office.at_work(office.borrows(1, 20.0, what=BOTH), late, office.borrows(3, 1.0)):
        pass

    assert [
        "10.00 slot 2 waited 10 s for dmm, which it had to have by the end of its window: slot 1 has it; slot 3 waits too"
    ] == told
    assert [1, 3] == office.served


def test_windows_open_while_their_loans_fit_and_then_one_by_one() -> None:
    office = Office()

    with office.at_work(*(office.opens(slot, loans=50) for slot in range(1, 5))):
        at_once = list(office.served)
        office.windows.close(1)
        office.pass_by(0.001)
        after_one = list(office.served)
        office.windows.close(2)

    assert [1, 2] == at_once
    assert [1, 2, 3] == after_one
    assert [1, 2, 3, 4] == office.served


def test_loans_that_are_over_make_room_for_the_next_window() -> None:
    office = Office()

    with office.at_work(office.opens(1, loans=80), office.opens(2, loans=55)):
        waiting = list(office.served)
        for _ in range(12):
            with office.lending.turn(1, DMM, office.stop):
                office.pass_by(USUAL)

    assert [1] == waiting
    assert [1, 2] == office.served


def test_slow_loans_let_fewer_in() -> None:
    office = Office()
    for _ in range(8):
        office.windows.open(9, office.stop, seconds=1000.0, loans={"dmm": 10})
        for _ in range(10):
            with office.lending.turn(9, DMM, office.stop):
                office.pass_by(60.0)
        office.windows.close(9)

    with office.at_work(office.opens(1), office.opens(2)):
        at_once = list(office.served)
        office.windows.close(1)

    assert [1] == at_once


def test_nobody_is_let_in_past_one_who_waits() -> None:
    office = Office()

    with office.at_work(office.opens(1, loans=100), office.opens(2, loans=100), office.opens(3, loans=1)):
        at_once = list(office.served)
        office.windows.close(1)

    assert [1] == at_once
    assert [1, 2, 3] == office.served


def test_a_window_that_nobody_shares_is_opened_whatever_it_wants() -> None:
    office = Office()

    assert 1000.0 == office.windows.open(1, office.stop, seconds=1000.0, loans={"dmm": 10_000})


def test_a_stop_is_heard_while_waiting_to_be_started_and_leaves_no_booking() -> None:
    office = Office()
    office.windows.open(1, office.stop, seconds=1000.0, loans={"dmm": 1000})
    stop = office.clock.stop()
    stop.set("the operator")

    with pytest.raises(Stopped, match="the operator"):
        office.windows.open(2, stop, seconds=1000.0, loans={"dmm": 1000})

    office.windows.close(1)
    assert 1000.0 == office.windows.open(3, office.stop, seconds=1000.0, loans={"dmm": 1000})


def test_who_is_never_let_in_is_told_who_is_still_measured() -> None:
    office = Office()
    for slot in (4, 7):
        office.windows.open(slot, office.stop, seconds=20_000.0, loans={"dmm": 1200})

    with pytest.raises(LoanError, match="slot 9 waited 14400 s to be started: slots 4 and 7 are still measured"):
        office.windows.open(9, office.stop, seconds=1000.0, loans={"dmm": 75})


def test_a_window_that_is_over_wants_nothing_any_more() -> None:
    office = Office()
    office.windows.open(1, office.stop, seconds=100.0, loans={"dmm": 1000})

    office.pass_by(101.0)

    assert 1101.0 == office.windows.open(2, office.stop, seconds=1000.0, loans={"dmm": 1000})


def test_the_log_says_who_waited_to_be_started_and_how_long() -> None:
    office = Office()
    office.windows.open(1, office.stop, seconds=1000.0, loans={"dmm": 1000})

    with office.at_work(office.opens(2, loans=1000)):
        office.pass_by(30.0)
        office.windows.close(1)

    first, second = office.log
    assert (1, (START,), 0.0, 0.0) == (first.slot, first.instruments, first.asked, first.got)
    assert (2, 0.0) == (second.slot, second.asked)
    assert second.got == pytest.approx(30.0, abs=0.01)


def test_two_instruments_of_a_kind_let_twice_as_many_in() -> None:
    office = Office(dmms=2)

    with office.at_work(*(office.opens(slot, loans=50) for slot in range(1, 6))):
        at_once = list(office.served)
        for slot in range(1, 5):
            office.windows.close(slot)

    assert [1, 2, 3, 4] == at_once


def test_an_instrument_that_is_set_aside_lets_nobody_in_until_a_loan_has_brought_it_back() -> None:
    office = Office(dmms=2)
    office.lending.set_aside("dmm2")

    with office.at_work(*(office.opens(slot, loans=50) for slot in range(1, 6))):
        without = list(office.served)
        office.pass_by(61.0)  # it is lent again, but nobody knows yet whether it can be used
        untried = list(office.served)
        office.lending.is_back("dmm2")
        office.pass_by(0.001)
        with_both = list(office.served)
        for slot in range(1, 5):
            office.windows.close(slot)

    assert [1, 2] == without == untried
    assert [1, 2, 3, 4] == with_both


def test_the_last_of_a_kind_counts_although_it_failed_after_the_others() -> None:
    """All were set aside in turn: each loan tries to bring one back, so that starts go on for one."""
    office = Office(dmms=2)
    office.lending.set_aside("dmm2")
    office.pass_by(61.0)
    office.lending.set_aside("dmm")

    with office.at_work(*(office.opens(slot, loans=50) for slot in range(1, 4))):
        at_once = list(office.served)
        office.windows.close(1)
        office.windows.close(2)

    assert [1, 2] == at_once


def test_every_kind_is_counted_by_itself_and_the_scarcest_decides() -> None:
    office = Office(dmms=3)
    office.windows.open(1, office.stop, seconds=1000.0, loans={"dmm": 100, "scope": 100})
    told: list[float] = []

    def opens(_: Stop) -> None:
        office.windows.open(2, office.stop, seconds=1000.0, loans={"dmm": 1, "scope": 50}, waits=told.append)

    with office.at_work(opens, office.borrows(1, 1.0)):
        office.windows.close(1)

    assert [pytest.approx(150 * USUAL - 500.0, rel=0.05), 0.0] == told


def test_who_is_started_at_once_is_told_of_no_wait() -> None:
    told: list[float] = []
    office = Office()

    office.windows.open(1, office.stop, seconds=1000.0, loans={"dmm": 12}, waits=told.append)

    assert [] == told


def test_the_forecast_counts_those_who_wait_before() -> None:
    office = Office()
    told: dict[int, float] = {}

    def opens(slot: int) -> Callable[[Stop], None]:
        def hear(seconds: float) -> None:
            told.setdefault(slot, seconds)

        def body(_: Stop) -> None:
            office.windows.open(slot, office.stop, seconds=1000.0, loans={"dmm": 60}, waits=hear)

        return body

    with office.at_work(office.opens(1, loans=120), opens(2), opens(3)):
        office.windows.close(1)

    assert [2, 3] == list(told)
    assert told[2] + 60 * USUAL == pytest.approx(told[3], rel=0.01)


def test_who_stands_still_goes_before_who_has_time() -> None:
    office = Office()

    with office.at_work(office.borrows(1, 20.0), office.borrows(2, 5.0, before=5000.0), office.borrows(3, 5.0)):
        pass

    assert [1, 3, 2] == office.served


@pytest.mark.parametrize(("speed", "served"), [(1.0, [2, 3]), (300.0, [3, 2])])
def test_a_hurried_line_knows_that_its_host_is_slow_between_the_loans_of_a_window(speed: float, served: list[int]) -> None:
    office = Office(speed=speed)

    def measured(stop: Stop) -> None:
        office.opens(3, loans=12)(stop)
        office.borrows(3, 5.0, before=1000.0)(stop)

    with office.at_work(office.borrows(1, 20.0), office.borrows(2, 5.0), measured):
        pass

    assert [1, 3, *served] == office.served


def test_a_forecast_that_was_too_short_is_told_again() -> None:
    office = Office()
    office.windows.open(1, office.stop, seconds=1000.0, loans={"dmm": 100})
    told: list[tuple[float, float]] = []

    def opens(_: Stop) -> None:
        office.windows.open(
            2, office.stop, seconds=1000.0, loans={"dmm": 60}, waits=lambda seconds: told.append((office.clock.now(), seconds))
        )

    with office.at_work(opens):
        office.pass_by(2.5 * told[0][1])
        office.windows.close(1)

    assert [pytest.approx(moment * told[0][1], abs=0.1) for moment in (0.0, 1.0, 2.0, 2.5)] == [moment for moment, _ in told]
    assert 0.0 == told[-1][1]


def test_what_a_window_still_wants_is_what_windows_usually_take_less_what_was_spent_and_never_nothing() -> None:
    window = Window(1, 1000.0, {"dmm": 8}, {"dmm": 8}, 0.0)
    long, short = 7.0, 1.0

    averages = [window.took("dmm", seconds) for seconds in (long, long, short, short, short, short)]

    assert [None] * 6 == averages
    assert 8 * 4.0 - 18.0 == window.wanted("dmm", 4.0)
    assert 0.25 * 2 * 2.0 == window.wanted("dmm", 2.0)
    assert 19.0 / 7 == window.took("dmm", short)
    assert None is window.took("dmm", short)
    assert 0.0 == window.wanted("dmm", 4.0) == window.wanted("scope", 4.0)
