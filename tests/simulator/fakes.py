"""Terminals with a known wave on them, and the shortest way to talk to a device in simulated time."""

import math
from dataclasses import dataclass, field

import numpy as np

from station.simulator.ports import Device, Floats


@dataclass
class Steps:
    """A periodic wave of constant stretches, (seconds, volts) each; its means are exact. Edges of the trigger are given."""

    stretches: tuple[tuple[float, float], ...]
    edges: list[float] = field(default_factory=list)

    def volts(self, times: Floats) -> Floats:
        ends = np.cumsum([length for length, _ in self.stretches])
        levels = np.array([level for _, level in self.stretches])
        place = np.searchsorted(ends, np.mod(times, ends[-1]), side="right")
        volts: Floats = levels[np.minimum(place, len(levels) - 1)]
        return volts

    def mean(self, start: float, end: float) -> float:
        return (self._area(end, 1) - self._area(start, 1)) / (end - start)

    def ac_rms(self, start: float, end: float) -> float:
        square = (self._area(end, 2) - self._area(start, 2)) / (end - start)
        return math.sqrt(max(square - self.mean(start, end) ** 2, 0.0))

    def triggers(self, start: float, end: float) -> list[float]:
        return [edge for edge in self.edges if start < edge <= end]

    def _area(self, time: float, power: int) -> float:
        """Integrate volts to a power from 0 to `time`."""
        period = sum(length for length, _ in self.stretches)
        whole, rest = divmod(time, period)
        area = whole * sum(length * level**power for length, level in self.stretches)
        for length, level in self.stretches:
            area += min(rest, length) * level**power
            rest = max(rest - length, 0.0)
        return area


@dataclass
class Sine:
    """A sine of some volts at some hertz on top of a steady voltage, its means in closed form."""

    amplitude: float
    frequency: float
    steady: float = 0.0
    edges: list[float] = field(default_factory=list)

    def volts(self, times: Floats) -> Floats:
        return self.steady + self.amplitude * np.sin(2 * np.pi * self.frequency * times)

    def mean(self, start: float, end: float) -> float:
        turn = 2 * math.pi * self.frequency
        return self.steady + self.amplitude * (math.cos(turn * start) - math.cos(turn * end)) / (turn * (end - start))

    def ac_rms(self, start: float, end: float) -> float:
        turn = 4 * math.pi * self.frequency
        wobble = (math.sin(turn * end) - math.sin(turn * start)) / (turn * (end - start))
        mean = self.mean(start, end) - self.steady
        return math.sqrt(self.amplitude**2 / 2 * (1 - wobble) - mean**2)

    def triggers(self, start: float, end: float) -> list[float]:
        return [edge for edge in self.edges if start < edge <= end]


def steady(volts: float) -> Steps:
    """Terminals with a steady voltage."""
    return Steps(((1.0, volts),))


class Talk:
    """A client of one device in simulated seconds; `now` goes on only as far as replies need."""

    def __init__(self, device: Device, now: float = 0.0) -> None:
        self.device = device
        self.now = now
        device.opened(now)

    def send(self, text: str) -> None:
        self.device.receive(text.encode("latin-1") + b"\n", self.now)

    def raw(self, text: str, patience: float = 1000.0) -> bytes:
        """Send and return the bytes of the reply, waiting as long as the device says it is worth waiting."""
        self.send(text)
        return self.reply(patience)

    def reply(self, patience: float = 1000.0) -> bytes:
        limit = self.now + patience
        found = self.device.poll(self.now)
        while not found and (wake := self.device.wake()) is not None and wake <= limit:
            self.now = wake
            found = self.device.poll(self.now)
        return found

    def ask(self, text: str, patience: float = 1000.0) -> str:
        reply = self.raw(text, patience).decode("latin-1")
        assert reply.endswith("\n")
        return reply[:-1]

    def value(self, text: str) -> float:
        return float(self.ask(text))

    def error(self) -> int:
        return int(self.ask("SYST:ERR?").split(",")[0])

    def pass_time(self, seconds: float) -> bytes:
        self.now += seconds
        return self.device.poll(self.now)
