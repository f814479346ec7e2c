"""Compare the first pulses of an output with the steady ones behind them."""

import numpy as np

from station.core.errors import UndecidedError
from station.signals.estimate import Estimate
from station.signals.pulses import Pulses

_RAMP = 8  # pulses after which every soft start known to us has ended


def first_pulse_ratio(pulses: Pulses) -> Estimate:
    """Return the first pulse's height over the steady height, as a plain ratio.

    Raises UndecidedError when the record holds fewer than 3 steady pulses behind the ramp, or begins with something much
    shorter than a pulse: a glitch taken for the first pulse would hide that there is no soft start.
    """
    steady = pulses.high[_RAMP:]
    if steady.size < 3:
        raise UndecidedError(f"the record holds {pulses.count} pulses; {_RAMP + 3} are needed to see a soft start")
    height = float(np.mean(steady))
    widths = pulses.fall - pulses.rise
    if not height > 0 or widths[0] < 0.5 * np.median(widths[_RAMP:]):
        raise UndecidedError("the record begins with a glitch, or its pulses have no plateau")
    scatter = float(np.std(steady, ddof=1))
    ratio = float(pulses.high[0]) / height
    return Estimate(ratio, scatter / height * (1.0 + ratio**2 / steady.size) ** 0.5)
