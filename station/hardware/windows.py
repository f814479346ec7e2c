"""Let a unit be started only when all that must be measured while it runs fits into its own window.

A window is a stretch of a run in which a slot needs so many loans, the last of which must begin before its end. How long a loan
lasts is learned from those that are over, so that a slow link or a busy host is counted in.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from station.core.clock import Clock, Monitor, Stop
from station.core.errors import LoanError

USUAL = 4.0  # s that a loan lasts, until some were seen
_WIRE = 0.02  # s of the host that its exchanges take: they are not hurried with a simulated line
_MEMORY = 16  # loans over which the usual length of one is averaged
_BETWEEN = 2.0  # times as long as its loans alone a slot takes for them: it connects, waits and looks in between
_SHARE = 0.6  # of a window may be booked: the rest is for slots that prepare a start, and for those that went off
_PATIENCE = 14400.0  # s: several rounds of a full fixture
_HOST_PATIENCE = 120.0  # s of the host at least


@dataclass(slots=True, eq=False)
class Window:
    """A slot's window, open or asked for; `end` is in s of the line's clock, None until it is granted."""

    slot: int
    seconds: float
    left: int
    asked: float
    end: float | None = field(default=None)


class Windows:
    """Which windows are open and who waits for one; shares the monitor of the lending that it belongs to."""

    def __init__(self, clock: Clock, monitor: Monitor, log: Callable[[Window, float], None]) -> None:
        self._clock = clock
        self._monitor = monitor
        self._log = log
        self._windows: dict[int, Window] = {}  # in the order in which they were asked for
        self._usual = USUAL + _WIRE * clock.speed
        self._patience = max(_PATIENCE, _HOST_PATIENCE * clock.speed)

    def open(self, slot: int, stop: Stop, *, seconds: float, loans: int) -> float:
        """Wait until `loans` loans fit into the next `seconds` s; return the moment by which the last of them must begin.

        First come, first served. Raises LoanError when no room comes, and Stopped.
        """
        window = Window(slot, seconds, loans, self._clock.now())
        with self._monitor:
            self._windows[slot] = window
            self._grant()
            try:
                self._monitor.wait_for(lambda: window.end is not None, self._patience, stop)
            finally:
                if window.end is None:
                    self.close(slot)
            if window.end is None:
                raise LoanError(f"slot {slot} waited {self._patience:g} s to be started: {self._booked()}")
            self._log(window, self._clock.now())
            return window.end

    def close(self, slot: int) -> None:
        """Give the window of `slot` up, if it has one."""
        with self._monitor:
            if self._windows.pop(slot, None) is not None:
                self._grant()

    def lent(self, slot: int, seconds: float) -> None:
        """Learn that a loan of `slot` is over, which lasted `seconds` s."""
        with self._monitor:
            self._usual += (seconds - self._usual) / _MEMORY
            if slot in self._windows and self._windows[slot].end is not None:
                self._windows[slot].left = max(0, self._windows[slot].left - 1)
            self._grant()

    def work(self, before: float) -> float:
        """Return how many s the loans take that are still wanted in windows which end by the moment `before`, and two loans more.

        Of the two, one goes on now, and one is the next: it may belong to no window.
        """
        with self._monitor:
            return _BETWEEN * (self._left(before) + 2) * self._usual

    def _left(self, before: float = math.inf) -> int:
        """Return how many loans are still wanted in open windows that end by the moment `before`; what is over wants nothing."""
        now = self._clock.now()
        return sum(one.left for one in self._windows.values() if one.end is not None and now < one.end <= before)

    def _grant(self) -> None:
        """Open what fits, in order; nobody is let in past one who waits."""
        booked = self._left()
        for window in [one for one in self._windows.values() if one.end is None]:
            if booked and (booked + window.left) * self._usual > _SHARE * window.seconds:
                break
            window.end = self._clock.now() + window.seconds
            booked += window.left
        self._monitor.notify()

    def _booked(self) -> str:
        busy = [one.slot for one in self._windows.values() if one.end is not None and one.left]
        return named(busy, "is still measured", "are still measured") or "others wait too"


def named(slots: Iterable[int], one: str, many: str) -> str:
    """Return `slots` as the subject of a sentence, which goes on with `one` or `many`; nothing when there are none."""
    numbers = [str(slot) for slot in sorted(slots)]
    if len(numbers) < 2:
        return f"slot {numbers[0]} {one}" if numbers else ""
    return f"slots {', '.join(numbers[:-1])} and {numbers[-1]} {many}"
