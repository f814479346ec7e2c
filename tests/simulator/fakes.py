"""Terminals with a known wave on them, and the shortest way to talk to a device in simulated time."""

import math
from dataclasses import dataclass, field

import numpy as np

from station.simulator.infiniivision import InfiniiVision
from station.simulator.ports import Device, Floats, Terminals
from station.simulator.scpi.common import Common, Identity
from station.simulator.scpi.device import ScpiDevice
from station.simulator.scpi.engine import Engine
from station.simulator.scpi.kinds import Choice, Real, Switch, Text, Whole
from station.simulator.scpi.numbers import block
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.status import Status
from station.simulator.scpi.table import Call, Table, pause
from station.simulator.truevolt import Truevolt


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

    def seen(self, times: Floats, looks: int, step: float) -> Floats:
        around = step * (np.arange(looks) - (looks - 1) / 2)
        found: Floats = self.volts((times[:, None] + around).ravel()).reshape(-1, looks).mean(axis=1)
        return found

    def mean(self, start: float, end: float) -> float:
        return (self._area(end, 1) - self._area(start, 1)) / (end - start)

    def ac_rms(self, start: float, end: float) -> float:
        square = (self._area(end, 2) - self._area(start, 2)) / (end - start)
        return math.sqrt(max(square - self.mean(start, end) ** 2, 0.0))

    def ac_rms_each(self, starts: Floats, seconds: float) -> Floats:
        return np.array([self.ac_rms(start, start + seconds) for start in starts.tolist()])

    def ohms(self, start: float, end: float) -> float:
        assert start < end
        return math.inf

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

    def seen(self, times: Floats, looks: int, step: float) -> Floats:
        around = step * (np.arange(looks) - (looks - 1) / 2)
        found: Floats = self.volts((times[:, None] + around).ravel()).reshape(-1, looks).mean(axis=1)
        return found

    def mean(self, start: float, end: float) -> float:
        turn = 2 * math.pi * self.frequency
        return self.steady + self.amplitude * (math.cos(turn * start) - math.cos(turn * end)) / (turn * (end - start))

    def ac_rms(self, start: float, end: float) -> float:
        turn = 4 * math.pi * self.frequency
        wobble = (math.sin(turn * end) - math.sin(turn * start)) / (turn * (end - start))
        mean = self.mean(start, end) - self.steady
        return math.sqrt(self.amplitude**2 / 2 * (1 - wobble) - mean**2)

    def ac_rms_each(self, starts: Floats, seconds: float) -> Floats:
        return np.array([self.ac_rms(start, start + seconds) for start in starts.tolist()])

    def ohms(self, start: float, end: float) -> float:
        assert start < end
        return math.inf

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


def meter(terminals: Terminals | None = None, seed: int = 1, mains_hz: int = 50) -> Talk:
    return Talk(Truevolt(terminals or steady(0.5), np.random.default_rng(seed), mains_hz=mains_hz))


def within(reading: float, true: float, of_reading: float, of_range: float, full_scale: float) -> bool:
    """Return whether a reading is inside a specification in percent, with the noise and last digit of ten cycles."""
    limit = abs(true) * of_reading / 100 + full_scale * (of_range / 100 + 3e-6)
    return abs(reading - true) <= limit


SQUARE = Steps(((0.003, 1.0), (0.007, -1.0)), edges=[0.01 * k for k in range(2000)])  # 100 Hz, 30 % duty
SETUP = ":CHAN1:SCAL 0.5;OFFS 0;:TIM:RANG 0.05;:TRIG:EDGE:SOUR CHAN1;LEV 0.2;SLOP POS;:TRIG:SWE NORM"


def scope(terminals: Terminals = SQUARE, setup: str = SETUP, seed: int = 1) -> Talk:
    talk = Talk(InfiniiVision(terminals, np.random.default_rng(seed)))
    talk.pass_time(1.0)
    talk.send(setup)
    return talk


def preamble(talk: Talk) -> list[float]:
    return [float(field) for field in talk.ask(":WAV:PRE?").split(",")]


def payload(reply: bytes) -> bytes:
    assert reply[:2] == b"#8"
    assert len(reply) == 10 + int(reply[2:10]) + 1
    return reply[10:-1]


def trace(talk: Talk) -> tuple[Floats, Floats]:
    """Read a record the way a driver does: preamble, block, formula. Returns seconds and volts."""
    talk.send(":WAV:FORM WORD;BYT LSBF;UNS 1")
    _, _, points, _, x_step, x_origin, x_reference, y_step, y_origin, y_reference = preamble(talk)
    codes = np.frombuffer(payload(talk.raw(":WAV:DATA?")), "<u2")
    assert len(codes) == points
    times: Floats = (np.arange(len(codes), dtype=np.float64) - x_reference) * x_step + x_origin
    return times, (codes - y_reference) * y_step + y_origin


def spent(talk: Talk, text: str) -> float:
    start = talk.now
    talk.ask(f"{text};*OPC?")
    return talk.now - start


@dataclass
class Lamp:
    """A machine that is busy until a moment."""

    until: float = 0.0
    now: float = 0.0
    resets: list[float] = field(default_factory=list)

    def advance(self, now: float) -> None:
        self.now = now

    def look(self, now: float) -> None:
        """See nothing: nothing comes from outside."""

    def due(self) -> float | None:
        return self.until if self.until > self.now else None

    def wake(self) -> float | None:
        return self.due()


def lamp_device() -> ScpiDevice:
    """A small instrument with one command of each sort."""
    table, status, lamp = Table(), Status(queue_depth=4), Lamp()
    settings = Settings(table, lambda: None)
    settings.add("[SENSe]:VOLTage[:DC]:NPLC", Real(10, 0.02, 100))
    settings.add("[SENSe]:VOLTage[:DC]:RANGe", Real(10, 0.1, 1000, "V"))
    settings.add("CHANnel1:SCALe", Real(1, 0, 10, "V"))
    settings.add("CHANnel2:SCALe", Real(1, 0, 10, "V"))
    settings.add("SAMPle:COUNt", Whole(1, 1, 100))
    settings.add("OUTPut[:STATe]", Switch(False))
    settings.add("TRIGger:SOURce", Choice("IMM", ("IMMediate", "BUS", "EXTernal")))
    settings.add("DISPlay:TEXT", Text())
    table.ask("BLOCk", lambda: block(bytes(range(256))))
    table.add("SLOW", query=lambda call: pause(call.now + 3.0, "done"))

    def shine(call: Call) -> None:
        lamp.until = call.now + 5.0

    table.add("SHINe", order=shine)
    common = Common(status, settings.reset, lambda: lamp.now >= lamp.until)
    common.install(table, Identity("MAKER,LAMP,1,1.0", "1999.0"))
    return ScpiDevice(Engine(table, status), common, lamp)
