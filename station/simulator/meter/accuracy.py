"""The errors of one particular meter: gain and offset drawn per range inside its specification, noise and resolution."""

from dataclasses import dataclass

import numpy as np

from station.simulator.meter.functions import WIRED, Function, Range

# Resolution as a fraction of range, by power line cycles; its noise is about a third of that.
RESOLUTION = {0.02: 100e-6, 0.2: 10e-6, 1.0: 3e-6, 10.0: 1e-6, 100.0: 0.3e-6}
AC_RESOLUTION = 1e-6
_NOISE_OF_RESOLUTION = 0.3
_AC_NOISE = 10e-6  # of range, rms: a true-rms converter is noisier than its display is fine


@dataclass(frozen=True, slots=True)
class RangeError:
    """The error of one range: gain as a fraction of reading, offset in the function's unit."""

    gain: float
    offset: float


class Accuracy:
    """What one meter makes of a true value; fixed at the factory by the generator it was made with."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._errors = {
            (function.name, each.full_scale): RangeError(
                _inside(rng, each.of_reading), _inside(rng, each.of_range) * each.full_scale
            )
            for function in WIRED
            for each in function.ranges
        }

    def misadjust(self, name: str, gain: float) -> None:
        """Let every range of the function `name` read by the share `gain` too much from now on: an adjustment that went wrong."""
        for (function, full_scale), error in self._errors.items():
            if function == name:
                self._errors[function, full_scale] = RangeError(error.gain + gain, error.offset)

    def shown(self, true: float, function: Function, used: Range, cycles: float) -> float:
        """Return what the meter shows for a `true` value on a range, at an aperture of `cycles` mains periods."""
        error = self._errors.get((function.name, used.full_scale), RangeError(0.0, 0.0))
        step = resolution(function, used, cycles)
        noise = _AC_NOISE * used.full_scale if function.alternating else _NOISE_OF_RESOLUTION * step
        shown = true * (1 + error.gain) + error.offset + self._rng.normal(0.0, noise)
        rounded = round(shown / step) * step
        return abs(rounded) if function.alternating else rounded


def resolution(function: Function, used: Range, cycles: float) -> float:
    """Return the smallest step the meter shows, in the function's unit."""
    return used.full_scale * (AC_RESOLUTION if function.alternating else RESOLUTION[cycles])


def _inside(rng: np.random.Generator, limit: float) -> float:
    """Draw an error whose two standard deviations are the specified limit, never outside it."""
    return float(np.clip(rng.normal(0.0, limit / 2), -limit, limit))
