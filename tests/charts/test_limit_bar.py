from hypothesis import given
from hypothesis import strategies as st

from station.charts.ink import BAD
from station.charts.limit_bar import LimitBar, draw, marks
from station.charts.surface import Box
from tests.charts.recorder import Recorder

numbers = st.floats(-1e6, 1e6)


@st.composite
def bars(chosen: st.DrawFn) -> LimitBar:
    low, accept_low, accept_high, high = sorted(chosen(st.tuples(numbers, numbers, numbers, numbers)))
    has_low, has_high = chosen(st.sampled_from([(True, True), (True, False), (False, True)]))
    return LimitBar(
        low if has_low else None, high if has_high else None, accept_low if has_low else None, accept_high if has_high else None,
        chosen(st.one_of(numbers, st.sampled_from([low, accept_low, accept_high, high]))),
    )  # fmt: skip


@given(bars())
def test_the_marker_stands_on_the_true_side_of_every_limit(bar: LimitBar) -> None:
    where = marks(bar)

    assert (bar.low is not None and bar.value < bar.low) == (bar.low is not None and where.value < where.low)
    assert (bar.high is not None and bar.value > bar.high) == (bar.high is not None and where.value > where.high)


@given(bars())
def test_everything_stands_on_the_bar_and_in_order(bar: LimitBar) -> None:
    where = marks(bar)

    assert 0 <= where.low <= where.accept_low <= where.accept_high <= where.high <= 1
    assert 0 < where.value < 1


@given(bars())
def test_a_value_that_is_accepted_stands_in_the_acceptance_band(bar: LimitBar) -> None:
    where = marks(bar)

    if bar.accepted and where.accept_high - where.accept_low > 0.1:
        assert where.accept_low <= where.value <= where.accept_high


def test_a_value_just_outside_is_drawn_visibly_outside() -> None:
    where = marks(LimitBar(368.0, 432.0, 368.0, 432.0, 432.0001))

    assert where.value - where.high > 0.03


def test_a_bad_value_is_a_diamond_and_a_good_one_a_disc() -> None:
    good, bad = Recorder(), Recorder()

    draw(good, Box(0, 0, 60, 8), LimitBar(0.0, 1.0, 0.0, 1.0, 0.5))
    draw(bad, Box(0, 0, 60, 8), LimitBar(0.0, 1.0, 0.0, 1.0, 1.5))

    assert len(good.discs) == 2
    assert not good.shapes
    assert [ink for _, ink in bad.shapes][-1] == BAD
    assert not bad.discs


def test_a_count_that_must_be_zero_stands_on_its_one_mark() -> None:
    assert marks(LimitBar(0.0, 0.0, 0.0, 0.0, 0.0)).value == 0.5
    assert marks(LimitBar(0.0, 0.0, 0.0, 0.0, 3.0)).value > 0.5
