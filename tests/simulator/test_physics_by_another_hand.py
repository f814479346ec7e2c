"""The true values of drawn units against the product's model, written down once more from its text, in numbers alone.

Whoever wrote this had PRODUCT's formulas before them and took from the simulator no more than the names of a unit's parts: a
formula that the simulator has wrong differs here, for units of every spread.
"""

import math
from dataclasses import dataclass, replace

import pytest

from station.simulator.physics.draw import Process, draw
from station.simulator.physics.parts import Parts
from station.simulator.worth import worth

SOC = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)
OCV = (3.00, 3.35, 3.50, 3.61, 3.67, 3.71, 3.76, 3.84, 3.93, 4.02, 4.10, 4.18)
LEVELS = (100e-6, 200e-6, 400e-6)
WARM = 23.0 - 25.0  # K: the truth is that at 23 degC, the parts' coefficients count from 25
SERIES = 2.0 + 0.1  # ohm: probe contact's median, and a relay
UNITS = [
    draw(seed, f"H-{seed}", (), Process(spread, shift))[0]
    for spread, shift in ((1.0, 0.0), (2.0, 0.0), (4.0, 0.0), (1.0, 0.06), (1.0, -0.06))
    for seed in range(20)
]


def open_circuit(soc: float) -> float:
    """Return the cell's voltage at rest: straight lines between the table's points."""
    right = next(place for place, end in enumerate(SOC) if soc <= end)
    left = max(0, right - 1)
    share = 0.0 if right == left else (soc - SOC[left]) / (SOC[right] - SOC[left])
    return OCV[left] + share * (OCV[right] - OCV[left])


@dataclass(frozen=True)
class Model:
    """A unit as the product's text has it."""

    parts: Parts

    @property
    def battery(self) -> float:
        return (
            open_circuit(self.parts.soc) - 14e-3 * self.parts.resistance
        )  # the current of the highest level, for the table's sake

    @property
    def d(self) -> float:
        parts = self.parts
        loaded = open_circuit(parts.soc) - parts.running * parts.resistance
        return parts.detune + parts.detune_per_kelvin * WARM + parts.detune_per_volt * (loaded - 3.8)

    def amps(self, level: int, load: float) -> float:
        """Return what a level drives into a load: command, compliance with m = 12, output resistance."""
        parts, total = self.parts, load + SERIES
        wanted = (
            LEVELS[level - 1] * (1 + parts.gain + parts.level_gains[level - 1]) * (1 + parts.per_kelvin * WARM) + parts.offset
        )
        boost = 14.0 * min(1.0, max(0.0, (self.battery - 2.7) / 0.6))
        most = max(0.0, boost - 0.5) / total
        bent = (wanted**-12 + most**-12) ** (-1 / 12)
        return float(bent * 5e6 / (5e6 + total))

    def phases(self, level: int, load: float) -> tuple[float, float]:
        """Return the heights of both phases, behind the limiter of 600 uA."""
        amps, half = self.amps(level, load), self.parts.asymmetry / 2
        return min(600e-6, amps * (1 + half)), min(600e-6, amps * (1 - half))

    def last_pulse(self, hurried: float) -> float:
        """Return when the last pulse begins that comes before the timer, which runs `hurried` times as fast, is over."""
        period, over = 0.1 / (1 + self.d), 1170.0 / (1 + self.d) / hurried
        pulses = math.ceil(over / period - 1e-6)
        return (pulses - 1) * period


def peak(model: Model, level: int, load: float) -> float:
    """Return the positive plateau in uA with the direct current under it."""
    return 1e6 * (model.phases(level, load)[0] + model.parts.direct)


@pytest.mark.parametrize("parts", UNITS, ids=range(len(UNITS)))
def test_currents_are_those_of_the_formulas(parts: Parts) -> None:
    model, true = Model(parts), worth(parts, parts.soc)

    loads = {"0": 500.0, "1": 2e3, "2": 10e3}
    wanted = {f"CUR.{level}1{k}": peak(model, level, ohm) for level in (1, 2, 3) for k, ohm in loads.items()}
    wanted["CUR.313"] = peak(model, 3, 30e3)
    assert wanted == pytest.approx({row: true[row] for row in wanted}, rel=1e-3)  # leakage, and contact by its median
    positive, negative = model.phases(3, 2e3)
    rms = 1e6 * math.sqrt(10.0 * 5e-3 * (positive**2 + negative**2))  # f times PW does not depend on the oscillator
    assert rms == pytest.approx(true["CUR.320"], rel=1e-5)
    assert 100 * (wanted["CUR.312"] / wanted["CUR.310"] - 1) == pytest.approx(true["CUR.330"], abs=1e-3)
    assert wanted["CUR.211"] / wanted["CUR.111"] == pytest.approx(true["CUR.340"], rel=1e-3)
    assert wanted["CUR.311"] / wanted["CUR.211"] == pytest.approx(true["CUR.341"], rel=1e-3)


