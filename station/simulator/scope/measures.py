"""What the measure menu makes of a displayed record: levels, edges, times; None where the record does not show it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from station.simulator.ports import Floats

_LOWER, _MIDDLE, _UPPER = 0.1, 0.5, 0.9  # thresholds between base and top
_BINS, _OUTER_BINS = 64, 26  # of the histogram that finds top and base; 40 % of them belong to either
_FLAT_SHARE = 0.02  # of all samples in one bin make a level
_FLAT_CODES = 4  # a record that spans fewer codes shows noise, no edges


@dataclass(frozen=True, slots=True)
class Displayed:
    """A record on the screen: `volts` is (n,) float64, `times` (n,) in seconds after the trigger, `step` volts a code."""

    volts: Floats
    times: Floats
    step: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """One edge: the time it passed the middle in seconds, and whether it rose."""

    time: float
    rising: bool


Measure = Callable[[Displayed], float | None]


def top(shown: Displayed) -> float:
    """Return the upper level in volts: where most samples of the upper part are, else the maximum."""
    return _level(shown.volts, upper=True)


def base(shown: Displayed) -> float:
    """Return the lower level in volts: where most samples of the lower part are, else the minimum."""
    return _level(shown.volts, upper=False)


def crossings(shown: Displayed) -> list[Crossing]:
    """Return the edges in order: each a way from below the lower threshold to above the upper one, or back."""
    high, low = top(shown), base(shown)
    if high - low < _FLAT_CODES * shown.step:
        return []
    side = (shown.volts > low + _UPPER * (high - low)).astype(np.int8)
    side -= shown.volts < low + _LOWER * (high - low)
    places = np.flatnonzero(side)
    turns = np.flatnonzero(np.diff(side[places]))
    middle = low + _MIDDLE * (high - low)
    return [_crossing(shown, int(places[turn]), int(places[turn + 1]), middle) for turn in turns]


def period(shown: Displayed) -> float | None:
    """Return the length of the first whole cycle in seconds."""
    edges = crossings(shown)
    return edges[2].time - edges[0].time if len(edges) >= 3 else None


def frequency(shown: Displayed) -> float | None:
    """Return the frequency of the first whole cycle in hertz."""
    length = period(shown)
    return None if length is None else 1.0 / length


def positive_width(shown: Displayed) -> float | None:
    """Return how long the first whole positive pulse lasts, in seconds."""
    return _width(shown, rising=True)


def negative_width(shown: Displayed) -> float | None:
    """Return how long the first whole negative pulse lasts, in seconds."""
    return _width(shown, rising=False)


def duty_cycle(shown: Displayed) -> float | None:
    """Return the share of the first cycle that is high, in percent."""
    length, width = period(shown), positive_width(shown)
    return None if length is None or width is None else 100.0 * width / length


def rise_time(shown: Displayed) -> float | None:
    """Return how long the first rising edge takes from 10 % to 90 %, in seconds."""
    return _edge_time(shown, rising=True)


def fall_time(shown: Displayed) -> float | None:
    """Return how long the first falling edge takes from 90 % to 10 %, in seconds."""
    return _edge_time(shown, rising=False)


def first_cycle(shown: Displayed) -> Displayed | None:
    """Return the part of the record that is the first whole cycle."""
    edges = crossings(shown)
    if len(edges) < 3:
        return None
    inside = (shown.times >= edges[0].time) & (shown.times < edges[2].time)
    return Displayed(shown.volts[inside], shown.times[inside], shown.step)


def _level(volts: Floats, upper: bool) -> float:
    """Return the commonest level of the upper or lower 40 % of the height; of a ramp, which has none, the extreme."""
    counts, bounds = np.histogram(volts, _BINS)
    start = _BINS - _OUTER_BINS if upper else 0
    place = start + int(np.argmax(counts[start : start + _OUTER_BINS]))
    if counts[place] < _FLAT_SHARE * len(volts):
        return float(volts.max() if upper else volts.min())
    inside = (volts >= bounds[max(place - 1, 0)]) & (volts <= bounds[min(place + 2, _BINS)])
    return float(volts[inside].mean())


def _crossing(shown: Displayed, before: int, after: int, middle: float) -> Crossing:
    """Interpolate where the record last passes `middle` on its way from sample `before` to sample `after`."""
    rising = bool(shown.volts[after] > shown.volts[before])
    behind = (shown.volts[before:after] < middle) == rising
    place = before + int(np.flatnonzero(behind)[-1])
    low, high = float(shown.volts[place]), float(shown.volts[place + 1])
    share = (middle - low) / (high - low) if high != low else 0.5
    return Crossing(float(shown.times[place] + share * (shown.times[place + 1] - shown.times[place])), rising)


def _width(shown: Displayed, rising: bool) -> float | None:
    edges = crossings(shown)
    return next((end.time - begin.time for begin, end in pairwise(edges) if begin.rising == rising), None)


def _edge_time(shown: Displayed, rising: bool) -> float | None:
    """Return the time of the first edge between the outer thresholds, in whole samples."""
    high, low = top(shown), base(shown)
    edge = next((each for each in crossings(shown) if each.rising == rising), None)
    if edge is None:
        return None
    at = int(np.searchsorted(shown.times, edge.time))
    above, below = shown.volts > low + _UPPER * (high - low), shown.volts < low + _LOWER * (high - low)
    start, end = (below, above) if rising else (above, below)
    first, last = np.flatnonzero(start[:at]), np.flatnonzero(end[at:])
    return float(shown.times[at + last[0]] - shown.times[first[-1]]) if len(first) and len(last) else None
