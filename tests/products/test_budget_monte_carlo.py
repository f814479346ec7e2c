"""Budgets against Monte Carlo (JCGM 101): every input is drawn from its distribution and sent through the measurement's formula.

The formula is written here a second time, as physics and not as sensitivities: what the law of propagation gives to first
order must agree with the scatter of what it gives. 200,000 trials fix a standard deviation to 0.2 %; the tolerance is 1.5 % on u.
The interval +-U must hold 95.45 %, less 0.6 % for chance and curvature, and holds more where rectangles dominate.
"""

import math
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from station.core.budget import Distribution, certified, within
from station.core.equipment import Certificate, Sense
from station.core.uncertainty import Part, Reading, Term, combine, derived, ratio
from station.hardware.truevolt_budget import Surroundings, ac_method, budgeted, dc_method
from station.products.microcurrent import asymmetry, current, everything, rms_current, through_relays, timed, zeroed
from station.signals.estimate import Estimate
from tests.sequencer.fakes import FakeDmm, FakeScope

Floats = NDArray[np.float64]
TRIALS = 200_000
CERTIFICATE = Certificate("R-1", date(2026, 1, 1), date(2027, 1, 1))
OTHER = Certificate("R-2", date(2026, 1, 1), date(2027, 1, 1))
SENSE = Sense(1000.0, 0.1, CERTIFICATE, 20e-6, 5e-6)
SMALL = Sense(100.0, 0.01, OTHER, 20e-6, 5e-6)
ROOM = Surroundings()


class Chance:
    """Draws errors of inputs; the same name is the same input, and is drawn once."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)
        self._drawn: dict[str, Floats] = {}

    def _once(self, name: str, draw: Callable[[], Floats]) -> Floats:
        if name not in self._drawn:
            self._drawn[name] = draw()
        return self._drawn[name]

    def normal(self, name: str, u: float) -> Floats:
        return self._once(name, lambda: self._generator.normal(0.0, u, TRIALS))

    def flat(self, name: str, half: float) -> Floats:
        return self._once(name, lambda: self._generator.uniform(-half, half, TRIALS))

    def student(self, name: str, u: float, dof: float) -> Floats:
        return self._once(name, lambda: u * self._generator.standard_t(dof, TRIALS))

    def triangle(self, name: str, half: float) -> Floats:
        return self._once(name, lambda: self._generator.triangular(-half, 0.0, half, TRIALS))

    def swing(self, name: str, half: float) -> Floats:
        return self._once(name, lambda: half * np.sin(self._generator.uniform(-math.pi, math.pi, TRIALS)))


def agree(reading: Reading, values: Floats, at_least: float = 0.9485) -> None:
    """Assert that `values`, the outcome of the trials, scatter as the budget of `reading` says."""
    errors = values - reading.value
    held = float(np.mean(np.abs(errors) <= reading.u.expanded))
    assert float(np.std(errors)) == pytest.approx(reading.u.u, rel=0.015)
    assert abs(float(np.mean(errors))) < 0.02 * reading.u.u
    assert at_least <= held <= 1.0


def meter(chance: Chance, true: Floats | float, value: float, full: float, which: str, nplc: float = 0.2) -> Floats:
    """Return what the voltage is, drawn around a reading of `value` V: gain and offset of the range are one meter's."""
    gain = {0.1: 50e-6, 1.0: 40e-6, 10.0: 35e-6}[full]
    offset = {0.1: 35e-6, 1.0: 7e-6, 10.0: 5e-6}[full]
    step = {0.2: 10e-6, 10.0: 1e-6}[nplc] * full
    return np.asarray(
        true + value * chance.flat(f"gain {full}", gain) + chance.flat(f"offset {full}", offset * full) + chance.flat(which, step)
    )


def resistance(chance: Chance, sense: Sense) -> Floats:
    name = sense.certificate.number
    drift, warmth = chance.flat(f"{name} drift", sense.drift), chance.flat(f"{name} warmth", 3.0) * sense.per_kelvin
    return np.asarray((sense.ohm + chance.normal(name, sense.u)) * (1.0 + drift + warmth))


def current_of(chance: Chance, volts: Floats, sense: Sense) -> Floats:
    inside = 10e6 * (1.0 + chance.flat("input", 0.01))
    return np.asarray(volts * (1.0 / resistance(chance, sense) + 1.0 / inside))


