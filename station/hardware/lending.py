"""Lend instruments in turn: several at once or none, never twice to the same slot, never for ever.

Of each kind there may be several, a pool: a slot gets any that is free. First come, first served; but a slot whose window would
be missed goes first, and one in a window that has time left goes behind those who stand still while they wait.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from station.core.clock import Clock, Stop
from station.core.errors import LoanError, SequenceError
from station.hardware.windows import Window, Windows, named

START = "start"  # what the loan log calls the right to start a unit, which is waited for like an instrument
PATIENCE, HOLD = 1800.0, 120.0  # s of the line's clock
_HOST_PATIENCE, _HOST_HOLD = 20.0, 5.0  # s of the host at least: what goes over a wire is not hurried with a simulated line
_ASIDE = 60.0  # s for which an instrument that could not be brought back is lent to nobody, while others of its kind are there
ONE_OF_EACH: Mapping[str, tuple[str, ...]] = {"dmm": ("dmm",), "scope": ("scope",)}  # a bench with a pool of one of each kind


@dataclass(frozen=True, slots=True)
class LoanEntry:
    """One line of the loan log, written when the loan ends; times in s of the line's clock, `got` None when it never came.

    `instruments` are those that were lent, by name; of a loan that never came the kinds that were wanted.
    """

    slot: int
    instruments: tuple[str, ...]
    asked: float
    got: float | None
    gave_back: float


@dataclass(slots=True, eq=False)
class Loan:
    """A wish for instruments, granted or waiting; `check` refuses their use when it is over or overdue.

    `kinds` are what is wanted, `lent` the instrument of each kind that was lent. `before` is the moment by which it must begin,
    infinite where that does not matter.
    """

    slot: int
    kinds: frozenset[str]
    asked: float
    before: float
    clock: Clock
    hold: float
    got: float | None = field(default=None)
    over: bool = field(default=False)
    lent: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Count the hold from now on: bringing an instrument back after another's trouble is no fault of this slot."""
        self.got = self.clock.now()

    def check(self) -> None:
        """Raise LoanError unless the instruments are this slot's now."""
        if self.over or self.got is None:
            raise LoanError(f"slot {self.slot} uses {_names(self.kinds)} outside its loan")
        if self.clock.now() - self.got > self.hold:
            raise LoanError(f"slot {self.slot} kept {_names(self.kinds)} for more than {self.hold:g} s")


