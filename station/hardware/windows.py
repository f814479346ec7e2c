"""Let a unit be started only when all that must be measured while it runs fits into its own window.

A window is a stretch of a run in which a slot needs so many loans of each kind of instrument, the last of which must begin before
its end. How long a loan lasts is learned from those that are over, so that a slow link or a busy host is counted in.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from station.core.clock import Clock, Monitor, Stop
from station.core.errors import LoanError

USUAL = 4.0  # s that a loan lasts, until some were seen
_WIRE = 0.02  # s of the host that its exchanges take: they are not hurried with a simulated line
_MEMORY = 16  # loans of a kind over which the usual length of one is averaged
_BETWEEN = 2.0  # times as long as its loans alone a slot takes for them: it connects, waits and looks in between
_SHARE = 0.5  # of a window may be booked: as much again is wanted by slots that prepare a start, and by those that went off
_PATIENCE = 14400.0  # s: several rounds of a full fixture
_HOST_PATIENCE = 120.0  # s of the host at least


@dataclass(slots=True, eq=False)
class Window:
    """A slot's window, open or asked for, and the loans `left` by kind; `end` is in s of the line's clock, None until granted."""

    slot: int
    seconds: float
    left: dict[str, int]
    asked: float
    end: float | None = field(default=None)


class Windows:
    """Which windows are open and who waits for one; shares the monitor of the lending that it belongs to.

    `pools` says how many instruments there are of each kind: one that is set aside for a while still counts.
    """

    def __init__(self, clock: Clock, monitor: Monitor, log: Callable[[Window, float], None], pools: Mapping[str, int]) -> None:
        self._clock = clock
        self._monitor = monitor
        self._log = log
        self._pools = pools
        self._windows: dict[int, Window] = {}  # in the order in which they were asked for
        self._usual = dict.fromkeys(pools, USUAL + _WIRE * clock.speed)
        self._patience = max(_PATIENCE, _HOST_PATIENCE * clock.speed)

    def open(
        self, slot: int, stop: Stop, *, seconds: float, loans: Mapping[str, int], waits: Callable[[float], None] | None = None
    ) -> float:
        """Wait until `loans` of each kind fit into the next `seconds` s; return the moment by which the last must begin.

        First come, first served. `waits` is told when it cannot be granted at once, and in about how many s it will be, then 0
        when it was. Raises LoanError when no room comes, and Stopped.
        """
        window = Window(slot, seconds, dict(loans), self._clock.now())
        with self._monitor:
            self._windows[slot] = window
            self._grant()
            forecast = self._forecast(window)
        tell = waits if waits is not None and forecast is not None else _nobody
        try:
            tell(forecast or 0.0)  # outside the monitor: whoever is told may take his time
            end = self._granted(window, stop)
        finally:
            if window.end is None:
                self.close(slot)
        tell(0.0)
        return end

    def _granted(self, window: Window, stop: Stop) -> float:
        with self._monitor:
            self._monitor.wait_for(lambda: window.end is not None, self._patience, stop)
            if window.end is None:
                raise LoanError(f"slot {window.slot} waited {self._patience:g} s to be started: {self._booked()}")
            self._log(window, window.end - window.seconds)
            return window.end

    def close(self, slot: int) -> None:
        """Give the window of `slot` up, if it has one."""
        with self._monitor:
            if self._windows.pop(slot, None) is not None:
                self._grant()

    def lent(self, slot: int, kinds: Iterable[str], seconds: float) -> None:
        """Learn that a loan of `kinds` to `slot` is over, which lasted `seconds` s."""
        with self._monitor:
            window = self._windows.get(slot)
            for kind in kinds:
                self._usual[kind] += (seconds - self._usual[kind]) / _MEMORY
                if window is not None and window.end is not None:
                    window.left[kind] = max(0, window.left.get(kind, 0) - 1)
            self._grant()

    def work(self, before: float) -> float:
        """Return how many s the loans take that are still wanted in windows which end by the moment `before`, and two loans more.

        Of the two, one goes on now, and one is the next: it may belong to no window. What one slot wants it wants one by one,
        however many instruments there are.
        """
        with self._monitor:
            wanting = [one for one in self._open(before) if any(one.left.values())]
            kinds = [self._seconds(kind, sum(one.left.get(kind, 0) for one in wanting) + 2) for kind in self._pools]
            slots = [sum(one.left.get(kind, 0) * self._usual[kind] for kind in self._pools) for one in wanting]
            return _BETWEEN * max(kinds + slots)

    def _seconds(self, kind: str, loans: int) -> float:
        """Return how many s `loans` loans of a kind take with all instruments of that kind."""
        return loans * self._usual[kind] / self._pools[kind]

    def _open(self, before: float = math.inf) -> list[Window]:
        """Return the open windows that end by the moment `before`; what is over wants nothing."""
        now = self._clock.now()
        return [one for one in self._windows.values() if one.end is not None and now < one.end <= before]

    def _left(self, kind: str, before: float = math.inf) -> int:
        """Return how many loans of a kind are still wanted in open windows that end by the moment `before`."""
        return sum(one.left.get(kind, 0) for one in self._open(before))

    def _grant(self) -> None:
        """Open what fits, in order; nobody is let in past one who waits."""
        booked = {kind: self._left(kind) for kind in self._pools}
        for window in [one for one in self._windows.values() if one.end is None]:
            if any(booked.values()) and self._too_much(window, booked) > 0.0:
                break
            window.end = self._clock.now() + window.seconds
            booked = {kind: loans + window.left.get(kind, 0) for kind, loans in booked.items()}
        self._monitor.notify()

    def _too_much(self, window: Window, booked: Mapping[str, int]) -> float:
        """Return by how many s of work `window` is too much for its scarcest instruments beside what is `booked`."""
        wanted = (self._seconds(kind, loans + window.left.get(kind, 0)) for kind, loans in booked.items())
        return max(wanted) - _SHARE * window.seconds

    def _forecast(self, window: Window) -> float | None:
        """Return in about how many s `window` will be opened, None when it is open: by then the work that is too much is done.

        The instruments do it in `_SHARE` of their time, the rest goes to those that prepare a start and those that went off.
        """
        if window.end is not None:
            return None
        booked = {kind: self._left(kind) for kind in self._pools}
        for other in self._windows.values():
            if other is window:
                break
            if other.end is None:
                booked = {kind: loans + other.left.get(kind, 0) for kind, loans in booked.items()}
        return max(1.0, self._too_much(window, booked) / _SHARE)

    def _booked(self) -> str:
        busy = [one.slot for one in self._windows.values() if one.end is not None and any(one.left.values())]
        return named(busy, "is still measured", "are still measured") or "others wait too"


def _nobody(_: float) -> None:
    """Tell nobody: there is no wait, or nobody asked."""


def named(slots: Iterable[int], one: str, many: str) -> str:
    """Return `slots` as the subject of a sentence, which goes on with `one` or `many`; nothing when there are none."""
    numbers = [str(slot) for slot in sorted(slots)]
    if len(numbers) < 2:
        return f"slot {numbers[0]} {one}" if numbers else ""
    return f"slots {', '.join(numbers[:-1])} and {numbers[-1]} {many}"
