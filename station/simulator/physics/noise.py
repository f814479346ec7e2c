"""Noise of a unit's output: white up to 100 kHz, and the boost converter's ripple at 150 kHz."""

import math

import numpy as np
from numpy.random import Generator

from station.simulator.physics.parts import RIPPLE_FREQUENCY
from station.simulator.ports import Floats

NOISE_BANDWIDTH = 100e3
"""Hertz up to which the noise is white."""
_ALL_ALIKE = 1e-9
_STEP = 1 / (2 * NOISE_BANDWIDTH)
_TABLE = np.sin(np.arange(4096) * (2 * np.pi / 4096)) * math.sqrt(2)


def noise(generator: Generator, times: Floats, rms: float) -> Floats:
    """Return noise of `rms` at each of `times` (seconds, ascending), both (n,) float64; near samples are alike."""
    count = round((times[-1] - times[0]) / _STEP) + 1
    if count >= times.size:
        return generator.standard_normal(times.size, dtype=np.float32) * np.float64(rms)
    grid = generator.standard_normal(count, dtype=np.float32) * np.float64(rms)
    nearest: Floats = grid[np.minimum(((times - times[0]) * (1 / _STEP)).astype(np.int64), count - 1)]
    return nearest


def ripple(times: Floats, rms: float) -> Floats:
    """Return the ripple of `rms` at each of `times` (seconds), both (n,) float64."""
    places = (times * (RIPPLE_FREQUENCY * _TABLE.size)).astype(np.int64) & (_TABLE.size - 1)
    wave: Floats = (_TABLE * rms)[places]
    return wave


def seen(looks: int, step: float) -> float:
    """Return the share of the noise's rms that is left in the mean of `looks` looks that are `step` seconds apart."""
    return 1 / math.sqrt(min(looks, max(1.0, 2 * NOISE_BANDWIDTH * looks * step)))


def seen_ripple(looks: int, step: float) -> float:
    """Return the factor by which the mean of `looks` looks that are `step` seconds apart shows the ripple in their middle."""
    turn = math.pi * RIPPLE_FREQUENCY * step
    if abs(math.sin(turn)) < _ALL_ALIKE:
        return math.cos(turn) ** (looks - 1)
    return math.sin(looks * turn) / (looks * math.sin(turn))


def averaged(rms_squared_seconds: float, seconds: float) -> float:
    """Return the rms of the mean of white noise over an aperture of `seconds`; the first is its integrated square."""
    independent = max(1.0, 2 * NOISE_BANDWIDTH * seconds)
    return math.sqrt(rms_squared_seconds / seconds / independent)
