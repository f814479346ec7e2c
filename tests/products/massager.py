"""A massager on a fake bench, in fake time: a good MC-100 unless told otherwise, whose readings follow from what it does.

bench = Bench(*SEQUENCE.steps)
bench.massager.off_after = 300.0

verdict = bench.run()

assert Verdict.FAIL == verdict
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.cli.home import read
from station.core.clock import Stop
from station.core.equipment import Contact, PulseLog, Sense
from station.core.errors import NoTriggerError
from station.core.uncertainty import Reading, Uncertainty
from station.core.verdict import Verdict
from station.core.waveform import Waveform
from station.products.mc100 import finish
from station.sequencer.sequence import Step
from tests.sequencer.fakes import RESISTOR, FakeClock, FakeDmm, FakeNest, FakeScope, Rig

LIMITS = dict(read(Path(__file__).parents[2]).limits.limits)
BOOT = 0.35  # s from the key to the first pulse
REDETECT = 0.7  # s that the output stays away when contact was lost for longer than three pulses
_THREE_PULSES = 0.3
_SAMPLED = 2e-5  # s between two samples of the oscilloscope, unless a record of more points was asked for
_PATHS_OWN = 2e-6  # V: the relays' own voltage


@dataclass
class Massager:
    """What the unit is worth and what was done to it; SI units, times of the clock."""

    clock: FakeClock
    levels: tuple[float, float, float] = (100e-6, 200e-6, 400e-6)
    negative: float = 1.0
    odd: tuple[int, float, float] = (0, 0.0, 1.0)  # a level, a load in ohm (0: any), and what its negative phase is worth there
    later: tuple[float, float] = (np.inf, 1.0)  # s of the clock, and what its current is worth from then on
    width: float = 5e-3
    gap: float = 0.5e-3
    frequency: float = 10.0
    first: float = 0.25
    ramp: Callable[[int], tuple[float, float]] | None = None  # how high both phases of pulse n of a stretch are, as shares
    overshoot: float = 0.0  # as a share of the plateau, in the first millisecond of each positive phase
    latches: float = 0.0  # A of direct current that goes on when its stop key ends pulses, until it is started again
    stop_works: bool = True
    noise: float = 0.5e-6
    direct: float = 0.0
    murmurs: float = 0.0  # A RMS of balanced pulses that go on behind the shut-off, too low for a comparator
    off_after: float = 1170.0  # s of its own timer, which counts `rate` times as fast in service mode
    early: float = np.inf  # s after its first pulse when it gives up, whatever the timer says
    lacks: Callable[[NDArray[np.int64]], NDArray[np.bool_]] | None = None  # which pulses of a stretch, from 0, it does not give
    rate: float = 1.0
    service_stuck: bool = False
    senses: float = 5e-6  # A of the pulses by which it looks for skin
    sag: float = 30e-3  # V under the vibration motor
    asleep: float = 4e-6  # A out of the battery
    works: float = 14e-3  # A out of the battery while it is on
    stops_on_lift: float = 0.3  # s that the output goes on when the probes are lifted
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
    latched: float = 0.0
    buzzed: bool = False
    cuts: list[float] = field(default_factory=list)
    lifted_end: float | None = None  # s: when the timer of a lifted unit will be over

    def press_start(self, level: int) -> None:
        self.level = level
        gives = (self.load is not None and self.load < 60e3) or not self.senses_contact
        if (self.on and not self.over()) or (self.charging and self.charge_interlock):
            return
        self.on, self.latched = True, 0.0
        if gives:
            begin = self.clock.time + BOOT
            self.runs.append((begin, begin + min(self.off_after / (60.0 if self.service_stuck else self.rate), self.early)))
            if self.comes_back_after is not None:
                self.runs.append((begin + self.off_after + self.comes_back_after, begin + self.off_after + 2e3))

    def press_level(self, level: int) -> None:
        self.level = level
        if self.restarts_timer and self.runs:
            self.runs[-1] = (self.runs[-1][0], self.clock.time + self.off_after / self.rate)

    def bridge(self, load: float) -> None:
        """Close a load: without skin a good unit stops soon, with skin it comes back softly, and its timer never minds."""
        now, skin = self.clock.time, load < 60e3
        self.load = load
        if not self.on or not self.senses_contact or not self.runs:
            return
        begin, end = self.runs[-1]
        if not skin and begin <= now < end:
            self.runs[-1] = (begin, min(end, now + self.stops_on_lift))
            self.cuts.append(self.runs[-1][1])
            self.lifted_end = end
        elif skin and self.lifted_end is not None:
            if now + BOOT < self.lifted_end:
                self.runs.append((now + BOOT, self.lifted_end))
            self.lifted_end = None

    def press_stop(self) -> None:
        now = self.clock.time
        if not self.stop_works and self.running():
            return
        self.latched = self.latches if self.running() else 0.0
        self.on, self.lifted_end = False, None
        self.runs = [(begin, min(end, now - 1e-6)) for begin, end in self.runs if begin < now]  # no pulse at the stop itself

    def stretches(self) -> list[tuple[float, float]]:
        """Return from when to when pulses reach the load, each stretch with a soft start: the timer starts at the first pulse."""
        found = []
        for begin, end in self.runs:
            late = [closed + BOOT for opened, closed in self.holes if opened <= begin < closed]
            later = 0.0 if not late or end in self.cuts else late[0] - begin  # a lift-off ends it when it ends it
            found.append((late[0] if late else begin, end + later))
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
            numbers = np.arange(first, max(first, last + 1))
            given = numbers if self.lacks is None else numbers[~self.lacks(numbers)]
            found.append(begin + period * given.astype(np.float64))
        return np.concatenate(found)

    def touched(self) -> bool:
        return not any(opened <= self.clock.time < closed for opened, closed in self.holes)

    def running(self) -> bool:
        return any(begin <= self.clock.time < end for begin, end in self.runs)

    def over(self) -> bool:
        """Tell whether it has switched itself off: its last pulse is past, and it is not only lifted."""
        return bool(self.runs) and self.lifted_end is None and self.clock.time >= self.runs[-1][1]

    def powered(self) -> bool:
        return self.charging or (self.on and not self.over())

    @property
    def amps(self) -> float:
        since, worth = self.later
        return self.levels[self.level - 1] * (worth if self.clock.time >= since else 1.0)

    @property
    def second(self) -> float:
        """Return what the negative phase is worth over the positive one, at this level and into this load."""
        level, load, worth = self.odd
        return worth if level == self.level and load in (0.0, self.load) else self.negative


@dataclass
class Nest(FakeNest):
    """The slot that the massager sits in."""

    massager: Massager = field(kw_only=True)
    armed: float | None = None
    begun: float | None = None  # when it was armed first: losses of contact are counted from there
    frozen: float | None = None
    gap: float = np.inf
    deaf_from: float = np.inf  # s: the comparator sees nothing from then on
    missed: tuple[float, float] = (0.0, 0.0)  # s: between these it sees nothing
    rings_from: float = np.inf  # s: the comparator sees pulses ten times a second from then on, whatever the unit does
    misses: tuple[int, ...] = ()  # which presses of a key do not reach the unit, counted from 0
    presses: int = 0
    tells: bool = True  # what is news of it comes through

    @property
    def now(self) -> float:
        return self.massager.clock.time

    @property
    def sense(self) -> Sense:
        assert self.load is not None
        return Sense(100.0, 0.01, RESISTOR.certificate) if self.load == 500 else Sense(1000.0, 0.1, RESISTOR.certificate)

    def connect(self, *, load: float) -> float:
        super().connect(load=load)
        self.massager.bridge(load)
        return self.now

    def press_later(self, key: str, *, after: float) -> None:
        super().press_later(key, after=after)
        self.massager.buzzed = True

    def tell(self, line: str, *, patience: float = 0.5) -> str | None:
        said = super().tell(line, patience=patience)
        if said == "OK" and line.startswith("ACC "):
            self.massager.rate = float(line.split(" ")[1])
        if said == "OK" and line == "EXIT":
            self.massager.rate = 1.0
            self.massager.press_stop()
        return said

    def press(self, key: str, *, level: int | None = None) -> float:
        at = self.now
        super().press(key, level=level)
        self.presses += 1
        if self.presses - 1 in self.misses:
            return at
        if key == "stop":
            self._freeze()
            self.massager.press_stop()
        elif key == "start":
            self.massager.press_start(level or 1)
        else:
            self.massager.press_level(level or 1)
        return at

    def charger(self, *, on: bool) -> None:
        super().charger(on=on)
        self.massager.charging = on
        if on and self.massager.charge_interlock:
            self.massager.press_stop()

    def contact(self) -> Contact:
        super().contact()
        return Contact(self.touches.present, self.touches.closed and self.massager.touched(), self._opens())

    def arm(self, *, gap: float) -> None:
        super().arm(gap=gap)
        self.armed, self.frozen, self.gap = self.now, None, gap
        self.begun = self.now if self.begun is None else self.begun

    def pulses(self) -> PulseLog:
        super().pulses()
        if self.armed is None:
            return PulseLog("idle", None, None, 0, 0, 0, self.now)
        until = self.now if self.frozen is None else self.frozen
        times = self.seen(self.armed, until)
        if times.size == 0:
            return PulseLog("armed", None, None, 0, 0, self._opens(), self.now)
        breaks = np.flatnonzero(np.diff(times) >= self.gap)
        count = int(breaks[0]) + 1 if breaks.size else int(times.size)
        last, after = float(times[count - 1]), int(times.size) - count
        state = "off" if after or until - last >= self.gap else "running"
        return PulseLog(state, float(times[0]), last, count, after, self._opens(), self.now)

    def seen(self, start: float, end: float) -> NDArray[np.float64]:
        """Return when the comparator saw pulses within [start, end]."""
        times = self.massager.pulses(start, min(end, self.deaf_from))
        times = times[(times < self.missed[0]) | (times >= self.missed[1])]
        if end <= self.rings_from:
            return times
        return np.concatenate((times[times < self.rings_from], np.arange(max(start, self.rings_from), end, 0.1)))

    def await_off(self, seconds: float, stop: Stop) -> None:
        super().await_off(seconds, stop)
        end = self.now + seconds
        while self.now < end and not (self.tells and self.pulses().state == "off"):
            self.massager.clock.wait(min(1.0, end - self.now), stop)

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
        return sum((self.begun or 0.0) < opened <= until for opened, _ in self.massager.holes)


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
        unbalanced = unit.amps * unit.width * unit.frequency * (1.0 - unit.second) if unit.running() else 0.0
        return unit.direct + unit.latched + unbalanced

    def dc_voltage(self, *, range: float, aperture: float = 0.2, count: int = 1) -> Reading:
        self.input_ohm = 1e7
        self._pass(2.0 * aperture * count)
        shown = self._shown("dc", range, self._mean(), 0.02e-6)
        return Reading(shown.value + _PATHS_OWN, shown.u)

    def triggered_voltage(
        self, *, range: float, delay: float, aperture: float, count: int, patience: float, after: float = 0.0
    ) -> Reading:
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
        plateau = -unit.second * unit.amps if delay > unit.width else unit.amps
        return self._shown("plateau", range, plateau + unit.direct, 1e-4 * unit.amps)

    def ac_voltage(self, *, range: float, lowest: float, count: int = 1) -> Reading:
        self.input_ohm = 1e6
        self._pass(5.0)
        unit = self.massager
        square = unit.amps**2 * (1.0 + unit.second**2) * unit.width * unit.frequency if unit.running() else unit.murmurs**2
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
    overhead: float = 0.02  # s that arming a look takes, and reading it
    blind_from: float = np.inf  # s: its path is open from then on
    loses: tuple[int, ...] = ()  # which pulses of a record, counted from 0, do not reach it
    _armed: tuple[float, float, float, int] = (0.0, 0.0, 0.0, 0)

    def arm(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000) -> None:
        self.asked.append((span, peak))
        self._armed = (span, before, self.massager.clock.time, points)

    def capture(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000, patience: float) -> Waveform:
        self.arm(span=span, peak=peak, before=before, points=points)
        return self.read(patience=patience)

    def read(self, *, patience: float) -> Waveform:
        span, before, since, points = self._armed
        clock, stop = self.rig.clock, self.rig.stop
        edges = self.nest.seen(since, clock.time + patience)
        if edges.size == 0 or not self.triggers:
            clock.wait(patience + span - before, stop)  # like the driver, which waits until a late record were over
            raise NoTriggerError(f"no edge came in {patience:g} s")
        start = float(edges[0]) - before
        clock.wait(max(0.0, start + span - clock.time), stop)
        return self._drawn(start, span, start - float(edges[0]), min(_SAMPLED, span / points))

    def look(self, *, span: float, peak: float, points: int = 100_000) -> Waveform:
        """Show its output, or what a unit without skin senses with: pulses of 1 ms, rounded by 200 kΩ and 2 nF."""
        self.asked.append((span, peak))
        clock, unit = self.rig.clock, self.massager
        if self.nest.load is not None and self.nest.load < 60e3:
            clock.wait(self.overhead, self.rig.stop)
            start = clock.time
            clock.wait(span + self.overhead, self.rig.stop)
            return self._drawn(start, span, 0.0, _SAMPLED)
        clock.wait(span, self.rig.stop)
        at = (1e-5 * np.arange(round(span / 1e-5))) % 0.1
        amps = np.where(at < 1e-3, 1 - np.exp(-at / 4e-4), (1 - np.exp(-2.5)) * np.exp(-(at - 1e-3) / 4e-4))
        amps *= unit.senses if unit.on else 0.0
        amps += unit.direct + unit.noise * np.random.default_rng(1).standard_normal(at.size)
        ohm = self.nest.sense.ohm * self.input_ohm / (self.nest.sense.ohm + self.input_ohm)
        clipped = bool(np.max(np.abs(amps)) * ohm > 2.0 * peak)
        return Waveform(amps * ohm, 1e-5, 0.0, 1e-8 * ohm, clipped=clipped, source="CHAN1")

    def _drawn(self, start: float, span: float, offset: float, dt: float) -> Waveform:
        unit, size = self.massager, round(span / dt)
        amps = np.full(size, unit.direct)
        for number, edge in enumerate(unit.pulses(start - 0.02, min(start + span, self.blind_from))):
            if number in self.loses:
                continue
            begun = max(begin for begin, _ in unit.stretches() if begin <= edge + 1e-9)
            place, second = round((edge - begun) * unit.frequency), unit.width + unit.gap
            tall = unit.amps * min(1.0, unit.first + 0.15 * place)
            up, down = (tall, tall) if unit.ramp is None else (unit.amps * share for share in unit.ramp(place))
            over = unit.overshoot * up
            phases = ((0.0, up, unit.width), (0.0, over, 1e-3), (second, -down * unit.second, unit.width))
            for begin, amount, width in phases:
                low, high = (edge - start + begin) / dt, (edge - start + begin + width) / dt
                amps[max(0, round(low)) : max(0, round(high))] += amount
        amps += unit.noise * np.random.default_rng(1).standard_normal(size)
        ohm = self.nest.sense.ohm * self.input_ohm / (self.nest.sense.ohm + self.input_ohm)
        return Waveform(amps * ohm, dt, offset, 1e-5 * ohm / 1000.0, clipped=False, source="CHAN1")


@dataclass
class Cell(FakeDmm):
    """The DMM over the battery; an edge of the haptic key comes when the fixture was asked for it."""

    massager: Massager = field(kw_only=True)

    def triggered_voltage(
        self, *, range: float, delay: float, aperture: float, count: int, patience: float, after: float = 0.0
    ) -> Reading:
        if not self.massager.buzzed or not self.triggers:
            raise NoTriggerError(f"no edge came in {patience:g} s")
        return Reading(self.volts - self.massager.sag, Uncertainty(self.u, "V", "DCV, triggered"))


@dataclass
class Lead(FakeDmm):
    """The DMM over a resistor in the battery lead."""

    path: str = field(kw_only=True)
    massager: Massager = field(kw_only=True)

    def dc_voltage(self, *, range: float, aperture: float = 0.2, count: int = 1) -> Reading:
        amps = self.massager.works if self.massager.running() else self.massager.asleep
        ohm, u = {"shunt1": (1.0, 2e-6), "shunt1k": (1e3, 2e-6)}[self.path]
        return Reading(amps * ohm + _PATHS_OWN, Uncertainty(u, "V", "DCV"))


class Bench:
    """A run of `steps` on a massager: change `massager`, `nest` or the clock's plans, then `run`."""

    def __init__(self, *steps: Step) -> None:
        self.steps = steps
        self.rig = Rig(*(replace(LIMITS[row_id], recipes=()) for step in steps for row_id in step.ids))
        self.clock = self.rig.clock
        self.massager = Massager(self.clock)
        self.nest = Nest(massager=self.massager)
        self.nest.answers = {"SN?": "SN SN1", "VER?": "VER 1.4.2", "CRC?": "CRC 8F3A", "TIMER?": "TIMER 1170"}
        self.nest.answers |= {"MODE?": "MODE NORMAL", "ACC 60": "OK", "EXIT": "OK"}
        self.meter = Meter(rig=self.rig, own=_PATHS_OWN, massager=self.massager, nest=self.nest)
        self.screen = Screen(rig=self.rig, massager=self.massager, nest=self.nest)
        bench = self.rig.bench
        bench.slot, bench.meter, bench.screen = self.nest, self.meter, self.screen
        bench.paths = {"battery": Cell(volts=3.8, u=1e-4, own=_PATHS_OWN, massager=self.massager)}
        bench.paths |= {path: Lead(path=path, own=_PATHS_OWN, massager=self.massager) for path in ("shunt1", "shunt1k")}
        self.rig.unit.nest = self.nest

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
