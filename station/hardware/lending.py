"""Lend instruments in turn: several at once or none, never twice to the same slot, never for ever.

First come, first served; but a slot whose window would be missed goes first. Nobody overtakes one who waits for the same.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from station.core.clock import Clock, Stop
from station.core.errors import LoanError, SequenceError
from station.hardware.windows import Window, Windows, named

START = "start"  # what the loan log calls the right to start a unit, which is waited for like an instrument
PATIENCE, HOLD = 1800.0, 120.0  # s of the line's clock
_HOST_PATIENCE, _HOST_HOLD = 20.0, 5.0  # s of the host at least: what goes over a wire is not hurried with a simulated line


@dataclass(frozen=True, slots=True)
class LoanEntry:
    """One line of the loan log, written when the loan ends; times in s of the line's clock, `got` None when it never came."""

    slot: int
    instruments: tuple[str, ...]
    asked: float
    got: float | None
    gave_back: float


@dataclass(slots=True, eq=False)
class Loan:
    """A wish for instruments, granted or waiting; `check` refuses their use when it is over or overdue.

    `before` is the moment by which it must begin, infinite where that does not matter.
    """

    slot: int
    instruments: frozenset[str]
    asked: float
    before: float
    clock: Clock
    hold: float
    got: float | None = field(default=None)
    over: bool = field(default=False)

    def begin(self) -> None:
        """Count the hold from now on: bringing an instrument back after another's trouble is no fault of this slot."""
        self.got = self.clock.now()

    def check(self) -> None:
        """Raise LoanError unless the instruments are this slot's now."""
        if self.over or self.got is None:
            raise LoanError(f"slot {self.slot} uses {_names(self.instruments)} outside its loan")
        if self.clock.now() - self.got > self.hold:
            raise LoanError(f"slot {self.slot} kept {_names(self.instruments)} for more than {self.hold:g} s")


class Lending:
    """Who has which instrument, and who waits; `patience` and `hold` in s of the line's clock.

    Loans are handed out where one is asked for or given back, by whoever does it: those who wait look at their own loan only.
    """

    def __init__(self, clock: Clock, log: Callable[[LoanEntry], None], *, patience: float = PATIENCE, hold: float = HOLD) -> None:
        self._clock = clock
        self._monitor = clock.monitor()
        self._log = log
        self._patience = patience
        self._hold = hold
        self._queue: list[Loan] = []  # as they came; a loan leaves it when it is given back
        self.windows = Windows(clock, self._monitor, self._opened)

    @contextmanager
    def turn(self, slot: int, instruments: frozenset[str], stop: Stop, before: float | None = None) -> Iterator[Loan]:
        """Wait for all of `instruments` at once, hand them out, and take them back, whatever happens.

        Raises LoanError, which names who has them, when the turn does not come in time: by `before`, a moment of the line's
        clock, or within the patience of this office.
        """
        loan = Loan(slot, instruments, self._clock.now(), math.inf if before is None else before, self._clock, self._hold)
        self._join(loan)
        try:
            self._wait(loan, stop)
            yield loan
        finally:
            self._leave(loan)

    def _join(self, loan: Loan) -> None:
        with self._monitor:
            if any(other.slot == loan.slot for other in self._queue):
                raise SequenceError(f"slot {loan.slot} borrows {_names(loan.instruments)} inside a loan; borrow both in one call")
            self._queue.append(loan)
            self._hand_out()

    def _wait(self, loan: Loan, stop: Stop) -> None:
        patience = min(self._patience, loan.before - loan.asked)
        with self._monitor:
            self._monitor.wait_for(lambda: loan.got is not None, patience, stop)
            if loan.got is None:
                self._hand_out()  # time alone may have made it the first
            if loan.got is None:
                raise LoanError(self._too_late(loan, patience))

    def _leave(self, loan: Loan) -> None:
        now = self._clock.now()
        with self._monitor:
            loan.over = True
            self._queue.remove(loan)
            if loan.got is not None:
                self.windows.lent(loan.slot, now - loan.got)
            self._hand_out()
        self._log(LoanEntry(loan.slot, tuple(sorted(loan.instruments)), loan.asked, loan.got, now))

    def _hand_out(self) -> None:
        """Grant what can be granted, in order; what one who waits is waiting for is not given to anybody behind him."""
        spoken_for = {name for loan in self._queue if loan.got is not None for name in loan.instruments}
        for loan in self._order():
            if spoken_for.isdisjoint(loan.instruments):
                loan.got = self._clock.now()
            spoken_for |= loan.instruments
        self._monitor.notify()

    def _order(self) -> list[Loan]:
        """Return those who wait: first whose window would be missed, by when it must begin, then the others as they came."""
        waiting, now = [loan for loan in self._queue if loan.got is None], self._clock.now()
        if not any(loan.before <= now + self.windows.work(math.inf) for loan in waiting):
            return waiting
        late = max((loan.before for loan in waiting if loan.before <= now + self.windows.work(loan.before)), default=-math.inf)
        hurried = sorted((loan for loan in waiting if loan.before <= late), key=lambda loan: loan.before)
        return hurried + [loan for loan in waiting if loan.before > late]

    def _opened(self, window: Window, now: float) -> None:
        self._log(LoanEntry(window.slot, (START,), window.asked, now, now))

    def _too_late(self, loan: Loan, patience: float) -> str:
        wanted = [other for other in self._queue if other is not loan and other.instruments & loan.instruments]
        has = named((other.slot for other in wanted if other.got is not None), "has it", "have it")
        waits = named((other.slot for other in wanted if other.got is None), "waits too", "wait too")
        waited = f"slot {loan.slot} waited {max(0.0, patience):.4g} s for {_names(loan.instruments)}"
        window = ", which it had to have by the end of its window" if loan.before < math.inf else ""
        return f"{waited}{window}: {'; '.join(filter(None, (has, waits))) or 'nobody has it'}"


def lending(clock: Clock, log: Callable[[LoanEntry], None]) -> Lending:
    """Return the office of a station; a hurried one is given the time that its wires take all the same."""
    patience, hold = max(PATIENCE, _HOST_PATIENCE * clock.speed), max(HOLD, _HOST_HOLD * clock.speed)
    return Lending(clock, log, patience=patience, hold=hold)


def _names(instruments: frozenset[str]) -> str:
    return " and ".join(sorted(instruments))
