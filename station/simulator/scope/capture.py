"""Turn a trigger time into a record, and find trigger times: the scope's eyes on its terminals."""

import numpy as np

from station.simulator.ports import Floats, Terminals
from station.simulator.scope.acquiring import Acquiring
from station.simulator.scope.channel import Channel
from station.simulator.scope.frontend import Frontend
from station.simulator.scope.record import Codes, Places, Record, Trace
from station.simulator.scope.search import Edge, Look, first_crossing
from station.simulator.scope.timebase import Timebase
from station.simulator.scope.triggering import Triggering

WIRED = 1  # the channel on the terminals; the others see nothing but themselves
_HYSTERESIS = 0.3  # of a division
_NOISE_REJECT = 2.0  # times as much with noise reject
_AT_ONCE = 8192  # points are worked out at once: so many looks stay in the processor's cache
_STEPS = 1000  # a screen is searched in this many steps ...
_LEAST_STEP_S, _MOST_STEP_S = 1e-6, 20e-6  # ... but a 20 us pulse must not slip through


class Capture:
    """Reads samples and edges off the terminals the way the settings say; it keeps no state of its own."""

    def __init__(
        self,
        terminals: Terminals,
        rng: np.random.Generator,
        channels: dict[int, Channel],
        timebase: Timebase,
        triggering: Triggering,
        acquiring: Acquiring,
    ) -> None:
        self._terminals = terminals
        self._channels = channels
        self._frontends = {number: Frontend(rng) for number in channels}
        self._timebase = timebase
        self._triggering = triggering
        self._acquiring = acquiring

    def trigger(self, start: float, end: float) -> float | None:
        """Return the time of the first trigger after `start` and up to `end`, in seconds, or None."""
        if end <= start:
            return None
        source = self._triggering.source.value
        if source == "EXT":
            edges = self._terminals.triggers(start, end)
            return edges[0] if edges else None
        if source == "LINE" or self._timebase.mode.value == "ROLL":
            return end
        number = int(source[-1])
        return first_crossing(self._look(number), self._edge(number), start, end)

    def record(self, trigger: float, depth: int) -> Record:
        """Read the samples around a trigger whose right edge of the screen has passed, at most `depth` points."""
        interval = 1.0 / self._acquiring.rate(depth)
        points = self._acquiring.points(depth)
        shown = [number for number, channel in self._channels.items() if channel.display.value]
        traces = {number: self._trace(number, trigger + self._timebase.left, interval, points) for number in shown}
        return Record(trigger, self._timebase.left, interval, traces, self._acquiring.type.value, 1)

    def _trace(self, number: int, first: float, interval: float, points: int) -> Trace:
        """Return `points` samples of a channel from `first` on, each the mean of the looks in its own interval."""
        screen, bits, looks = self._channels[number].screen, self._acquiring.bits, self._acquiring.looks

        def work_out(places: Places) -> Codes:
            volts = np.zeros(places.size)
            for start in range(0, places.size if number == WIRED else 0, _AT_ONCE):
                times = first + interval * places[start : start + _AT_ONCE].astype(np.float64)
                volts[start : start + _AT_ONCE] = self._terminals.seen(times, looks, interval / looks)
            return self._frontends[number].codes(volts, screen, bits)

        return Trace(screen, points, work_out)

    def _volts(self, number: int, times: Floats) -> Floats:
        return self._terminals.volts(times) if number == WIRED else np.zeros(len(times))

    def _look(self, number: int) -> Look:
        screen, frontend = self._channels[number].screen, self._frontends[number]
        return lambda times: frontend.shown(self._volts(number, times), screen)

    def _edge(self, number: int) -> Edge:
        rejected = _NOISE_REJECT if self._triggering.noise_reject.value else 1.0
        hysteresis = _HYSTERESIS * rejected * self._channels[number].scale.value
        step = float(np.clip(self._timebase.range.value / _STEPS, _LEAST_STEP_S, _MOST_STEP_S))
        return Edge(self._triggering.level, hysteresis, self._triggering.slope.value, step)
