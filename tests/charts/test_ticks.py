import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.charts.ticks import prefix, rounded, ticks

ends = st.floats(-1e12, 1e12, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-12)


@pytest.mark.parametrize(
    ("low", "high", "si", "labels"),
    [
        (0.0, 1200.0, "s", ["0", "500", "1000"]),
        (0.0, 0.9, "s", ["0", "200", "400", "600", "800"]),
        (-0.5, 0.5, "V", ["−400", "−200", "0", "200", "400"]),
        (0.0, 2e-6, "A", ["0.0", "0.5", "1.0", "1.5", "2.0"]),
        (0.0, 1.0, "1", ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ],
)
def test_an_axis_is_labelled_with_round_numbers_in_a_unit_that_people_read(
    low: float, high: float, si: str, labels: list[str]
) -> None:
    assert labels == [tick.label for tick in ticks(low, high, si)]


def test_no_one_reads_kiloseconds() -> None:
    assert prefix(0.0, 1200.0, "s") == (1.0, "s")
    assert prefix(0.0, 0.02, "s") == (0.001, "ms")
    assert prefix(0.0, 3e-6, "A") == (1e-6, "µA")


@given(ends, ends)
def test_rounded_ends_hold_what_they_are_rounded_from_and_are_apart(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)

    least, most = rounded(low, high)

    slack = 1e-8 * max(abs(low), abs(high))
    assert least <= low + slack
    assert high <= most + slack
    assert least < most


@given(ends, ends)
def test_ticks_stand_inside_the_axis_evenly_and_are_few(one: float, other: float) -> None:
    low, high = rounded(min(one, other), max(one, other))

    marks = [tick.at for tick in ticks(low, high, "V")]

    slack = 1e-5 * (high - low)
    assert 2 <= len(marks) <= 12
    assert all(low - slack <= mark <= high + slack for mark in marks)
    gaps = [after - before for before, after in itertools.pairwise(marks)]
    assert max(gaps) - min(gaps) <= slack
