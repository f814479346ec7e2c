"""Number pulses and regress their edges on the number: a lost pulse shifts nothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.errors import UndecidedError
from station.signals.estimate import Estimate, Floats
from station.signals.sampling import together

Ints = NDArray[np.int64]
_SLIP = 0.1  # of a period: a pulse farther from its place does not belong to the run before it


@dataclass(frozen=True, slots=True)
class Comb:
    """The number of each pulse, (n,) int64, and the run it belongs to: between runs lies no whole number of periods."""

    period: float
    number: Ints
    run: Ints

    @property
    def runs(self) -> int:
        """Return how many runs there are."""
        return int(self.run[-1]) + 1 if self.run.size else 0

    @property
    def missing(self) -> int:
        """Return how many pulses are missing inside of runs."""
        inside = np.diff(self.run) == 0
        return int(np.sum(np.diff(self.number)[inside] - 1))


def comb(starts: Floats) -> Comb:
    """Return number and run of the pulses that begin at `starts` s, (n,) float64 ascending, n > 1.

    The period is seen where no pulse is missing: most of the shortest distances are one period. Raises UndecidedError when the
    distances make no sense: they are no whole number of periods as often as they are.
    """
    gaps = np.diff(starts)
    period = float(np.median(gaps[gaps <= 1.5 * np.quantile(gaps, 0.1)]))
    for _ in range(2):
        single = np.abs(gaps / period - 1.0) < 0.3
        period = float(np.mean(gaps[single])) if single.any() else period
    steps = np.round(gaps / period)
    slipped = (steps < 1) | (np.abs(gaps / period - steps) > _SLIP * np.maximum(1.0, 0.01 * steps))
    run = np.concatenate(([0], np.cumsum(slipped))).astype(np.int64)
    if int(run[-1]) > (starts.size - 1) // 2:
        raise UndecidedError(f"its {starts.size} pulses follow no period: this waveform is not recognised")
    alone = np.flatnonzero(np.bincount(run)[1:-1] == 1) + 1
    if alone.size:
        moment = starts[np.flatnonzero(run == alone[0])[0]]
        raise UndecidedError(f"something that begins at {moment:.6g} s stands where no pulse belongs")
    number = np.concatenate(([0.0], np.cumsum(np.maximum(steps, 1.0)))).astype(np.int64)
    return Comb(period, number, run)


def slope(times: Floats, number: Ints, run: Ints, dt: float) -> Estimate:
    """Return the period in s: edges at `times` s, (n,) float64, regressed on their `number`, each `run` with its own beginning.

    The standard uncertainty has two parts. An edge is known to a rectangle of the sampling interval `dt` s (GUM 4.3.7), all
    edges together as their places between samples allow; what scatter there is beyond that is averaged.
    """
    counts = np.bincount(run).astype(np.float64)
    size = np.maximum(counts, 1.0)
    ranks = number - (np.bincount(run, number) / size)[run]
    weight = float(np.sum(ranks**2))
    free = times.size - int(np.count_nonzero(counts)) - 1
    if weight <= 0 or free < 1:
        raise UndecidedError(f"{times.size} pulses are too few to tell a frequency")
    offsets = times - (np.bincount(run, times) / size)[run]
    period = float(np.sum(ranks * offsets)) / weight
    scatter = float(np.sqrt(np.sum((offsets - period * ranks) ** 2) / free))
    rectangle = dt / 12.0**0.5
    beyond = max(scatter**2 - rectangle**2, 0.0)
    return Estimate(period, ((beyond + (rectangle * together(number, period, dt).slope) ** 2) / weight) ** 0.5)


def weighted(estimates: list[Estimate]) -> Estimate:
    """Return the mean of independent `estimates`, at least one, weighted by the inverse squares of their uncertainties."""
    weights = np.array([each.u**-2.0 for each in estimates])
    values = np.array([each.value for each in estimates])
    return Estimate(float(np.sum(weights * values) / np.sum(weights)), float(np.sum(weights) ** -0.5))
