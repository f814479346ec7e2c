"""Read frequency and durations from the edges of pulses."""

import numpy as np
from numpy.typing import NDArray

from station.core.errors import UndecidedError
from station.signals.comb import slope
from station.signals.estimate import Estimate, Floats, mean_of
from station.signals.pulses import Pulses


def frequency(pulses: Pulses, dt: float) -> Estimate:
    """Return the pulse frequency in Hz: rising edges regressed on their number, so that a lost pulse shifts nothing.

    The standard uncertainty is that of the slope, from the scatter of the edges and what the sampling interval `dt` (s) lets
    an edge be known to (a rectangle of width dt, GUM 4.3.7) at the places where edges are sampled.
    Raises UndecidedError with fewer than 3 pulses.
    """
    if pulses.count < 3:
        raise UndecidedError(f"{pulses.count} pulses are too few to tell a frequency")
    number = _numbered(pulses.rise)
    period = slope(pulses.rise, number, np.zeros_like(number), dt)
    return Estimate(1.0 / period.value, period.u / period.value**2)


def missing(pulses: Pulses) -> int:
    """Return how many pulses are missing between the first and the last one, by the beat of the others."""
    return int(_numbered(pulses.rise)[-1]) + 1 - pulses.count if pulses.count > 2 else 0


def _numbered(rise: Floats) -> NDArray[np.int64]:
    """Return the number of each rising edge, (n,) with n > 1, from 0: what is missing between two of them is counted."""
    gaps = np.diff(rise)
    return np.concatenate(([0.0], np.cumsum(np.round(gaps / np.median(gaps))))).astype(np.int64)


def positive_width(pulses: Pulses, dt: float) -> Estimate:
    """Return the width of the positive phase in s, at half height of both its edges."""
    return _length(pulses.fall - pulses.rise, dt)


def negative_width(pulses: Pulses, dt: float) -> Estimate:
    """Return the width of the negative phase in s, at half height of both its edges."""
    return _length(pulses.back - pulses.dive, dt)


def gap(pulses: Pulses, dt: float) -> Estimate:
    """Return the pause between the phases in s, from half height to half height."""
    return _length(pulses.dive - pulses.fall, dt)


def _length(lengths: Floats, dt: float) -> Estimate:
    """Average lengths between two edges, each edge known to a rectangle of width `dt`.

    Averaging does not narrow that: pulses whose period is a multiple of `dt` are all sampled at the same place.
    """
    if lengths.size == 0:
        raise UndecidedError("the record holds no whole pulse")
    return mean_of(lengths, dt / 6.0**0.5)
