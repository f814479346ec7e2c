"""Synthetic records of the MC-100: a train of biphasic pulses in closed form, as an oscilloscope of 8 bits would show it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PULSE = 10.5e-3  # s from the first to the last edge of a nominal pulse


@dataclass(frozen=True)
class Train:
    """A record of `span` s, one sample each `dt` s: pulses of `height` V at `hertz`, the first edge at `start` s.

    `scale` is the height of each pulse relative to the others, in their order (the last one holds for the rest); `negative`
    the height of the second phase relative to the first. `step` is the size of a converter's code in V, 0 for none.
    """

    hertz: float = 10.0
    height: float = 0.4
    width: float = 5e-3
    second: float = 5e-3
    gap: float = 0.5e-3
    negative: float = 1.0
    scale: tuple[float, ...] = (1.0,)
    start: float = 0.02
    span: float = 2.0
    dt: float = 20e-6
    tau: float = 4e-6
    offset: float = 0.0
    noise: float = 0.0
    step: float = 0.0
    seed: int = 0

    def volts(self) -> Floats:
        """Return the record, (n,) float64 in V."""
        rng = np.random.default_rng(self.seed)
        times = np.asarray(self.dt * np.arange(round(self.span / self.dt)), dtype=np.float64)
        volts = np.full(times.size, self.offset)
        for number in range(max(0, int((self.span - self.start) * self.hertz) + 1)):
            begin = self.start + number / self.hertz
            size = self.height * self.scale[min(number, len(self.scale) - 1)]
            dive = begin + self.width + self.gap
            self._phase(volts, times, begin, begin + self.width, size)
            self._phase(volts, times, dive, dive + self.second, -size * self.negative)
        volts += rng.normal(0.0, self.noise, times.size) if self.noise else 0.0
        return np.asarray(np.round(volts / self.step) * self.step if self.step else volts)

    def _phase(self, volts: Floats, times: Floats, rise: float, fall: float, size: float) -> None:
        near = slice(max(0, int(rise / self.dt) - 1), max(0, int((fall + 40.0 * self.tau) / self.dt) + 2))
        volts[near] += size * (self._edge(times[near] - rise) - self._edge(times[near] - fall))

    def _edge(self, after: Floats) -> Floats:
        return np.asarray(np.where(after > 0, 1.0 - np.exp(-np.maximum(after, 0.0) / self.tau), 0.0))

    def drawn(self, seed: int) -> "Train":
        """Return this train as another unit gives it: its one oscillator, its phase, its noise."""
        rng = np.random.default_rng(seed)
        fast = 1.0 + rng.uniform(-0.12, 0.12)
        return replace(
            self, hertz=self.hertz * fast, width=self.width / fast, second=self.second / fast, gap=self.gap / fast,
            start=self.start + rng.uniform(0.0, 1e-3), seed=seed,
        )  # fmt: skip


REAL = Train(noise=2.5e-3, step=4.8e-3)  # of an 8-bit oscilloscope whose noise spreads its codes
