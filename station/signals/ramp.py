"""Compare the first pulse of a train with the steady ones behind it."""

import numpy as np

from station.core.errors import UndecidedError
from station.signals.estimate import Estimate
from station.signals.train import Train

_STEADY = 8  # pulses after which every soft start known to us has ended


def ramp_ratio(train: Train) -> Estimate:
    """Return the height of the first phase over that of the steady ones, as a plain ratio.

    Raises UndecidedError when the record holds fewer than 3 steady pulses, or does not show the whole first one.
    """
    phases, order = train.phases, train.order
    leads = order.first[order.first >= 0]
    heights, widths = phases.height[leads], (phases.end - phases.start)[leads]
    whole = np.isfinite(widths)
    steady = heights[_STEADY:][whole[_STEADY:]]
    if steady.size < 3:
        raise UndecidedError(f"the record holds {heights.size} pulses; {_STEADY + 3} are needed to see a soft start")
    if not whole[0] or widths[0] < 0.5 * np.median(widths[whole]):
        raise UndecidedError("the record does not show its first pulse whole, or begins with a glitch")
    height, scatter = float(np.mean(steady)), float(np.std(steady, ddof=1))
    ratio = float(heights[0]) / height
    codes = train.step / 12.0**0.5 / height if train.coarse else 0.0
    return Estimate(ratio, ((scatter / height) ** 2 * (1.0 + ratio**2 / steady.size) + codes**2) ** 0.5)
