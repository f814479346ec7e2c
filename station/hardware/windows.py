"""Let a unit be started only when all that must be measured while it runs fits into its own window.

A window is a stretch of a run in which a slot needs so many loans of each kind of instrument, the last of which must begin before
its end. How long its loans last all together is learned from windows that are nearly done, so that a slow link or a busy host is
counted in; not from the latest loans: where many slots are abreast these are all long ones, or all short ones.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from station.core.clock import Clock, Monitor, Stop
from station.core.errors import LoanError

USUAL = 4.0  # s that a loan lasts, until some were seen
_WIRE = 0.02  # s of the host that its exchanges take: they are not hurried with a simulated line
_MEMORY = 4  # windows over which the usual length of a loan is averaged
_NEARLY = 8  # of a window's loans all but one in so many are over: then it is known how long they last
_LEAST = 0.25  # of the usual length is counted for a loan that is still wanted, however long those before it were
_BETWEEN = 3.0  # times as long as its loans alone a slot takes for them: before each another one's may have just begun
_BEHIND = 0.2  # s of the host that a slot takes from one loan to its next: a hurried line may keep the host busy with others
_SHARE = 0.5  # of a window may be booked: as much again is wanted by slots that prepare a start, and by those that went off
_AGAIN = 10.0  # s between two forecasts at least
_PATIENCE = 14400.0  # s: several rounds of a full fixture
_HOST_PATIENCE = 120.0  # s of the host at least


@dataclass(slots=True, eq=False)
class Window:
    """A slot's window, open or asked for; `end` is in s of the line's clock, None until granted.

    By kind: `planned` loans, those still `left`, and the s that were `spent` in those that are over.
    """

    slot: int
    seconds: float
    planned: Mapping[str, int]
    left: dict[str, int]
    asked: float
    end: float | None = field(default=None)
    spent: dict[str, float] = field(default_factory=dict)

    def wanted(self, kind: str, usual: float) -> float:
        """Return for how many s it still wants an instrument of a kind, where a loan usually lasts `usual` s."""
        left = self.left.get(kind, 0)
        if not left:
            return 0.0
        return max(self.planned[kind] * usual - self.spent.get(kind, 0.0), _LEAST * left * usual)

    def took(self, kind: str, seconds: float) -> float | None:
        """Count a loan that is over; return how many s the loans of its kind last on average, once nearly all are over."""
        self.spent[kind] = self.spent.get(kind, 0.0) + seconds
        planned, left = self.planned.get(kind, 0), max(0, self.left.get(kind, 0) - 1)
        self.left[kind] = left
        known = planned and left == min(planned - 1, math.ceil(planned / _NEARLY))
        return self.spent[kind] / (planned - left) if known else None


class Windows:
    """Which windows are open and who waits for one; shares the monitor of the lending that it belongs to.

    `pools` says how many instruments there are of each kind, until `has` says that some are out of use.
    """

    def __init__(self, clock: Clock, monitor: Monitor, log: Callable[[Window, float], None], pools: Mapping[str, int]) -> None:
        self._clock = clock
        self._monitor = monitor
        self._log = log
        self._pools = dict(pools)
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
        window = Window(slot, seconds, loans, dict(loans), self._clock.now())
        with self._monitor:
            self._windows[slot] = window
            self._grant()
            forecast = self._forecast(window)
        try:
            if forecast is not None:
                self._wait(window, forecast, stop, waits or _nobody)
        finally:
            if window.end is None:
                self.close(slot)
        if window.end is None:
            raise LoanError(f"slot {slot} waited {self._patience:g} s to be started: {self._still_measured()}")
        self._log(window, window.end - window.seconds)
        return window.end

    def _wait(self, window: Window, forecast: float | None, stop: Stop, tell: Callable[[float], None]) -> None:
        """Wait until `window` is open, and tell by when that will be: again when a forecast was too short, and 0 at the end."""
        while forecast is not None and (left := window.asked + self._patience - self._clock.now()) > 0.0:
            tell(forecast)  # outside the monitor: whoever is told may take his time
            with self._monitor:
                self._monitor.wait_for(lambda: window.end is not None, min(max(forecast, _AGAIN), left), stop)
                forecast = self._forecast(window)
        if window.end is not None:
            tell(0.0)

    def close(self, slot: int) -> None:
        """Give the window of `slot` up, if it has one."""
        with self._monitor:
            if self._windows.pop(slot, None) is not None:
                self._grant()

    def lent(self, slot: int, kinds: Iterable[str], seconds: float) -> None:
        """Learn that a loan of `kinds` to `slot` is over, which lasted `seconds` s."""
        with self._monitor:
            window = self._windows.get(slot)
            if window is not None and window.end is not None:
                for kind in kinds:
                    if (average := window.took(kind, seconds)) is not None:
                        self._usual[kind] += (average - self._usual[kind]) / _MEMORY
            self._grant()

    def has(self, kind: str, count: int) -> None:
        """Reckon with `count` usable instruments of a kind from now on."""
        with self._monitor:
            self._pools[kind] = count
            self._grant()

    def work(self, before: float) -> float:
        """Return how many s it may take until all loans are over that are wanted in windows which end by the moment `before`.

        Two loans are added: one goes on now, and one is the next, which may belong to no window. What one slot wants it wants one
        by one, however many instruments there are.
        """
        totals, longest = dict.fromkeys(self._usual, 0.0), 0.0
        with self._monitor:
            for window in self._open(before):
                alone = 0.0
                for kind, usual in self._usual.items():
                    seconds = window.left.get(kind, 0) * usual
                    totals[kind] += seconds
                    alone += seconds
                behind = sum(window.left.values()) * _BEHIND * self._clock.speed
                longest = max(longest, _BETWEEN * alone + behind)
            kinds = [(totals[kind] + 2.0 * usual) / self._pools[kind] for kind, usual in self._usual.items()]
        return max(_BETWEEN * max(kinds), longest)

    def _open(self, before: float = math.inf) -> list[Window]:
        """Return the open windows that end by the moment `before`; what is over wants nothing."""
        now = self._clock.now()
        return [one for one in self._windows.values() if one.end is not None and now < one.end <= before]

    def _booked(self, kind: str, before: float = math.inf) -> float:
        """Return for how many s open windows that end by the moment `before` still want instruments of a kind."""
        return sum(one.wanted(kind, self._usual[kind]) for one in self._open(before))

    def _grant(self) -> None:
        """Open what fits, in order; nobody is let in past one who waits."""
        booked = {kind: self._booked(kind) for kind in self._pools}
        for window in [one for one in self._windows.values() if one.end is None]:
            booked = self._with(window, booked)
            if self._open() and self._too_much(window, booked) > 0.0:
                break
            window.end = self._clock.now() + window.seconds
        self._monitor.notify()

    def _with(self, window: Window, booked: Mapping[str, float]) -> dict[str, float]:
        return {kind: seconds + window.wanted(kind, self._usual[kind]) for kind, seconds in booked.items()}

    def _too_much(self, window: Window, booked: Mapping[str, float]) -> float:
        """Return by how many s of work for the scarcest instruments `booked`, with `window` in it, is too much for it."""
        return max(seconds / self._pools[kind] for kind, seconds in booked.items()) - _SHARE * window.seconds

    def _forecast(self, window: Window) -> float | None:
        """Return in about how many s `window` will be opened, None when it is open: by then the work that is too much is done."""
        if window.end is not None:
            return None
        booked = {kind: self._booked(kind) for kind in self._pools}
        for other in [one for one in self._windows.values() if one.end is None and one.asked <= window.asked]:
            booked = self._with(other, booked)
        return max(1.0, self._too_much(window, booked))

    def _still_measured(self) -> str:
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
