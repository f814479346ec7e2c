"""Run, stop and single: which record is on the screen, and whether another one is under way."""

from station.simulator.scope.acquiring import DEPTH, SHOWN, Acquiring
from station.simulator.scope.capture import Capture
from station.simulator.scope.freerun import FreeRun
from station.simulator.scope.record import Record, averaged
from station.simulator.scope.shot import Shot, filled
from station.simulator.scope.timebase import Timebase
from station.simulator.scope.triggering import Triggering

RUN, STOP, SINGLE = "RUN", "STOP", "SING"


class Acquisition:
    """A Machine: it must be advanced while a single record is under way; a running scope costs nothing until asked."""

    def __init__(self, capture: Capture, timebase: Timebase, triggering: Triggering, acquiring: Acquiring) -> None:
        self._capture = capture
        self._timebase = timebase
        self._triggering = triggering
        self._acquiring = acquiring
        self.restart(0.0)

    def restart(self, now: float) -> None:
        """Run freely from `now` on with nothing on the screen, as after a power-on."""
        self.armed_event = self.trigger_event = False
        self._screen: Record | None = None
        self._stale = False
        self._time = now
        self.run(now)

    @property
    def state(self) -> str:
        """RUN, STOP or SING."""
        if self._shot is not None:
            return SINGLE
        return STOP if self._running is None else RUN

    @property
    def armed(self) -> bool:
        """A single record has its pre-trigger part and waits for its trigger."""
        return self._shot is not None and self._shot.waiting(self._time)

    def run(self, now: float) -> None:
        """Run freely from `now` on."""
        self._shot: Shot | None = None
        ready = filled(self._timebase, now)
        self._running: FreeRun | None = FreeRun(self._capture, self._timebase, self._triggering, ready)

    def single(self, now: float, auto: bool) -> None:
        """Take one record from `now` on; with `auto` it comes without a trigger when there is none."""
        self._auto = auto
        self._parts: list[Record] = []
        self._running = None
        self.armed_event = False
        self._shoot(now)

    def stop(self, now: float) -> None:
        """Stop; a running scope keeps the last whole record, in full depth."""
        self._refresh(now, DEPTH)
        self._shot = self._running = None

    def force(self, now: float) -> None:
        """Trigger at `now` when a trigger is waited for."""
        if self._shot is not None and self._shot.waiting(now):
            self._shot.force(now)
            self.trigger_event = True

    def changed(self) -> None:
        """Begin anew with other settings: a running scope at the moment of the command, a single record at the next one."""
        self._stale, self._changed_at = True, self._time

    def record(self, now: float) -> Record | None:
        """Return what is on the screen at `now`, or None when it is empty."""
        self._refresh(now, SHOWN)
        return self._screen

    def advance(self, now: float) -> None:
        """Do all that is due by `now`."""
        self._time = now
        self._begin_anew(now)
        while (shot := self._shot) is not None and shot.filled(now):
            self._latch(shot, now)
            if shot.end > now:
                return
            self._finish(shot)

    def look(self, now: float) -> None:
        """Notice a trigger that has come by `now` to a record that waits for it."""
        if self._shot is not None and not self._stale and self.armed:
            self._latch(self._shot, now)

    def due(self) -> float | None:
        """Return when a record goes on by itself, or None."""
        if self._shot is None:
            return None
        return self._time if self._stale else self._shot.due(self._time)

    def wake(self) -> float | None:
        """Return when to look or to go on, or None."""
        if self._shot is None:
            return None
        return self._time if self._stale else self._shot.wake(self._time)

    def _shoot(self, start: float) -> None:
        self._shot = Shot(self._capture, self._timebase, start, self._auto)
        self._armed_once = False

    def _latch(self, shot: Shot, now: float) -> None:
        """Look for the trigger; latch the armed event once for each record, and the trigger event with its trigger."""
        waited = shot.waiting(now)
        self.armed_event = self.armed_event or not self._armed_once
        self._armed_once = True
        shot.look(now)
        self.trigger_event = self.trigger_event or (waited and shot.trigger is not None)

    def _finish(self, shot: Shot) -> None:
        """Read the samples of a record that has ended; begin the next one of an average, or stop."""
        if shot.trigger is None:
            return
        averages = self._acquiring.averages
        self._parts.append(self._capture.record(shot.trigger, DEPTH if averages == 1 else SHOWN))
        if len(self._parts) < averages:
            self._shoot(max(shot.end, shot.trigger + self._triggering.holdoff.value))
        else:
            self._screen = averaged(self._parts)
            self._parts = []
            self._shot = None

    def _refresh(self, now: float, depth: int) -> None:
        """Put the last whole record of a running scope on the screen."""
        self._begin_anew(now)
        if self._running is not None:
            self._screen = self._running.latest(now, depth) or self._screen
            self.trigger_event = self.trigger_event or self._running.triggered

    def _begin_anew(self, now: float) -> None:
        """Begin again when settings were changed; what was collected for an average does not fit any more."""
        if not self._stale:
            return
        self._stale = False
        if self._running is not None:
            self.run(self._changed_at)
        elif self._shot is not None:
            self._parts = []
            self._shoot(now)
