"""Hold one record of an oscilloscope."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """Samples of one channel: `volts` is (n,) float64 in V, one each `dt` s, the first `start` s after the trigger.

    `step` is the size of one converter code in V; `clipped` tells that a sample lay beyond the converter's range.
    """

    volts: NDArray[np.float64]
    dt: float
    start: float
    step: float
    clipped: bool
    source: str

    @property
    def times(self) -> NDArray[np.float64]:
        """Return the time of each sample in s after the trigger, (n,) float64."""
        return np.asarray(self.start + self.dt * np.arange(self.volts.size), dtype=np.float64)

    @property
    def span(self) -> float:
        """Return how long the record is, in s."""
        return self.dt * self.volts.size
