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


def negative_duty_cycle(shown: Displayed) -> float | None:
    """Return the share of the first cycle that is low, in percent."""
    high = duty_cycle(shown)
    return None if high is None else 100.0 - high


def edges_up(shown: Displayed) -> float:
    """Return how many rising edges the record shows."""
    return float(sum(edge.rising for edge in crossings(shown)))


def edges_down(shown: Displayed) -> float:
    """Return how many falling edges the record shows."""
    return float(sum(not edge.rising for edge in crossings(shown)))


def pulses_up(shown: Displayed) -> float:
    """Return how many whole positive pulses the record shows."""
    return float(sum(begin.rising for begin, _ in pairwise(crossings(shown))))


def pulses_down(shown: Displayed) -> float:
    """Return how many whole negative pulses the record shows."""
    return float(sum(not begin.rising for begin, _ in pairwise(crossings(shown))))


def overshoot(shown: Displayed) -> float | None:
    """Return how far the record goes past its level after the first edge, in percent of the amplitude."""
    edge, amplitude = next(iter(crossings(shown)), None), top(shown) - base(shown)
    if edge is None or amplitude <= 0:
        return None
    beyond = float(shown.volts.max()) - top(shown) if edge.rising else base(shown) - float(shown.volts.min())
    return 100.0 * beyond / amplitude


def preshoot(shown: Displayed) -> float | None:
    """Return how far the record goes past its level before the first edge, in percent of the amplitude."""
    edge, amplitude = next(iter(crossings(shown)), None), top(shown) - base(shown)
    if edge is None or amplitude <= 0:
        return None
    beyond = base(shown) - float(shown.volts.min()) if edge.rising else float(shown.volts.max()) - top(shown)
    return 100.0 * beyond / amplitude


def area(shown: Displayed) -> float:
    """Return the area under the record in volt-seconds."""
    return float(shown.volts.mean()) * float(shown.times[-1] - shown.times[0])


def deviation(shown: Displayed) -> float:
    """Return the standard deviation of the record in volts."""
    return float(shown.volts.std())


def first_cycle(shown: Displayed) -> Displayed | None:
    """Return the part of the record that is the first whole cycle."""
    edges = crossings(shown)
    if len(edges) < 3:
        return None
    inside = (shown.times >= edges[0].time) & (shown.times < edges[2].time)
    return Displayed(shown.volts[inside], shown.times[inside], shown.step)


def volts_at(time: float) -> Measure:
    """Return the measurement of the volts at `time` seconds after the trigger; None off the screen."""

    def measure(shown: Displayed) -> float | None:
        inside = shown.times[0] <= time <= shown.times[-1]
        return float(np.interp(time, shown.times, shown.volts)) if inside else None

    return measure


def time_of(level: float | None, which: int) -> Measure:
    """Return the measurement of when the record passes `level` volts, or its middle, the so-manieth time.

    `which` counts from 1 at the left of the screen; negative numbers count falling edges.
    """

    def measure(shown: Displayed) -> float | None:
        at = (top(shown) + base(shown)) / 2 if level is None else level
        above = (shown.volts > at).astype(np.int8)
        turns = np.flatnonzero(np.diff(above) == (1 if which >= 0 else -1))
        place = max(abs(which), 1) - 1
        if top(shown) - base(shown) < _FLAT_CODES * shown.step or place >= len(turns):
            return None
        return _crossing(shown, int(turns[place]), int(turns[place]) + 1, at).time

    return measure


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
    way = shown.volts[before:after] - middle
    behind = way <= 0 if rising else way >= 0  # a sample may stand on the middle itself
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
