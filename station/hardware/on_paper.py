"""Read instruments on paper: nobody is asked, and the budget is the one that a real reading of that value would have.

What a budget will be can so be told before the first unit is there, by the drivers' own tables and the steps' own formulas.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from station.core.errors import NoTriggerError
from station.core.uncertainty import Reading, combine
from station.core.waveform import Waveform
from station.hardware import infiniivision
from station.hardware import truevolt_tables as tables
from station.hardware.steps import step_up
from station.hardware.truevolt_budget import Method, Surroundings, ac_method, budgeted, dc_method

Floats = NDArray[np.float64]
_HIGH_RESOLUTION = 4096  # codes of the oscilloscope's averaging mode
_NOISE = 5e-4  # of full scale, RMS: what it leaves of the front end's noise; expected, not measured


class Circuit(Protocol):
    """What the instruments on paper are connected to; voltages in V, with the instrument's `input_ohm` in parallel."""

    def mean(self, input_ohm: float) -> float:
        """Return the mean voltage."""
        ...

    def behind_edge(self, input_ohm: float, delay: float) -> float:
        """Return the voltage `delay` s behind the edge of a pulse."""
        ...

    def rms(self, input_ohm: float) -> float:
        """Return the RMS of the AC part."""
        ...

    def edge(self, since: float, patience: float) -> float | None:
        """Return when the first pulse comes behind `since` s, at most `patience` s from now; None when none does."""
        ...

    def volts(self, input_ohm: float, times: Floats) -> Floats:
        """Return the voltage at each of `times` (s of the clock), both (n,) float64."""
        ...

    def now(self) -> float:
        """Return the time in s."""
        ...

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...


class PaperDmm:
    """A 34461A on paper; its repeatability is taken as one step of the resolution, expected and not measured."""

    serial = "on paper"

    def __init__(self, circuit: Circuit, mains_hz: int, surroundings: Surroundings) -> None:
        self._circuit = circuit
        self._mains_hz = mains_hz
        self._surroundings = surroundings
        self.input_ohm = tables.DC_INPUT_OHM

    def dc_voltage(self, *, range: float, aperture: float = 0.2, count: int = 1) -> Reading:
        """Return the mean voltage as `count` readings of at least `aperture` s would show it."""
        method = dc_method(tables.nplc_at_least(aperture, self._mains_hz))
        return self._read(method, tables.DC_INPUT_OHM, range, count, self._circuit.mean)

    def zero_voltage(self, *, range: float, count: int = 1) -> Reading:
        """Return the zero of a path on paper, whose relays make nothing."""
        method = dc_method(tables.nplc_at_least(0.2, self._mains_hz))
        return self._read(method, tables.DC_INPUT_OHM, range, count, lambda _: 0.0)

    def triggered_voltage(
        self, *, range: float, delay: float, aperture: float, count: int, patience: float, after: float = 0.0
    ) -> Reading:
        """Return the voltage behind an edge; over an aperture of more than a quarter of a second it is the mean."""
        if self._circuit.edge(self._circuit.now() + after, patience) is None:
            raise NoTriggerError(f"no edge on paper within {patience:g} s")
        method = dc_method(tables.nplc_within(aperture, self._mains_hz))
        if aperture > 0.25:
            return self._read(method, tables.DC_INPUT_OHM, range, count, self._circuit.mean)
        return self._read(method, tables.DC_INPUT_OHM, range, count, lambda ohm: self._circuit.behind_edge(ohm, delay))

    def ac_voltage(self, *, range: float, lowest: float, count: int = 1) -> Reading:
        """Return the RMS of the AC part."""
        return self._read(ac_method(lowest), tables.AC_INPUT_OHM, range, count, self._circuit.rms)

    def _read(self, method: Method, input_ohm: float, expected: float, count: int, shows: Callable[[float], float]) -> Reading:
        self.input_ohm = input_ohm
        full = tables.range_for(expected)
        step = method.resolution * full
        around = [step * way for _ in range(count // 2) for way in (1.0, -1.0)] + [0.0] * (count % 2)
        value = shows(input_ohm)
        return _expected(budgeted(method, full, [value + off for off in around], self._surroundings))


def _expected(reading: Reading) -> Reading:
    """Return `reading` whose budget owns up that its scatter was never measured."""
    parts = [
        replace(part, source="expected, not measured: one step of the resolution") if part.kind == "A" else part
        for part in reading.u.parts
    ]
    return Reading(reading.value, combine(reading.u.budget, reading.u.unit, parts))


class PaperScope:
    """An oscilloscope on paper, with its own noise and converter; the same record each time."""

    serial = "on paper"
    input_ohm = infiniivision.INPUT_OHM
    gain_accuracy = infiniivision.GAIN_ACCURACY
    time_accuracy = infiniivision.TIME_ACCURACY

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._armed = (1.0, 0.0, 1000, 0.0)
        self._scale = 0.1

    @property
    def offset_accuracy(self) -> float:
        """Return the standard uncertainty of the offset as a fraction of full scale, on the scale used last."""
        return infiniivision.offset_accuracy(self._scale)

    def arm(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000) -> None:
        """Remember what the next record is to be."""
        self._scale = step_up(infiniivision.scale_for(peak))
        self._armed = (span, before, points, self._circuit.now())

    def read(self, *, patience: float) -> Waveform:
        """Return the record that `arm` asked for; raises NoTriggerError when no edge comes within `patience` s."""
        span, before, points, since = self._armed
        edge = self._circuit.edge(since, patience)
        if edge is None:
            raise NoTriggerError(f"no edge on paper within {patience:g} s")
        self._circuit.wait(max(0.0, edge - before + span - self._circuit.now()))
        return self._drawn(edge - before, -before, span, points)

    def capture(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000, patience: float) -> Waveform:
        """Arm and read."""
        self.arm(span=span, peak=peak, before=before, points=points)
        return self.read(patience=patience)

    def look(self, *, span: float, peak: float, points: int = 100_000) -> Waveform:
        """Return a record taken at once."""
        self.arm(span=span, peak=peak, points=points)
        self._circuit.wait(span)
        return self._drawn(self._circuit.now() - span, 0.0, span, points)

    def _drawn(self, start: float, offset: float, span: float, points: int) -> Waveform:
        dt, full = span / points, infiniivision.DIVISIONS * self._scale
        shown = self._circuit.volts(self.input_ohm, start + dt * np.arange(points, dtype=np.float64))
        shown = shown + np.random.default_rng(1).normal(0.0, _NOISE * full, points)
        step = full / _HIGH_RESOLUTION
        return Waveform(step * np.rint(shown / step), dt, offset, step, clipped=False, source="on paper")
