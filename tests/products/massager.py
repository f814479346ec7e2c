"""A massager on a fake bench, in fake time: a good MC-100 unless told otherwise, whose readings follow from what it does.

bench = Bench(*SEQUENCE.steps)
bench.massager.off_after = 300.0

verdict = bench.run()

assert Verdict.FAIL == verdict
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.core.errors import NoTriggerError
from station.core.instruments import Contact, PulseLog, Sense
from station.core.limit_file import parse
from station.core.uncertainty import Reading, Uncertainty
from station.core.verdict import Verdict
from station.core.waveform import Waveform
from station.products.mc100 import finish
from station.sequencer.sequence import Step
from tests.sequencer.fakes import RESISTOR, FakeClock, FakeDmm, FakeNest, FakeScope, Rig

LIMITS = dict(parse((Path(__file__).parents[2] / "limits" / "mc100-a.toml").read_bytes(), "mc100-a.toml").limits)
BOOT = 0.35  # s from the key to the first pulse
REDETECT = 0.7  # s that the output stays away when contact was lost for longer than three pulses
_THREE_PULSES = 0.3
_SAMPLED = 2e-5  # s between two samples of the oscilloscope
_PATHS_OWN = 2e-6  # V: the relays' own voltage


@dataclass
class Massager:
    """What the unit is worth and what was done to it; SI units, times of the clock."""

    clock: FakeClock
    levels: tuple[float, float, float] = (100e-6, 200e-6, 400e-6)
    negative: float = 1.0
    width: float = 5e-3
    gap: float = 0.5e-3
    frequency: float = 10.0
    first: float = 0.25
    noise: float = 0.5e-6
    direct: float = 0.0
    murmurs: float = 0.0  # A RMS of balanced pulses that go on behind the shut-off, too low for a comparator
    off_after: float = 1170.0
    comes_back_after: float | None = None
    senses_contact: bool = True
    charge_interlock: bool = True
    restarts_timer: bool = False
    volts: float = 3.8
    level: int = 3
    load: float | None = None
    charging: bool = False
    runs: list[tuple[float, float]] = field(default_factory=list)
    holes: list[tuple[float, float]] = field(default_factory=list)
    on: bool = False

    def press_start(self, level: int) -> None:
        self.level = level
        gives = (self.load is not None and self.load < 60e3) or not self.senses_contact
        if self.on or (self.charging and self.charge_interlock):
            return
        self.on = True
        if gives:
            begin = self.clock.time + BOOT
            self.runs.append((begin, begin + self.off_after))
            if self.comes_back_after is not None:
                self.runs.append((begin + self.off_after + self.comes_back_after, begin + self.off_after + 2e3))

    def press_level(self, level: int) -> None:
        self.level = level
        if self.restarts_timer and self.runs:
            self.runs[-1] = (self.runs[-1][0], self.clock.time + self.off_after)

    def press_stop(self) -> None:
        now = self.clock.time
        self.on = False
        self.runs = [(begin, min(end, now)) for begin, end in self.runs if begin < now]

    def stretches(self) -> list[tuple[float, float]]:
        """Return from when to when pulses reach the load, each stretch with a soft start: the timer starts at the first pulse."""
        found = []
        for begin, end in self.runs:
            late = [closed + BOOT for opened, closed in self.holes if opened <= begin < closed]
            found.append((late[0], end + late[0] - begin) if late else (begin, end))
        for opened, closed in self.holes:
            after = closed + (REDETECT if closed - opened > _THREE_PULSES else 0.0)
            found = [piece for run in found for piece in self._without(run, opened, after)]
        return found

    def _without(self, run: tuple[float, float], opened: float, after: float) -> list[tuple[float, float]]:
        begin, end = run
        if after <= begin or opened >= end or opened <= begin:
            return [run]
        on_the_beat = begin + np.ceil((after - begin) * self.frequency) / self.frequency
        return [(begin, opened), (float(on_the_beat), end)] if on_the_beat < end else [(begin, opened)]

    def pulses(self, start: float, end: float) -> NDArray[np.float64]:
        """Return when pulses reach the load within [start, end]."""
        period = 1.0 / self.frequency
        found: list[NDArray[np.float64]] = [np.empty(0)]
        for begin, off in self.stretches():
            first = max(0, int(np.ceil((start - begin) / period - 1e-9)))
            last = int(np.floor((min(end, off) - begin) / period + 1e-9))
            found.append(begin + period * np.arange(first, max(first, last + 1), dtype=np.float64))
        return np.concatenate(found)

    def touched(self) -> bool:
        return not any(opened <= self.clock.time < closed for opened, closed in self.holes)

    def running(self) -> bool:
        return any(begin <= self.clock.time < end for begin, end in self.runs)

    def powered(self) -> bool:
        ended = bool(self.runs) and self.clock.time >= self.runs[-1][1]
        return self.charging or (self.on and not ended)

    @property
    def amps(self) -> float:
        return self.levels[self.level - 1]


@dataclass
class Nest(FakeNest):
    """The slot that the massager sits in."""

    massager: Massager = field(kw_only=True)
    armed: float | None = None
    frozen: float | None = None
    gap: float = np.inf
    deaf_from: float = np.inf  # s: the comparator sees nothing from then on

    @property
    def now(self) -> float:
        return self.massager.clock.time

    @property
    def sense(self) -> Sense:
        assert self.load is not None
        return Sense(100.0, 0.01, RESISTOR.certificate) if self.load == 500 else Sense(1000.0, 0.1, RESISTOR.certificate)

    def connect(self, *, load: float) -> float:
        super().connect(load=load)
        self.massager.load = load
        return self.now

    def press(self, key: str, *, level: int | None = None) -> None:
        super().press(key, level=level)
        if key == "stop":
            self._freeze()
            self.massager.press_stop()
        elif key == "start":
            self.massager.press_start(level or 1)
        else:
            self.massager.press_level(level or 1)

    def charger(self, *, on: bool) -> None:
        super().charger(on=on)
        self.massager.charging = on

    def contact(self) -> Contact:
        super().contact()
        return Contact(self.touches.present, self.touches.closed and self.massager.touched(), self._opens())

    def arm(self, *, gap: float) -> None:
        super().arm(gap=gap)
        self.armed, self.frozen, self.gap = self.now, None, gap

    def pulses(self) -> PulseLog:
        super().pulses()
        if self.armed is None:
            return PulseLog("idle", None, None, 0, 0, 0, self.now)
        until = self.now if self.frozen is None else self.frozen
        times = self.massager.pulses(self.armed, min(until, self.deaf_from))
        if times.size == 0:
            return PulseLog("armed", None, None, 0, 0, self._opens(), self.now)
        breaks = np.flatnonzero(np.diff(times) >= self.gap)
        count = int(breaks[0]) + 1 if breaks.size else int(times.size)
        last, after = float(times[count - 1]), int(times.size) - count
        state = "off" if after or until - last >= self.gap else "running"
        return PulseLog(state, float(times[0]), last, count, after, self._opens(), self.now)

    def safe(self) -> None:
        super().safe()
        self._freeze()
        self.massager.press_stop()
        self.massager.charging = False

    def _freeze(self) -> None:
        self.frozen = self.now if self.frozen is None else self.frozen

    def _opens(self) -> int:
        if self.armed is None:
            return 0
        until = self.now if self.frozen is None else self.frozen
        return sum(self.armed < opened <= until for opened, _ in self.massager.holes)


@dataclass
class Meter(FakeDmm):
    """The DMM over the sense resistor; each reading takes its time, and `asked` remembers range and moment."""

    rig: Rig = field(kw_only=True)
    massager: Massager = field(kw_only=True)
    nest: Nest = field(kw_only=True)
    asked: list[tuple[str, float, float]] = field(default_factory=list)

    def _shown(self, what: str, full: float, amps: float, u: float) -> Reading:
        self.asked.append((what, full, self.massager.clock.time))
        ohm = self.nest.sense.ohm * self.input_ohm / (self.nest.sense.ohm + self.input_ohm)
        return Reading(amps * ohm, Uncertainty(u * ohm, "V", what))

    def _pass(self, seconds: float) -> None:
        self.rig.clock.wait(seconds, self.rig.stop)

    def _mean(self) -> float:
        unit = self.massager
        unbalanced = unit.amps * unit.width * unit.frequency * (1.0 - unit.negative) if unit.running() else 0.0
        return unit.direct + unbalanced

    def dc_voltage(self, *, range: float, aperture: float = 0.2, count: int = 1) -> Reading:
        self.input_ohm = 1e7
        self._pass(2.0 * aperture * count)
        shown = self._shown("dc", range, self._mean(), 0.02e-6)
        return Reading(shown.value + _PATHS_OWN, shown.u)

    def triggered_voltage(self, *, range: float, delay: float, aperture: float, count: int, patience: float) -> Reading:
        self.input_ohm = 1e7
        begin, unit = self.massager.clock.time, self.massager
        ready = unit.pulses(begin, min(begin + patience, self.nest.deaf_from))
        if ready.size < count:
            self._pass(patience)
            raise NoTriggerError(f"no edge came in {patience:g} s")
        self._pass(float(ready[count - 1]) + delay + aperture - begin)
        if aperture > 1.0 / unit.frequency:
            shown = self._shown("mean", range, self._mean(), 0.02e-6)
            return Reading(shown.value + _PATHS_OWN, shown.u)
        plateau = -unit.negative * unit.amps if delay > unit.width else unit.amps
        return self._shown("plateau", range, plateau + unit.direct, 1e-4 * unit.amps)

    def ac_voltage(self, *, range: float, lowest: float, count: int = 1) -> Reading:
        self.input_ohm = 1e6
        self._pass(5.0)
        unit = self.massager
        square = unit.amps**2 * (1.0 + unit.negative**2) * unit.width * unit.frequency if unit.running() else unit.murmurs**2
        return self._shown(
            "ac", range, (square + (unit.noise**2 if unit.powered() else 0.0)) ** 0.5, 0.003 * square**0.5 + 0.02e-6
        )


@dataclass
class Screen(FakeScope):
    """The oscilloscope over the sense resistor."""

    rig: Rig = field(kw_only=True)
    massager: Massager = field(kw_only=True)
    nest: Nest = field(kw_only=True)
    asked: list[tuple[float, float]] = field(default_factory=list)
    _armed: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def arm(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000) -> None:
        self.asked.append((span, peak))
        self._armed = (span, before, self.massager.clock.time)

    def capture(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000, patience: float) -> Waveform:
        self.arm(span=span, peak=peak, before=before, points=points)
        return self.read(patience=patience)

    def read(self, *, patience: float) -> Waveform:
        span, before, since = self._armed
        clock, stop, unit = self.rig.clock, self.rig.stop, self.massager
        edges = unit.pulses(since, min(clock.time + patience, self.nest.deaf_from))
        if edges.size == 0 or not self.triggers:
            clock.wait(patience, stop)
            raise NoTriggerError(f"no edge came in {patience:g} s")
        start = float(edges[0]) - before
        clock.wait(max(0.0, start + span - clock.time), stop)
        return self._drawn(start, span, start - float(edges[0]))

    def _drawn(self, start: float, span: float, offset: float) -> Waveform:
        unit, size = self.massager, round(span / _SAMPLED)
        amps = np.full(size, unit.direct)
        for edge in unit.pulses(start - 0.02, start + span):
            begun = max(begin for begin, _ in unit.stretches() if begin <= edge + 1e-9)
            tall = unit.amps * min(1.0, unit.first + 0.15 * round((edge - begun) * unit.frequency))
            second = unit.width + unit.gap
            for begin, amount in ((0.0, tall), (second, -tall * unit.negative)):
                low, high = (edge - start + begin) / _SAMPLED, (edge - start + begin + unit.width) / _SAMPLED
                amps[max(0, round(low)) : max(0, round(high))] += amount
        amps += unit.noise * np.random.default_rng(1).standard_normal(size)
        ohm = self.nest.sense.ohm * self.input_ohm / (self.nest.sense.ohm + self.input_ohm)
        return Waveform(amps * ohm, _SAMPLED, offset, 1e-5 * ohm / 1000.0, clipped=False, source="CHAN1")


class Bench:
    """A run of `steps` on a massager: change `massager`, `nest` or the clock's plans, then `run`."""

    def __init__(self, *steps: Step) -> None:
        self.steps = steps
        self.rig = Rig(*(LIMITS[row_id] for step in steps for row_id in step.ids))
        self.clock = self.rig.clock
        self.massager = Massager(self.clock)
        self.nest = Nest(massager=self.massager)
        self.nest.answers = {"SN?": "SN SN1", "VER?": "VER 1.4.2", "CRC?": "CRC 8F3A", "TIMER?": "TIMER 1170"}
        self.meter = Meter(rig=self.rig, massager=self.massager, nest=self.nest)
        self.screen = Screen(rig=self.rig, massager=self.massager, nest=self.nest)
        bench = self.rig.bench
        bench.slot, bench.meter, bench.screen = self.nest, self.meter, self.screen
        bench.paths = {"battery": FakeDmm(volts=3.8, u=1e-4), "zero": FakeDmm(volts=_PATHS_OWN, u=2e-6)}
        self.rig.unit.nest = self.nest
        self.rig.unit.notes["zero"] = Reading(_PATHS_OWN, Uncertainty(2e-6, "V", "zero of the path"))

    def running(self, load: float = 2_000) -> "Bench":
        """Let the massager have been started at level 3 some seconds ago."""
        self.nest.connect(load=load)
        self.nest.arm(gap=0.6)
        self.nest.press("start", level=3)
        self.clock.wait(3.0, self.rig.stop)
        self.nest.asked.clear()
        return self

    def run(self) -> Verdict:
        return self.rig.run(*self.steps, finish=finish)

    @property
    def words(self) -> dict[str, str]:
        """Return each row's verdict in one word."""
        return self.rig.words

    @property
    def reasons(self) -> dict[str, str]:
        """Return why each row that was measured did not pass."""
        return {event.id: event.reason for event in self.rig.measured}

    @property
    def found(self) -> dict[str, float]:
        """Return each row's number in the limit's own unit."""
        numbers = ((one.id, one.value) for one in self.rig.measured if isinstance(one.value, int | float))
        return {row_id: LIMITS[row_id].unit.from_si(value) for row_id, value in numbers}

    def index(self, request: str) -> int:
        """Return where `request` stands among what the nest was asked."""
        return self.nest.asked.index(request)
