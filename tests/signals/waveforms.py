"""Closed forms of every family of waveforms: steps at given moments through one pole, sampled, with noise, in codes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from station.core.waveform import Waveform

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """A train of `family`: its pulses begin at `start` + n / `hertz` s for every whole n that the record shows.

    `width` and `second` are the two phases' lengths in s, `high` and `low` their heights in V, `gap` the pause between them.
    A reversing train turns its polarity every `burst` pulses and pauses `rest` s more between bursts. `swing` modulates the
    heights by a slow sine of that share; `lost` pulses (by their n) are missing.
    """

    family: str = "biphasic"
    hertz: float = 10.0
    width: float = 5e-3
    second: float = 5e-3
    gap: float = 0.5e-3
    high: float = 0.4
    low: float = 0.4
    start: float = 0.02
    burst: int = 8
    rest: float = 0.0
    swing: float = 0.0
    lost: tuple[int, ...] = ()
    ramp: tuple[float, ...] = (1.0,)
    begins: int = -3
    tau: float = 60e-6
    dt: float = 20e-6
    points: int = 50_000
    offset: float = 0.0
    noise: float = 0.0
    step: float = 0.0
    seed: int = 0

    def steps(self) -> Floats:
        """Return moments in s and sizes in V of all steps of the ideal signal, (2, m)."""
        span = self.points * self.dt
        found: list[tuple[float, float]] = []
        number = self.begins
        while self._begin(number) < span:
            if number not in self.lost:
                found += self._pulse(number)
            number += 1
        return np.array(found, dtype=np.float64).reshape(-1, 2).T

    def _begin(self, number: int) -> float:
        rests = self.rest * (number // self.burst) if self.family == "reversing" else 0.0
        return self.start + number / self.hertz + rests

    def _pulse(self, number: int) -> Iterable[tuple[float, float]]:
        begin, end = self._begin(number), self._begin(number) + self.width
        scale = (1.0 + self.swing * np.sin(0.7 * number)) * self.ramp[min(max(number, 0), len(self.ramp) - 1)]
        if self.family == "reversing":
            scale *= 1.0 if (number // self.burst) % 2 == 0 else -1.0
        lead = [(begin, self.high * scale), (end, -self.high * scale)]
        if self.family != "biphasic":
            return lead
        dive = end + self.gap
        return [*lead, (dive, -self.low * scale), (dive + self.second, self.low * scale)]

    def clean(self) -> Floats:
        """Return the samples without noise and codes, (points,) float64 in V."""
        moments, sizes = self.steps()
        volts = np.full(self.points, self.offset)
        reach = int(40.0 * self.tau / self.dt) + 2
        rise = np.zeros(self.points + 1)
        for moment, size in zip(moments, sizes, strict=True):
            first = int(np.ceil(moment / self.dt))
            near = np.arange(max(first, 0), min(first + reach, self.points))
            volts[near] -= size * np.exp(-(near * self.dt - moment) / self.tau)
            rise[min(max(first, 0), self.points)] += size
        return np.asarray(volts + np.cumsum(rise)[:-1], dtype=np.float64)

    def wave(self, clipped: bool = False) -> Waveform:
        """Return the record."""
        volts = self.clean()
        if self.noise:
            volts = volts + np.random.default_rng(self.seed).normal(0.0, self.noise, volts.size)
        if self.step:
            volts = np.round(volts / self.step) * self.step
        return Waveform(volts, self.dt, 0.0, self.step, clipped, "closed form")

    def moved(self, name: str, by: float) -> "Shape":
        """Return the same train with the number `name` changed `by` so much."""
        changed: dict[str, float] = {name: getattr(self, name) + by}
        return replace(self, **changed)  # type: ignore[arg-type]  # a field by its name, which the caller knows to be a float

    def drawn(self, seed: int) -> "Shape":
        """Return the same train of another unit: its oscillator, its place in the record, its noise."""
        rng = np.random.default_rng(seed)
        fast = 1.0 + rng.uniform(-0.05, 0.05)
        return replace(
            self, hertz=self.hertz * fast, width=self.width / fast, second=self.second / fast, gap=self.gap / fast,
            start=self.start + rng.uniform(0.0, 1.0) / self.hertz, seed=seed,
        )  # fmt: skip


def square(hertz: float, **rest: float | int) -> Shape:
    """Return a square of half duty at `hertz`."""
    return replace(Shape("monophasic", hertz, width=0.5 / hertz), **rest)  # type: ignore[arg-type]  # fields by their names
