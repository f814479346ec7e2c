"""Run, stop and single: when records begin and end. A single one is worked out in time, a running scope only when asked."""

from dataclasses import replace

import numpy as np

from station.simulator.scope.acquiring import DEPTH, SHOWN, Acquiring
from station.simulator.scope.capture import Capture
from station.simulator.scope.record import Record, Trace
from station.simulator.scope.timebase import Timebase
from station.simulator.scope.triggering import Triggering

RUN, STOP, SINGLE = "RUN", "STOP", "SING"
REARM_S = 1e-3  # from the command, or the last record, until the pre-trigger memory begins to fill
_AUTO_WAIT_S = 0.05  # an automatic sweep waits this long, or one screen, for a trigger
_LEAST_LOOK_S, _MOST_LOOK_S = 0.002, 0.02  # how often an armed scope is looked at


class Acquisition:
    """A Machine: it must be advanced while a single record is under way."""

    def __init__(self, capture: Capture, timebase: Timebase, triggering: Triggering, acquiring: Acquiring) -> None:
        self._capture = capture
        self._timebase = timebase
        self._triggering = triggering
        self._acquiring = acquiring
        self.restart(0.0)

    def restart(self, now: float) -> None:
        """Run freely from `now` on with nothing on the screen, as after a power-on."""
        self.state = RUN
        self.armed_event = self.trigger_event = False
        self._latest: Record | None = None
        self._parts: list[Record] = []
        self._auto = self._stale = False
        self._time = now
        self.run(now)

    @property
    def running(self) -> bool:
        """The run bit: it runs freely, or a single record is under way."""
        return self.state != STOP

    @property
    def armed(self) -> bool:
        """A single record has its pre-trigger part and waits for its trigger."""
        return self.state == SINGLE and self._trigger is None and self._time >= self._ready

    def run(self, now: float) -> None:
        """Run freely from `now` on."""
        self._begin(RUN, now)

    def single(self, now: float, auto: bool) -> None:
        """Take one record from `now` on; with `auto` it comes without a trigger when there is none."""
        self._auto, self._parts = auto, []
        self.armed_event = False
        self._begin(SINGLE, now)

    def stop(self, now: float) -> None:
        """Stop; a running scope keeps the last whole record, in full depth."""
        if self.state == RUN:
            self._look_back(now, DEPTH)
        self.state = STOP

    def force(self, now: float) -> None:
        """Trigger at `now` when a trigger is waited for."""
        if self.armed:
            self._take_trigger(now)

    def changed(self) -> None:
        """Begin anew with other settings, at the next moment."""
        self._stale = True

    def record(self, now: float) -> Record | None:
        """Return what is on the screen at `now`, or None when it is empty."""
        self._begin_anew(now)
        if self.state == RUN:
            self._look_back(now, SHOWN)
        return self._latest

    def advance(self, now: float) -> None:
        """Do all that is due by `now`."""
        self._time = now
        self._begin_anew(now)
        while self.state == SINGLE and self._ready <= now:
            self._arm()
            if self._trigger is None and not self._found(now):
                return
            if self._end > now:
                return
            self._finish()

    def wake(self) -> float | None:
        """Return when something is due, or None."""
        if self._stale and self.state == SINGLE:
            return self._time
        if self.state != SINGLE:
            return None
        if self._trigger is not None:
            return self._end
        look = float(np.clip(self._timebase.range.value / 10, _LEAST_LOOK_S, _MOST_LOOK_S))
        return self._ready if self._time < self._ready else self._time + look

    def take_armed(self) -> bool:
        """Return whether it was armed since last asked."""
        event, self.armed_event = self.armed_event, False
        return event

    def take_triggered(self, now: float) -> bool:
        """Return whether a trigger came since last asked."""
        self.record(now)
        event, self.trigger_event = self.trigger_event, False
        return event

    def _begin_anew(self, now: float) -> None:
        """Begin again when settings were changed; what was collected for an average does not fit any more."""
        if self._stale:
            self._stale = False
            self._parts = []
            self._begin(self.state, now)

    def _begin(self, state: str, start: float) -> None:
        self.state = state
        self._armed_once = False
        self._trigger: float | None = None
        self._end = 0.0
        self._ready = self._looked = start + REARM_S + max(-self._timebase.left, 0.0)

    def _arm(self) -> None:
        """Latch the armed event once for each record."""
        self.armed_event = self.armed_event or not self._armed_once
        self._armed_once = True

    def _found(self, now: float) -> bool:
        """Look for the trigger of a single record up to `now`."""
        trigger = self._capture.trigger(self._looked, now)
        self._looked = now
        deadline = self._ready + max(_AUTO_WAIT_S, self._timebase.range.value)
        if trigger is None and self._auto and now >= deadline:
            trigger = deadline
        if trigger is not None:
            self._take_trigger(trigger)
        return trigger is not None

    def _take_trigger(self, trigger: float) -> None:
        self._trigger = trigger
        self._end = trigger + max(self._timebase.right, 0.0)
        self.trigger_event = True

    def _finish(self) -> None:
        """Read the samples of a record that has ended; begin the next one of an average, or stop."""
        if self._trigger is None:
            return
        self._parts.append(self._capture.record(self._trigger, DEPTH if self._acquiring.averages == 1 else SHOWN))
        if len(self._parts) < self._acquiring.averages:
            self._begin(SINGLE, max(self._end, self._trigger + self._triggering.holdoff.value))
            return
        self._latest = _averaged(self._parts)
        self.state = STOP

    def _look_back(self, now: float, depth: int) -> None:
        """Put the last whole record of a running scope on the screen, searching the recent past for its trigger."""
        newest = now - max(self._timebase.right, 0.0)
        oldest = max(self._ready, newest - 2 * self._timebase.range.value - 0.2)
        if newest < oldest:
            return
        trigger = self._last_trigger(oldest, newest)
        if trigger is not None:
            self.trigger_event = True
        elif self._triggering.sweep.value == "AUTO":
            trigger = newest
        if trigger is not None:
            self._latest = self._capture.record(trigger, depth)

    def _last_trigger(self, oldest: float, newest: float) -> float | None:
        """Return the last trigger of a running scope, one screen and the holdoff apart from the one before."""
        apart = max(self._timebase.range.value, self._triggering.holdoff.value)
        last, found = None, self._capture.trigger(oldest, newest)
        while found is not None:
            last = found
            found = self._capture.trigger(found + apart, newest)
        return last


def _averaged(parts: list[Record]) -> Record:
    """Return the mean of records that were taken alike, or the one there is."""
    if len(parts) == 1:
        return parts[0]
    traces = {
        number: Trace(np.rint(np.mean([part.traces[number].codes for part in parts], axis=0)).astype(np.uint16), trace.screen)
        for number, trace in parts[-1].traces.items()
    }
    return replace(parts[-1], traces=traces, count=len(parts))
