import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.limit import Limit, Rule, Sides
from station.core.uncertainty import Part, Uncertainty
from station.core.verdict import Verdict
from tests.core.samples import count, exact, microamps, number

FINITE = st.floats(min_value=-1.0, max_value=1.0)
SAFE = number(safety=Sides.BOTH, u_max=1.0)
LOW, HIGH = 368e-6, 432e-6


def verdict(limit: Limit, value: object, u: Uncertainty | None = None) -> Verdict:
    return limit.judge(value, u or microamps())[0]


def test_a_value_on_the_limit_of_a_simple_row_passes_and_one_step_of_a_float_beyond_fails() -> None:
    assert [Verdict.PASS, Verdict.PASS] == [verdict(number(), LOW), verdict(number(), HIGH)]
    assert Verdict.FAIL == verdict(number(), math.nextafter(LOW, 0))
    assert Verdict.FAIL == verdict(number(), math.nextafter(HIGH, 1))


def test_a_value_on_the_acceptance_limit_passes_and_one_step_of_a_float_beyond_fails() -> None:
    low, high = (bound or 0.0 for bound in SAFE.acceptance)

    assert 370e-6 == pytest.approx(low)
    assert 430e-6 == pytest.approx(high)
    assert [Verdict.PASS, Verdict.PASS] == [verdict(SAFE, low), verdict(SAFE, high)]
    assert Verdict.FAIL == verdict(SAFE, math.nextafter(low, 0))
    assert Verdict.FAIL == verdict(SAFE, math.nextafter(high, 1))


@pytest.mark.parametrize("value", [LOW, HIGH, 369e-6, 431e-6])
@pytest.mark.hazard("FC-09")
def test_between_acceptance_and_tolerance_the_reason_says_not_proven(value: float) -> None:
    found, reason = SAFE.judge(value, microamps())

    assert Verdict.FAIL == found
    assert reason.startswith("within tolerance, but not proven")


def test_the_guard_band_is_twice_u_max_on_the_named_side_only() -> None:
    high = number(safety=Sides.HIGH, u_max=1.0)
    low = number(safety=Sides.LOW, u_max=1.0, r=2.0)

    assert [LOW, pytest.approx(HIGH - 2e-6)] == list(high.acceptance)
    assert [pytest.approx(LOW + 4e-6), HIGH] == list(low.acceptance)
    assert (LOW, HIGH) == number().acceptance


def test_the_acceptance_limits_do_not_depend_on_the_reading() -> None:
    before = SAFE.acceptance

    SAFE.judge(4e-4, microamps(0.9))

    assert before == SAFE.acceptance


@given(FINITE, FINITE, st.tuples(FINITE, FINITE, FINITE), st.sampled_from(Sides))
def test_judging_is_monotone(low: float, high: float, values: tuple[float, float, float], sides: Sides) -> None:
    limit = replace(number(), low=low, high=high, rule=Rule("guarded", 1.0, sides), u_max=1e-3)
    known = Uncertainty(1e-4, "A", "b")

    below, between, above = (limit.judge(value, known)[0] is Verdict.PASS for value in sorted(values))

    assert between or not (below and above)


@given(FINITE, st.floats(0, 2e-3), st.floats(0, 2e-3))
@pytest.mark.hazard("FC-08")
def test_knowing_a_value_worse_never_makes_it_pass(value: float, one: float, other: float) -> None:
    limit = replace(number(), low=-0.5, high=0.5, u_max=1e-3)
    better, worse = sorted((one, other))

    passed = [limit.judge(value, Uncertainty(u, "A", "b"))[0] is Verdict.PASS for u in (better, worse)]

    assert passed[0] or not passed[1]


@given(FINITE, st.floats(0, 3), st.floats(0, 3))
@pytest.mark.hazard("FC-09")
def test_a_wider_guard_band_never_makes_a_value_pass(value: float, one: float, other: float) -> None:
    narrow, wide = (
        replace(number(), low=-0.5, high=0.5, u_max=0.1, rule=Rule("guarded", r, Sides.BOTH)) for r in sorted((one, other))
    )
    known = Uncertainty(0.01, "A", "b")

    assert narrow.judge(value, known)[0] is Verdict.PASS or wide.judge(value, known)[0] is not Verdict.PASS


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "4e-4", None, b"4", 1j, 10**400])
@pytest.mark.hazard("FC-04")
def test_what_is_no_finite_number_is_an_error(value: object) -> None:
    found, reason = number().judge(value, microamps())

    assert Verdict.ERROR == found
    assert "a finite number is wanted" in reason


