"""Budgets against hand calculation: the examples of JCGM 100, and the laws that every budget keeps."""

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.budget import Distribution, as_a_whole, certified, observed, within
from station.core.budget_coverage import COVERED, coverage_factor, effective_dof
from station.core.uncertainty import Part, Reading, Term, Uncertainty, combine, derived, ratio, scaled

DISTRIBUTIONS = st.sampled_from(Distribution)
AMOUNTS = st.floats(1e-9, 1e3)
LINES = st.lists(
    st.builds(within, st.text(max_size=3), AMOUNTS, sensitivity=st.floats(-1e3, 1e3), distribution=DISTRIBUTIONS),
    min_size=1,
    max_size=6,
)
NANO = 1e-9


# JCGM 100, H.1: the calibration of an end gauge of 50 mm


def end_gauge() -> Uncertainty:
    length, alpha, mean_theta = 0.05, 11.5e-6, -0.1  # m, 1/K, K
    difference = Reading(
        215 * NANO,
        combine(
            "d, H.1.3.2", "m",
            (
                observed("repeated observations", 13 * NANO / math.sqrt(5), 24, unit="m"),
                certified("random effects of the comparator", 0.01e-6, k=2.57, unit="m", dof=5),
                certified("systematic effects of the comparator", 0.02e-6, k=3, unit="m", dof=8),
            ),
        ),
    )  # fmt: skip
    parts = (
        certified("standard", 0.075e-6, k=3, unit="m", dof=18),
        within("expansion of the standard", 2e-6, unit="1/K", sensitivity=0.0),
        within("temperature of the bed", 0.5, unit="K", sensitivity=0.0, distribution=Distribution.ARCSINE),
        within("difference of expansions", 1e-6, unit="1/K", sensitivity=-length * mean_theta, dof=50),
        within("difference of temperatures", 0.05, unit="K", sensitivity=-length * alpha, dof=2),
    )
    return derived(50.000838e-3, "end gauge", "m", (Term(1.0, difference, ""),), parts).u


def test_the_end_gauge_of_the_gum_has_the_components_of_its_table() -> None:
    by_name = {part.name: part.u / NANO for part in end_gauge().parts}

    assert {
        "repeated observations": 5.8,
        "random effects of the comparator": 3.9,
        "systematic effects of the comparator": 6.7,
        "standard": 25.0,
        "expansion of the standard": 0.0,
        "temperature of the bed": 0.0,
        "difference of expansions": 2.9,
        "difference of temperatures": 16.6,
    } == {name: pytest.approx(u, abs=0.05) for name, u in by_name.items()}


def test_the_end_gauge_of_the_gum_is_known_to_32_nm_with_16_degrees_of_freedom_and_93_nm_at_99_per_cent() -> None:
    gauge = end_gauge()

    k = coverage_factor(gauge.dof, 0.99)
    assert 32 == round(gauge.u / NANO)
    assert gauge.dof is not None
    assert 16 == math.floor(gauge.dof)
    assert 2.92 == pytest.approx(k, abs=0.005)
    assert 93 == pytest.approx(k * gauge.u / NANO, abs=1.0)


def test_the_welch_satterthwaite_formula_gives_what_the_gum_prints_for_its_rounded_numbers() -> None:
    rounded = ((25.0, 18.0), (9.7, 25.6), (2.9, 50.0), (16.6, 2.0))

    dof = effective_dof(rounded)

    whole = sum(u**2 for u, _ in rounded)
    assert whole**2 / sum(u**4 / nu for u, nu in rounded) == pytest.approx(dof)
    assert 16 == math.floor(dof or 0.0)


# JCGM 100, 5.2.2: ten resistors compared with one standard


def resistor(value: float = 1000.0, origin: str = "standard") -> Reading:
    return Reading(value, combine("resistor", "ohm", (certified("standard", 0.2, unit="ohm", origin=origin),)))


def test_ten_resistors_in_series_that_were_compared_with_one_standard_are_known_to_one_ohm() -> None:
    terms = [Term(1.0, resistor(), str(number)) for number in range(10)]

    series = derived(10_000.0, "series", "ohm", terms)

    assert 1.0 == pytest.approx(series.u.u)
    assert 1 == len(series.u.parts)


def test_ten_resistors_that_were_compared_with_ten_standards_are_known_to_a_third_of_it() -> None:
    terms = [Term(1.0, resistor(origin=str(number)), str(number)) for number in range(10)]

    series = derived(10_000.0, "series", "ohm", terms)

    assert 0.32 == pytest.approx(series.u.u, abs=0.005)


# One instrument that enters twice


def volts(value: float, gain: float = 40e-6, offset: float = 7e-6) -> Reading:
    lines = (
        within("gain", gain, unit="1", sensitivity=value, origin="meter gain"),
        within("offset", offset, unit="V", origin="meter offset"),
        observed("scatter", 1e-7, 9, unit="V"),
    )
    return Reading(value, combine("voltage", "V", lines))


