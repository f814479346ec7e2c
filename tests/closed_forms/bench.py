"""A simulated bench as it stands on its four wires, and the few things every test does with it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.closed_forms import paper
from tests.closed_forms.wires import PATIENCE, Fixture, Instrument, Operator

_BREATH = 0.3
"""Seconds (real ones) that the fixture is left without a request at most: after two its watchdog makes everything safe."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Meter, oscilloscope, fixture and operator of one simulator that runs `speed` times as fast as the world."""

    meter: Instrument
    scope: Instrument
    fixture: Fixture
    operator: Operator
    speed: float

    def volts(self, span: float, *, nplc: float, delay: float = 0.0, count: int = 1, source: str = "IMM") -> NDArray[np.float64]:
        """Return `count` DC readings on the range of `span` volts, each begun `delay` s behind its trigger; mains is 50 Hz."""
        self.arm(span, nplc=nplc, delay=delay, count=count, source=source)
        return self.meter.numbers("FETC?")

    def arm(self, span: float, *, nplc: float, delay: float = 0.0, count: int = 1, source: str = "EXT") -> None:
        """Let the meter wait for `count` triggers, a DC reading each; FETC? has them."""
        self.meter.set(
            'FUNC "VOLT"', f"VOLT:DC:RANG {span:g}", f"VOLT:DC:NPLC {nplc:g}", "SAMP:COUN 1", f"TRIG:COUN {count}",
            f"TRIG:SOUR {source}", f"TRIG:DEL {delay:g}", "INIT",
        )  # fmt: skip

    def effective(self, span: float) -> float:
        """Return one AC reading with the 3 Hz filter, after its own settling, in volts."""
        self.meter.set('FUNC "VOLT:AC"', "VOLT:AC:BAND 3", f"VOLT:AC:RANG {span:g}", "SAMP:COUN 1", "TRIG:COUN 1",
                       "TRIG:SOUR IMM", "TRIG:DEL:AUTO 1")  # fmt: skip
        return float(self.meter.numbers("READ?")[0])

    def wait(self, seconds: float) -> None:
        """Let `seconds` of the simulator pass: the meter holds a reading back, and the fixture hears us now and then."""
        pieces = int(seconds / (_BREATH * self.speed)) + 1
        for _ in range(pieces):
            self.fixture.do("PING")
            self.volts(10, nplc=0.02, delay=seconds / pieces)

    def look(self, slot: int, path: str = "sense") -> None:
        """Route the meter and its trigger to `slot`."""
        for request in ("ROUTE D1 off", f"ROUTE D1 {slot} {path}", f"SYNC D1 {slot}"):
            self.fixture.do(request)

    def start(self, slot: int, load: int, level: int = 3) -> None:
        """Start the unit in `slot` through `load`, with a new pulse log, and wait until its pulses have their full height."""
        for request in (f"LOAD {slot} {load}", f"ARM {slot} 500000", f"KEY {slot} start {level}"):
            self.fixture.do(request)
        self.wait(2.0)

    def stop(self, slot: int) -> None:
        self.fixture.do(f"SAFE {slot}")

    def height(self, slot: int, load: int, delay: float = 0.8e-3, count: int = 8) -> tuple[float, float]:
        """Return the current `delay` behind the comparator's edge in amperes, and how far that may be off by the instruments.

        The aperture is 4 ms (0.2 NPLC). The path's thermal EMF, read on the zero path, is taken off; the meter's 10 Mohm beside
        the sense resistor takes its share of the current, which is put back.
        """
        sense = paper.SENSE[load]
        span = 0.1 if sense < 1000.0 else 1.0
        self.look(slot, "zero")
        zero = self.volts(span, nplc=1, count=4).mean()
        self.look(slot)
        readings = self.volts(span, nplc=0.2, delay=delay, count=count, source="EXT") - zero
        current = float(readings.mean()) * (1 / sense + 1 / paper.INPUT_RESISTANCE)
        return current, paper.current_error(current, sense, span, paper.standard_error(readings) / sense)

    def watch(
        self, slot: int, volts_per_division: float, seconds_per_division: float, before: float = 0.0, kind: str = "NORM"
    ) -> None:
        """Route the oscilloscope to `slot` and arm it for one record, triggered by SYNC, `before` seconds of which lie before."""
        for request in ("ROUTE S1 off", f"ROUTE S1 {slot} sense", f"SYNC S1 {slot}"):
            self.fixture.do(request)
        self.scope.set(
            ":STOP", ":CHAN1:DISP 1", ":CHAN1:PROB 1", f":CHAN1:SCAL {volts_per_division:g}", ":CHAN1:OFFS 0", ":CHAN1:COUP DC",
            ":TIM:MODE MAIN", ":TIM:REF LEFT", f":TIM:SCAL {seconds_per_division:g}", f":TIM:POS {-before:g}",
            f":ACQ:TYPE {kind}", ":TRIG:MODE EDGE", ":TRIG:EDGE:SOUR EXT", ":TRIG:EDGE:SLOP POS", ":TRIG:EDGE:LEV 1.5,EXT",
            ":TRIG:SWE NORM", ":SING",
        )  # fmt: skip
        while int(self.scope.ask(":AER?")) == 0:  # not yet armed
            self.fixture.do("PING")

    def record(self, points: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the armed record once it is there: seconds from the trigger, and volts, both (n,) float64."""
        while int(self.scope.ask(":OPER:COND?")) & 8:  # the RUN bit
            self.fixture.do("PING")
        self.scope.set(
            ":WAV:SOUR CHAN1", ":WAV:FORM WORD", ":WAV:BYT LSBF", ":WAV:UNS 1", ":WAV:POIN:MODE RAW", f":WAV:POIN {points}"
        )
        _, _, _, _, dt, begin, first, step, zero, middle = self.scope.numbers(":WAV:PRE?")
        codes = np.frombuffer(self.scope.block(":WAV:DATA?"), "<u2").astype(np.float64)
        return (np.arange(codes.size) - first) * dt + begin, (codes - middle) * step + zero

    def uart(self, slot: int, line: str) -> str:
        """Say `line` on the unit's service pads and return what it answers within 0.2 s."""
        said = f"{line}\r\n".encode().hex().upper()
        self.fixture.do(f"UART {slot} SEND {said}")
        self.wait(0.2)
        data = self.fixture.do(f"UART {slot} READ")["data"]
        return "" if data == "-" else bytes.fromhex(data).decode().strip()


@contextmanager
def bench(speed: float, defects: str = "none") -> Iterator[Bench]:
    """Yield a bench of 24 slots whose units are those of seed 1; its fixture has a session."""
    options = ["--speed", f"{speed:g}", "--seed", "1", "--slots", "24", "--defects", defects, "--until-eof"]
    command = [sys.executable, "-m", "station.simulator", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process, ExitStack() as wires:
        assert process.stdin is not None
        assert process.stdout is not None
        wires.callback(process.wait, PATIENCE)
        wires.callback(process.stdin.close)
        said = json.loads(process.stdout.readline())
        meter, scope = (wires.enter_context(Instrument(said[name])) for name in ("dmm", "scope"))
        fixture = wires.enter_context(Fixture(said["fixture"]))
        operator = wires.enter_context(Operator(said["operator"]))
        fixture.hello()
        yield Bench(meter, scope, fixture, operator, speed)
