"""A curve is what a picture shows of a waveform, small enough to travel, and drawn the same after its journey."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from station.certificates.curves import Curve, curve_from, reduced
from station.core.canonical import Json, canonical
from station.core.waveform import Waveform
from tests.certificates.records import PULSES, waveforms


def wave(volts: NDArray[np.float64], dt: float = 1e-5) -> Waveform:
    return Waveform(np.asarray(volts, dtype=np.float64), dt, -1e-3, 0.004, False, "CH1")


def noise(seed: int, size: int) -> Waveform:
    return wave(np.random.default_rng(seed).normal(0.0, 0.1, size))


def travelled(curve: Curve) -> Curve:
    return curve_from(json.loads(canonical(curve.to_json())))


@given(st.integers(0, 1000), st.integers(1, 5000))
def test_a_curve_is_the_same_after_its_journey(seed: int, size: int) -> None:
    curve = reduced(noise(seed, size))
    again = travelled(curve)

    assert curve.index.tolist() == again.index.tolist()
    assert curve.volts.tolist() == again.volts.tolist()
    assert curve.times.tolist() == again.times.tolist()
    assert (curve.span, curve.start, curve.clipped, curve.source) == (again.span, again.start, again.clipped, again.source)


@given(st.integers(0, 1000), st.integers(2, 60_000), st.floats(-5, 5))
def test_no_spike_is_lost(seed: int, size: int, spike: float) -> None:
    volts = noise(seed, size).volts.copy()
    volts[seed % size] = spike

    curve = reduced(wave(volts))

    step = (volts.max() - volts.min()) / 50
    assert curve.volts.min() == pytest.approx(volts.min(), abs=step)
    assert curve.volts.max() == pytest.approx(volts.max(), abs=step)


@given(st.integers(0, 1000), st.integers(0, 60_000))
def test_a_curve_is_small_and_its_places_go_forward(seed: int, size: int) -> None:
    curve = reduced(noise(seed, size))

    assert curve.index.size == curve.volts.size <= 500
    assert all(np.diff(curve.index) >= 0)
    assert curve.index.size == 0 or (curve.index[0] >= 0 and curve.index[-1] < size)


def test_a_train_of_pulses_is_drawn_by_its_edges_and_nowhere_off_by_more_than_a_line_s_width() -> None:
    told = waveforms()[PULSES.digest]

    curve = reduced(told)

    band = 0.02 * np.ptp(told.volts)
    beside = np.abs(np.interp(told.times, curve.times, curve.volts) - told.volts) > band
    assert curve.index.size < 400
    assert np.abs(curve.volts - told.volts[curve.index]).max() < band
    assert np.count_nonzero(beside) < 0.08 * beside.size  # a point of paper beside each of eighty upright edges


def test_samples_that_are_no_numbers_are_left_out() -> None:
    curve = reduced(wave(np.asarray([np.nan, 1.0, np.inf, 2.0])))

    assert [1, 3] == curve.index.tolist()
    assert [] == reduced(wave(np.full(5, np.nan))).volts.tolist()


def test_a_flat_waveform_is_drawn() -> None:
    assert [0.25, 0.25] == reduced(wave(np.full(5000, 0.25))).volts.tolist()


@pytest.mark.parametrize(
    "wrong",
    [
        {"dt": "fast"},
        {"size": 1.5},
        {"clipped": 1},
        {"index": [1.5]},
        {"volts": [None]},
        {"volts": [1.0, 2.0]},
        {"more": 1},
        {"volts": 3},
    ],
    ids=str,
)
def test_what_is_no_curve_is_refused(wrong: dict[str, Json]) -> None:
    content = {**replace(reduced(wave(np.asarray([1.0])))).to_json(), **wrong}

    with pytest.raises(ValueError, match="not a curve"):
        curve_from(content)
