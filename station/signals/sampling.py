"""Say how well edges that fall between samples are known together: in step with the sampling they all err alike."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from station.signals.estimate import Floats

_PLACES = 12  # beginnings between two samples that are tried
_DRIFTS = np.linspace(-0.5, 0.5, 5)  # samples that the last edge may have drifted further than the period says


class Together(NamedTuple):
    """How much worse than independent edges the mean of edges is known, and their slope, from sampling alone: 1 is independent.

    In step, with a period that is a whole number of sampling intervals, the mean of n edges is no better known than one: sqrt(n).
    """

    mean: float
    slope: float


def together(number: NDArray[np.int64], period: float, dt: float) -> Together:
    """Return what sampling each `dt` s does to edges with these numbers, (n,), n > 1, that are one `period` s apart.

    Each edge is off by the sawtooth of its place between two samples. The RMS of mean and slope is taken over where the first
    edge may lie, and the worst over what little the period itself may be off.
    """
    count = number.size
    rank = number - np.mean(number)
    drift = _DRIFTS[:, None, None] * rank / max(float(np.ptp(number)), 1.0)
    first = (np.arange(_PLACES)[:, None] + 0.5) / _PLACES
    saw: Floats = np.mod(first + rank * (period / dt) + drift, 1.0) - 0.5
    mean = np.sqrt(np.mean(np.mean(saw, axis=2) ** 2, axis=1)).max()
    slope = np.sqrt(np.mean(np.einsum("dpn,n->dp", saw, rank) ** 2, axis=1)).max()
    one = 12.0**0.5
    return Together(float(mean * one * count**0.5), float(slope * one / np.sqrt(max(float(rank @ rank), 1e-300))))
