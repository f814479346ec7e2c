"""Charges: closed forms, within what the converter can show."""

from dataclasses import replace

import numpy as np
import pytest

from station.core.errors import UndecidedError
from station.signals.charge import net_charge, phase_charge, quiet
from station.signals.pulses import find_pulses
from tests.signals.trains import PULSE, REAL, Train

FLOOR = 0.015
SEEDS = range(60)
TRAINS = [
    Train(),
    Train(hertz=8.8),
    Train(hertz=11.2),
    Train(offset=0.05),
    Train(offset=-0.2),
    Train(tau=60e-6),
    Train(height=0.02, dt=10e-6, span=1.0),
    Train(start=-0.004),
    Train(span=0.925),
]


@pytest.mark.parametrize("train", TRAINS)
def test_the_charge_of_a_phase_is_its_height_times_its_width(train: Train) -> None:
    volts = train.volts()

    found = phase_charge(volts, train.dt, find_pulses(volts, train.dt, FLOOR))

    assert train.height * train.width == pytest.approx(found.value, rel=5e-3)


@pytest.mark.parametrize("train", TRAINS)
def test_a_balanced_pulse_leaves_nothing_over(train: Train) -> None:
    volts = train.volts()

    found = net_charge(volts, train.dt, find_pulses(volts, train.dt, FLOOR))

    assert 0.0 == pytest.approx(found.value, abs=5e-3 * train.height * train.width)


@pytest.mark.parametrize("negative", [0.0, 0.8, 0.95, 1.1])
def test_an_unbalanced_pulse_leaves_the_difference_over(negative: float) -> None:
    train = Train(negative=negative)
    volts = train.volts()

    found = net_charge(volts, train.dt, find_pulses(volts, train.dt, FLOOR))

    assert (1.0 - negative) * train.height * train.width == pytest.approx(found.value, abs=1e-5)


def test_charges_are_right_within_their_uncertainty_where_noise_spreads_the_codes() -> None:
    errors = []
    for seed in SEEDS:
        train = replace(REAL, span=1.0).drawn(seed)
        volts = train.volts()
        found = find_pulses(volts, train.dt, FLOOR)
        charge, net = phase_charge(volts, train.dt, found), net_charge(volts, train.dt, found)
        sampled = train.height * train.dt / 12.0**0.5  # an edge between two samples, the same for every pulse in step
        errors.append(
            [
                (charge.value - train.height * train.width) / (charge.u**2 + sampled**2) ** 0.5,
                net.value / (net.u**2 + sampled**2) ** 0.5,
            ]
        )

    assert max(np.std(errors, axis=0)) < 1.2


def test_the_quiet_part_holds_no_sample_of_any_pulse() -> None:
    train = Train(start=-0.004, span=0.925)
    volts = train.volts()

    calm = quiet(volts, train.dt, find_pulses(volts, train.dt, FLOOR))

    assert calm.size > 0.5 * volts.size
    assert 0.0 == pytest.approx(np.max(np.abs(calm)), abs=1e-9)


def test_a_record_without_pulses_is_quiet_all_over_and_has_no_charge() -> None:
    train = Train(height=0.0, noise=1e-3)
    volts = train.volts()
    none = find_pulses(volts, train.dt, FLOOR)

    assert volts.size == quiet(volts, train.dt, none).size
    for measure in (phase_charge, net_charge):
        with pytest.raises(UndecidedError, match="no whole pulse with quiet around"):
            measure(volts, train.dt, none)


def test_a_record_without_quiet_has_no_charge() -> None:
    train = Train(hertz=1.0 / PULSE, gap=0.5e-3, span=0.2)
    volts = train.volts()

    with pytest.raises(UndecidedError, match="no whole pulse with quiet around"):
        phase_charge(volts, train.dt, find_pulses(volts - 0.01, train.dt, FLOOR))


def test_one_pulse_in_ten_that_is_too_strong_is_not_left_out() -> None:
    train = Train(span=1.0, scale=(*[1.0] * 5, 1.9, 1.0))
    volts = train.volts()

    found = phase_charge(volts, train.dt, find_pulses(volts, train.dt, FLOOR))

    assert 1.09 * train.height * train.width == pytest.approx(found.value, rel=1e-2)
    assert found.u > 0.05 * found.value
