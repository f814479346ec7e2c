"""Integrate pulses: the charge of a phase and what the two phases leave over. In V·s, to be divided by the sense resistor."""

import numpy as np

from station.core.errors import UndecidedError
from station.signals.estimate import Estimate, Floats, mean_of
from station.signals.pulses import Pulses

_AROUND = 0.5  # of a phase's width: integrate that much further on the quiet side, where the edge's tail ends
_QUIET = 2e-3  # s to stay away from a pulse when looking at the level between pulses


def phase_charge(volts: Floats, dt: float, pulses: Pulses) -> Estimate:
    """Return the charge of the positive phase as V·s over the level between pulses, mean over the pulses."""
    level = _quiet_level(volts, dt, pulses)
    areas = [_area(volts, dt, rise - _AROUND * (fall - rise), 0.5 * (fall + dive), level)
             for rise, fall, dive in zip(pulses.rise, pulses.fall, pulses.dive, strict=True)]  # fmt: skip
    return mean_of(np.array(areas))


def net_charge(volts: Floats, dt: float, pulses: Pulses) -> Estimate:
    """Return what both phases of a pulse leave over as V·s, mean over the pulses; zero for a balanced pulse."""
    level = _quiet_level(volts, dt, pulses)
    areas = []
    for rise, back in zip(pulses.rise, pulses.back, strict=True):
        around = 0.25 * (back - rise)
        areas.append(_area(volts, dt, rise - around, back + around, level))
    return mean_of(np.array(areas))


def quiet(volts: Floats, dt: float, pulses: Pulses) -> Floats:
    """Return the samples that lie between pulses, (m,) float64, well away from every edge."""
    times = dt * np.arange(volts.size)
    calm = np.ones(volts.size, dtype=np.bool_)
    for rise, back in zip(pulses.rise, pulses.back, strict=True):
        calm &= (times < rise - _QUIET) | (times > back + _QUIET)
    if pulses.count > 1:  # a pulse cut off by an end of the record was not found: leave a period's worth of margin there
        pause = float(np.median(np.diff(pulses.rise))) - float(np.median(pulses.back - pulses.rise))
        calm &= (times > pulses.rise[0] - 0.5 * pause) & (times < pulses.back[-1] + 0.5 * pause)
    return volts[calm]


def _quiet_level(volts: Floats, dt: float, pulses: Pulses) -> float:
    calm = quiet(volts, dt, pulses)
    if pulses.count == 0 or calm.size < 10:
        raise UndecidedError("the record holds no whole pulse with quiet around it")
    return float(np.mean(calm))


def _area(volts: Floats, dt: float, start: float, end: float, level: float) -> float:
    first, last = max(0, round(start / dt)), min(volts.size - 1, round(end / dt))
    return float(np.trapezoid(volts[first : last + 1] - level, dx=dt))
