"""Turn an oscilloscope's record into a chart."""

import numpy as np

from station.charts.model import Axis, Chart, Series
from station.charts.ticks import rounded
from station.core.waveform import Waveform


def oscillogram(title: str, time: str, volts: str, waveform: Waveform) -> Chart:
    """Return the chart of `waveform`, its axes named `time` (in s after the trigger) and `volts` (in V at the probe tip)."""
    seen = waveform.volts[np.isfinite(waveform.volts)]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (-1.0, 1.0)
    span = waveform.span if waveform.span > 0 else 1.0
    margin = 0.06 * (high - low)
    x = Axis(time, "s", waveform.start, waveform.start + span)
    y = Axis(volts, "V", *rounded(low - margin, high + margin))
    return Chart(title, x, y, (Series(waveform.source, waveform.times, waveform.volts),))
