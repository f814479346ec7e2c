import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.units import UNITS, Unit, unit

ANY = st.sampled_from(list(UNITS.values()))
WRITTEN = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=6, allow_nan=False).map(float)


def test_ninety_microamperes_are_exactly_9e_05_amperes() -> None:
    assert 9e-05 == unit("uA").to_si(90)
    assert 90.0 == unit("uA").from_si(9e-05)


@given(ANY, WRITTEN)
def test_what_people_write_comes_back_as_they_wrote_it(of: Unit, amount: float) -> None:
    assert amount == of.from_si(of.to_si(amount))


@given(ANY, st.floats(allow_nan=False, allow_infinity=False, min_value=-1e200, max_value=1e200))
def test_a_value_in_si_is_the_nearest_float_to_the_exact_product(of: Unit, amount: float) -> None:
    expected = float(Decimal(repr(amount)) * of.scale)

    assert expected == of.to_si(amount)


@given(ANY, WRITTEN, WRITTEN)
def test_order_is_kept(of: Unit, one: float, other: float) -> None:
    assert (one <= other) == (of.to_si(one) <= of.to_si(other))


def test_a_number_of_numpy_and_a_whole_number_are_numbers() -> None:
    assert 9e-05 == unit("uA").to_si(np.float64(90.0)) == unit("uA").to_si(90)


def test_what_is_no_number_stays_none() -> None:
    assert math.isnan(unit("uA").to_si(math.nan))
    assert -math.inf == unit("uA").from_si(-math.inf)


def test_an_unknown_unit_is_unknown() -> None:
    with pytest.raises(KeyError):
        unit("parsec")


@pytest.mark.parametrize(
    ("symbol", "printed"),
    [("uA", "µA"), ("kohm", "kΩ"), ("ohm", "Ω"), ("degC", "°C"), ("%", "%"), ("1", "–"), ("ms", "ms"), ("pulses", "pulses")],
)
def test_people_read_the_sign_of_their_field(symbol: str, printed: str) -> None:
    assert printed == unit(symbol).printed


def test_each_unit_is_known_by_its_own_symbol() -> None:
    assert all(symbol == of.symbol for symbol, of in UNITS.items())
