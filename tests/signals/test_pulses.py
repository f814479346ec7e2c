"""Taking a record apart: no finite record makes it crash, and no number that comes out is not finite."""

from contextlib import suppress
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from station.core.errors import UndecidedError
from station.signals.charge import net_charge, phase_charge, quiet
from station.signals.edges import crossings
from station.signals.estimate import mean_of
from station.signals.pulses import baseline, find_pulses
from station.signals.soft_start import first_pulse_ratio
from station.signals.timing import frequency, gap, negative_width, positive_width
from tests.signals.trains import REAL, Train

Floats = NDArray[np.float64]
VOLTS = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)
RECORDS = npst.arrays(np.float64, st.integers(0, 300), elements=VOLTS) | npst.arrays(
    np.float64, st.integers(0, 300), elements=st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0])
)


@settings(max_examples=300, deadline=None)
@given(RECORDS, st.floats(0.0, 10.0), st.floats(0.05, 0.9), st.floats(1e-9, 1.0))
def test_no_finite_record_gives_anything_but_finite_numbers_or_no_verdict(
    volts: Floats, floor: float, share: float, dt: float
) -> None:
    found = find_pulses(volts, dt, floor, share)

    columns = np.array([found.rise, found.fall, found.dive, found.back, found.high, found.low])
    assert np.isfinite(columns).all()
    assert np.isfinite(found.baseline)
    assert (np.diff(columns[:4], axis=0) >= 0).all()
    assert np.isfinite(quiet(volts, dt, found)).all()
    for measure in (frequency, positive_width, negative_width, gap):
        with suppress(UndecidedError):
            assert np.isfinite(measure(found, dt)).all()
    for integrate in (phase_charge, net_charge):
        with suppress(UndecidedError):
            assert np.isfinite(integrate(volts, dt, found)).all()
    with suppress(UndecidedError):
        assert np.isfinite(first_pulse_ratio(found)).all()


@settings(max_examples=200, deadline=None)
@given(RECORDS, VOLTS, st.floats(0.0, 1.0))
def test_crossings_go_up_and_down_in_turn(volts: Floats, level: float, hysteresis: float) -> None:
    up, down = crossings(volts, 1.0, level, hysteresis)

    assert abs(up.size - down.size) <= 1
    first, second = (up, down) if up.size > down.size or (up.size == down.size and (up <= down).all()) else (down, up)
    in_turn = [time for pair in zip_longest(first, second) for time in pair if time is not None]
    assert sorted(in_turn) == in_turn
    assert all(0.0 <= time <= max(volts.size - 1, 0) for time in in_turn)


def test_a_crossing_stands_between_its_two_samples() -> None:
    up, down = crossings(np.array([0.0, 0.0, 1.0, 1.0, 0.5, 0.0]), 0.5, 0.25, 0.1)

    assert [0.625] == up.tolist()
    assert [2.25] == down.tolist()


def test_noise_within_the_hysteresis_makes_one_edge() -> None:
    up, down = crossings(np.array([0.0, 0.4, 0.6, 0.45, 0.55, 1.0]), 1.0, 0.5, 0.2)

    assert (1, 0) == (up.size, down.size)


@pytest.mark.parametrize("volts", [[], [1.0], [0.0, 0.0, 0.0]])
def test_a_record_without_edges_has_none(volts: list[float]) -> None:
    up, down = crossings(np.array(volts), 1.0, 0.5, 0.1)

    assert (0, 0) == (up.size, down.size)


def test_heights_are_those_of_the_plateaus_over_the_baseline() -> None:
    train = replace(REAL, offset=0.1, negative=0.8)

    found = find_pulses(train.volts(), train.dt, 0.015)

    assert 20 == found.count
    assert 0.1 == pytest.approx(found.baseline, abs=5e-3)
    assert [pytest.approx(0.4, abs=5e-3)] * 20 == found.high.tolist()
    assert [pytest.approx(0.32, abs=5e-3)] * 20 == found.low.tolist()


def test_the_baseline_is_the_level_that_is_there_most_of_the_time() -> None:
    assert -0.3 == pytest.approx(baseline(Train(offset=-0.3).volts()))


def test_a_pulse_split_by_a_drop_out_makes_scatter_and_not_a_pass() -> None:
    train = Train()
    volts = train.volts()
    volts[round(0.522 / train.dt) : round(0.523 / train.dt)] = 0.0

    found = find_pulses(volts, train.dt, 0.015)

    assert 21 == found.count
    assert positive_width(found, train.dt).u > 20e-6


def test_the_mean_of_one_value_is_known_to_its_floor_only() -> None:
    assert (3.0, 0.1) == mean_of(np.array([3.0]), 0.1)


def test_a_mean_is_known_to_its_standard_error() -> None:
    found = mean_of(np.array([1.0, 3.0]))

    assert [2.0, pytest.approx(1.0)] == list(found)
