"""What a unit did, as stretches within which nothing changed: any past moment can be evaluated from it."""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from station.simulator.physics.battery import Drain
from station.simulator.physics.waveform import Train
from station.simulator.ports import Floats

_KEEP = 2000
"""Stretches that are kept: hours of a good unit, half an hour of the worst contact."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` (seconds) on: pulses if any, direct current, noise and ripple (ampere, rms), and the cell's drain."""

    start: float
    train: Train | None
    steady: float
    noise: float
    ripple: float
    drain: Drain

    def clean(self, times: Floats) -> Floats:
        """Return the current without noise in ampere at each of `times`, both (n,) float64."""
        amps = np.zeros_like(times) if self.train is None else self.train.current(times)
        amps += self.steady
        return amps

    def clean_seen(self, times: Floats, around: Floats) -> Floats:
        """Return the mean of the current without noise over all places `around` each of `times`, (k,) and (n,) float64 in s.

        Only near an edge does that differ from the current in the middle.
        """
        amps = self.clean(times)
        if self.train is not None:
            near = self.train.near_steps(times, float(around[-1]))
            if near.size:
                looks = self.clean((times[near, None] + around).ravel()).reshape(-1, around.size)
                amps[near] = looks.mean(axis=1)
        return amps

    def level(self, moment: float) -> float:
        """Return the current in ampere at one `moment`, without noise and as if edges took no time."""
        return self.steady + (self.train.level(moment) if self.train else 0.0)


@dataclass(frozen=True, slots=True)
class Sums:
    """Integrals over an aperture: of the current, of its square, and of the squares of noise and ripple."""

    charge: float
    square: float
    noise: float
    ripple: float


class History:
    """The stretches of one unit, oldest first; time before the first counts as like the first."""

    def __init__(self) -> None:
        self._stretches: list[Stretch] = []
        self._starts: list[float] = []

    @property
    def last(self) -> Stretch:
        """Return the stretch that goes on now."""
        return self._stretches[-1]

    def append(self, stretch: Stretch) -> None:
        """Begin a new stretch; one that lasted no time is replaced."""
        if self._starts and self._starts[-1] >= stretch.start:
            self._stretches.pop()
            self._starts.pop()
        self._stretches.append(stretch)
        self._starts.append(stretch.start)
        if len(self._starts) > 2 * _KEEP:
            del self._stretches[:_KEEP], self._starts[:_KEEP]

    def pieces(self, start: float, end: float) -> Iterator[tuple[Stretch, float, float]]:
        """Yield each stretch that overlaps [start, end], with the part of it that does."""
        index = max(bisect_right(self._starts, start) - 1, 0)
        while index < len(self._starts) and (self._starts[index] <= end or index == 0):
            stop = self._starts[index + 1] if index + 1 < len(self._starts) else end
            yield self._stretches[index], start, min(stop, end)
            start, index = min(stop, end), index + 1

    def split(self, times: Floats) -> Iterator[tuple[Stretch, slice]]:
        """Yield each stretch that holds some of `times` (ascending, (n,) float64), with the slice it holds."""
        if not times.size:
            return
        begin = max(bisect_right(self._starts, float(times[0])) - 1, 0)
        end = max(bisect_right(self._starts, float(times[-1])), begin + 1)
        cuts = np.searchsorted(times, np.array(self._starts[begin + 1 : end]), side="left").tolist()
        bounds = [0, *cuts, times.size]
        for stretch, low, high in zip(self._stretches[begin:end], bounds[:-1], bounds[1:], strict=True):
            if high > low:
                yield stretch, slice(low, high)

    def running_sums(self, times: Floats) -> Floats:
        """Return the same four integrals from the first of `times` (ascending, (n,) float64) to each of them, (4, n) float64."""
        found = np.zeros((4, times.size))
        for stretch, low, high in self.pieces(float(times[0]), float(times[-1])):
            if high > low:
                marks = np.clip(times, low, high)
                found[:2] += _running_integrals(stretch, marks)
                found[2:] += np.outer((stretch.noise**2, stretch.ripple**2), marks - low)
        return found

    def sums(self, start: float, end: float) -> Sums:
        """Return the integrals of the current from `start` to `end` (seconds), exact for the edges too."""
        charge = square = noise = ripple = 0.0
        for stretch, low, high in self.pieces(start, end):
            if high > low:
                through, heat = _integrals(stretch, low, high)
                charge, square = charge + through, square + heat
                noise, ripple = noise + stretch.noise**2 * (high - low), ripple + stretch.ripple**2 * (high - low)
        return Sums(charge, square, noise, ripple)


def _integrals(stretch: Stretch, start: float, end: float) -> tuple[float, float]:
    """Return the integral of the clean current, and of its square, in closed form.

    Between two steps of the drive the current is L - E exp(-t/tau): L is the drive, E what of all steps is still to come. Its
    integral over d seconds is L d - E tau (1 - x), that of its square L² d - 2 L E tau (1 - x) + E² tau/2 (1 - x²), with
    x = exp(-d/tau).
    """
    train, drive, rest, place = stretch.train, stretch.steady, 0.0, start
    charge = square = 0.0
    for moment, by in [*(train.drive(start, end) if train else ()), (end, 0.0)]:
        tau = train.tau if train else 1.0
        if moment <= start < end:
            rest += by * math.exp((moment - start) / tau)
        else:
            seconds, left = moment - place, math.exp((place - moment) / tau)
            gone = rest * tau * (1 - left)
            charge += drive * seconds - gone
            square += drive * (drive * seconds - 2 * gone) + rest**2 * tau / 2 * (1 - left**2)
            rest, place = rest * left + by, moment
        drive += by
    return charge, square


def _running_integrals(stretch: Stretch, times: Floats) -> Floats:
    """Return the same from the first of `times` (ascending, (n,) float64) to each, (2, n) float64: Gauss's rule between knots."""
    if stretch.train is None:
        return np.outer((stretch.steady, stretch.steady**2), times - times[0])
    start, end = float(times[0]), float(times[-1])
    inner = np.clip(stretch.train.knots(start, end), start, end)
    knots = np.unique(np.concatenate([times, inner]))
    half = np.diff(knots)[:, None] / 2
    middle = (knots[1:] + knots[:-1])[:, None] / 2
    current = stretch.clean((middle + half * _NODES[None, :]).ravel()).reshape(half.size, -1)
    weights = half * _WEIGHTS[None, :]
    total = np.zeros((2, knots.size))
    np.cumsum((weights * current).sum(axis=1), out=total[0, 1:])
    np.cumsum((weights * current**2).sum(axis=1), out=total[1, 1:])
    return total[:, np.searchsorted(knots, times)]
