"""The decision rules at every corner: acceptance limits from the file alone, and the verdict on each side of each of them."""

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.limit import Limit
from station.core.limit_file import parse
from station.core.uncertainty import Uncertainty
from station.core.verdict import Verdict

HEAD = '[limits]\nproduct = "P"\nrevision = "A"\neffective = 2026-01-01\nstatus = "draft"\n[rows]\n'
PREFIXES = {"A": "1", "mA": "1e3", "uA": "1e6", "nA": "1e9"}


def row(unit: str = "uA", /, **keys: object) -> Limit:
    said = ", ".join(f"{key} = {value}" for key, value in keys.items())
    text = f'{HEAD}"CUR.310" = {{ title = "t", unit = "{unit}", method = "m", {said} }}\n'
    return parse(text, "f").limits["CUR.310"]


def judged(limit: Limit, value: float, u: float | None = None) -> tuple[Verdict, str]:
    return limit.judge(value, Uncertainty(limit.u_max or 0.0 if u is None else u, "A", "b"))


@pytest.mark.parametrize(
    ("keys", "accepted"),
    [
        ({"low": 368, "high": 432}, (368e-6, 432e-6)),
        ({"low": 368, "high": 432, "rule": '"guarded"'}, (368.8e-6, 431.2e-6)),
        ({"low": 368, "high": 432, "rule": '"guarded"', "r": 0.5}, (368.4e-6, 431.6e-6)),
        ({"low": 368, "high": 432, "rule": '"guarded"', "sides": '"low"'}, (368.8e-6, 432e-6)),
        ({"low": 368, "high": 432, "rule": '"guarded"', "sides": '"high"', "r": 3}, (368e-6, 429.6e-6)),
        ({"low": 368, "high": 432, "safety": '"high"'}, (368e-6, 431.2e-6)),
        ({"low": 368, "high": 432, "safety": '"both"', "r": 2}, (369.6e-6, 430.4e-6)),
        ({"low": 368, "high": 432, "safety": '"low"', "sides": '"both"'}, (368.8e-6, 431.2e-6)),
        ({"low": '"none"', "high": 432, "safety": '"high"'}, (None, 431.2e-6)),
        ({"low": 368, "high": '"none"', "rule": '"guarded"', "sides": '"low"'}, (368.8e-6, None)),
        ({"low": -1, "high": 1, "safety": '"both"'}, (-0.2e-6, 0.2e-6)),
        ({"low": -0.8, "high": 0.8, "safety": '"both"'}, (0.0, 0.0)),
    ],
)
def test_acceptance_limits_are_the_bounds_moved_inward_by_twice_r_u_max_on_the_named_sides(
    keys: dict[str, object], accepted: tuple[float | None, float | None]
) -> None:
    assert accepted == row(**keys, u_max=0.4).acceptance


@settings(deadline=None)  # a busy host is no fault
@given(
    st.integers(1, 999),
    st.integers(1000, 2000),
    st.integers(1, 99),
    st.sampled_from([0.5, 1, 2]),
    st.sampled_from(sorted(PREFIXES)),
)
def test_an_acceptance_limit_is_the_number_worked_out_by_hand_in_the_rows_own_unit(
    low: int, high: int, u: int, r: float, unit: str
) -> None:
    limit = row(unit, low=low, high=high + 700, u_max=u / 1000, rule='"guarded"', r=r)

    by_hand = (
        Decimal(low) + 2 * Decimal(str(r)) * Decimal(u) / 1000,
        Decimal(high + 700) - 2 * Decimal(str(r)) * Decimal(u) / 1000,
    )
    assert tuple(float(end / Decimal(PREFIXES[unit])) for end in by_hand) == limit.acceptance