def test_a_gain_error_cancels_in_a_ratio_and_an_offset_does_as_far_as_the_readings_are_equal() -> None:
    top, bottom = volts(0.4), volts(0.2)

    found = ratio(top, bottom, "ratio")

    by_name = {part.name: part.u for part in found.u.parts}
    offset = 7e-6 / math.sqrt(3) * (1 / 0.2 - 0.4 / 0.2**2)
    scatter = math.hypot(1e-7 / 0.2, 1e-7 * 0.4 / 0.2**2)
    assert 0.0 == pytest.approx(by_name["gain"], abs=1e-18)
    assert abs(offset) == pytest.approx(by_name["offset"])
    assert math.hypot(offset, scatter) == pytest.approx(found.u.u)


def test_an_offset_cancels_in_a_difference_and_doubles_in_a_sum() -> None:
    one, other = volts(0.4, gain=0.0), volts(0.4, gain=0.0)

    difference = derived(0.0, "difference", "V", (Term(1.0, one, "one"), Term(-1.0, other, "other")))
    total = derived(0.8, "sum", "V", (Term(1.0, one, "one"), Term(1.0, other, "other")))

    assert math.sqrt(2) * 1e-7 == pytest.approx(difference.u.u)
    assert math.hypot(2 * 7e-6 / math.sqrt(3), math.sqrt(2) * 1e-7) == pytest.approx(total.u.u)


def test_a_quantity_that_cancelled_keeps_its_own_uncertainty_for_what_is_derived_further() -> None:
    one, other = volts(0.4, gain=0.0), volts(0.4, gain=0.0)
    difference = derived(0.0, "difference", "V", (Term(1.0, one, "one"), Term(-1.0, other, "other")))

    again = derived(0.4, "again", "V", (Term(1.0, difference, "difference"), Term(1.0, one, "one")))

    offset = next(part for part in again.u.parts if part.name == "offset")
    assert 7e-6 / math.sqrt(3) == pytest.approx(offset.u)


def test_lines_that_share_an_origin_share_the_smaller_degrees_of_freedom() -> None:
    lines = (observed("a", 1.0, 5, origin="o"), observed("a", 1.0, 3, origin="o"), certified("a", 2.0, origin="o"))

    (line,) = combine("b", "V", lines).parts

    assert (3.0, 3) == (line.u, line.dof)


def test_nothing_shared_twice_is_nothing() -> None:
    (line,) = combine("b", "V", (within("a", 0.0, origin="o"), within("a", 0.0, origin="o"))).parts

    assert (0.0, 0.0) == (line.u, line.sensitivity)


# Lines


@pytest.mark.parametrize(
    ("distribution", "divisor"),
    [("normal", 1.0), ("rectangular", math.sqrt(3)), ("triangular", math.sqrt(6)), ("U", math.sqrt(2))],
)
def test_each_distribution_has_the_divisor_of_the_gum(distribution: str, divisor: float) -> None:
    line = within("x", 6.0, distribution=Distribution(distribution), sensitivity=-2.0)

    assert 12.0 / divisor == pytest.approx(line.u)
    assert (distribution, 6.0, -2.0) == (line.distribution, line.amount, line.sensitivity)


def test_a_certificate_s_expanded_uncertainty_is_divided_by_its_factor() -> None:
    line = certified("resistor", 0.02, k=2.0, unit="ohm", sensitivity=4e-6)

    assert 4e-8 == pytest.approx(line.u)
    assert ("B", "normal", 2.0) == (line.kind, line.distribution, line.divisor)


def test_a_budget_as_a_whole_brings_its_degrees_of_freedom_along() -> None:
    inner = Reading(4.0, combine("inner", "V", (observed("scatter", 0.3, 4), certified("meter", 0.8))))

    line = as_a_whole("peak", inner, 2.0)

    assert 1.0 == pytest.approx(line.u)
    assert inner.u.dof == line.dof
    assert "inner" in line.source


def test_what_is_scaled_keeps_the_quantity_and_scales_its_sensitivity() -> None:
    amps = scaled(volts(0.4), 1e-3, "A", "current")

    gain = amps.u.parts[0]
    assert (40e-6, "1") == (gain.amount, gain.unit)
    assert 4e-4 == pytest.approx(gain.sensitivity)
    assert 4e-4 * 40e-6 / math.sqrt(3) == pytest.approx(gain.u)


def test_a_line_of_which_only_the_contribution_is_known_says_in_which_unit_it_was() -> None:
    amps = scaled(Reading(0.4, combine("DCV", "V", (Part("meter", 3e-5),))), 1e-3, "A", "current")

    (line,) = amps.u.parts
    assert "V" == line.unit
    assert [3e-5, 1e-3] == pytest.approx([line.standard, line.sensitivity])


def test_a_line_without_sensitivity_and_amount_stands_for_nothing() -> None:
    assert 0.0 == Part("x", 0.0, sensitivity=0.0).standard


