import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.uncertainty import Part, Reading, Uncertainty, combine, ratio, rectangular, scaled

PARTS = st.lists(st.builds(Part, st.just("p"), st.floats(0, 1e3)), max_size=5).map(tuple)


def test_parts_combine_by_root_sum_of_squares() -> None:
    found = combine("b", "V", (Part("one", 3.0), Part("other", 4.0)))

    assert Uncertainty(5.0, "V", "b", (Part("one", 3.0), Part("other", 4.0))) == found


@given(PARTS, PARTS)
def test_a_part_more_never_makes_a_value_better_known(some: tuple[Part, ...], more: tuple[Part, ...]) -> None:
    assert combine("b", "V", some).u <= combine("b", "V", some + more).u


def test_a_rectangle_is_known_to_its_half_width_over_the_root_of_three() -> None:
    assert 1 / math.sqrt(3) == rectangular(1.0) == rectangular(-1.0)


def test_a_scaled_reading_scales_each_part_and_takes_on_others() -> None:
    volts = Reading(0.4, combine("DCV", "V", (Part("meter", 3e-5),)))

    amps = scaled(volts, -1e-3, "A", "current", (Part("resistor", 4e-8),))

    assert -4e-4 == pytest.approx(amps.value)
    assert 5e-8 == pytest.approx(amps.u.u)
    assert ("A", "current", ("meter", "resistor")) == (amps.u.unit, amps.u.budget, tuple(part.name for part in amps.u.parts))


def test_an_uncertainty_given_without_parts_is_not_lost_when_it_is_scaled() -> None:
    volts = Reading(0.4, Uncertainty(3e-5, "V", "DCV"))

    amps = scaled(volts, 1e-3, "A", "current")

    assert 3e-8 == pytest.approx(amps.u.u)
    assert (Part("DCV", 3e-5),) == volts.u.parts


def test_a_ratio_knows_as_well_as_its_terms_together() -> None:
    top, bottom = Reading(4.0, Uncertainty(0.04, "A", "t")), Reading(2.0, Uncertainty(0.02, "A", "b"))

    found = ratio(top, bottom, "ratio")

    assert (2.0, "1") == (found.value, found.u.unit)
    assert 2.0 * 0.01 * math.sqrt(2) == pytest.approx(found.u.u)


@pytest.mark.parametrize(("u", "usable"), [(0.0, True), (1.0, True), (-1.0, False), (math.nan, False), (math.inf, False)])
def test_an_uncertainty_is_usable_when_it_is_finite_and_not_negative(u: float, usable: bool) -> None:
    assert usable == Uncertainty(u, "V", "b").usable
