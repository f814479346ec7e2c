"""Numbering and regression: a lost pulse shifts nothing, and what follows no period is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.errors import UndecidedError
from station.signals.comb import comb, slope, weighted
from station.signals.estimate import Estimate
from station.signals.sampling import together


@settings(max_examples=100, deadline=None)
@given(st.floats(1e-3, 2.0), st.sets(st.integers(2, 38), max_size=15), st.integers(0, 1000))
def test_pulses_keep_their_number_however_many_are_lost(period: float, lost: set[int], seed: int) -> None:
    numbers = np.array([number for number in range(41) if number not in lost])
    jitter = np.random.default_rng(seed).uniform(-0.01, 0.01, numbers.size)

    found = comb(period * (numbers + jitter))

    assert numbers.tolist() == found.number.tolist()
    assert (1, len(lost)) == (found.runs, found.missing)


def test_bursts_that_slip_are_runs_of_their_own() -> None:
    starts = np.concatenate([0.1 * np.arange(5) + 0.753 * burst for burst in range(4)])

    found = comb(starts)

    assert [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5 == found.run.tolist()
    assert 0.1 == pytest.approx(slope(starts, found.number, found.run, 1e-5).value)


def test_a_stray_pulse_is_refused_with_its_place() -> None:
    starts = np.sort(np.append(0.1 * np.arange(20), 0.743))

    with pytest.raises(UndecidedError, match=r"begins at 0\.743 s stands where no pulse belongs"):
        comb(starts)


@pytest.mark.parametrize("seed", range(10))
def test_pulses_at_random_are_refused(seed: int) -> None:
    starts = np.cumsum(np.random.default_rng(seed).uniform(0.01, 1.0, 30))

    with pytest.raises(UndecidedError, match=r"follow no period|no pulse belongs"):
        comb(starts)


@pytest.mark.parametrize("part", [0.0, 0.002, 0.01, 0.5, 1.0 / 3.0, 0.3819])
def test_a_period_from_quantised_edges_is_right_within_its_uncertainty(part: float) -> None:
    dt, count = 20e-6, 25
    period = (5000 + part) * dt
    numbers, run = np.arange(count), np.zeros(count, dtype=np.int64)
    errors = []
    for place in np.linspace(0.0, 1.0, 200, endpoint=False):
        edges = (np.ceil((place * dt + period * numbers) / dt) - 0.5) * dt
        found = slope(edges, numbers, run, dt)
        errors.append((found.value - period) / found.u)

    assert np.sqrt(np.mean(np.square(errors))) < 1.3
    assert np.max(np.abs(errors)) < 4.0


def test_edges_in_step_with_the_sampling_are_sampled_at_one_place() -> None:
    numbers = np.arange(20)

    assert 20.0**0.5 == pytest.approx(together(numbers, 0.1, 20e-6).mean, rel=0.01)
    assert 10.0**0.5 == pytest.approx(together(numbers, 0.10001, 20e-6).mean, rel=0.5)
    assert 1.0 > together(numbers, 0.1 + 20e-6 * 0.3819, 20e-6).mean


def test_too_few_pulses_have_no_slope() -> None:
    with pytest.raises(UndecidedError, match="2 pulses are too few"):
        slope(np.array([0.0, 1.0]), np.array([0, 1]), np.array([0, 0]), 1e-3)


def test_a_better_estimate_weighs_more() -> None:
    found = weighted([Estimate(1.0, 1.0), Estimate(4.0, 0.5)])

    assert [pytest.approx(3.4), pytest.approx(0.2**0.5)] == list(found)