@pytest.mark.parametrize("value", [1, 0, "yes", None, 1.0])
@pytest.mark.hazard("FC-05")
def test_a_flag_takes_true_and_false_only(value: object) -> None:
    assert Verdict.ERROR == exact(expect=True).judge(value)[0]


def test_a_flag_that_is_not_as_expected_fails() -> None:
    assert [Verdict.PASS, Verdict.FAIL] == [exact(expect=True).judge(value)[0] for value in (True, False)]
    assert [Verdict.FAIL, Verdict.PASS] == [exact(expect=False).judge(value)[0] for value in (True, False)]


def test_a_text_is_compared_letter_by_letter() -> None:
    assert Verdict.PASS == exact().judge("1.4.2")[0]
    assert [Verdict.FAIL] * 3 == [exact().judge(value)[0] for value in ("1.4.2 ", "1.4", "")]
    assert [Verdict.ERROR] * 3 == [exact().judge(value)[0] for value in (1.4, b"1.4.2", None)]


@pytest.mark.parametrize("value", [0.0, True, "0", None, math.nan])
@pytest.mark.hazard("FC-05")
def test_a_count_takes_whole_numbers_only(value: object) -> None:
    assert Verdict.ERROR == count().judge(value)[0]


def test_a_count_is_judged_by_its_bounds_however_large() -> None:
    assert [Verdict.PASS, Verdict.FAIL, Verdict.FAIL, Verdict.FAIL] == [count().judge(value)[0] for value in (0, 1, -1, 10**400)]


def test_a_number_without_uncertainty_is_an_error() -> None:
    assert Verdict.ERROR == number().judge(4e-4)[0]


@pytest.mark.parametrize("u", [math.nan, math.inf, -1e-12])
def test_an_uncertainty_that_is_none_is_an_error(u: float) -> None:
    assert Verdict.ERROR == verdict(number(), 4e-4, Uncertainty(u, "A", "b"))


def test_a_budget_with_a_part_that_is_no_number_is_an_error() -> None:
    assert Verdict.ERROR == verdict(number(), 4e-4, Uncertainty(1e-7, "A", "b", (Part("meter", math.nan),)))


@pytest.mark.hazard("FC-07")
def test_a_value_in_another_unit_is_an_error() -> None:
    found, reason = number().judge(4e-4, Uncertainty(1e-7, "V", "b"))

    assert (Verdict.ERROR, "the value is in V, the limit in A") == (found, reason)


@pytest.mark.hazard("FC-08")
def test_an_uncertainty_larger_than_the_row_allows_is_inconclusive_even_far_outside() -> None:
    assert [Verdict.INCONCLUSIVE] * 2 == [verdict(number(), value, microamps(1.001)) for value in (4e-4, 9e-4)]


@pytest.mark.parametrize("u_max", [None, math.nan, -1.0])
def test_a_row_that_allows_no_uncertainty_passes_nothing(u_max: float | None) -> None:
    assert Verdict.INCONCLUSIVE == verdict(replace(number(), u_max=u_max), 4e-4)


@pytest.mark.parametrize(("low", "high"), [(None, None), (math.nan, 1.0), (0.0, math.nan), (-math.inf, 1.0), (None, math.inf)])
@pytest.mark.hazard("LF-03")
def test_a_row_without_a_finite_bound_is_an_error(low: float | None, high: float | None) -> None:
    assert Verdict.ERROR == verdict(replace(number(), low=low, high=high), 4e-4)
    assert Verdict.ERROR == count(low=low, high=high).judge(0)[0]


def test_a_guard_band_that_is_no_number_passes_nothing() -> None:
    limit = replace(number(), rule=Rule("guarded", math.nan, Sides.BOTH))

    assert Verdict.FAIL == verdict(limit, 4e-4)


@pytest.mark.parametrize(("low", "high", "inside", "outside"), [(None, 432.0, -1.0, 433e-6), (368.0, None, 1.0, 367e-6)])
def test_a_bound_that_is_none_lets_everything_through_on_its_side(
    low: float | None, high: float | None, inside: float, outside: float
) -> None:
    limit = number(low=low, high=high)

    assert [Verdict.PASS, Verdict.FAIL] == [verdict(limit, value) for value in (inside, outside)]


def test_the_span_is_the_range_or_a_quarter_more_than_the_largest_bound() -> None:
    assert 1.25 * HIGH == number().span
    assert 1.0 == replace(number(), range=1.0).span
    assert 1.25 * 6e-4 == replace(number(), nominal=-6e-4).span


def test_a_row_is_about_safety_when_one_side_is() -> None:
    assert [False, True, True, True] == [number(safety=side).is_safety for side in Sides]