@pytest.mark.parametrize("parts", UNITS, ids=range(len(UNITS)))
def test_times_come_from_one_oscillator(parts: Parts) -> None:
    model, true = Model(parts), worth(parts, parts.soc)

    slow = 1 + model.d
    wanted = {
        "WAV.010": 10.0 * slow, "WAV.020": 5.0 / slow, "WAV.021": 5.0 / slow, "WAV.030": 0.5 / slow,
        "TIM.010": model.last_pulse(1.0), "TIM.020": model.last_pulse(60.0), "TIM.030": model.last_pulse(1.0) * 10.0 * slow,
    }  # fmt: skip
    assert wanted == pytest.approx({row: true[row] for row in wanted}, rel=1e-7)


@pytest.mark.parametrize("parts", UNITS, ids=range(len(UNITS)))
def test_charges_and_direct_current_are_those_of_the_two_phases(parts: Parts) -> None:
    model, true = Model(parts), worth(parts, parts.soc)

    positive, negative = model.phases(3, 500.0)
    high, low = model.phases(3, 2e3)
    width = 5e-3 / (1 + model.d)
    assert 1e6 * positive * width == pytest.approx(true["WAV.040"], rel=1e-5)
    assert 1e9 * (positive - negative) * width == pytest.approx(true["WAV.050"], rel=1e-5, abs=1e-3)
    assert 1e6 * (parts.direct + (positive - negative) * 5e-3 * 10) == pytest.approx(
        true["WAV.060"], abs=1e-6 * parts.leakage * 1e6 + 1e-3
    )
    assert 100 * (high - low + 2 * parts.direct) / ((high + low) / 2) == pytest.approx(true["WAV.070"], abs=0.02)


@pytest.mark.parametrize("parts", UNITS, ids=range(len(UNITS)))
def test_the_cell_is_that_of_the_table(parts: Parts) -> None:
    true = worth(parts, parts.soc)

    wanted = {
        "BAT.010": open_circuit(parts.soc), "BAT.020": 1e6 * parts.quiescent, "BAT.030": 1e3 * parts.running,
        "BAT.040": 120.0 * parts.resistance,
    }  # fmt: skip
    assert wanted == pytest.approx({row: true[row] for row in wanted}, rel=2e-5)
    assert 1e6 * parts.leakage == pytest.approx(true["LEK.010"], rel=1e-3)


@pytest.mark.parametrize("soc", [0.02, 0.05, 0.15])
def test_a_low_cell_lowers_the_compliance_and_the_current_at_30_kilohm_first(soc: float) -> None:
    parts = replace(UNITS[0], soc=soc)
    model, true = Model(parts), worth(parts, soc)

    assert peak(model, 3, 30e3) == pytest.approx(true["CUR.313"], rel=1e-3)
    assert peak(model, 3, 500.0) == pytest.approx(true["CUR.310"], rel=1e-3)


@pytest.mark.parametrize("gain", [0.3, 0.6, 1.0])
def test_the_limiter_cuts_at_600_microampere(gain: float) -> None:
    parts = replace(UNITS[0], gain=gain)

    assert peak(Model(parts), 3, 500.0) == pytest.approx(worth(parts, parts.soc)["CUR.310"], rel=1e-3)


def test_what_a_unit_senses_skin_with_is_rounded_by_its_load() -> None:
    true = worth(UNITS[0], UNITS[0].soc)

    total, tau = 200e3 + SERIES, (200e3 + SERIES) * 2e-9
    sensed = 5e-6 * 5e6 / (5e6 + total)
    assert 1e6 * sensed * (1 - math.exp(-1e-3 / tau)) == pytest.approx(true["CON.010"], rel=1e-4)
    noise = math.hypot(0.3e-6, 0.5e-6)
    energy = 1e-3 - tau * (1 - math.exp(-1e-3 / tau))  # of a pulse of height 1 through one pole, risen and fallen
    direct, mean = UNITS[0].direct, sensed * 1e-3 * 10
    rms = math.sqrt(10 * energy * sensed**2 + 2 * mean * direct + direct**2 + noise**2)
    assert 1e6 * rms == pytest.approx(true["CON.020"], rel=2e-3)
    assert 1e6 * noise == pytest.approx(true["WAV.080"], rel=1e-9)
