"""Each measurement against a closed form, its budget against one worked out by hand, and its u against the errors it makes."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from station.core.equipment import Sense
from station.core.errors import InstrumentError, NoTriggerError, UndecidedError
from station.core.uncertainty import Reading, Uncertainty
from station.core.waveform import Waveform
from station.products.microcurrent import (
    asymmetry,
    current,
    effective,
    everything,
    height,
    mean_current,
    net_charge_of,
    noise_current,
    path_zero,
    peak_current,
    phase_charge_of,
    pulse_record,
    pulses_of,
    rms_current,
    timed,
    zeroed,
)
from station.signals.estimate import Estimate
from station.signals.timing import frequency, gap, negative_width, positive_width
from tests.sequencer.fakes import RESISTOR, FakeDmm, FakeNest, FakeScope

SENSE = Sense(1000.0, 0.1, RESISTOR.certificate)
MEG_10 = 1000.0 * 1e7 / (1000.0 + 1e7)
MEG_1 = 1000.0 * 1e6 / (1000.0 + 1e6)
ROOT_3 = math.sqrt(3)
SEEDS = range(60)


def volts(value: float, u: float = 1e-5) -> Reading:
    return Reading(value, Uncertainty(u, "V", "DMM"))


def amps(value: float, u: float = 1e-8) -> Reading:
    return Reading(value, Uncertainty(u, "A", "DMM"))


def parts(reading: Reading) -> dict[str, float]:
    return {part.name: part.u for part in reading.u.parts}


def nest(state: str = "running") -> FakeNest:
    slot = FakeNest(load=2000.0)
    slot.log = replace(slot.log, state=state)
    return slot


# What the current is


def test_the_current_meets_the_sense_resistor_shunted_by_the_instrument() -> None:
    found = effective(SENSE, 1e7)

    assert 999.9000099990001 == pytest.approx(found, rel=1e-12)


def test_a_current_is_the_voltage_over_that_resistance() -> None:
    found = current(volts(0.4), SENSE, FakeDmm(input_ohm=1e7), "plateau")

    assert 0.4 / MEG_10 == pytest.approx(found.value, rel=1e-12)
    assert ("A", "plateau") == (found.u.unit, found.u.budget)


def test_the_budget_of_a_current_is_meter_resistor_and_input() -> None:
    found = current(volts(0.4, 1e-5), SENSE, FakeDmm(input_ohm=1e6), "plateau")

    amperes = 0.4 / MEG_1
    by_hand = {
        "DMM": 1e-5 / MEG_1,
        "sense resistor": amperes * 1e-4,
        "input resistance": amperes * 0.02 * 1000.0 / 1.001e6 / ROOT_3,
    }
    assert by_hand == pytest.approx(parts(found), rel=1e-9)
    assert math.hypot(*by_hand.values()) == pytest.approx(found.u.u, rel=1e-9)


def test_a_negative_current_has_a_positive_uncertainty() -> None:
    found = current(volts(-0.4), SENSE, FakeDmm(input_ohm=1e7), "plateau")

    assert found.value < 0
    assert all(part.u > 0 for part in found.u.parts)


def test_the_path_s_own_voltage_is_taken_off_and_its_doubt_is_added() -> None:
    found = zeroed(volts(105e-6, 3e-6), volts(5e-6, 4e-6))

    assert 100e-6 == pytest.approx(found.value)
    assert 5e-6 == pytest.approx(found.u.u)


def test_a_path_that_makes_more_than_its_relays_do_is_never_taken_for_its_zero() -> None:
    with pytest.raises(InstrumentError, match="makes 150 µV by itself"):
        path_zero(FakeDmm(own=150e-6))


@pytest.mark.parametrize("own", [0.0, 8e-6, -8e-6])
def test_what_two_relays_make_is_a_zero(own: float) -> None:
    zero = path_zero(FakeDmm(own=own))

    assert own == zero.value


def test_everything_is_the_ac_part_and_the_direct_current_in_squares() -> None:
    found = everything(amps(3e-6, 1e-8), amps(-4e-6, 2e-8))

    assert 5e-6 == pytest.approx(found.value)
    assert math.hypot(0.6 * 1e-8, 0.8 * 2e-8) == pytest.approx(found.u.u)


def test_of_nothing_at_all_both_doubts_remain() -> None:
    found = everything(amps(0.0, 3e-8), amps(0.0, 4e-8))

    assert 0.0 == found.value
    assert 5e-8 == pytest.approx(found.u.u)


def test_asymmetry_is_the_difference_of_the_plateaus_over_their_mean() -> None:
    found = asymmetry(amps(4.2e-4), amps(-3.8e-4))

    assert 0.1 == pytest.approx(found.value)


def test_the_doubt_of_an_asymmetry_is_that_of_small_changes_of_its_plateaus() -> None:
    positive, negative, change = 4.2e-4, -3.8e-4, 1e-9

    found = asymmetry(amps(positive, change), amps(negative, change))

    base = found.value
    moved = (
        asymmetry(amps(positive + change), amps(negative)).value - base,
        asymmetry(amps(positive), amps(negative + change)).value - base,
    )
    assert math.hypot(*moved) == pytest.approx(found.u.u, rel=1e-4)


def test_a_missing_negative_phase_is_an_asymmetry_of_two_hundred_per_cent() -> None:
    found = asymmetry(amps(4e-4), amps(0.0))

    assert 2.0 == found.value


def test_plateaus_without_height_have_no_asymmetry() -> None:
    with pytest.raises(UndecidedError, match="no height"):
        asymmetry(amps(0.0), amps(0.0))


# What the DMM is asked


@dataclass
class AskedDmm(FakeDmm):
    """A DMM that remembers the range it was asked for, and has 1 MΩ while it reads AC."""

    full: float = 0.0

    def dc_voltage(self, *, range: float, aperture: float = 0.2, count: int = 1) -> Reading:
        self.full, self.input_ohm = range, 1e7
        return super().dc_voltage(range=range)

    def triggered_voltage(
        self, *, range: float, delay: float, aperture: float, count: int, patience: float, after: float = 0.0
    ) -> Reading:
        self.full, self.input_ohm = range, 1e7
        return super().triggered_voltage(range=range, delay=delay, aperture=aperture, count=count, patience=patience, after=after)

    def ac_voltage(self, *, range: float, lowest: float, count: int = 1) -> Reading:
        self.full, self.input_ohm = range, 1e6
        return super().ac_voltage(range=range, lowest=lowest)


def test_a_plateau_is_read_on_the_range_that_holds_the_largest_current() -> None:
    dmm = AskedDmm(volts=0.4)

    found = peak_current(dmm, nest(), 5.4e-4, delay=4e-4, aperture=4e-3)

    assert 5.4e-4 * MEG_10 == pytest.approx(dmm.full)
    assert 0.4 / MEG_10 == pytest.approx(found.value)


def test_an_rms_is_corrected_for_the_input_that_the_ac_function_has() -> None:
    found = rms_current(AskedDmm(volts=0.1265), SENSE, 1.7e-4, lowest=8.0, crest=3.2)

    assert 0.1265 / MEG_1 == pytest.approx(found.value)


def test_the_crest_factor_is_in_the_budget_of_an_rms() -> None:
    found = rms_current(AskedDmm(volts=0.1265, u=2e-4), SENSE, 1.7e-4, lowest=8.0, crest=3.2)

    by_hand = {
        "ACV": 2e-4 / MEG_1,
        "crest factor": 0.003 * 0.1265 / ROOT_3 / MEG_1,
        "sense resistor": 0.1265 / MEG_1 * 1e-4,
        "input resistance": 0.1265 / MEG_1 * 0.02 * 1000.0 / 1.001e6 / ROOT_3,
    }
    assert by_hand == pytest.approx(parts(found), rel=1e-9)


def test_the_range_of_an_rms_holds_its_peaks_too() -> None:
    dmm = AskedDmm()

    rms_current(dmm, SENSE, 1.7e-4, lowest=8.0, crest=10.0)

    assert 2.0 * 1.7e-4 * MEG_10 == pytest.approx(dmm.full, rel=1e-3)


def test_a_mean_is_freed_of_the_path_s_own_voltage() -> None:
    dmm = FakeDmm(volts=0.15e-3, u=3e-6)

    found = mean_current(dmm, nest(), volts(0.05e-3, 4e-6), span=5e-4, quiet_after=0.021, period=0.1, count=5)

    assert 1e-7 == pytest.approx(found.value, rel=2e-4)
    assert math.hypot(3e-6 / ROOT_3, 4e-6) / MEG_10 == pytest.approx(found.u.u, rel=1e-3)


def test_a_silent_unit_gives_a_reading_of_nothing() -> None:
    dmm = FakeDmm(volts=1e-6, triggers=False)

    peak = peak_current(dmm, nest("off"), 5.4e-4, delay=4e-4, aperture=4e-3)
    mean = mean_current(dmm, nest("off"), volts(0.0), span=5e-4, quiet_after=0.021, period=0.1, count=5)

    assert 1e-9 == pytest.approx(peak.value, rel=1e-3)
    assert 1e-9 == pytest.approx(mean.value, rel=1e-3)


def test_pulses_that_only_the_fixture_sees_are_the_wiring_s_fault_for_a_plateau() -> None:
    with pytest.raises(UndecidedError, match="SYNC line") as caught:
        peak_current(FakeDmm(triggers=False), nest(), 5.4e-4, delay=4e-4, aperture=4e-3)

    assert isinstance(caught.value.__cause__, NoTriggerError)


def test_pulses_that_only_the_fixture_sees_are_the_wiring_s_fault_for_a_mean() -> None:
    with pytest.raises(UndecidedError, match="SYNC line"):
        mean_current(FakeDmm(triggers=False), nest(), volts(0.0), span=5e-4, quiet_after=0.021, period=0.1, count=5)


def test_pulses_that_only_the_fixture_sees_are_the_wiring_s_fault_for_a_record() -> None:
    with pytest.raises(UndecidedError, match="SYNC line"):
        pulse_record(FakeScope(triggers=False), nest())


def test_there_is_no_record_of_a_silent_unit() -> None:
    assert pulse_record(FakeScope(triggers=False), nest("off")) is None


def test_there_is_a_record_of_pulses() -> None:
    scope = FakeScope()

    assert scope.wave is pulse_record(scope, nest())


# What a record says


@dataclass(frozen=True)
class Drawn:
    """Pulses as an oscilloscope shows them over 1 kΩ; `gain` is its own error, `noise` in V RMS."""

    positive: float = 4e-4
    negative: float = 4e-4
    width: float = 5e-3
    pause: float = 0.5e-3
    hertz: float = 10.0
    gain: float = 1.0
    offset: float = 0.0
    noise: float = 3e-4
    step: float = 1e-4
    span: float = 1.0
    dt: float = 1e-5
    shift: float = 0.0

    def wave(self, seed: int = 0) -> Waveform:
        chance = np.random.default_rng(seed)
        times = self.dt * np.arange(round(self.span / self.dt), dtype=np.float64)
        shown = self.gain * MEG_1 * self._amps(times) + self.offset + chance.normal(0.0, self.noise, times.size)
        return Waveform(self.step * np.rint(shown / self.step), self.dt, 0.0, self.step, clipped=False, source="CHAN1")

    def _amps(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        within = np.mod(times - 0.02 - self.shift, 1.0 / self.hertz)
        second = self.width + self.pause
        positive = self.positive * (within < self.width)
        return positive - self.negative * ((within >= second) & (within < second + self.width))


def charges(drawn: Drawn, seed: int = 0, peak: Reading | None = None) -> tuple[Reading, Reading]:
    wave = drawn.wave(seed)
    pulses = pulses_of(wave, 0.015)
    peak = peak or amps(drawn.positive, 4e-8)
    return phase_charge_of(wave, pulses, peak, 5e-3), net_charge_of(wave, pulses, peak, 5e-3)


def test_a_height_on_the_screen_counts_the_oscilloscope_s_own_input() -> None:
    assert 4e-4 * MEG_1 == pytest.approx(height(SENSE, FakeScope(), 4e-4))


@pytest.mark.hazard("FC-14")
def test_a_clipped_record_is_undecided() -> None:
    wave = replace(Drawn().wave(), clipped=True)

    with pytest.raises(UndecidedError, match="clipped"):
        pulses_of(wave, 0.015)


def test_a_time_has_scatter_and_time_base_in_its_budget() -> None:
    found = timed(Estimate(5e-3, 3e-6), FakeScope(time_accuracy=8e-4), "s", "edges")

    assert {"scatter and sampling": 3e-6, "time base": 4e-6} == pytest.approx(parts(found))
    assert 5e-6 == pytest.approx(found.u.u)


def test_charge_takes_its_amplitude_from_the_dmm_whatever_the_scope_s_gain() -> None:
    true, wrong = charges(Drawn()), charges(Drawn(gain=1.03))

    assert 2e-6 == pytest.approx(true[0].value, rel=1e-3)
    assert 2e-6 == pytest.approx(wrong[0].value, rel=1e-3)


def test_the_doubt_about_the_dmm_s_plateau_is_in_the_charge() -> None:
    phase, _ = charges(Drawn(), peak=amps(4e-4, 4e-6))

    assert 0.01 * 2e-6 == pytest.approx(parts(phase)["plateau current"], rel=1e-3)


def test_what_the_phases_leave_over_is_net_charge() -> None:
    _, net = charges(Drawn(negative=3.8e-4))

    assert 1e-7 == pytest.approx(net.value, rel=0.02)


def test_a_pulse_without_its_negative_phase_leaves_its_whole_charge_over() -> None:
    _, net = charges(Drawn(negative=0.0))

    assert 2e-6 == pytest.approx(net.value, rel=1e-2)


@pytest.mark.parametrize(("drawn", "peak"), [(Drawn(positive=0.0, negative=0.0), 4e-4), (Drawn(), 0.0)])
def test_no_charge_comes_of_no_pulse_and_of_no_plateau(drawn: Drawn, peak: float) -> None:
    with pytest.raises(UndecidedError, match="no whole pulse"):
        charges(drawn, peak=amps(peak))


def test_noise_has_the_oscilloscope_s_own_taken_off_in_squares() -> None:
    scope = FakeScope()
    shown = np.tile([5e-4, -5e-4], 30_000) + 0.01
    wave = Waveform(shown, 1e-6, 0.0, 1e-4, clipped=False, source="CHAN1")

    found = noise_current(wave, SENSE, scope, floor=3e-4)

    assert 4e-4 / MEG_1 == pytest.approx(found.value, rel=1e-4)
    by_hand = {
        "scatter": 5e-4 / MEG_1 / math.sqrt(1200.0),
        "gain": found.value * 0.01,
        "oscilloscope's own noise": 3e-4 / MEG_1 / ROOT_3,
        "sense resistor": found.value * 1e-4,
    }
    assert by_hand == pytest.approx(parts(found), rel=1e-4)


def test_noise_below_the_oscilloscope_s_own_is_none_and_as_doubtful_as_that() -> None:
    wave = Waveform(np.tile([1e-4, -1e-4], 30_000), 1e-6, 0.0, 1e-4, clipped=False, source="CHAN1")

    found = noise_current(wave, SENSE, FakeScope(), floor=3e-4)

    assert 0.0 == found.value
    assert found.u.u > 3e-4 / MEG_1 / 2.0


def test_a_pulse_in_the_quiet_part_makes_noise_undecided() -> None:
    wave = Waveform(np.zeros(1000), 1e-6, 0.0, 1e-4, clipped=True, source="CHAN1")

    with pytest.raises(UndecidedError, match="a pulse fell into the quiet part"):
        noise_current(wave, SENSE, FakeScope(), floor=1e-4)


# Whether the stated u covers the error


def covered(errors: list[float]) -> float:
    """Return the RMS of errors over their u: 1 is honest, more is boasting."""
    return float(np.sqrt(np.mean(np.square(errors))))


def drawn_by(seed: int, **more: float) -> Drawn:
    """Return pulses of a random unit on a random oscilloscope."""
    chance = np.random.default_rng(1000 + seed)
    return replace(
        Drawn(),
        positive=float(4e-4 * (1 + chance.normal(0, 0.02))),
        negative=float(4e-4 * (1 + chance.normal(0, 0.02))),
        width=float(5e-3 * (1 + chance.normal(0, 0.005))),
        pause=float(5e-4 * (1 + chance.normal(0, 0.005))),
        hertz=float(10.0 * (1 + chance.normal(0, 0.005))),
        gain=float(1 + chance.normal(0, 0.01)),
        offset=float(chance.normal(0, 5e-3)),
        shift=float(chance.uniform(0, 1e-5)),
        **more,
    )


@pytest.mark.parametrize("noise", [2e-5, 3e-4, 3e-3])
def test_the_stated_u_covers_the_errors_of_charge(noise: float) -> None:
    phase_errors, net_errors = [], []

    for seed in SEEDS:
        drawn = drawn_by(seed, noise=noise)
        read = amps(drawn.positive + float(np.random.default_rng(seed).normal(0, 4e-8)), 4e-8)
        phase, net = charges(drawn, seed, read)
        phase_errors.append((phase.value - drawn.positive * drawn.width) / phase.u.u)
        net_errors.append((net.value - (drawn.positive - drawn.negative) * drawn.width) / net.u.u)

    assert covered(phase_errors) <= 1.3
    assert covered(net_errors) <= 1.3


@pytest.mark.parametrize("noise", [2e-5, 3e-4, 3e-3])
def test_the_stated_u_covers_the_errors_of_time(noise: float) -> None:
    errors: dict[str, list[float]] = {"frequency": [], "positive": [], "negative": [], "gap": []}

    for seed in SEEDS:
        drawn = drawn_by(seed, noise=noise, span=2.0, dt=2e-5)
        base = float(np.random.default_rng(seed).normal(0, 3e-5))
        pulses, dt = pulses_of(drawn.wave(seed), 0.015), 2e-5 * (1 + base)
        readings = {
            "frequency": (timed(frequency(pulses, dt), FakeScope(time_accuracy=3e-5), "Hz", ""), drawn.hertz),
            "positive": (timed(positive_width(pulses, dt), FakeScope(time_accuracy=3e-5), "s", ""), drawn.width),
            "negative": (timed(negative_width(pulses, dt), FakeScope(time_accuracy=3e-5), "s", ""), drawn.width),
            "gap": (timed(gap(pulses, dt), FakeScope(time_accuracy=3e-5), "s", ""), drawn.pause),
        }
        for name, (reading, true) in readings.items():
            errors[name].append((reading.value - true) / reading.u.u)

    assert all(covered(each) <= 1.3 for each in errors.values()), {name: covered(each) for name, each in errors.items()}


@pytest.mark.parametrize("true", [0.3e-6, 0.6e-6, 3e-6, 15e-6])
def test_the_stated_u_covers_the_errors_of_noise(true: float) -> None:
    errors, step = [], 3e-4

    for seed in SEEDS:
        chance = np.random.default_rng(seed)
        gain = 1 + float(chance.normal(0, 0.01))
        slow = np.repeat(chance.normal(0.0, true, 12_000), 5)  # 100 kHz of band in samples of 1 µs
        shown = gain * MEG_1 * slow + float(chance.uniform(-1, 1)) * step
        wave = Waveform(step * np.rint(shown / step), 1e-6, 0.0, step, clipped=False, source="CHAN1")
        found = noise_current(wave, SENSE, FakeScope(), floor=step / math.sqrt(12.0))
        errors.append((found.value - true) / found.u.u)

    assert covered(errors) <= 1.3


def test_the_stated_u_covers_the_errors_of_a_current() -> None:
    errors = []

    for seed in SEEDS:
        chance = np.random.default_rng(seed)
        true = 4e-4 * (1 + float(chance.normal(0, 0.03)))
        resistor, inside = 1000.0 + float(chance.normal(0, 0.1)), 1e7 * (1 + float(chance.uniform(-0.01, 0.01)))
        shown = true * resistor * inside / (resistor + inside) + float(chance.normal(0, 1e-5))
        found = current(volts(shown, 1e-5), SENSE, FakeDmm(input_ohm=1e7), "plateau")
        errors.append((found.value - true) / found.u.u)

    assert covered(errors) <= 1.3


def test_the_stated_u_covers_the_errors_of_what_is_derived_of_two_currents() -> None:
    asymmetries, totals = [], []

    for seed in SEEDS:
        chance = np.random.default_rng(seed)
        plateaus = (4e-4 * (1 + float(chance.normal(0, 0.02))), -4e-4 * (1 + float(chance.normal(0, 0.02))))
        read = [amps(one + float(chance.normal(0, 1e-7)), 1e-7) for one in plateaus]
        true = 2.0 * (plateaus[0] + plateaus[1]) / (plateaus[0] - plateaus[1])
        found = asymmetry(read[0], read[1])
        asymmetries.append((found.value - true) / found.u.u)
        total = everything(amps(6e-7 + float(chance.normal(0, 2e-8)), 2e-8), amps(1e-6 + float(chance.normal(0, 3e-8)), 3e-8))
        totals.append((total.value - math.hypot(6e-7, 1e-6)) / total.u.u)

    assert covered(asymmetries) <= 1.3
    assert covered(totals) <= 1.3
