"""What a record cannot tell is refused with its reason, and no finite record makes the analysis crash or say no number."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from station.core.errors import UndecidedError
from station.core.waveform import Waveform
from station.signals.analysis import analyse
from tests.signals.waveforms import Shape, square

Floats = NDArray[np.float64]
FLOOR = 0.03
REAL = Shape(noise=2e-3, step=4.7e-3, points=40_000, dt=25e-6)
TIMES = REAL.dt * np.arange(REAL.points)
VOLTS = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)
RECORDS = npst.arrays(np.float64, st.integers(0, 300), elements=VOLTS) | npst.arrays(
    np.float64, st.integers(0, 300), elements=st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0])
)


@settings(max_examples=300, deadline=None)
@given(RECORDS, st.floats(0.0, 10.0), st.floats(1e-9, 1.0), st.sampled_from([0.0, 0.5]), st.sampled_from([None, 0.0]))
def test_no_finite_record_gives_anything_but_finite_numbers_or_no_verdict(
    volts: Floats, floor: float, dt: float, step: float, zero: float | None
) -> None:
    with suppress(UndecidedError):
        found = analyse(Waveform(volts, dt, 0.0, step, False, "anything"), floor, zero=zero)

        assert np.isfinite([tuple(each) for each in found.values.values()]).all()
        assert all(each.u >= 0 for each in found.values.values())


def test_a_clipped_record_is_refused() -> None:
    with pytest.raises(UndecidedError, match="is clipped"):
        analyse(REAL.wave(clipped=True), FLOOR)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 9.9e37])
def test_a_record_with_something_that_is_no_voltage_is_refused(wrong: float) -> None:
    wave = REAL.wave()
    wave.volts[17] = wrong

    with pytest.raises(UndecidedError, match="is no voltage"):
        analyse(wave, FLOOR)


@pytest.mark.parametrize("periods", [0.3, 1.2, 1.9])
def test_a_record_of_fewer_than_three_pulses_is_too_short(periods: float) -> None:
    shape = replace(REAL, points=round(periods * 0.1 / REAL.dt))

    with pytest.raises(UndecidedError, match="too short"):
        analyse(shape.wave(), FLOOR)


@pytest.mark.parametrize("height", [0.0, 0.01])
def test_a_record_without_pulses_says_no_output(height: float) -> None:
    with pytest.raises(UndecidedError, match="no output"):
        analyse(replace(REAL, high=height, low=height).wave(), FLOOR)


def test_pulses_lost_in_the_noise_are_refused() -> None:
    with pytest.raises(UndecidedError, match="do not stand out"):
        analyse(replace(REAL, noise=0.2).wave(), FLOOR)


def test_phases_of_three_samples_are_not_resolved() -> None:
    with pytest.raises(UndecidedError, match="not resolved"):
        analyse(Shape("monophasic", 1000.0, 3e-4, dt=1.01e-4, tau=1e-6, points=20_000, noise=1e-3).wave(), FLOOR)


def test_a_train_sampled_twice_a_period_is_refused() -> None:
    with pytest.raises(UndecidedError, match=r"not resolved|noise|no level"):
        analyse(Shape("monophasic", 1000.0, 3e-4, dt=0.5005e-3, tau=1e-6, points=20_000, noise=1e-3).wave(), FLOOR)


@pytest.mark.parametrize(
    "volts",
    [
        0.4 * np.sin(20.0 * np.pi * TIMES),
        0.4 * np.abs(np.mod(10.0 * TIMES, 1.0) - 0.5),
        0.4 * np.sin(20.0 * np.pi * TIMES) * (np.sin(2.0 * np.pi * TIMES) > 0),
        np.cumsum(np.random.default_rng(5).normal(0.0, 0.01, TIMES.size)),
    ],
    ids=["sine", "triangle", "bursts of sine", "a random walk"],
)
def test_waveforms_of_no_known_family_are_refused(volts: Floats) -> None:
    with pytest.raises(UndecidedError):
        analyse(Waveform(volts + np.random.default_rng(1).normal(0.0, 1e-3, volts.size), REAL.dt, 0.0, 0.0, False, "odd"), FLOOR)


@pytest.mark.parametrize("seed", range(5))
def test_pulses_at_random_are_refused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    volts = rng.normal(0.0, 2e-3, TIMES.size)
    for start in rng.integers(0, TIMES.size - 300, 14):
        volts[start : start + 200] = 0.4

    with pytest.raises(UndecidedError, match=r"follow no period|no pulse belongs"):
        analyse(Waveform(volts, REAL.dt, 0.0, 0.0, False, "odd"), FLOOR)


def test_a_stray_pulse_is_refused_with_its_place() -> None:
    wave = REAL.wave()
    wave.volts[10_000:10_060] += 0.3

    with pytest.raises(UndecidedError, match=r"begins at 0\.2\d* s stands where no pulse belongs"):
        analyse(wave, FLOOR)


def test_phases_that_do_not_settle_are_refused() -> None:
    with pytest.raises(UndecidedError, match=r"settle|plateau"):
        analyse(replace(REAL, tau=2e-3, gap=20e-3).wave(), FLOOR)


def fallen_back(volts: Floats, why: str, hertz: float = 10.0) -> None:
    """Assert that the edges give the frequency where the template is refused because of `why`."""
    found = analyse(Waveform(volts, REAL.dt, 0.0, REAL.step, False, "odd"), FLOOR)

    assert "edges" == found.tier
    assert why in found.reason
    assert abs(found.frequency.value - hertz) <= 4.0 * found.frequency.u
    with pytest.raises(UndecidedError, match=why):
        _ = found.tau


def test_edges_of_two_poles_fall_back_to_the_edges() -> None:
    slower = np.exp(-np.arange(60) / 4.0)
    volts = np.convolve(REAL.clean(), slower / slower.sum())[: REAL.points]

    fallen_back(volts + np.random.default_rng(0).normal(0.0, 2e-3, volts.size), "edges differ from the template")


def test_plateaus_that_droop_fall_back_to_the_edges() -> None:
    volts = REAL.clean() * np.exp(-np.mod(TIMES - REAL.start, 0.1) / 0.03)

    fallen_back(volts + np.random.default_rng(0).normal(0.0, 2e-3, volts.size), "differ from the template")


def test_a_pulse_of_another_width_falls_back_to_the_edges_and_shows_in_the_uncertainty() -> None:
    wave = REAL.wave()
    wave.volts[round(0.423 / REAL.dt) : round(0.4275 / REAL.dt)] = 0.4
    wave.volts[round(0.4275 / REAL.dt) : round(0.4325 / REAL.dt)] = -0.4

    found = analyse(wave, FLOOR)

    assert ("edges", "its pulses are not all alike") == (found.tier, found.reason)
    assert found.positive_width.u > 50e-6


@pytest.mark.parametrize("kind", ["first", "second"])
def test_a_pulse_that_lacks_a_phase_counts_with_no_width_and_with_its_charge(kind: str) -> None:
    wave = REAL.wave()
    at = 0.42 if kind == "first" else 0.4255
    wave.volts[round((at - 1e-4) / REAL.dt) : round((at + 5.4e-3) / REAL.dt)] = 0.0

    found = analyse(wave, FLOOR)

    lacking, other = found.positive_width, found.negative_width
    lacking, other = (lacking, other) if kind == "first" else (other, lacking)
    assert 4.5e-3 == pytest.approx(lacking.value, abs=2e-5)
    assert 5.0e-3 == pytest.approx(other.value, abs=2e-5)
    assert (-2e-4 if kind == "first" else 2e-4) == pytest.approx(found.net_charge.value, abs=1e-5)


@pytest.mark.parametrize("hum", [0.005, 0.02])
def test_hum_in_step_with_the_pulses_shows_in_the_uncertainty_of_the_charges(hum: float) -> None:
    wave = REAL.wave()
    wave = replace(wave, volts=wave.volts + hum * np.sin(2.0 * np.pi * 50.0 * TIMES))

    found = analyse(wave, FLOOR)

    assert "edges" == found.tier
    assert abs(found.net_charge.value) <= 3.0 * found.net_charge.u
    assert abs(found.phase_charge.value - 2e-3) <= 3.0 * found.phase_charge.u


def test_a_square_has_no_noise_between_pulses() -> None:
    found = analyse(square(10.0, noise=2e-3, points=40_000, dt=25e-6).wave(), FLOOR)

    with pytest.raises(UndecidedError, match="does not rest"):
        _ = found.noise


def test_what_an_analysis_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(UndecidedError, match="does not tell its shoe size"):
        analyse(REAL.wave(), FLOOR).value("shoe_size")
