"""The limit file against the product's own table, written down once more by hand: id, unit, nominal, low, high, safety sides."""

from pathlib import Path

import pytest

from station.cli.home import read
from station.core.limit import Kind, Limit
from station.core.limit_file import parse

ROOT = Path(__file__).parents[2]
FILE = read(ROOT).limits
NONE = None
Row = tuple[str, float | None, float | None, float | None, str]

TABLE: dict[str, Row] = {
    "ID.030": ("s", 1170, 1170, 1170, "both"),
    "BAT.010": ("V", 3.80, 3.65, 4.00, "none"),
    "BAT.020": ("uA", 4, 0.5, 15, "none"),
    "BAT.030": ("mA", 14, 10, 18, "none"),
    "CUR.110": ("uA", 100, 90, 110, "none"),
    "CUR.111": ("uA", 99.9, 90, 110, "none"),
    "CUR.112": ("uA", 99.8, 90, 110, "none"),
    "CUR.210": ("uA", 200, 184, 216, "none"),
    "CUR.211": ("uA", 199.9, 184, 216, "none"),
    "CUR.212": ("uA", 199.6, 184, 216, "none"),
    "CUR.310": ("uA", 400, 368, 432, "high"),
    "CUR.311": ("uA", 399.8, 368, 432, "high"),
    "CUR.312": ("uA", 399.2, 368, 432, "high"),
    "CUR.313": ("uA", 390, 370, 432, "high"),
    "CUR.320": ("uA", 126.5, 114, 139, "high"),
    "CUR.330": ("%", -0.2, -3, 1, "none"),
    "CUR.340": ("1", 2.00, 1.85, 2.15, "none"),
    "CUR.341": ("1", 2.00, 1.85, 2.15, "none"),
    "CUR.350": ("%", 25, 0, 40, "high"),
    "CUR.351": ("%", 25, 0, 40, "high"),
    "WAV.010": ("Hz", 10.00, 9.70, 10.30, "none"),
    "WAV.020": ("ms", 5.00, 4.75, 5.25, "high"),
    "WAV.021": ("ms", 5.00, 4.75, 5.25, "high"),
    "WAV.030": ("ms", 0.50, 0.40, 0.60, "none"),
    "WAV.040": ("uC", 2.00, 1.75, 2.25, "high"),
    "WAV.050": ("nC", 0, -100, 100, "both"),
    "WAV.060": ("uA", 0, -1.0, 1.0, "both"),
    "WAV.070": ("%", 0, -5, 5, "none"),
    "WAV.080": ("uA", 0.6, 0, 3.0, "none"),
    "CON.010": ("uA", 5, NONE, 10, "high"),
    "CON.020": ("uA", 0.7, NONE, 2.0, "high"),
    "CON.030": ("s", 0.4, 0, 1.5, "none"),
    "CON.040": ("s", 0.5, 0, 1.5, "high"),
    "CHG.010": ("uA", 0.6, NONE, 2.0, "high"),
    "BAT.040": ("mV", 30, NONE, 120, "none"),
    "TIM.010": ("s", 1170, 1140, 1200, "both"),
    "TIM.020": ("s", 19.5, 19.0, 20.0, "high"),
    "TIM.030": ("pulses", 11700, 11680, 11720, "none"),
    "TIM.040": ("pulses", 0, 0, 0, "both"),
    "TIM.050": ("s", 1170, 1140, 1200, "high"),
    "LEK.010": ("uA", 0.02, -1.0, 1.0, "both"),
}
FLOORS = {"CUR.350", "CUR.351", "WAV.080", "CON.030", "CON.040"}  # low = 0, and no true value is below 0
EXACT = {"ID.010": True, "ID.020": "1.4.2 8F3A", "SVC.010": True}  # the first is ours, for the label


def as_written(limit: Limit) -> Row:
    unit = limit.unit
    nominal, low, high = (None if one is None else unit.from_si(one) for one in (limit.nominal, limit.low, limit.high))
    return (unit.symbol, nominal, low, high, limit.safety.value)


def test_the_file_has_the_rows_of_the_table_and_no_others() -> None:
    assert set(TABLE) | set(EXACT) == set(FILE.limits)


@pytest.mark.parametrize("row_id", TABLE)
def test_a_row_has_the_limits_of_the_table(row_id: str) -> None:
    unit, *numbers, safety = as_written(FILE.limits[row_id])

    wanted_unit, *wanted, wanted_safety = TABLE[row_id]
    assert (wanted_unit, wanted_safety) == (unit, safety)
    assert wanted == pytest.approx(numbers)


@pytest.mark.parametrize("row_id", EXACT)
def test_an_exact_row_wants_what_the_table_says_and_is_safety(row_id: str) -> None:
    limit = FILE.limits[row_id]

    assert (EXACT[row_id], True) == (limit.expect, limit.is_safety)


def test_every_bound_that_a_true_value_can_pass_is_guarded_with_all_of_its_uncertainty() -> None:
    numbers = [limit for limit in FILE.limits.values() if limit.kind is Kind.NUMBER]

    assert [] == [limit.id for limit in numbers if (limit.rule.name, limit.rule.r) != ("guarded", 1.0)]
    bounds = {limit.id: (limit.low is not None and limit.id not in FLOORS, limit.high is not None) for limit in numbers}
    assert bounds == {limit.id: (limit.rule.sides.low, limit.rule.sides.high) for limit in numbers}


def test_what_guards_nothing_is_the_zero_below_which_nothing_is() -> None:
    assert {0.0} == {FILE.limits[row_id].low for row_id in FLOORS}


def test_no_guard_band_takes_a_fifth_of_a_tolerance() -> None:
    wide = [
        limit.id
        for limit in FILE.limits.values()
        if limit.low is not None
        and limit.high is not None
        and limit.low < limit.high
        and 5 * limit.guard > limit.high - limit.low
    ]
    assert [] == wide


def test_the_shut_off_keeps_its_ceiling_of_1200_s() -> None:
    ceilings = [FILE.limits[row_id].acceptance[1] for row_id in ("TIM.010", "TIM.050")]

    assert [1200.0, 1200.0] == [FILE.limits[row_id].high for row_id in ("TIM.010", "TIM.050")]
    assert all(ceiling is not None and ceiling < 1200.0 for ceiling in ceilings)


def test_revision_a_stays_on_file_retired_and_as_it_was_approved() -> None:
    old = parse((ROOT / "limits" / "mc100-a.toml").read_bytes(), "mc100-a.toml")

    assert ("A", "retired", {old.digest}) == (old.revision, old.status, {one.digest for one in old.approvals})
    assert set(old.limits) <= set(FILE.limits)


def test_only_the_shut_offs_in_real_time_are_no_rows_of_every_recipe() -> None:
    some = {limit.id: limit.recipes for limit in FILE.limits.values() if limit.recipes}

    assert {"TIM.010": ("real-time", "sample"), "TIM.030": ("real-time", "sample"), "TIM.050": ("sample",)} == some


def test_the_file_is_released_by_the_digest_of_what_it_says() -> None:
    assert FILE.unreleased is None
