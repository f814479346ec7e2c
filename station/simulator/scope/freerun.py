"""What a running scope would show: worked out only when somebody asks, by searching the recent past."""

from station.simulator.scope.capture import Capture
from station.simulator.scope.record import Record
from station.simulator.scope.timebase import Timebase
from station.simulator.scope.triggering import Triggering

_LOOK_BACK_S = 0.2  # and two screens: further back nobody remembers a trigger


class FreeRun:
    """The records of a scope that has run since `ready`, in seconds; `triggered` says that the last one had a trigger."""

    def __init__(self, capture: Capture, timebase: Timebase, triggering: Triggering, ready: float) -> None:
        self._capture = capture
        self._timebase = timebase
        self._triggering = triggering
        self._ready = ready
        self.triggered = False

    def latest(self, now: float, depth: int) -> Record | None:
        """Return the last whole record before `now` with at most `depth` points, or None when there was none."""
        newest = now - max(self._timebase.right, 0.0)
        oldest = max(self._ready, newest - 2 * self._timebase.range.value - _LOOK_BACK_S)
        if newest < oldest:
            return None
        trigger = self._last_trigger(oldest, newest)
        self.triggered = trigger is not None
        if trigger is None and self._triggering.sweep.value == "AUTO":
            trigger = newest
        return None if trigger is None else self._capture.record(trigger, depth)

    def _last_trigger(self, oldest: float, newest: float) -> float | None:
        """Return the last trigger, each one screen and the holdoff apart from the one before."""
        apart = max(self._timebase.range.value, self._triggering.holdoff.value)
        last, found = None, self._capture.trigger(oldest, newest)
        while found is not None:
            last = found
            found = self._capture.trigger(found + apart, newest)
        return last