class Lending:
    """Who has which instrument, and who waits; `patience` and `hold` in s of the line's clock, `pools` the instruments by kind.

    Loans are handed out where one is asked for or given back, by whoever does it: those who wait look at their own loan only.
    """

    def __init__(
        self,
        clock: Clock,
        log: Callable[[LoanEntry], None],
        pools: Mapping[str, tuple[str, ...]] = ONE_OF_EACH,
        *,
        patience: float = PATIENCE,
        hold: float = HOLD,
    ) -> None:
        self._clock = clock
        self._monitor = clock.monitor()
        self._log = log
        self._patience = patience
        self._hold = hold
        self._pools = pools
        self._aside: dict[str, float] = {}  # instruments that are lent to nobody, and until when
        self._unusable: set[str] = set()  # those set aside that no loan has brought back yet: starts do not reckon with them
        self._last: dict[tuple[int, str], str] = {}  # what a slot had of each kind last: its zero is known to the slot's run
        self._queue: list[Loan] = []  # as they came; a loan leaves it when it is given back
        self.windows = Windows(clock, self._monitor, self._opened, {kind: len(names) for kind, names in pools.items()})

    @contextmanager
    def turn(self, slot: int, kinds: frozenset[str], stop: Stop, before: float | None = None) -> Iterator[Loan]:
        """Wait for one instrument of each of `kinds` at once, hand them out, and take them back, whatever happens.

        Raises LoanError, which names who has them, when the turn does not come in time: by `before`, a moment of the line's
        clock, or within the patience of this office.
        """
        loan = Loan(slot, kinds, self._clock.now(), math.inf if before is None else before, self._clock, self._hold)
        self._join(loan)
        try:
            self._wait(loan, stop)
            yield loan
        finally:
            self._leave(loan)

    def set_aside(self, name: str) -> bool:
        """Lend the instrument `name` to nobody for a while, because it cannot be used; False when it is the last of its kind."""
        now = self._clock.now()
        with self._monitor:
            kind = self._kind(name)
            if all(one == name or self._is_aside(one) for one in self._pools[kind]):
                return False
            self._aside[name] = now + _ASIDE
            self._unusable.add(name)
            self._reckon(kind)
            return True

    def is_back(self, name: str) -> None:
        """Learn that the instrument `name` is lent and can be used: if it was out of use, starts reckon with it again."""
        with self._monitor:
            if name in self._unusable:
                self._unusable.discard(name)
                self._reckon(self._kind(name))

    def _kind(self, name: str) -> str:
        return next(kind for kind, names in self._pools.items() if name in names)

    def _reckon(self, kind: str) -> None:
        usable = sum(name not in self._unusable for name in self._pools[kind])
        self.windows.has(kind, max(1, usable))  # the last one is lent all the same, and each loan tries to bring it back

    def _join(self, loan: Loan) -> None:
        with self._monitor:
            if any(other.slot == loan.slot for other in self._queue):
                raise SequenceError(f"slot {loan.slot} borrows {_names(loan.kinds)} inside a loan; borrow both in one call")
            self._queue.append(loan)
            self._hand_out()

    def _wait(self, loan: Loan, stop: Stop) -> None:
        patience = min(self._patience, loan.before - loan.asked)
        with self._monitor:
            self._monitor.wait_for(lambda: loan.got is not None, patience, stop)
            if loan.got is None:
                self._hand_out()  # time alone may have made it the first
            if loan.got is None or loan.got > loan.before:  # free or not: what comes too late would measure a unit that went off
                raise LoanError(self._too_late(loan, patience))

    def _leave(self, loan: Loan) -> None:
        now = self._clock.now()
        with self._monitor:
            loan.over = True
            self._queue.remove(loan)
            if loan.got is not None:
                self.windows.lent(loan.slot, loan.kinds, now - loan.got)
            self._hand_out()
        self._log(LoanEntry(loan.slot, tuple(sorted(loan.lent.values() or loan.kinds)), loan.asked, loan.got, now))

    def _hand_out(self) -> None:
        """Grant what can be granted, in order; what one who waits is waiting for is not given to anybody behind him."""
        free = {kind: self._free(kind) for kind in self._pools}
        for loan in self._order():
            if all(free[kind] for kind in loan.kinds):
                loan.got = self._clock.now()
                loan.lent = {kind: self._chosen(loan.slot, kind, free[kind]) for kind in loan.kinds}
            for kind in loan.kinds:
                free[kind] = [name for name in free[kind] if name != loan.lent.get(kind)] if loan.lent else free[kind][1:]
        self._monitor.notify()

    def _free(self, kind: str) -> list[str]:
        """Return the instruments of a kind that nobody has; those set aside only while there are no others."""
        pool = [name for name in self._pools[kind] if not self._is_aside(name)] or list(self._pools[kind])
        lent = {name for loan in self._queue if loan.got is not None for name in loan.lent.values()}
        return [name for name in pool if name not in lent]

    def _is_aside(self, name: str) -> bool:
        return self._clock.now() < self._aside.get(name, -math.inf)

    def _chosen(self, slot: int, kind: str, free: list[str]) -> str:
        """Return the instrument that the slot had last, where it is free: what was learned with it needs not be learned again."""
        last = self._last.get((slot, kind))
        self._last[slot, kind] = chosen = last if last in free else free[0]
        return chosen

    def _order(self) -> list[Loan]:
        """Return those who wait, in the order in which they are served.

        First whose window would be missed, by when it must begin; then who has no window, since its slot stands still meanwhile;
        then who has time. Each of the last two as they came.
        """
        now, queue = self._clock.now(), [loan for loan in self._queue if loan.got is None]
        waiting = [loan for loan in queue if loan.before == math.inf] + [loan for loan in queue if loan.before < math.inf]
        pressing = [loan.before for loan in waiting if loan.before < math.inf]
        work = self.windows.work(math.inf) if pressing else 0.0  # no less than the work before any moment
        pressing = [before for before in pressing if before <= now + work]
        if not pressing:
            return waiting
        last_first = sorted(pressing, reverse=True)
        late = next((before for before in last_first if before <= now + self.windows.work(before)), -math.inf)
        hurried = sorted((loan for loan in waiting if loan.before <= late), key=lambda loan: loan.before)
        return hurried + [loan for loan in waiting if loan.before > late]

    def _opened(self, window: Window, now: float) -> None:
        self._log(LoanEntry(window.slot, (START,), window.asked, now, now))

    def _too_late(self, loan: Loan, patience: float) -> str:
        wanted = [other for other in self._queue if other is not loan and other.kinds & loan.kinds]
        has = named((other.slot for other in wanted if other.got is not None), "has it", "have it")
        waits = named((other.slot for other in wanted if other.got is None), "waits too", "wait too")
        waited = f"slot {loan.slot} waited {max(0.0, patience):.4g} s for {_names(loan.kinds)}"
        window = ", which it had to have by the end of its window" if loan.before < math.inf else ""
        return f"{waited}{window}: {'; '.join(filter(None, (has, waits))) or 'nobody has it'}"


def lending(clock: Clock, log: Callable[[LoanEntry], None], pools: Mapping[str, tuple[str, ...]] = ONE_OF_EACH) -> Lending:
    """Return the office of a station; a hurried one is given the time that its wires take all the same."""
    patience, hold = max(PATIENCE, _HOST_PATIENCE * clock.speed), max(HOLD, _HOST_HOLD * clock.speed)
    return Lending(clock, log, pools, patience=patience, hold=hold)


def _names(kinds: frozenset[str]) -> str:
    return " and ".join(sorted(kinds))
