"""The fixture's comparator on a slot: it turns the output current into edges."""

import math
from bisect import bisect_right

from numpy.random import Generator

from station.simulator.physics.history import History, Stretch
from station.simulator.physics.waveform import Train

_RISES_ABOVE = 15e-6
_FALLS_BELOW = 10e-6
_BLANKING = 3e-3
_MARGIN = 1e-6
"""Seconds by which a pulse must be clear of the blanking and of the next one to be counted without a look."""
_FILTER = 10e3
"""Hertz: the comparator's input filter; of a unit's 100 kHz noise it lets this much through."""
_NOISE_SHARE = math.sqrt(_FILTER / 100e3)
_QUIET = 1e-6
"""Ampere rms below which noise makes no edge in a lifetime."""
_FAR = 9.0
"""So many standard deviations from the threshold, noise reaches it once in a thousand years."""
_KEEP = 20000
_A_RUN = 4
"""Fewer pulses are as quickly watched one by one."""


def is_silent(stretch: Stretch) -> bool:
    """Tell whether nothing of a stretch, pulse or noise, reaches the threshold."""
    train = stretch.train
    if train is None:
        return _is_out_of_reach(stretch, stretch.steady)
    return _stand_apart(train) and _is_out_of_reach(stretch, stretch.steady + max(train.positive, -train.negative))


def is_counted(stretch: Stretch, first: int = 0) -> bool:
    """Tell whether each pulse of a stretch from number `first` on makes one edge, at its begin, and nothing else makes any."""
    train, steady = stretch.train, stretch.steady
    return (
        train is not None
        and _stand_apart(train)
        and train.width > _BLANKING + _MARGIN
        and train.negative >= 0
        and steady < _FALLS_BELOW
        and steady + train.height(first) * train.positive > _RISES_ABOVE
        and _is_out_of_reach(stretch, steady)
    )


def _stand_apart(train: Train) -> bool:
    return train.period > train.length + _MARGIN


def _is_out_of_reach(stretch: Stretch, level: float) -> bool:
    """Tell whether noise on `level` ampere does not reach the threshold."""
    spread = stretch.noise * _NOISE_SHARE
    return level <= _RISES_ABOVE and (spread < _QUIET or _RISES_ABOVE - level >= _FAR * spread)


class Comparator:
    """High above 15 uA, low again below 10 uA and not within 3 ms; edges in simulator seconds, ascending."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._edges: list[float] = []
        self._level = 0.0
        self._noise = 0.0
        self._high = False
        self._risen = self._seen = -math.inf
        self._fresh: list[float] = []

    def high(self, now: float) -> bool:
        """Tell whether the output is high at `now`, up to which the current was watched."""
        self._relax(now)
        return self._high

    def edges(self, start: float, end: float) -> list[float]:
        """Return the rising edges with start < time <= end."""
        return self._edges[bisect_right(self._edges, start) : bisect_right(self._edges, end)]

    def absent(self, now: float) -> None:
        """Watch an empty slot from `now` on."""
        self._meet(now, 0.0)
        self._noise = 0.0

    def watch(self, history: History, start: float, end: float) -> list[float]:
        """Watch a unit's current from `start` to `end`; return the rising edges that are new."""
        for stretch, low, high in history.pieces(start, end):
            self._meet(low, stretch.level(low))
            self._noise = stretch.noise * _NOISE_SHARE
            if stretch.train:
                self._watch_train(stretch, stretch.train, low, high)
            self._hiss(high)
            self._relax(high)
        if len(self._edges) > 2 * _KEEP:
            del self._edges[:_KEEP]
        fresh, self._fresh = self._fresh, []
        return fresh

    def _watch_train(self, stretch: Stretch, train: Train, low: float, high: float) -> None:
        pulses = train.begins(low - train.length, high)
        counted = is_counted(stretch, pulses[0]) if len(pulses) >= _A_RUN else False
        if len(pulses) >= _A_RUN and (counted or is_silent(stretch)):
            self._watch_pulses(stretch, train, pulses[:1], low, high)
            pulses = pulses[1:]
            if not self._high:  # it may have been high when the piece began
                self._take_run([train.origin + index * train.period for index in pulses[:-1]] if counted else [])
                pulses = pulses[-1:]
        self._watch_pulses(stretch, train, pulses, low, high)

    def _take_run(self, run: list[float]) -> None:
        """Take edges that lie wholly inside a piece: the same as watching their pulses one by one."""
        self._edges += run
        self._fresh += run
        self._risen = run[-1] if run else self._risen

    def _watch_pulses(self, stretch: Stretch, train: Train, pulses: range, low: float, high: float) -> None:
        for index in pulses:
            begin = train.origin + index * train.period
            height = train.height(index)
            drive = 0.0
            for at, by in train.steps():
                drive += by * height
                if low < begin + at <= high:
                    self._meet(begin + at, stretch.steady + drive)

    def _meet(self, moment: float, level: float) -> None:
        """Take notice of another current from `moment` on."""
        self._hiss(moment)
        self._relax(moment)
        self._level = level
        if not self._high and level > _RISES_ABOVE:
            self._rise(moment)
        self._relax(moment)

    def _relax(self, moment: float) -> None:
        if self._high and self._level < _FALLS_BELOW and moment >= self._risen + _BLANKING:
            self._high = False

    def _rise(self, moment: float) -> None:
        self._edges.append(moment)
        self._fresh.append(moment)
        self._high = True
        self._risen = moment

    def _hiss(self, until: float) -> None:
        """Let noise make edges of its own since the last look: those of a filtered Gaussian noise at a threshold."""
        moment, self._seen = self._seen, until
        distance = (_RISES_ABOVE - self._level) / max(self._noise, _QUIET)
        if self._noise < _QUIET or not 0 <= distance < _FAR:
            return
        mean_wait = math.sqrt(3) / _FILTER * math.exp(distance**2 / 2)
        while True:
            if self._high and self._level >= _FALLS_BELOW:
                return
            if self._high:
                moment = max(moment, self._risen + _BLANKING)
            moment += float(self._generator.exponential(mean_wait))
            if moment > until:
                return
            self._rise(moment)
