"""A bench of plain values, for the test of a test: set what the instruments show, run the steps, look at what was told.

rig = Rig(number("CUR.310", low=368, high=432))
rig.bench.meter.volts = 0.4

verdict = rig.run(my_step)

assert Verdict.PASS == verdict
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Self, TypeVar

import numpy as np

from station.core.clock import Stop
from station.core.equipment import Certificate, Contact, Equipment, PulseLog, Sense, Witness
from station.core.errors import LoanError, NoTriggerError, SequenceError, Stopped
from station.core.events import Event, Measured, RunEnded, RunStarted, as_row
from station.core.instruments import Dmm, Nest, Scope
from station.core.limit import Limit
from station.core.measurement import Evidence
from station.core.recipe import Recipe
from station.core.record import RunRecord, replay
from station.core.uncertainty import Reading, Uncertainty
from station.core.verdict import Verdict
from station.core.waveform import Waveform
from station.sequencer.runner import run
from station.sequencer.sequence import Sequence, Step
from station.sequencer.unit import Unit
from tests.core.samples import METER, head, through_json

_T = TypeVar("_T")
RESISTOR = Sense(1000.0, 0.1, Certificate("CAL-1", date(2026, 1, 1), date(2027, 1, 1)))
TOUCHING = Contact(present=True, closed=True, opens=0)
RUNNING = PulseLog("running", first=1.0, last=1.0, count=1, after=0, opens=0, now=1.0)


class FakeStop:
    """A stop that is heard whenever somebody looks."""

    def __init__(self) -> None:
        self._reason: str | None = None

    @property
    def reason(self) -> str | None:
        return self._reason

    def set(self, reason: str) -> None:
        self._reason = self._reason or reason

    def check(self) -> None:
        if self._reason is not None:
            raise Stopped(self._reason)


@dataclass
class FakeClock:
    """A clock whose waits take no time; what is planned for a moment happens when a wait comes to it."""

    time: float = 0.0
    plans: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    speed: float = 1.0

    @property
    def transport(self) -> Self:
        return self

    def plan(self, moment: float, happens: Callable[[], None]) -> None:
        """Let `happens` be called when the time is `moment`."""
        self.plans.append((moment, happens))
        self.plans.sort(key=lambda plan: plan[0])

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float, stop: Stop) -> None:
        stop.check()
        end = self.time + seconds
        while self.plans and self.plans[0][0] <= end:
            self.step()
            stop.check()
        self.time = max(self.time, end)

    def step(self) -> bool:
        """Go to the next plan and let it happen; return whether there was one."""
        if not self.plans:
            return False
        moment, happens = self.plans.pop(0)
        self.time = max(self.time, moment)
        happens()
        return True

    def stop(self) -> FakeStop:
        return FakeStop()

    def enlist(self, body: Callable[[], None]) -> Callable[[], None]:
        return body

    def monitor(self) -> "FakeMonitor":
        return FakeMonitor(self)

    def utc(self) -> str:
        return f"2026-11-22T08:{int(self.time) // 60 % 60:02}:{self.time % 60:09.6f}Z"


@dataclass
class FakeMonitor:
    """A monitor in a world of one thread: only what is planned on the clock can change what it waits for."""

    clock: FakeClock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def wait_for(self, holds: Callable[[], bool], seconds: float | None, stop: Stop | None = None) -> bool:
        end = float("inf") if seconds is None else self.clock.now() + seconds
        while not holds():
            if stop is not None:
                stop.check()
            if not self.clock.plans or self.clock.plans[0][0] > end:
                assert seconds is not None, "nothing that is planned will ever end this wait"
                self.clock.time = end
                return holds()
            self.clock.step()
        return True

    def notify(self) -> None:
        return None


@dataclass
class FakeNest:
    """A slot: `asked` is what was asked of it in order; `breaks` is raised by every verb but `safe` while it is set."""

    number: int = 3
    comparator: float = 15e-6
    timer_accuracy: float = 10e-6
    witness: Witness = Witness.COMPARATOR
    resistor: Sense = RESISTOR
    touches: Contact = TOUCHING
    log: PulseLog = RUNNING
    answers: dict[str, str | None] = field(default_factory=dict)
    healthy: bool = True
    degrees: float = 23.0
    breaks: BaseException | None = None
    asked: list[str] = field(default_factory=list)
    load: float | None = None

    def _hear(self, what: str) -> None:
        self.asked.append(what)
        if self.breaks is not None:
            raise self.breaks

    @property
    def sense(self) -> Sense:
        if self.load is None:
            raise SequenceError("no load is closed")
        return self.resistor

    def shunt(self, path: str) -> Sense:
        ohm = {"shunt1": 1.0, "shunt1k": 1000.0}[path]
        return Sense(ohm, 1e-4 * ohm, RESISTOR.certificate)

    def connect(self, *, load: float) -> float:
        self._hear(f"connect {load:g}")
        self.load = load
        return self.log.now

    def disconnect(self) -> None:
        self._hear("disconnect")
        self.load = None

    def press(self, key: str, *, level: int | None = None) -> float:
        self._hear(f"press {key}" if level is None else f"press {key} {level}")
        return self.log.now

    def press_later(self, key: str, *, after: float) -> None:
        self._hear(f"press {key} in {after:g}")

    def charger(self, *, on: bool) -> None:
        self._hear(f"charger {'on' if on else 'off'}")

    def contact(self) -> Contact:
        self._hear("contact")
        return self.touches

    def arm(self, *, gap: float) -> None:
        self._hear(f"arm {gap:g}")

    def pulses(self) -> PulseLog:
        self._hear("pulses")
        return self.log

    def await_off(self, seconds: float, stop: Stop) -> None:
        self._hear(f"await off {seconds:g}")
        stop.check()

    def loopback(self) -> bool:
        self._hear("loopback")
        return self.healthy

    def tell(self, line: str, *, patience: float = 0.5) -> str | None:
        self._hear(f"tell {line}")
        return self.answers.get(line)

    def temperature(self) -> float:
        self._hear("temperature")
        return self.degrees

    def safe(self) -> None:
        self.asked.append("safe")
        self.load = None


@dataclass
class FakeDmm:
    """A multimeter that shows `volts` ± `u`; `triggers` tells whether edges come on SYNC, `own` what the path makes in V."""

    volts: float = 0.4
    u: float = 1e-5
    input_ohm: float = 1e7
    triggers: bool = True
    serial: str = "METER"
    own: float = 0.0

    def _reading(self, budget: str) -> Reading:
        return Reading(self.volts, Uncertainty(self.u, "V", budget))

    def dc_voltage(self, *, range: float, aperture: float = 0.2, count: int = 1) -> Reading:
        return self._reading("DCV")

    def zero_voltage(self, *, range: float, count: int = 1) -> Reading:
        return Reading(self.own, Uncertainty(2e-6, "V", "zero of the path"))

    def triggered_voltage(
        self, *, range: float, delay: float, aperture: float, count: int, patience: float, after: float = 0.0
    ) -> Reading:
        if not self.triggers:
            raise NoTriggerError(f"no edge came in {patience:g} s")
        return self._reading("DCV, triggered")

    def ac_voltage(self, *, range: float, lowest: float, count: int = 1) -> Reading:
        return self._reading("ACV")


@dataclass
class FakeScope:
    """An oscilloscope that shows `wave`; `triggers` says whether edges come on SYNC."""

    wave: Waveform = field(default_factory=lambda: Waveform(np.zeros(1000), 1e-4, 0.0, 0.004, clipped=False, source="CHAN1"))
    input_ohm: float = 1e6
    gain_accuracy: float = 0.01
    offset_accuracy: float = 0.01
    time_accuracy: float = 2.5e-5
    triggers: bool = True
    serial: str = "SCREEN"

    def arm(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000) -> None:
        return None

    def read(self, *, patience: float) -> Waveform:
        if not self.triggers:
            raise NoTriggerError(f"no edge came in {patience:g} s")
        return self.wave

    def capture(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000, patience: float) -> Waveform:
        return self.read(patience=patience)

    def look(self, *, span: float, peak: float, points: int = 100_000) -> Waveform:
        return self.wave


@dataclass
class FakeBench:
    """One slot with its instruments: `paths` may hold another meter for a path; `loans` tells who was lent when.

    `worthless` is what the bench says of a run behind its end, or what is raised when it is asked; `queue` are the s that a start
    is said to wait.
    """

    slot: FakeNest = field(default_factory=FakeNest)
    meter: FakeDmm = field(default_factory=FakeDmm)
    screen: FakeScope = field(default_factory=FakeScope)
    paths: dict[str, FakeDmm] = field(default_factory=dict)
    worthless: str | BaseException | None = None
    loans: list[str] = field(default_factory=list)
    lent: bool = False
    windows: list[int] = field(default_factory=list)
    queue: float = 0.0

    def nest(self, slot: int) -> Nest:
        assert slot == self.slot.number
        return self.slot

    def dmm(self, slot: int, stop: Stop, path: str = "sense", before: float | None = None) -> AbstractContextManager[Dmm]:
        return self._lend(f"dmm {path}", self.paths.get(path, self.meter), stop)

    def scope(self, slot: int, stop: Stop, before: float | None = None) -> AbstractContextManager[Scope]:
        return self._lend("scope", self.screen, stop)

    def both(self, slot: int, stop: Stop, before: float | None = None) -> AbstractContextManager[tuple[Dmm, Scope]]:
        return self._lend("both", (self.meter, self.screen), stop)

    def open_window(
        self, slot: int, stop: Stop, *, seconds: float, loans: Mapping[str, int], waits: Callable[[float], None] | None = None
    ) -> float:
        stop.check()
        if self.queue and waits is not None:
            waits(self.queue)
            waits(0.0)
        self.windows.append(slot)
        return math.inf

    def close_window(self, slot: int) -> None:
        if slot in self.windows:
            self.windows.remove(slot)

    def fault(self, slot: int) -> str | None:
        if isinstance(self.worthless, BaseException):
            raise self.worthless
        return self.worthless

    def equipment(self, slot: int) -> tuple[Equipment, ...]:
        return (METER,)

    @contextmanager
    def _lend(self, what: str, instrument: _T, stop: Stop) -> Iterator[_T]:
        stop.check()
        if self.lent:
            raise LoanError(f"{what} is asked for inside another loan")
        self.lent = True
        self.loans.append(f"{what} lent")
        try:
            yield instrument
        finally:
            self.lent = False
            self.loans.append(f"{what} back")


def make_safe(unit: Unit) -> None:
    """Finish a test as every test does."""
    unit.nest.safe()


class Rig:
    """Everything that one run needs, and all that it told: `events`; change what is in `bench`, `head` or `sink` before `run`."""

    def __init__(self, *limits: Limit) -> None:
        self.clock = FakeClock()
        self.stop = FakeStop()
        self.bench = FakeBench()
        self.events: list[Event] = []
        self.kept: list[str] = []
        self.answer = "yes"
        self.limits = {limit.id: limit for limit in limits}
        self.head: RunStarted = head(as_row(limit) for limit in limits)
        self.sink: Callable[[Event], None] = self.events.append
        self.unit = Unit(
            "SN1", 3, 1, limits=self.limits, bench=self.bench, clock=self.clock, stop=self.stop,
            keep=self._keep, ask=lambda _: self.answer,
        )  # fmt: skip

    def run(self, *steps: Step, finish: Callable[[Unit], None] = make_safe) -> Verdict:
        """Run `steps` and return the verdict; whatever was told must replay, through JSON text, to the same one."""
        sequence = Sequence("MC-100", "1.0.0", Recipe.REAL_TIME, steps, finish)
        verdict = run(sequence, self.unit, self.head, self.sink)
        assert verdict == self.record().verdict
        return verdict

    def record(self) -> RunRecord:
        """Return the record of what was told."""
        return replay([through_json(event) for event in self.events])

    @property
    def ended(self) -> RunEnded:
        """Return how the run ended."""
        last = self.events[-1]
        assert isinstance(last, RunEnded)
        return last

    @property
    def words(self) -> dict[str, str]:
        """Return what became of each row in one word."""
        return {result.row.id: result.word for result in self.record().rows}

    @property
    def measured(self) -> list[Measured]:
        """Return the rows that were told of, in order."""
        return [event for event in self.events if isinstance(event, Measured)]

    def _keep(self, waveform: Waveform, title: str) -> Evidence:
        self.kept.append(title)
        return Evidence(f"sha256:{len(self.kept):064}", title, "application/x-npz", waveform.volts.nbytes)
