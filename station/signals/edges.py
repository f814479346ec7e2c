"""Find where a waveform crosses a level, once per edge however noisy it is."""

import numpy as np

from station.signals.estimate import Floats


def crossings(volts: Floats, dt: float, level: float, hysteresis: float) -> tuple[Floats, Floats]:
    """Return the times of the rising and of the falling crossings of `level`, in s from the first sample.

    `volts` is (n,) float64, one sample each `dt` s. An edge counts once the signal has gone from `hysteresis` below the
    level to `hysteresis` above it (or back); its time is interpolated linearly between the two samples around the level.
    """
    side = np.zeros(volts.size, dtype=np.int8)
    side[volts > level + hysteresis] = 1
    side[volts < level - hysteresis] = -1
    decided = np.flatnonzero(side)
    if decided.size < 2:
        return np.empty(0), np.empty(0)
    turned = np.flatnonzero(np.diff(side[decided]))
    before, after = decided[turned], decided[turned + 1]
    rising = side[after] > 0
    return (
        _times(volts, dt, level, before[rising], after[rising]),
        _times(-volts, dt, -level, before[~rising], after[~rising]),
    )


def _times(volts: Floats, dt: float, level: float, before: np.ndarray, after: np.ndarray) -> Floats:
    """Interpolate each rising edge between the last sample at or below the level and the next one."""
    index = np.where(volts <= level, np.arange(volts.size), -1)
    last_below = np.maximum.accumulate(index)[after]
    low = np.maximum(last_below, before)
    step = volts[low + 1] - volts[low]
    fraction = np.divide(level - volts[low], step, out=np.zeros_like(step), where=step > 0)
    return np.asarray((low + np.clip(fraction, 0.0, 1.0)) * dt, dtype=np.float64)
