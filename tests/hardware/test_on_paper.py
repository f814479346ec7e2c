"""Instruments on paper give the budgets of the real ones, and own up that nothing was measured."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from station.core.errors import NoTriggerError
from station.hardware.on_paper import PaperDmm, PaperScope
from station.hardware.truevolt_budget import Surroundings, budgeted, dc_method

Floats = NDArray[np.float64]


@dataclass
class Steady:
    """A circuit of plain values: `edges` is when pulses come."""

    volts_there: float = 0.4
    edges: list[float] = field(default_factory=lambda: [1.0])
    time: float = 0.0

    def mean(self, input_ohm: float) -> float:
        return self.volts_there

    def behind_edge(self, input_ohm: float, delay: float) -> float:
        return 2.0 * self.volts_there

    def rms(self, input_ohm: float) -> float:
        return 1e6 / input_ohm * self.volts_there

    def edge(self, since: float, patience: float) -> float | None:
        return next((edge for edge in self.edges if since <= edge <= self.time + patience), None)

    def volts(self, input_ohm: float, times: Floats) -> Floats:
        return np.where(times >= 1.0, self.volts_there, 0.0)

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        self.time += seconds


def meter(circuit: Steady) -> PaperDmm:
    return PaperDmm(circuit, 50, Surroundings())


def test_a_reading_on_paper_has_the_budget_of_a_real_one() -> None:
    found = meter(Steady()).dc_voltage(range=0.5, aperture=0.2, count=4)

    real = budgeted(dc_method(10.0), 1.0, [0.4 + off for off in (1e-6, -1e-6, 1e-6, -1e-6)], Surroundings())
    assert (real.value, real.u.budget) == (found.value, found.u.budget)
    assert real.u.u == pytest.approx(found.u.u)


def test_scatter_on_paper_is_expected_and_never_said_to_be_measured() -> None:
    found = meter(Steady()).dc_voltage(range=0.5, count=3)

    (scatter,) = [part for part in found.u.parts if part.kind == "A"]
    assert scatter.source.startswith("expected, not measured")


def test_a_trigger_chooses_between_the_plateau_and_the_mean_over_periods() -> None:
    dmm = meter(Steady())

    plateau = dmm.triggered_voltage(range=1.0, delay=1e-3, aperture=4e-3, count=2, patience=3.0)
    mean = dmm.triggered_voltage(range=1.0, delay=1e-3, aperture=1.7, count=2, patience=3.0)

    assert [0.8, 0.4] == pytest.approx([plateau.value, mean.value])


def test_an_rms_is_read_with_the_input_of_the_ac_function() -> None:
    dmm = meter(Steady())

    found = dmm.ac_voltage(range=0.5, lowest=8.0)

    assert (0.4, 1e6) == (found.value, dmm.input_ohm)


def test_without_pulses_there_is_no_trigger_on_paper_either() -> None:
    silent = Steady(edges=[])
    scope = PaperScope(silent)
    scope.arm(span=1.0, peak=0.5)

    with pytest.raises(NoTriggerError):
        meter(silent).triggered_voltage(range=1.0, delay=0.0, aperture=4e-3, count=2, patience=3.0)
    with pytest.raises(NoTriggerError):
        scope.read(patience=3.0)


def test_a_record_on_paper_is_what_was_asked_for_with_noise_and_a_converter() -> None:
    circuit = Steady()
    scope = PaperScope(circuit)

    wave = scope.capture(span=2.0, peak=0.5, before=0.5, points=4000, patience=3.0)

    assert (4000, 5e-4, -0.5) == (wave.volts.size, wave.dt, wave.start)
    assert 2.5 == circuit.time
    assert 0.4 == pytest.approx(float(wave.volts[2000:].mean()), abs=1e-3)
    assert 0.0 < float(wave.volts[:500].std()) < 5e-3
    assert np.allclose(np.rint(wave.volts / wave.step), wave.volts / wave.step)


def test_a_look_on_paper_needs_no_pulse() -> None:
    scope = PaperScope(Steady(edges=[]))

    assert 1000 == scope.look(span=1.0, peak=0.5, points=1000).volts.size


def test_the_offset_of_a_small_scale_is_a_larger_share_of_it() -> None:
    scope = PaperScope(Steady())
    scope.arm(span=1.0, peak=0.5)
    wide = scope.offset_accuracy

    scope.arm(span=1.0, peak=0.005)

    assert scope.offset_accuracy > wide
