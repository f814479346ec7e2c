"""Integrate phases and pulses over the level of rest, and look at that level: charge, net charge, noise between pulses."""

from dataclasses import dataclass

import numpy as np

from station.core.errors import UndecidedError
from station.core.uncertainty import rectangular
from station.signals.estimate import Estimate, Floats
from station.signals.running import Ints, Running

_CALM = 0.25  # of a pause, at each of its ends, is left to the tails of edges
_TAIL = 14.0  # time constants: exp(-14) of an edge is left
_FEWEST = 16  # samples between pulses that tell a level and a noise


@dataclass(frozen=True, slots=True)
class Calm:
    """What a signal does between pulses: its level in V with its standard uncertainty, and its noise in V RMS."""

    level: Estimate
    noise: Estimate


def calm(record: Running, begins: Floats, ends: Floats, codes: float) -> Calm:
    """Return level and noise between pulses that begin and end at these times in s, (n,) each.

    `codes` is the standard uncertainty in V that codes leave which the noise does not spread, else 0. Raises UndecidedError
    where a record has no quiet. Slow changes, such as hum, count in the uncertainty of the level: the pauses then differ more
    than noise makes them.
    """
    first, last = _pauses(record.size, record.dt, begins, ends)
    sizes = (last - first).astype(np.float64)
    total = float(np.sum(sizes))
    if total < _FEWEST:
        raise UndecidedError("the signal does not rest between its pulses: its level without output is not known")
    sums, squares = record.sums(first, last)
    level = float(np.sum(sums)) / total
    variance = max(float(np.sum(squares)) / total - level**2, 0.0) * total / (total - 1.0)
    drift, spread = _between(sums / sizes - level, squares / sizes - 2.0 * level * sums / sizes + level**2, sizes)
    u_variance = max(spread, variance * (2.0 / total) ** 0.5)
    u_noise = u_variance / (2.0 * variance**0.5) if variance > 0 else 0.0
    return Calm(
        Estimate(record.base + level, (max(variance, drift) / total + codes**2) ** 0.5),
        Estimate(variance**0.5, (u_noise**2 + codes**2) ** 0.5),
    )


def _between(off: Floats, powers: Floats, sizes: Floats) -> tuple[float, float]:
    """Return the variance of one sample that the means of the pauses show (V²), and how well their mean power is known (V²)."""
    if sizes.size < 4:
        return 0.0, 0.0
    drift = float(np.sum(sizes * off**2)) / (sizes.size - 1)
    return drift, float(np.std(powers, ddof=1)) / sizes.size**0.5


def _pauses(size: int, dt: float, begins: Floats, ends: Floats) -> tuple[Ints, Ints]:
    """Return the first sample and the one behind the last of the calm part of each pause, also before, behind all pulses."""
    left = np.concatenate(([0.0], np.clip(ends, 0.0, size * dt)))
    right = np.concatenate((np.clip(begins, 0.0, size * dt), [size * dt]))
    length = np.maximum(right - left, 0.0)
    first = np.ceil((left + _CALM * length) / dt).astype(np.int64)
    last = np.floor((right - _CALM * length) / dt).astype(np.int64)
    kept = last - first >= 2
    return first[kept], last[kept]


def areas(record: Running, level: float, begins: Floats, ends: Floats) -> Floats:
    """Return the integral of a record over `level` from each of `begins` to its end (s), in V·s, by the trapezium rule."""
    first = np.clip(np.round(begins / record.dt), 0, record.size - 1).astype(np.int64)
    last = np.clip(np.round(ends / record.dt), 0, record.size - 1).astype(np.int64)
    total, _ = record.sums(first, last)
    ends_half = 0.5 * (record.over[last] - record.over[first])
    return np.asarray(record.dt * (total + ends_half - (level - record.base) * (last - first)), dtype=np.float64)


def margins(dt: float, tau: float | None, before: Floats, behind: Floats) -> tuple[Floats, Floats]:
    """Return how far to integrate before and behind phases, in s, where the pauses are `before` and `behind` s long, (n,) each.

    Where the time constant `tau` is not resolved, edges are shorter than two samples.
    """
    reach = 2.0 * dt + (tau or 0.0)
    front = np.minimum(reach, 0.5 * before)
    return front, np.minimum(4.0 * dt + _TAIL * (tau or 0.0), behind - np.minimum(reach, 0.5 * behind))


def sampled(dt: float, tau: float | None, height: float) -> float:
    """Return the standard uncertainty in V·s of an area for each edge of `height` V in it, which is sampled each `dt` s.

    An edge between two samples is a rectangle of width `dt`. Of a one-pole edge that is resolved, the trapezium rule misses
    what its kink is off: height dt²/tau (1/12 - p/2 + p²/2) for a kink at the part p between samples, 0.0373 RMS.
    """
    resolved = 0.0373 * dt / tau if tau else 1.0
    return height * dt * min(rectangular(0.5), resolved)
