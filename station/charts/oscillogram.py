"""Turn an oscilloscope's record into a chart."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from station.charts.model import Axis, Chart, Series
from station.charts.ticks import rounded


class Samples(Protocol):
    """What a picture needs of a record: `volts` and `times` are (n,) float64 in V and s; `start` and `span` in s."""

    @property
    def volts(self) -> NDArray[np.float64]:
        """Return the samples in V."""
        ...

    @property
    def times(self) -> NDArray[np.float64]:
        """Return the time of each sample in s after the trigger."""
        ...

    @property
    def start(self) -> float:
        """Return the time of the first sample in s after the trigger."""
        ...

    @property
    def span(self) -> float:
        """Return how long the record is, in s."""
        ...

    @property
    def clipped(self) -> bool:
        """Return whether a sample lay beyond the converter's range."""
        ...

    @property
    def source(self) -> str:
        """Return the channel's name."""
        ...


def oscillogram(title: str, time: str, volts: str, waveform: Samples, decimal: str = ".") -> Chart:
    """Return the chart of `waveform`, its axes named `time` (in s after the trigger) and `volts` (in V at the probe tip)."""
    seen = waveform.volts[np.isfinite(waveform.volts)]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (-1.0, 1.0)
    span = waveform.span if waveform.span > 0 else 1.0
    margin = 0.06 * (high - low)
    x = Axis(time, "s", waveform.start, waveform.start + span, decimal)
    y = Axis(volts, "V", *rounded(low - margin, high + margin), decimal)
    return Chart(title, x, y, (Series(waveform.source, waveform.times, waveform.volts),))