@settings(deadline=None)  # a busy host is no fault
@given(st.sampled_from(sorted(PREFIXES)), st.floats(360, 440), st.floats(0, 0.9))
def test_the_prefix_of_the_unit_changes_no_verdict(unit: str, microamps: float, u: float) -> None:
    factor = Decimal(PREFIXES[unit]) / Decimal(10) ** 6
    low, high, u_max = (Decimal(text) * factor for text in ("368", "432", "0.4"))
    limit = row(unit, low=f"{float(low)!r}", high=f"{float(high)!r}", u_max=f"{float(u_max)!r}", safety='"both"')
    reference = row("uA", low=368, high=432, u_max=0.4, safety='"both"')

    assert judged(reference, microamps * 1e-6, u * 1e-6) == judged(limit, microamps * 1e-6, u * 1e-6)


GUARDED = row(low=368, high=432, u_max=0.4, safety='"both"')


@pytest.mark.parametrize(
    ("value", "verdict", "reason"),
    [
        (math.nextafter(368e-6, 0), Verdict.FAIL, "below the low limit"),
        (368e-6, Verdict.FAIL, "within tolerance, but not proven (inside the guard band)"),
        (math.nextafter(368.8e-6, 0), Verdict.FAIL, "within tolerance, but not proven (inside the guard band)"),
        (368.8e-6, Verdict.PASS, ""),
        (431.2e-6, Verdict.PASS, ""),
        (math.nextafter(431.2e-6, 1), Verdict.FAIL, "within tolerance, but not proven (inside the guard band)"),
        (432e-6, Verdict.FAIL, "within tolerance, but not proven (inside the guard band)"),
        (math.nextafter(432e-6, 1), Verdict.FAIL, "above the high limit"),
    ],
)
def test_between_acceptance_and_tolerance_it_is_a_fail_and_never_inconclusive(
    value: float, verdict: Verdict, reason: str
) -> None:
    assert (verdict, reason) == judged(GUARDED, value)


@pytest.mark.parametrize("value", [4e-4, 368e-6, 500e-6, 0.0, -1.0])
def test_a_reading_known_worse_than_u_max_is_inconclusive_wherever_it_lies(value: float) -> None:
    verdict, reason = judged(GUARDED, value, math.nextafter(0.4e-6, 1))

    assert Verdict.INCONCLUSIVE == verdict
    assert "the method is not capable" in reason


def test_u_of_exactly_u_max_and_u_of_zero_are_capable() -> None:
    assert [Verdict.PASS, Verdict.PASS] == [judged(GUARDED, 4e-4, u)[0] for u in (0.4e-6, 0.0)]


@pytest.mark.parametrize(("low", "high", "inside"), [('"none"', 432, -1e6), (368, '"none"', 1e6)])
def test_a_one_sided_row_accepts_whatever_lies_on_its_open_side(low: object, high: object, inside: float) -> None:
    side = '"high"' if low == '"none"' else '"low"'
    limit = row(low=low, high=high, u_max=0.4, safety=side)

    assert Verdict.PASS == judged(limit, inside)[0]
    assert Verdict.FAIL == judged(limit, -inside)[0]


def test_guard_bands_that_meet_accept_the_one_value_between_them() -> None:
    limit = row(low=-0.8, high=0.8, u_max=0.4, safety='"both"')

    assert Verdict.PASS == judged(limit, 0.0)[0]
    assert Verdict.FAIL == judged(limit, 1e-12)[0]


def test_a_row_without_uncertainty_has_no_guard_band() -> None:
    limit = parse(f'{HEAD}"TIM.040" = {{ title = "t", kind = "count", unit = "pulses", low = 0, high = 0, method = "m" }}\n', "f")

    assert 0.0 == limit.limits["TIM.040"].guard
    assert (0.0, 0.0) == limit.limits["TIM.040"].acceptance


def test_a_guard_band_that_cannot_be_worked_out_passes_nothing() -> None:
    limit = Limit(
        "CUR.310", "t", GUARDED.kind, GUARDED.unit, None, math.inf, 4e-4, None, GUARDED.rule, 1e-7, GUARDED.safety, None, "", ""
    )  # fmt: skip

    assert Verdict.ERROR == judged(limit, 4e-4)[0]
    assert math.inf == limit.acceptance[0]
