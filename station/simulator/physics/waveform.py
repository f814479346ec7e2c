"""Trains of pulses, evaluated at any moment from a formula and never stepped."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.simulator.ports import Floats

_SETTLED = 30.0
"""After this many time constants an edge is over, to better than a part in 10**12."""
_MARKS = np.array([0.0, 1.0, 3.0, 7.0, 15.0, _SETTLED])


@dataclass(frozen=True, slots=True)
class Train:
    """Biphasic pulses: seconds and ampere; pulse 0 begins at `origin`, edges are one pole of `tau`."""

    origin: float
    period: float
    width: float
    gap: float
    positive: float
    negative: float
    tau: float
    soft: bool

    @property
    def length(self) -> float:
        """Return how long both phases and the gap between them are, in seconds."""
        return 2 * self.width + self.gap

    def steps(self) -> tuple[tuple[float, float], ...]:
        """Return where in a pulse the drive steps (seconds after its begin) and by how much (ampere)."""
        second = self.width + self.gap
        return (
            (0.0, self.positive),
            (self.width, -self.positive),
            (second, -self.negative),
            (second + self.width, self.negative),
        )

    def height(self, index: int) -> float:
        """Return the share of its full height that pulse `index` has: the soft start."""
        return min(1.0, 0.25 + 0.15 * index) if self.soft else 1.0

    def level(self, moment: float) -> float:
        """Return the drive in ampere at one `moment`, as if edges took no time."""
        index = math.floor((moment - self.origin) / self.period + 1e-9)
        if index < 0:
            return 0.0
        within = moment - self.origin - index * self.period
        return self.height(index) * sum(by for at, by in self.steps() if within >= at - 1e-9)

    def begins(self, start: float, end: float) -> range:
        """Return the indices of the pulses that begin with start <= time < end."""
        first = math.ceil((start - self.origin) / self.period - 1e-7)
        last = math.ceil((end - self.origin) / self.period - 1e-7)
        return range(max(first, 0), max(last, 0))

    def current(self, times: Floats) -> Floats:
        """Return the current in ampere at each of `times` (seconds, ascending), both (n,) float64."""
        amps = np.zeros_like(times)
        indices = range(*self._span(float(times[0]), float(times[-1])))
        begins = self.origin + np.array(indices, dtype=np.float64) * self.period
        felt = 2 * self.width + self.gap + _SETTLED * self.tau
        lows, highs = np.searchsorted(times, begins).tolist(), np.searchsorted(times, begins + felt).tolist()
        for index, begin, low, high in zip(indices, begins.tolist(), lows, highs, strict=True):
            self._add_pulse(amps[low:high], times[low:high] - begin, self.height(index))
        return amps

    def _add_pulse(self, amps: Floats, within: Floats, height: float) -> None:
        """Add one pulse of `height` to `amps`, at the times `within` it (seconds, ascending), both (n,) float64."""
        steps = self.steps()
        bounds = within.searchsorted([bound for at, _ in steps for bound in (at, at + _SETTLED * self.tau)]).tolist()
        for (at, by), low, high in zip(steps, bounds[::2], bounds[1::2], strict=True):
            amps[low:] += by * height
            amps[low:high] -= by * height * np.exp((at - within[low:high]) / self.tau)

    def drive(self, start: float, end: float) -> list[tuple[float, float]]:
        """Return when the drive steps before `end`, in order, and by how many ampere, from the pulse on that holds `start`."""
        begins = ((self.origin + index * self.period, self.height(index)) for index in range(*self._span(start, end)))
        steps = ((begin + at, by * height) for begin, height in begins for at, by in self.steps())
        return sorted(step for step in steps if step[0] < end)

    def near_steps(self, times: Floats, reach: float) -> NDArray[np.intp]:
        """Return the indices (k,) int64 of those of `times` ((n,) float64, ascending) within `reach` s of which an edge goes on.

        Around all others the current is level.
        """
        steps = np.array([moment for moment, _ in self.drive(float(times[0]) - reach, float(times[-1]) + reach)])
        lows = np.searchsorted(times, steps - reach).tolist()
        highs = np.searchsorted(times, steps + (_SETTLED * self.tau + reach), side="right").tolist()
        near = np.zeros(times.size, dtype=np.bool_)
        for low, high in zip(lows, highs, strict=True):
            near[low:high] = True
        return np.flatnonzero(near)

    def knots(self, start: float, end: float) -> Floats:
        """Return the moments (n,) float64 between which the current is smooth, for an integration."""
        indices = np.arange(*self._span(start, end))
        begins = self.origin + indices * self.period
        edges = np.array([at for at, _ in self.steps()])
        marks = (edges[:, None] + self.tau * _MARKS[None, :]).ravel()
        return (begins[:, None] + marks[None, :]).ravel()

    def _span(self, start: float, end: float) -> tuple[int, int]:
        """Return the first pulse that can still be felt at `start`, and the first after `end`."""
        first = int(np.floor((start - self.origin) / self.period))
        last = int(np.floor((end - self.origin) / self.period)) + 1
        return max(first, 0), max(last, 0)
