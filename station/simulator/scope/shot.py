"""One record on its way: its pre-trigger part fills, it waits for its trigger, the rest of the screen passes."""

import numpy as np

from station.simulator.scope.capture import Capture
from station.simulator.scope.timebase import Timebase

REARM_S = 1e-3  # from the command, or the last record, until the pre-trigger memory begins to fill
_AUTO_WAIT_S = 0.05  # an automatic sweep waits this long, or one screen, for a trigger
_LEAST_LOOK_S, _MOST_LOOK_S = 0.002, 0.02  # how often an armed scope is looked at


def filled(timebase: Timebase, start: float) -> float:
    """Return when a scope that was started at `start` has its pre-trigger part, in seconds."""
    return start + REARM_S + max(-timebase.left, 0.0)


class Shot:
    """A record begun at `start`; with `auto` it comes without a trigger when there is none."""

    def __init__(self, capture: Capture, timebase: Timebase, start: float, auto: bool) -> None:
        self._capture = capture
        self._timebase = timebase
        self._auto = auto
        self._ready = self._looked = filled(timebase, start)
        self.trigger: float | None = None

    @property
    def end(self) -> float:
        """When the right edge of the screen has passed; never, before the trigger."""
        return np.inf if self.trigger is None else self.trigger + max(self._timebase.right, 0.0)

    def filled(self, now: float) -> bool:
        """Return whether its pre-trigger part is there."""
        return now >= self._ready

    def waiting(self, now: float) -> bool:
        """Return whether it waits for its trigger."""
        return self.filled(now) and self.trigger is None

    def look(self, now: float) -> None:
        """Look for the trigger up to `now`."""
        if not self.waiting(now):
            return
        self.trigger = self._capture.trigger(self._looked, now)
        self._looked = now
        if self.trigger is None and self._auto and now >= self._deadline:
            self.trigger = self._deadline

    def force(self, now: float) -> None:
        """Trigger at `now` when it waits for that."""
        if self.waiting(now):
            self.trigger = now

    def due(self, now: float) -> float | None:
        """Return when its pre-trigger part is there, or its end, or when it triggers by itself; None while it waits."""
        if self.trigger is not None:
            return self.end
        if not self.filled(now):
            return self._ready
        return self._deadline if self._auto else None

    @property
    def _deadline(self) -> float:
        return self._ready + max(_AUTO_WAIT_S, self._timebase.range.value)

    def wake(self, now: float) -> float:
        """Return when to look again."""
        if self.trigger is not None:
            return self.end
        if not self.filled(now):
            return self._ready
        return now + float(np.clip(self._timebase.range.value / 10, _LEAST_LOOK_S, _MOST_LOOK_S))
