"""Lend instruments in turn: first come first served, several at once or none, never twice to the same slot, never for ever."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from station.core.clock import Clock, Stop
from station.core.errors import LoanError, SequenceError


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
    """A wish for instruments, granted or waiting; `check` refuses their use when it is over or overdue."""

    slot: int
    instruments: frozenset[str]
    asked: float
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
    """Who has which instrument, and who waits, first come first served; `patience` and `hold` in s of the line's clock."""

    def __init__(self, clock: Clock, log: Callable[[LoanEntry], None], *, patience: float = 600.0, hold: float = 120.0) -> None:
        self._clock = clock
        self._monitor = clock.monitor()
        self._log = log
        self._patience = patience
        self._hold = hold
        self._queue: list[Loan] = []  # granted ones first among equals: a loan leaves it when it is given back

    @contextmanager
    def turn(self, slot: int, instruments: frozenset[str], stop: Stop) -> Iterator[Loan]:
        """Wait for all of `instruments` at once, hand them out, and take them back, whatever happens."""
        loan = Loan(slot, instruments, self._clock.now(), self._clock, self._hold)
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

    def _wait(self, loan: Loan, stop: Stop) -> None:
        with self._monitor:
            if not self._monitor.wait_for(lambda: not self._ahead(loan), self._patience, stop):
                holder = next(iter(self._ahead(loan)))
                what, before = _names(loan.instruments), f"slot {holder.slot} is before it"
                raise LoanError(f"slot {loan.slot} waited {self._patience:g} s for {what}; {before}")
            loan.got = self._clock.now()

    def _ahead(self, loan: Loan) -> list[Loan]:
        earlier = self._queue[: self._queue.index(loan)]
        return [other for other in earlier if other.instruments & loan.instruments]

    def _leave(self, loan: Loan) -> None:
        with self._monitor:
            loan.over = True
            self._queue.remove(loan)
            self._monitor.notify()
        self._log(LoanEntry(loan.slot, tuple(sorted(loan.instruments)), loan.asked, loan.got, self._clock.now()))


def _names(instruments: frozenset[str]) -> str:
    return " and ".join(sorted(instruments))
