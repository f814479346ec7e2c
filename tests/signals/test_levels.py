"""The level of rest: found for every family, and refused where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from station.core.errors import UndecidedError
from station.signals.levels import find_levels, noise
from tests.signals.waveforms import Shape, square

FAMILIES = [
    Shape(noise=1e-3),
    Shape(noise=1e-3, width=45e-3, second=45e-3),
    Shape(noise=1e-3, width=5e-3, second=20e-3, low=0.1),
    Shape("monophasic", noise=1e-3),
    Shape("monophasic", noise=1e-3, width=1e-3, hertz=0.5, start=0.4, dt=1e-4),
    Shape("reversing", noise=1e-3, burst=3),
    Shape(noise=1e-3, swing=0.6),
    Shape("monophasic", noise=1e-3, swing=0.6, width=40e-3),
    Shape(noise=1e-3, step=8e-3),
]


@pytest.mark.parametrize("offset", [0.0, 0.1, -0.3])
@pytest.mark.parametrize("shape", FAMILIES)
def test_a_signal_rests_between_its_pulses(shape: Shape, offset: float) -> None:
    found = find_levels(replace(shape, offset=offset).wave().volts, shape.step)

    assert found.rests
    assert offset == pytest.approx(found.base, abs=max(2e-3, 0.5 * shape.step))


def test_a_square_does_not_rest() -> None:
    found = find_levels(square(10.0, noise=1e-3, offset=-0.2).wave().volts)

    assert not found.rests
    assert [-0.2, 0.4] == [pytest.approx(found.base, abs=2e-3), pytest.approx(found.top, abs=5e-3)]


def test_a_pulse_longer_than_its_pause_rests_where_zero_is_known() -> None:
    volts = Shape("monophasic", width=70e-3, noise=1e-3).wave().volts

    assert 0.4 == pytest.approx(find_levels(volts).base, abs=2e-3)
    assert 0.0 == pytest.approx(find_levels(volts, zero=0.01).base, abs=2e-3)


def test_a_signal_that_is_mostly_at_an_outer_level_of_three_is_refused_unless_zero_is_known() -> None:
    volts = Shape(width=10e-3, second=80e-3, low=0.05, noise=1e-3).wave().volts

    with pytest.raises(UndecidedError, match="three levels"):
        find_levels(volts)
    assert 0.0 == pytest.approx(find_levels(volts, zero=0.0).base, abs=2e-3)


@pytest.mark.parametrize("hertz", [1.0, 7.0, 50.0])
def test_a_sine_rests_nowhere(hertz: float) -> None:
    volts = 0.4 * np.sin(2.0 * np.pi * hertz * 20e-6 * np.arange(50_000))

    with pytest.raises(UndecidedError, match="rests at no level"):
        find_levels(volts)


@pytest.mark.parametrize("sigma", [1e-4, 1e-2])
def test_the_noise_is_seen_through_pulses_and_slopes(sigma: float) -> None:
    assert sigma == pytest.approx(noise(Shape(noise=sigma, tau=1e-3).wave().volts), rel=0.05)


def test_a_glitch_of_one_sample_is_no_level() -> None:
    volts = Shape(noise=1e-3).wave().volts
    volts[[10_000, 20_000]] = 50.0, -50.0

    found = find_levels(volts)

    assert 0.0 == pytest.approx(found.base, abs=2e-3)
    assert 0.4 == pytest.approx(found.peak, abs=5e-3)