def plateau(value: float, full: float, sense: Sense, readings: int = 10) -> Reading:
    around = [value + off for off in (2e-6, -2e-6)] * (readings // 2)
    return current(through_relays(budgeted(dc_method(0.2), full, around, ROOM), FakeDmm()), sense, FakeDmm(), "plateau")


def drawn_plateau(chance: Chance, value: float, full: float, sense: Sense, which: str) -> Floats:
    scatter = float(np.std([2e-6, -2e-6] * 5, ddof=1)) / math.sqrt(10)
    shown = value + chance.normal("relays", 2e-6 * math.sqrt(2)) + chance.normal(f"scatter {which}", scatter)
    return current_of(chance, meter(chance, shown, value, full, which), sense)


def test_a_plateau_current_scatters_as_its_budget_says() -> None:
    chance = Chance(1)

    agree(plateau(0.4, 1.0, SENSE), drawn_plateau(chance, 0.4, 1.0, SENSE, "one"))


def test_a_small_current_that_the_relays_dominate_scatters_as_its_budget_says() -> None:
    chance = Chance(2)

    agree(plateau(0.01, 0.1, SMALL), drawn_plateau(chance, 0.01, 0.1, SMALL, "one"))


def test_a_ratio_over_one_resistor_and_one_range_scatters_as_its_budget_says() -> None:
    chance = Chance(3)
    found = ratio(plateau(0.4, 1.0, SENSE), plateau(0.2, 1.0, SENSE), "ratio")

    top, bottom = (drawn_plateau(chance, value, 1.0, SENSE, str(value)) for value in (0.4, 0.2))

    agree(found, top / bottom)
    assert found.u.u < 0.5 * found.value * 1e-4  # the resistor's 1e-4 is gone


def test_a_ratio_over_two_resistors_and_two_ranges_scatters_as_its_budget_says() -> None:
    chance = Chance(4)
    found = ratio(plateau(0.4, 1.0, SENSE), plateau(0.04, 0.1, SMALL), "ratio")

    top, bottom = drawn_plateau(chance, 0.4, 1.0, SENSE, "top"), drawn_plateau(chance, 0.04, 0.1, SMALL, "bottom")

    agree(found, top / bottom)


def test_an_asymmetry_scatters_as_its_budget_says() -> None:
    chance = Chance(5)
    found = asymmetry(plateau(0.41, 1.0, SENSE), plateau(-0.39, 1.0, SENSE))

    positive, negative = (drawn_plateau(chance, value, 1.0, SENSE, str(value)) for value in (0.41, -0.39))

    agree(found, 2.0 * (positive + negative) / (positive - negative))


def test_a_current_freed_of_the_path_s_zero_scatters_as_its_budget_says() -> None:
    chance, method = Chance(6), dc_method(10.0)
    reading, zero = budgeted(method, 0.1, [12e-6, 12e-6], ROOM), budgeted(method, 0.1, [2e-6, 2e-6], ROOM)
    found = current(zeroed(reading, zero), SMALL, FakeDmm(), "direct")

    shown, own = (meter(chance, value, value, 0.1, str(value), 10.0) for value in (12e-6, 2e-6))

    agree(found, current_of(chance, shown - own, SMALL))
    assert found.u.u < 3e-9  # the meter's offset is gone: alone it is 20 nA here


def test_an_rms_scatters_as_its_budget_says() -> None:
    chance = Chance(7)
    read = budgeted(ac_method(8.0), 1.0, [0.1265], ROOM)

    class Meter(FakeDmm):
        def ac_voltage(self, *, range: float, lowest: float, count: int = 1) -> Reading:
            self.input_ohm = 1e6
            return read

    found = rms_current(Meter(), SENSE, 1.7e-4, lowest=8.0, crest=3.2)

    gain = chance.flat("gain", 0.0035) + chance.flat("crest", 0.003)
    shown = 0.1265 * (1.0 + gain) + chance.flat("offset", 0.0003) + chance.flat("step", 1e-6)
    agree(found, shown * (1.0 / resistance(chance, SENSE) + 1.0 / (1e6 * (1.0 + chance.flat("input", 0.01)))))


def test_an_rms_of_an_ac_part_and_a_mean_scatters_as_its_budget_says() -> None:
    chance = Chance(8)
    alternating, direct = (
        Reading(amps, combine(name, "A", (certified(name, 2e-8),))) for name, amps in (("ac", 6e-7), ("dc", -9e-7))
    )

    values = np.hypot(6e-7 + chance.normal("ac", 1e-8), -9e-7 + chance.normal("dc", 1e-8))

    agree(everything(alternating, direct), values)


def test_a_number_of_pulses_scatters_as_its_budget_says() -> None:
    chance = Chance(9)
    hertz = timed(Estimate(10.0, 1e-5), FakeScope(time_accuracy=55e-6 / math.sqrt(3)), "Hz", "frequency")
    seconds = Reading(1170.0, combine("timer", "s", (certified("timer", 20e-6, sensitivity=1170.0),)))
    terms = (Term(1170.0, hertz, "frequency"), Term(10.0, seconds, "time"))

    base = 10.0 * (1.0 + chance.flat("base", 55e-6)) + chance.normal("sampling", 1e-5)

    agree(derived(11700.0, "product", "pulses", terms), base * 1170.0 * (1.0 + chance.normal("timer", 10e-6)), at_least=0.98)


def test_every_distribution_scatters_as_its_divisor_says() -> None:
    chance = Chance(10)
    lines: tuple[Part, ...] = (
        within("flat", 1.0), within("triangle", 2.0, distribution=Distribution.TRIANGULAR),
        within("swing", 1.5, distribution=Distribution.ARCSINE), certified("normal", 2.0, sensitivity=-0.7),
    )  # fmt: skip

    total = (
        chance.flat("flat", 1.0) + chance.triangle("triangle", 2.0) + chance.swing("swing", 1.5) - 0.7 * chance.normal("n", 1.0)
    )

    agree(Reading(0.0, combine("all", "V", lines)), np.asarray(total))


def test_few_readings_need_the_factor_that_is_stated_beside_two() -> None:
    chance = Chance(11)
    found = budgeted(dc_method(10.0), 1.0, [0.1, 0.1 + 4e-5, 0.1 - 4e-5], ROOM)

    scatter = next(part for part in found.u.parts if part.kind == "A")
    known = meter(chance, 0.1, 0.1, 1.0, "step", 10.0) - 0.1
    errors = known + chance.student("scatter", scatter.u, 2.0)

    held = {k: float(np.mean(np.abs(errors) <= k * found.u.u)) for k in (2.0, found.u.k)}
    assert held[2.0] < 0.90
    assert held[found.u.k] == pytest.approx(0.9545, abs=0.01)
