from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from station.certificates.rounding import Bounds, figures

SCALES = ("1", "0.01", "0.001", "0.000001", "1000")
anything = st.floats(allow_nan=False, allow_infinity=False)
near = st.floats(-1.0, 1.0)
numbers = st.one_of(near, anything)


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    low, accept_low, accept_high, high = sorted(draw(st.tuples(numbers, numbers, numbers, numbers)))
    has_low, has_high = draw(st.sampled_from([(True, True), (True, False), (False, True)]))
    return Bounds(
        low if has_low else None,
        high if has_high else None,
        accept_low if has_low else None,
        accept_high if has_high else None,
    )


def _read(printed: str) -> Decimal:
    mantissa, _, power = printed.replace("−", "-").partition("×10")
    return Decimal(mantissa).scaleb(int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or "0"))


def _close(limits: Bounds, value: float) -> st.SearchStrategy[float]:
    near = [bound for bound in (limits.low, limits.high, limits.accept_low, limits.accept_high) if bound is not None]
    return st.sampled_from([value, *near, *(bound * (1 + 1e-15) for bound in near), *(bound * (1 - 1e-9) for bound in near)])


def _beyond(value: float, limits: Bounds) -> list[bool]:
    below = [bound is not None and value < bound for bound in (limits.low, limits.accept_low)]
    return below + [bound is not None and value > bound for bound in (limits.high, limits.accept_high)]


def _said_beyond(value: Decimal, said: tuple[str, str, str, str]) -> list[bool]:
    low, high, accept_low, accept_high = said
    below = [bool(bound) and value < _read(bound) for bound in (low, accept_low)]
    return below + [bool(bound) and value > _read(bound) for bound in (high, accept_high)]


@given(bounds(), numbers, st.one_of(st.none(), st.floats(0, 1e3), st.floats(0, 1e300)), st.sampled_from(SCALES), st.data())
@example(Bounds(0.000368, 0.000432, 0.00037, 0.000428), 0.00042804, 1e-6, "0.000001", None)
@example(Bounds(0.0, None, 0.0, None), -1e-9, 1e-3, "1", None)
def test_what_is_printed_lies_on_the_same_side_of_every_limit_as_what_was_judged(
    limits: Bounds, value: float, expanded: float | None, scale: str, data: st.DataObject | None
) -> None:
    value = value if data is None else data.draw(_close(limits, value))
    assume(abs(value) < 1e305)

    said = figures(value, expanded, limits, scale)

    told = _said_beyond(_read(said.value), (said.low, said.high, said.accept_low, said.accept_high))
    assert _beyond(value, limits) == told


@given(near, st.floats(1e-9, 1e-2), st.sampled_from(SCALES))
def test_rounding_moves_a_value_by_no_more_than_half_of_the_second_digit_of_u(value: float, expanded: float, scale: str) -> None:
    said = figures(value, expanded, Bounds(None, None, None, None), scale)

    unit = Decimal(scale)
    second = Decimal(1).scaleb(_read(said.u).adjusted() - 1)
    assert abs(_read(said.value) - Decimal(repr(value)) / unit) <= second / 2


@given(near, st.floats(1e-9, 1e-2))
def test_u_is_printed_with_two_digits(value: float, expanded: float) -> None:
    said = figures(value, expanded, Bounds(None, None, None, None), "1").u

    digits = said.partition("×")[0].replace(".", "").lstrip("0")
    assert len(digits) == 2
    assert _read(said) == pytest.approx(Decimal(repr(expanded)), rel=Decimal("0.051"))


@pytest.mark.parametrize(
    ("value", "expanded", "limits", "said"),
    [
        (403.617e-6, 1.22e-6, (368e-6, 432e-6, 370e-6, 428e-6), ("403.6", "1.2")),
        (428.04e-6, 1.22e-6, (368e-6, 432e-6, 370e-6, 428e-6), ("428.04", "1.2")),
        (428.00e-6, 1.22e-6, (368e-6, 432e-6, 370e-6, 428e-6), ("428.0", "1.2")),
        (427.98e-6, 1.22e-6, (368e-6, 432e-6, 370e-6, 428e-6), ("428.0", "1.2")),
        (432.0000001e-6, 1.0e-6, (368e-6, 432e-6, 370e-6, 428e-6), ("432.0000001", "1.0")),
        (-0.04e-6, 0.026e-6, (-1e-6, 1e-6, -0.9e-6, 0.9e-6), ("−0.040", "0.026")),
        (-0.0001e-6, 0.026e-6, (-1e-6, 1e-6, -0.9e-6, 0.9e-6), ("0.000", "0.026")),
        (400e-6, 42e-6, (368e-6, 432e-6, 370e-6, 428e-6), ("400", "42")),
        (400e-6, 2e-5, (368e-6, 432e-6, 370e-6, 428e-6), ("400", "20")),
    ],
)
def test_a_value_in_microampere_is_printed_as_a_metrologist_writes_it(
    value: float, expanded: float, limits: tuple[float, float, float, float], said: tuple[str, str]
) -> None:
    printed = figures(value, expanded, Bounds(*limits), "0.000001")

    assert said == (printed.value, printed.u)


def test_limits_are_printed_as_a_person_wrote_them_not_as_floats_store_them() -> None:
    printed = figures(400e-6, 1e-6, Bounds(368e-6, 432e-6, 368e-6 + 2e-6, 432e-6 - 4e-6), "1E-6")

    assert (printed.low, printed.high, printed.accept_low, printed.accept_high) == ("368", "432", "370", "428")


def test_a_count_is_printed_whole() -> None:
    assert figures(11700, None, Bounds(0.0, 20000.0, 0.0, 20000.0), "1").value == "11700"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_has_no_figures_but_its_limits_stand(value: float | None) -> None:
    printed = figures(value, 1.0, Bounds(1.0, 2.0, 1.0, 2.0), "1")

    assert (printed.value, printed.u, printed.low, printed.high) == ("", "", "1", "2")


@pytest.mark.parametrize(("value", "said"), [(1.5e30, "1.50000×10³⁰"), (-1.5e-30, "−1.50000×10⁻³⁰"), (0.0, "0")])
def test_figures_that_would_be_long_are_written_with_a_power_of_ten(value: float, said: str) -> None:
    assert figures(value, None, Bounds(None, None, None, None), "1").value == said
