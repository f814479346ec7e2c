"""Sum up stretches of a record without going through it again."""

import numpy as np
from numpy.typing import NDArray

from station.signals.estimate import Floats

Ints = NDArray[np.int64]


class Running:
    """The samples of a record over its `base` (V), one each `dt` s, with running sums of them and of their squares."""

    def __init__(self, volts: Floats, dt: float, base: float) -> None:
        self.over: Floats = volts - base
        self.dt = dt
        self.base = base
        self._sum = np.zeros(volts.size + 1)
        self._square = np.zeros(volts.size + 1)
        np.cumsum(self.over, out=self._sum[1:])
        np.cumsum(self.over * self.over, out=self._square[1:])

    @property
    def size(self) -> int:
        """Return how many samples there are."""
        return int(self.over.size)

    def sums(self, begin: Ints, end: Ints) -> tuple[Floats, Floats]:
        """Return the sums of the samples (V) and of their squares (V²) from `begin` to before `end`, (m,) each."""
        return self._sum[end] - self._sum[begin], self._square[end] - self._square[begin]
