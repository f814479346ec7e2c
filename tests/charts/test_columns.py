import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from station.charts.columns import extremes

lines = arrays.arrays(np.float64, st.integers(0, 3000), elements=st.floats(-1e9, 1e9))


@given(lines, st.integers(1, 200))
def test_the_highest_and_the_lowest_sample_are_never_lost(y: NDArray[np.float64], columns: int) -> None:
    chosen = extremes(y, columns)

    assert chosen.size <= max(2 * columns, 0)
    if y.size:
        assert y[chosen].max() == y.max()
        assert y[chosen].min() == y.min()


@given(lines, st.integers(1, 200))
def test_samples_are_drawn_in_their_order_and_none_twice(y: NDArray[np.float64], columns: int) -> None:
    chosen = extremes(y, columns)

    assert np.all(np.diff(chosen) > 0)


def test_a_short_line_is_drawn_whole() -> None:
    assert extremes(np.array([1.0, 5.0, 2.0, 2.0]), 2).tolist() == [0, 1, 2, 3]


def test_one_spike_in_a_million_samples_is_drawn() -> None:
    y = np.zeros(1_000_000)
    y[765_432] = 1.0

    assert 765_432 in extremes(y, 500)
