"""What no estimator can beat: the Cramér-Rao bound of a sampled pulse train, and the bound of edges that fall between samples.

Cramér-Rao: with y(theta) the samples and white noise of variance s² = noise² + code²/12, the Fisher information of the unknowns
theta (frequency, beginning, lengths, heights, time constant, offset) is J = (dy/dtheta)' (dy/dtheta) / s², and no unbiased
estimator's standard deviation is below sqrt((J^-1)_ii). The derivatives are central differences of the closed form, which
shares no code with the estimators.

Sampling: an edge that is faster than the sampling interval dt is known to lie in a rectangle of width dt, sqrt(1/12) dt RMS.
K kinds of edges of N pulses, regressed on the pulse's number n: u(f) = f² dt / sqrt(12 K sum (n - mean n)²); a length between two
edges, averaged over N pulses that are all sampled at other places: dt / sqrt(6 N).
"""

import numpy as np
from numpy.typing import NDArray

from tests.signals.waveforms import Shape

Floats = NDArray[np.float64]
_LENGTHS = {"biphasic": ("width", "second", "gap"), "monophasic": ("width",)}
_HEIGHTS = {"biphasic": ("high", "low"), "monophasic": ("high",)}


def cramer_rao(shape: Shape) -> dict[str, float]:
    """Return the bound of each unknown of `shape` by name: the least standard deviation of an unbiased estimator, SI units."""
    names = ("hertz", "start", *_LENGTHS[shape.family], *_HEIGHTS[shape.family], "tau", "offset")
    columns = np.stack([_derivative(shape, name) for name in names])
    variance = shape.noise**2 + shape.step**2 / 12.0
    scale = np.sqrt(np.sum(columns**2, axis=1))
    information = (columns / scale[:, None]) @ (columns / scale[:, None]).T
    bounds = np.sqrt(np.diag(np.linalg.inv(information)) * variance) / scale
    return dict(zip(names, bounds.tolist(), strict=True))


def _derivative(shape: Shape, name: str) -> Floats:
    """Return dy/d(name), (points,) float64; the step moves no edge by more than a thousandth of the time constant."""
    by = 1e-3 * shape.tau
    if name == "hertz":
        by *= shape.hertz / (shape.points * shape.dt)
    elif name in ("high", "low", "offset"):
        by = 1e-3 * shape.high
    up, down = (shape.moved(name, sign * by).clean() for sign in (1.0, -1.0))
    return np.asarray((up - down) / (2.0 * by), dtype=np.float64)


def sampling(shape: Shape) -> dict[str, float]:
    """Return the sampling bound of frequency (Hz) and width (s) of a train whose edges fall between samples."""
    pulses = int((shape.points * shape.dt - shape.start) * shape.hertz) + 1
    kinds = 4 if shape.family == "biphasic" else 2
    ranks = float(np.sum((np.arange(pulses) - (pulses - 1) / 2.0) ** 2))
    return {
        "hertz": shape.hertz**2 * shape.dt / (12.0 * kinds * ranks) ** 0.5,
        "width": shape.dt / (6.0 * pulses) ** 0.5,
    }
