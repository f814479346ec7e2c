"""Take a record apart into phases: stretches above or below the level of rest, with edges at half of their own height."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.signals.estimate import Floats
from station.signals.levels import Levels
from station.signals.running import Ints, Running

_SEEN = 0.1  # of the highest phase: what is lower is not looked for; the first pulse of a soft start is not
_CLEAR = 4.0  # times the noise: what is lower cannot be told from it
_PLATEAU = (0.25, 0.75)  # the part of a phase that is surely settled and surely before its end
_NOISY, _WINDOW = 40.0, 5  # times the noise: below, stretches are told by the mean of five samples
_AHEAD = 64  # samples that are looked at together when an edge is searched
_SURE = 0.7  # of its height: a sample above it belongs to the phase, whatever the noise


@dataclass(frozen=True, slots=True)
class Phases:
    """The phases of a record in their order, each array (n,): edges at half height in s from the first sample.

    `start` is -inf and `end` +inf where the record cuts a phase off. `sign` is +1 or -1, `height` positive in V over the base;
    `ripple` is the standard deviation in V on the plateau.
    """

    start: Floats
    end: Floats
    sign: Ints
    height: Floats
    ripple: Floats

    @property
    def count(self) -> int:
        """Return how many phases there are, the cut ones too."""
        return int(self.start.size)

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Return which phases have both edges in the record, (n,) bool."""
        return np.isfinite(self.start) & np.isfinite(self.end)


def find_phases(record: Running, levels: Levels, floor: float) -> Phases:
    """Return the phases of `record` that stand at least `floor` V off the base."""
    over, dt = record.over, record.dt
    smooth, sigma = (_smooth(over), levels.sigma / _WINDOW**0.5) if levels.peak < _NOISY * levels.sigma else (over, levels.sigma)
    first, last, sign = _stretches(smooth, max(_SEEN * levels.peak, _CLEAR * sigma))
    height, ripple = _plateaus(record, first, last, sign)
    tall = height >= max(floor, _CLEAR * levels.sigma)
    first, last, sign, height, ripple = first[tall], last[tall], sign[tall], height[tall], ripple[tall]
    start, end = _rises(over, dt, first, last, sign, height), _falls(over, dt, first, last, sign, height)
    return Phases(start, end, sign, height, ripple)


def _smooth(over: Floats) -> Floats:
    """Return the mean over a few samples around each: where noise is high it would break slow edges into many."""
    padded = np.concatenate((np.full(_WINDOW // 2 + 1, over[0]), over, np.full(_WINDOW // 2, over[-1])))
    running = np.cumsum(padded)
    return np.asarray((running[_WINDOW:] - running[:-_WINDOW]) / _WINDOW, dtype=np.float64)


def _stretches(over: Floats, level: float) -> tuple[Ints, Ints, Ints]:
    """Return the first sample, the one behind the last, and the sign of each stretch beyond `level` V, with hysteresis."""
    side = np.full(over.size, 2, dtype=np.int8)
    side[np.abs(over) < 0.6 * level] = 0
    side[over > 1.4 * level] = 1
    side[over < -1.4 * level] = -1
    decided = np.flatnonzero(side != 2)
    if decided.size == 0 or level <= 0:
        return (np.empty(0, dtype=np.int64),) * 3
    states = side[decided]
    turns = np.flatnonzero(np.diff(states)) + 1
    starts = np.concatenate(([0], decided[turns]))
    kinds = states[np.concatenate(([0], turns))].astype(np.int64)
    ends = np.concatenate((starts[1:], [over.size]))
    busy = kinds != 0
    return starts[busy], ends[busy], kinds[busy]


def _plateaus(record: Running, first: Ints, last: Ints, sign: Ints) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of the middle of each stretch, in V."""
    begin = first + np.asarray(np.ceil(_PLATEAU[0] * (last - first - 1)), dtype=np.int64)
    end = np.maximum(first + np.asarray(_PLATEAU[1] * (last - first - 1), dtype=np.int64), begin) + 1
    total, squares = record.sums(begin, end)
    size = (end - begin).astype(np.float64)
    mean = total / size
    spread = np.sqrt(np.maximum(squares / size - mean**2, 0.0))
    return np.asarray(sign * mean, dtype=np.float64), np.asarray(spread, dtype=np.float64)


def _rises(over: Floats, dt: float, first: Ints, last: Ints, sign: Ints, height: Floats) -> Floats:
    """Return when each phase passes half its height: behind the last sample under it, before one that surely is a plateau's."""
    sure = _search(over, sign, _SURE * height, first, last - 1, 1, above=True)
    at = _search(over, sign, 0.5 * height, sure, np.zeros_like(first), -1, above=False)
    here, there = sign * over[at], sign * over[np.minimum(at + 1, over.size - 1)]
    times = (at + _fraction(0.5 * height - here, there - here)) * dt
    return np.where(here > 0.5 * height, -np.inf, times)


def _falls(over: Floats, dt: float, first: Ints, last: Ints, sign: Ints, height: Floats) -> Floats:
    """Return when each phase is back at half its height: behind its last sample over it."""
    at = _search(over, sign, 0.5 * height, np.minimum(last, over.size - 1), first, -1, above=True)
    here, there = sign * over[at], sign * over[np.minimum(at + 1, over.size - 1)]
    return np.where(at >= over.size - 1, np.inf, (at + _fraction(here - 0.5 * height, here - there)) * dt)


def _search(over: Floats, sign: Ints, level: Floats, start: Ints, end: Ints, way: int, *, above: bool) -> Ints:
    """Return the first sample from each `start` on, backwards where `way` is -1, that is above `level` or is not; else `end`."""
    at, open_ones = start.copy(), np.flatnonzero(start != end)
    while open_ones.size:
        ahead = at[open_ones, None] + way * np.arange(_AHEAD)
        ahead = np.minimum(ahead, end[open_ones, None]) if way > 0 else np.maximum(ahead, end[open_ones, None])
        high = sign[open_ones, None] * over[ahead] >= level[open_ones, None]
        met = (high if above else ~high) | (ahead == end[open_ones, None])
        at[open_ones] = ahead[np.arange(open_ones.size), np.where(met.any(axis=1), np.argmax(met, axis=1), _AHEAD - 1)]
        open_ones = open_ones[~met.any(axis=1)]
    return at


def _fraction(part: Floats, whole: Floats) -> Floats:
    return np.clip(np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0), 0.0, 1.0)
