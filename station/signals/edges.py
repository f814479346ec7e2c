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
    after = decided[turned + 1]
    rising = side[after] > 0
    return (
        _times(volts, dt, level, after[rising], 1.0),
        _times(volts, dt, level, after[~rising], -1.0),
    )


def _times(volts: Floats, dt: float, level: float, after: np.ndarray, sign: float) -> Floats:
    """Interpolate each edge, rising or (`sign` -1) falling, between the last sample not beyond the level and the next one.

    Those at `after` are beyond it, and somewhere before each is one that is not: the search back is as short as the edge.
    """
    low = after - 1
    beyond = np.flatnonzero(~(sign * volts[low] <= sign * level))
    while beyond.size:
        low[beyond] -= 1
        beyond = beyond[~(sign * volts[low[beyond]] <= sign * level)]
    start, step = sign * volts[low], sign * (volts[low + 1] - volts[low])
    fraction = np.divide(sign * level - start, step, out=np.zeros_like(step), where=step > 0)
    return np.asarray((low + np.clip(fraction, 0.0, 1.0)) * dt, dtype=np.float64)
