"""Hold what a record says about one quantity."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Estimate(NamedTuple):
    """A value and its standard uncertainty from scatter and sampling alone, in the same unit."""

    value: float
    u: float


def mean_of(values: Floats, floor: float = 0.0) -> Estimate:
    """Return the mean of `values`, (n,) float64, with n >= 1, and the standard error of that mean, at least `floor`.

    No value is left out: one pulse in twenty that is too strong is what a unit must not do, and the scatter tells of it.
    """
    error = float(np.std(values, ddof=1)) / values.size**0.5 if values.size > 1 else 0.0
    return Estimate(float(np.mean(values)), max(error, floor))
