from dataclasses import replace

import numpy as np
import pytest

from station.core.errors import UndecidedError
from station.signals.pulses import Pulses, find_pulses
from station.signals.soft_start import first_pulse_ratio
from tests.signals.trains import REAL, Train

RAMP = tuple(min(1.0, 0.25 + 0.15 * number) for number in range(6))
SOFT = replace(REAL, scale=RAMP, start=0.1)
FLOOR = 0.015


def pulses(train: Train) -> Pulses:
    return find_pulses(train.volts(), train.dt, FLOOR, share=0.1)


@pytest.mark.parametrize("offset", [0.0, 0.05, -0.05])
@pytest.mark.parametrize("first", [0.15, 0.25, 0.4, 1.0, 2.0])
def test_the_first_pulse_is_compared_with_the_steady_ones(first: float, offset: float) -> None:
    train = replace(SOFT, scale=(first, *RAMP[1:]), offset=offset)

    found = first_pulse_ratio(pulses(train))

    assert first == pytest.approx(found.value, abs=0.01)


def test_the_ratio_is_right_within_its_uncertainty_and_half_a_code() -> None:
    errors = []
    for seed in range(60):
        train = replace(SOFT, noise=5e-3).drawn(seed)
        found = first_pulse_ratio(pulses(train))
        errors.append((found.value - 0.25) / (found.u**2 + (0.5 * train.step / train.height) ** 2) ** 0.5)

    assert np.std(errors) < 1.2


def test_a_unit_that_swallows_its_first_pulse_shows_its_second() -> None:
    train = replace(SOFT, scale=(0.0, *RAMP[1:]))

    assert RAMP[1] == pytest.approx(first_pulse_ratio(pulses(train)).value, abs=0.01)


@pytest.mark.parametrize("width", [1, 5, 50])
def test_a_glitch_before_the_first_pulse_does_not_pass_for_a_soft_start(width: int) -> None:
    volts = replace(SOFT, scale=(1.0,)).volts()
    volts[1000 : 1000 + width] += 0.2

    with pytest.raises(UndecidedError, match="begins with a glitch"):
        first_pulse_ratio(find_pulses(volts, SOFT.dt, FLOOR, share=0.1))


@pytest.mark.parametrize("span", [0.05, 0.5, 1.05])
def test_fewer_than_three_steady_pulses_allow_no_verdict(span: float) -> None:
    with pytest.raises(UndecidedError, match="11 are needed to see a soft start"):
        first_pulse_ratio(pulses(replace(SOFT, span=span)))


def test_pulses_without_a_plateau_allow_no_verdict() -> None:
    flat = np.zeros(20)
    times = np.arange(20.0)

    with pytest.raises(UndecidedError, match="no plateau"):
        first_pulse_ratio(Pulses(times, times + 0.1, times + 0.2, times + 0.3, flat, flat, 0.0))
