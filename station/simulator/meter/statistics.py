"""Statistics and histogram of the readings since they were cleared, as CALCulate:AVERage and CALCulate:TRANsform give them."""

from collections import deque

import numpy as np

from station.simulator.scpi.numbers import NOT_A_NUMBER

_KEPT = 10_000  # readings: as many as the memory of the meter


class Statistics:
    """Readings of one function, in its unit; without any, each figure but the count is not-a-number."""

    def __init__(self) -> None:
        self._readings: deque[float] = deque(maxlen=_KEPT)

    def add(self, reading: float) -> None:
        """Take one more reading in."""
        self._readings.append(reading)

    def clear(self) -> None:
        """Forget all readings."""
        self._readings.clear()

    @property
    def count(self) -> int:
        """How many readings there are."""
        return len(self._readings)

    @property
    def mean(self) -> float:
        """The mean of the readings."""
        return float(np.mean(self._readings)) if self._readings else NOT_A_NUMBER

    @property
    def deviation(self) -> float:
        """The standard deviation of the readings, 0 of a single one."""
        if not self._readings:
            return NOT_A_NUMBER
        return float(np.std(self._readings, ddof=1)) if len(self._readings) > 1 else 0.0

    @property
    def least(self) -> float:
        """The smallest reading."""
        return min(self._readings, default=NOT_A_NUMBER)

    @property
    def most(self) -> float:
        """The largest reading."""
        return max(self._readings, default=NOT_A_NUMBER)

    @property
    def span(self) -> float:
        """The largest reading less the smallest."""
        return self.most - self.least if self._readings else NOT_A_NUMBER

    def bins(self, count: int, bounds: tuple[float, float]) -> list[int]:
        """Return how many readings are below the lower of `bounds`, in each of `count` bins between them, and above."""
        low, high = bounds
        readings = np.array(self._readings, dtype=np.float64)
        inside = readings[(readings >= low) & (readings <= high)]
        if high <= low:  # all readings alike: the first bin holds them
            counts = [len(inside), *[0] * (count - 1)]
        else:
            counts = [int(number) for number in np.histogram(inside, count, (low, high))[0]]
        return [int((readings < low).sum()), *counts, int((readings > high).sum())]
