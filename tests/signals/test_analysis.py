"""Every family from its closed form: frequency, durations and charges come out, and what a train is does not depend on units."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.errors import UndecidedError
from station.core.waveform import Waveform
from station.signals.analysis import Analysis, analyse
from station.signals.estimate import Estimate
from station.signals.order import Family
from tests.signals.waveforms import Shape, square

FLOOR = 0.03
BIPHASIC = Shape(noise=1e-3, points=30_000, dt=33e-6)
MONOPHASIC = replace(BIPHASIC, family="monophasic")
REVERSING = replace(BIPHASIC, family="reversing", burst=3, points=40_000, dt=50e-6, tau=150e-6)
SHAPES = {
    "biphasic": (BIPHASIC, Family.BIPHASIC),
    "negative phase first": (replace(BIPHASIC, high=-0.4, low=-0.4), Family.BIPHASIC),
    "no gap": (replace(BIPHASIC, gap=0.0), Family.BIPHASIC),
    "charge-balanced, unlike phases": (replace(BIPHASIC, second=20e-3, low=0.1), Family.BIPHASIC),
    "no pause to speak of": (replace(BIPHASIC, width=45e-3, second=45e-3), Family.BIPHASIC),
    "modulated": (replace(BIPHASIC, swing=0.5), Family.BIPHASIC),
    "monophasic": (MONOPHASIC, Family.MONOPHASIC),
    "monophasic, modulated": (replace(MONOPHASIC, swing=0.5, width=30e-3), Family.MONOPHASIC),
    "reversing": (REVERSING, Family.REVERSING),
    "reversing with pauses": (replace(REVERSING, rest=0.0437), Family.REVERSING),
    "square": (square(10.0, noise=1e-3, points=30_000, dt=33e-6), Family.SQUARE),
    "slow square": (square(10.0, noise=1e-3, points=30_000, dt=33e-6, tau=4e-3), Family.SQUARE),
}


def near(true: float, found: Estimate, floor: float = 0.0) -> bool:
    return abs(found.value - true) <= 4.0 * found.u + floor


@pytest.mark.parametrize("tau", [None, 2e-6])
@pytest.mark.parametrize("name", SHAPES)
def test_frequency_and_durations_of_every_family_come_out(name: str, tau: float | None) -> None:
    shape, family = SHAPES[name]
    shape = shape if tau is None else replace(shape, tau=tau)

    found = analyse(shape.wave(), FLOOR)

    assert (family, "edges" if tau else "template") == (found.family, found.tier), found.reason
    assert near(shape.hertz, found.frequency)
    widths = (shape.width, shape.second) if shape.high > 0 else (shape.second, shape.width)
    assert near(widths[0], found.positive_width)
    if family is Family.BIPHASIC:
        assert near(widths[1], found.negative_width)
        assert near(shape.gap, found.gap)
    if tau is None:
        assert near(shape.tau, found.tau)


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("noise", [0.0, 2e-3])
@pytest.mark.parametrize("name", ["biphasic", "reversing", "square"])
def test_codes_of_8_to_16_bits_stay_within_the_uncertainty(name: str, noise: float, bits: int) -> None:
    shape = replace(SHAPES[name][0], noise=noise, step=1.2 / 2**bits, offset=1.7e-3, high=0.3971).drawn(bits)

    found = analyse(shape.wave(), FLOOR)

    assert near(shape.hertz, found.frequency)
    assert near(shape.width, found.positive_width)
    if name != "square":
        assert near(shape.width * shape.high, found.phase_charge)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(np.log(0.5), np.log(1000.0)), st.floats(0.02, 0.5), st.floats(0.0, 1.0), st.floats(0.002, 0.05),
    st.sampled_from(["biphasic", "monophasic"]),
)  # fmt: skip
def test_the_frequency_of_a_train_is_its_frequency(log: float, duty: float, start: float, slow: float, family: str) -> None:
    hertz = float(np.exp(log))
    wide = duty / hertz / (2.2 if family == "biphasic" else 1.0)
    shape = Shape(
        family, hertz, wide, wide, 0.2 * wide, start=start / hertz, tau=slow * wide, points=20_000, dt=12.0 / hertz / 20_000,
        noise=1e-3, seed=int(1e6 * start),
    )  # fmt: skip

    found = analyse(shape.wave(), FLOOR)

    assert abs(found.frequency.value - hertz) <= 5.0 * found.frequency.u
    assert found.frequency.u < 1e-4 * hertz
    assert abs(found.positive_width.value - wide) <= 5.0 * found.positive_width.u


def same(one: Analysis, other: Analysis, factors: dict[str, float]) -> None:
    """Assert that `other` says what `one` says, times what its unit changed by."""
    assert (one.family, one.tier, one.pulses) == (other.family, other.tier, other.pulses)
    for name, factor in factors.items():
        assert factor * one.value(name).value == pytest.approx(other.value(name).value, rel=1e-6, abs=0.05 * other.value(name).u)
        assert factor * one.value(name).u == pytest.approx(other.value(name).u, rel=0.02)


@settings(max_examples=15, deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(-2.0, 2.0))
def test_gain_and_offset_change_charges_only(gain: float, offset: float) -> None:
    wave = BIPHASIC.wave()
    other = replace(wave, volts=gain * (wave.volts + offset))

    one, two = analyse(wave, FLOOR), analyse(other, FLOOR * gain)

    same(one, two, {"frequency": 1.0, "positive_width": 1.0, "negative_width": 1.0, "gap": 1.0, "tau": 1.0})
    same(one, two, {"phase_charge": gain, "net_charge": gain, "noise": gain})


@settings(max_examples=15, deadline=None)
@given(st.floats(1e-3, 1e3))
def test_times_scale_with_time(factor: float) -> None:
    wave = BIPHASIC.wave()
    other = replace(wave, dt=factor * wave.dt)

    one, two = analyse(wave, FLOOR), analyse(other, FLOOR)

    same(one, two, {"frequency": 1.0 / factor, "positive_width": factor, "gap": factor, "tau": factor, "phase_charge": factor})


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 0.1))
def test_where_a_record_begins_changes_nothing_but_noise(start: float) -> None:
    shape = replace(BIPHASIC, start=start)

    found = analyse(shape.wave(), FLOOR)

    assert "template" == found.tier
    assert near(shape.hertz, found.frequency, 1e-6)
    assert near(shape.width, found.positive_width)
    assert near(shape.gap, found.gap)


def test_a_train_turned_over_swaps_its_phases() -> None:
    shape = replace(BIPHASIC, second=8e-3)
    wave = shape.wave()

    found = analyse(replace(wave, volts=-wave.volts), FLOOR)

    assert near(8e-3, found.positive_width)
    assert near(5e-3, found.negative_width)


@pytest.mark.parametrize("lost", [(4,), (2, 3), (2, 5, 6)])
@pytest.mark.parametrize("tau", [60e-6, 2e-6])
def test_lost_pulses_are_counted_and_shift_nothing(lost: tuple[int, ...], tau: float) -> None:
    shape = replace(BIPHASIC, lost=lost, tau=tau, hertz=10.1)

    found = analyse(shape.wave(), FLOOR)

    assert len(lost) == found.missing
    assert near(10.1, found.frequency)


@pytest.mark.parametrize("low", [0.4, 0.36, 0.48, 0.2])
def test_the_net_charge_of_a_pulse_is_the_difference_of_its_phases(low: float) -> None:
    shape = replace(BIPHASIC, low=low)

    found = analyse(shape.wave(), FLOOR)

    assert near((0.4 - low) * 5e-3, found.net_charge)
    assert near(2e-3, found.phase_charge)


def test_a_dead_leg_leaves_the_whole_phase_over_and_no_negative_one() -> None:
    found = analyse(replace(BIPHASIC, low=0.0).wave(), FLOOR)

    assert near(2e-3, found.net_charge)
    assert 0.0 == found.negative_width.value
    with pytest.raises(UndecidedError, match="one phase only"):
        _ = found.gap


@pytest.mark.parametrize("rest", [0.0, 0.0437])
def test_the_net_charge_of_bursts_is_that_of_a_whole_pair(rest: float) -> None:
    shape = replace(REVERSING, rest=rest, points=60_000)

    found = analyse(shape.wave(), FLOOR)

    assert near(0.0, found.net_charge)
    assert near(2e-3, found.phase_charge)
    assert near(1.0 / (6.0 / shape.hertz + 2.0 * rest), found.burst_frequency)


def test_a_square_has_charges_only_where_its_zero_is_known() -> None:
    wave = square(10.0, noise=1e-3, points=30_000, dt=33e-6, offset=-0.15).wave()

    blind, told = analyse(wave, FLOOR), analyse(wave, FLOOR, zero=0.0)

    with pytest.raises(UndecidedError, match="level without output is not known"):
        _ = blind.phase_charge
    assert near(0.25 * 0.05, told.phase_charge, 1e-6)
    assert near((0.25 - 0.15) * 0.05, told.net_charge, 1e-6)


@pytest.mark.parametrize("first", [0.15, 0.25, 0.4, 1.0, 2.0])
def test_the_first_pulse_is_compared_with_the_steady_ones(first: float) -> None:
    shape = replace(BIPHASIC, begins=0, start=0.05, ramp=(first, 0.4, 0.55, 0.7, 0.85, 1.0), points=60_000)

    found = analyse(shape.wave(), FLOOR)

    assert first == pytest.approx(found.first_pulse_ratio.value, abs=4.0 * found.first_pulse_ratio.u)
    assert found.first_pulse_ratio.u < 0.01


def test_the_noise_between_pulses_is_that_of_the_record() -> None:
    found = analyse(replace(BIPHASIC, noise=3e-3).wave(), FLOOR)

    assert near(3e-3, found.noise)


def test_harmonics_above_the_fundamental_do_not_lead_astray() -> None:
    wave = BIPHASIC.wave()
    power = np.abs(np.fft.rfft(wave.volts - wave.volts.mean()))

    assert 7.0 * 10.0 == pytest.approx(np.argmax(power) / (wave.volts.size * wave.dt), abs=25.0)
    assert 10.0 == pytest.approx(analyse(wave, FLOOR).frequency.value, rel=1e-5)


def test_the_first_sample_s_own_time_does_not_matter() -> None:
    wave = BIPHASIC.wave()

    assert analyse(wave, FLOOR).values == analyse(Waveform(wave.volts, wave.dt, -3.0, 0.0, False, "elsewhere"), FLOOR).values