@pytest.mark.parametrize(
    "part",
    [
        Part("x", math.nan), Part("x", -1.0), Part("x", 1.0, sensitivity=math.inf), Part("x", 1.0, amount=math.nan),
        Part("x", 1.0, divisor=math.nan), Part("x", 1.0, dof=0.0), Part("x", 1.0, dof=math.nan),
    ],
)  # fmt: skip
def test_a_line_that_makes_no_sense_makes_its_uncertainty_useless(part: Part) -> None:
    assert not Uncertainty(1.0, "V", "b", (part,)).usable


# Coverage


@pytest.mark.parametrize(
    ("dof", "k"),
    [
        (1, 13.97), (2, 4.53), (3, 3.31), (4, 2.87), (5, 2.65), (6, 2.52), (7, 2.43), (8, 2.37), (9, 2.32), (10, 2.28),
        (15, 2.18), (20, 2.13), (30, 2.09), (50, 2.05), (100, 2.025), (None, 2.0),
    ],
)  # fmt: skip
def test_the_factor_for_95_45_per_cent_is_that_of_table_g_2(dof: float | None, k: float) -> None:
    assert k == pytest.approx(coverage_factor(dof), abs=0.006)


@pytest.mark.parametrize(("dof", "k"), [(1, 63.66), (2, 9.92), (5, 4.03), (16, 2.92), (40, 2.70), (None, 2.576)])
def test_the_factor_for_99_per_cent_is_that_of_table_g_2(dof: float | None, k: float) -> None:
    assert k == pytest.approx(coverage_factor(dof, 0.99), abs=0.006)


def test_broken_degrees_of_freedom_are_truncated_and_too_few_are_taken_for_one() -> None:
    assert coverage_factor(5) == coverage_factor(5.99)
    assert coverage_factor(1) == coverage_factor(0.3)
    assert coverage_factor(None) == coverage_factor(1e9)


def test_the_printed_u_is_twice_the_standard_one_and_k_tells_what_95_per_cent_would_need() -> None:
    few = combine("b", "V", (observed("scatter", 3.0, 4), certified("meter", 8.0)))

    dof = 5.0**4 / (3.0**4 / 4)  # the meter's U = 8 is u = 4
    assert [10.0, dof] == pytest.approx([few.expanded, few.dof or 0.0])
    assert coverage_factor(dof) == few.k
    assert 0.9545 == pytest.approx(COVERED, abs=1e-4)


def test_nothing_uncertain_has_no_degrees_of_freedom_to_speak_of() -> None:
    assert effective_dof(()) is None
    assert effective_dof([(0.0, 3.0)]) is None
    assert effective_dof([(1.0, None), (2.0, None)]) is None


def test_small_numbers_do_not_vanish_in_their_fourth_power() -> None:
    assert 4.0 == pytest.approx(effective_dof([(1e-120, 4.0)]))


# Laws


@given(LINES, st.integers(0, 5), st.floats(1.0, 10.0))
def test_u_grows_with_each_line(lines: list[Part], which: int, times: float) -> None:
    one = lines[which % len(lines)]
    grown = [line if line is not one else within(line.name, times * (line.amount or 0.0), sensitivity=line.sensitivity,
             distribution=Distribution(line.distribution)) for line in lines]  # fmt: skip

    assert combine("b", "V", lines).u <= combine("b", "V", grown).u * (1 + 1e-12)


@given(st.lists(st.builds(within, st.just("x"), AMOUNTS, origin=st.sampled_from(["", "a", "b"])), min_size=1, max_size=4))
def test_the_order_of_the_lines_does_not_matter(lines: list[Part]) -> None:
    found = {round(combine("b", "V", order).u / max(line.u for line in lines), 9) for order in permutations(lines)}

    assert 1 == len(found)


@given(LINES, st.floats(1e-6, 1e6), st.sampled_from([1.0, -1.0]))
def test_a_scaled_value_has_a_scaled_u(lines: list[Part], size: float, sign: float) -> None:
    whole = combine("b", "V", lines)

    found = scaled(Reading(1.0, whole), sign * size, "A", "c")

    assert size * whole.u == pytest.approx(found.u.u, rel=1e-9)
    assert all(part.u >= 0 for part in found.u.parts)


@given(LINES)
def test_every_line_is_its_amount_through_its_divisor_times_its_sensitivity(lines: list[Part]) -> None:
    for part in scaled(Reading(1.0, combine("b", "V", lines)), 3.0, "A", "c").u.parts:
        assert abs(part.sensitivity) * part.standard == pytest.approx(part.u, rel=1e-9)


@given(st.lists(st.tuples(st.floats(1e-3, 1e3), st.floats(1.0, 100.0)), min_size=1, max_size=6))
def test_effective_degrees_of_freedom_lie_between_the_smallest_and_the_sum(lines: list[tuple[float, float]]) -> None:
    found = effective_dof(lines)

    assert found is not None
    assert min(dof for _, dof in lines) * (1 - 1e-9) <= found <= sum(dof for _, dof in lines) * (1 + 1e-9)
