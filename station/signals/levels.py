"""Tell at which level a signal rests, how high it goes, and how much it shakes."""

from dataclasses import dataclass

import numpy as np

from station.core.errors import UndecidedError
from station.signals.estimate import Floats

_LOOKS = 20_000  # triples of samples tell the noise to 1 %
_LEAST = 0.03  # of all samples make a level; the samples of edges are fewer
_MOSTLY = 0.9  # of all samples lie on the levels of a signal that has only two or three of them
_PARTLY = 0.6  # of all samples lie there where edges are slow
_TINY = 1e-200  # V: less than that is no signal, and no number to divide by
_REST = 0.56  # of all samples at one level: it rests there; between 0.44 and 0.56 a square has two such levels
_DITHER = 0.4  # of a code: noise of less RMS does not spread the codes
_TWICE = 1.6  # times as many samples as at any other level: it rests there too


@dataclass(frozen=True, slots=True)
class Levels:
    """Where a signal rests (`base`), how far it goes above and below (`top`, `bottom`, both >= 0), its noise `sigma`; in V.

    `rests` is False of a square of half duty, which is as long high as low: `base` is then its lower level, or the known zero.
    """

    base: float
    top: float
    bottom: float
    sigma: float
    rests: bool

    @property
    def peak(self) -> float:
        """Return how far the signal goes from its base at most, in V."""
        return max(self.top, self.bottom)

    def coarse(self, step: float) -> bool:
        """Return whether the noise is too small to spread a converter's codes of `step` V: they then err alike everywhere."""
        return step > 0 and self.sigma**2 < step**2 * (1.0 / 12.0 + _DITHER**2)


def noise(volts: Floats) -> float:
    """Return the standard deviation of white noise in V from the median second difference, which slopes and edges do not move."""
    if volts.size < 3:
        return 0.0
    every = max(1, volts.size // _LOOKS)
    size = (volts.size - 2) // every * every or 1
    bends = np.abs(volts[2 : 2 + size : every] - 2.0 * volts[1 : 1 + size : every] + volts[:size:every])
    return float(np.median(bends) / (0.6745 * np.sqrt(6.0)))


def find_levels(volts: Floats, step: float = 0.0, zero: float | None = None) -> Levels:
    """Return the levels of `volts`, (n,) float64 with n > 2; `step` is the converter's code in V, `zero` the level of no output.

    Without `zero` a signal rests in the middle of three levels, or where it is most of the time. Raises UndecidedError when it
    rests nowhere.
    """
    sigma = max(noise(volts), step / 12.0**0.5)
    low, high = _reach(volts)
    half = max(4.0 * sigma, 0.02 * (high - low), step)
    seen = _some(volts)
    found = _clusters(seen, low, high, half) if high - low > _TINY else [(float(np.mean(seen)), 1.0)]
    base, rests = _nearest(found, zero, high - low) if zero is not None else _rest(found)
    near = seen[np.abs(seen - base) <= half]
    base = float(np.mean(near)) if near.size and base != zero else base
    return Levels(base, max(high - base, 0.0), max(base - low, 0.0), sigma, rests)


def _some(volts: Floats) -> Floats:
    """Return one sample of each stretch of a long record, at places that are in step with nothing."""
    every = volts.size // _LOOKS
    if every < 2:
        return volts
    stretch = np.arange(volts.size // every)
    return volts[stretch * every + (stretch * 1_103_515_245 >> 16) % every]


def _reach(volts: Floats) -> tuple[float, float]:
    """Return between which levels three samples in a row stay: a glitch of one or two samples is no level."""
    if volts.size < 3:
        return float(np.min(volts)), float(np.max(volts))
    over, under = np.maximum(volts[1:], volts[:-1]), np.minimum(volts[1:], volts[:-1])
    return float(np.min(np.maximum(over[1:], volts[:-2]))), float(np.max(np.minimum(under[1:], volts[:-2])))


def _clusters(volts: Floats, low: float, high: float, half: float) -> list[tuple[float, float]]:
    """Return up to three levels +-`half` V wide from `low` to `high`: (value in V, share of the samples), most visited first."""
    last_place = int((high - low) * (4.0 / half)) + 9
    place = np.clip((volts - low) * (4.0 / half) + 4.0, 0, last_place).astype(np.int64)  # glitches lie at the ends
    counts = np.bincount(place, minlength=last_place + 1).astype(np.float64)
    found: list[tuple[float, float]] = []
    while len(found) < 3:
        best = int(np.argmax(np.convolve(counts, np.ones(9), mode="same")))
        first, last = max(0, best - 4), min(counts.size, best + 5)
        inside = counts[first:last].copy()
        share = float(np.sum(inside)) / volts.size
        if share < _LEAST:
            break
        centre = low + (float(np.sum(inside * np.arange(first, last)) / np.sum(inside)) - 3.5) * half / 4.0
        counts[first:last] = 0.0
        beside = [place for place, (level, _) in enumerate(found) if abs(level - centre) < 2.5 * half]
        if beside:  # hum spreads a level
            found[beside[0]] = (found[beside[0]][0], found[beside[0]][1] + share)
        else:
            found.append((centre, share))
    return sorted(found, key=lambda each: -each[1])


def _rest(found: list[tuple[float, float]]) -> tuple[float, bool]:
    """Return the level of rest in V, and whether the signal rests at all."""
    shares = [share for _, share in found]
    if len(found) > 2 and sum(shares) >= _MOSTLY:
        middle = sorted(found)[1]
        if shares[0] >= _REST and middle != found[0]:
            raise UndecidedError("the signal has three levels, and is mostly not at the middle one: say which one is no output")
        return middle[0], True
    if found and (len(found) == 1 or shares[0] >= _REST or shares[0] >= _TWICE * shares[1]):
        return found[0][0], True
    if len(found) > 2 and shares[2] >= 0.3 * shares[1] and sum(shares) >= _PARTLY:
        return sorted(found)[1][0], True
    if len(found) > 1 and shares[0] + shares[1] >= _PARTLY:
        return min(found[0][0], found[1][0]), False
    raise UndecidedError("the signal rests at no level: this is no train of pulses")


def _nearest(found: list[tuple[float, float]], zero: float, reach: float) -> tuple[float, bool]:
    """Return the level next to the known `zero` in V; `zero` itself where the signal has no level near it."""
    level = min((value for value, _ in found), key=lambda value: abs(value - zero), default=zero)
    return (level, True) if abs(level - zero) <= 0.2 * reach else (zero, False)
