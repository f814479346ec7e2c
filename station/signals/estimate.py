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

    Values further than six scaled median deviations from the median are left out as upset by a glitch; at most one in
    ten may be, else all stay and the scatter tells.
    """
    middle = float(np.median(values))
    spread = 1.4826 * float(np.median(np.abs(values - middle)))
    near = values[np.abs(values - middle) <= 6.0 * spread] if spread > 0 else values
    kept = near if near.size >= 0.9 * values.size else values
    error = float(np.std(kept, ddof=1)) / kept.size**0.5 if kept.size > 1 else 0.0
    return Estimate(float(np.mean(kept)), max(error, floor))
