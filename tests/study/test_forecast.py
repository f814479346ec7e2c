"""What is predicted from true values and stated uncertainties, held against what chance really does."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.study.forecast import by_row, by_unit, shows, usual
from benchmarks.study.seen import Seen
from benchmarks.study.work import ROOT
from station.cli.home import read
from tests.study.made_up import unit

LIMITS = read(ROOT).limits.limits
ROW = "BAT.010"  # 3.65 to 4.00 V
U = 0.001


def drawn(count: int, seed: int) -> list[tuple[float, float]]:
    """Return true values around the upper limit, and what a meter of U makes of each."""
    chance = np.random.default_rng(seed)
    return [(true, true + chance.normal(0, U)) for true in 4.00 + chance.normal(0, 0.002, count)]


def test_observed_rejects_of_a_row_are_those_predicted_within_what_chance_allows() -> None:
    bound = LIMITS[ROW].acceptance[1]
    assert bound is not None
    units = [
        unit(true={ROW: true}, measured={ROW: (read_as, U)}, rejected=(ROW,) if read_as > bound else ())
        for true, read_as in drawn(4000, 1)
    ]

    (row,) = by_row(units, LIMITS)

    assert (ROW, 4000) == (row.row, row.units)
    assert row.predicted == pytest.approx(row.observed, abs=4 * row.sd)
    assert 10 < row.sd < 0.5 * 4000**0.5  # far less than if nothing were known of each unit
    assert row.off == pytest.approx((row.observed - row.predicted) / 4000)


def test_a_unit_is_rejected_at_least_by_its_worst_row_and_at_most_by_the_sum_of_all() -> None:
    accept = {row_id: LIMITS[row_id].unit.from_si(LIMITS[row_id].acceptance[1] or 0.0) for row_id in (ROW, "BAT.020")}
    one = unit(verdict="FAIL", deserves="FAIL", true={ROW: accept[ROW], "BAT.020": accept["BAT.020"]})

    cast = by_unit([one], LIMITS, {ROW: U, "BAT.020": 0.01})

    assert (1, 1) == (cast.units, cast.observed)
    assert (0.5, 1.0) == pytest.approx((cast.least, cast.most))
    assert 0.0 == cast.off


def test_a_unit_that_came_to_no_verdict_about_it_is_in_no_forecast() -> None:
    cast = by_unit([unit(verdict="INCONCLUSIVE", true={ROW: 5.0})], LIMITS, {ROW: U})

    assert (0, 0.0, 0.0, 0) == (cast.units, cast.least, cast.most, cast.observed)


def test_what_is_observed_outside_the_two_bounds_is_said_with_its_sign() -> None:
    good = [unit(true={ROW: 3.8}, verdict="FAIL"), unit(true={ROW: 3.8}), unit(true={ROW: 5.0})]

    assert 0.0 == by_unit(good, LIMITS, {ROW: U}).off
    assert 0.5 == by_unit(good[:2], LIMITS, {ROW: U}).off
    assert -1.0 == by_unit(good[2:], LIMITS, {ROW: U}).off


def test_the_usual_uncertainty_is_the_median_of_those_stated_for_rows_of_numbers() -> None:
    units = [unit(measured={ROW: (3.8, u), "TIM.040": (0.0, u)}) for u in (1e-3, 2e-3, 9e-3)]

    assert {ROW: 2e-3} == usual(units, LIMITS)


def fleet(count: int = 2000) -> list[Seen]:
    """Return units whose highest current is spread by 2 % around a mean that is 6 % too high, each read without any error."""
    bound = LIMITS["CUR.311"].unit.from_si(LIMITS["CUR.311"].acceptance[1] or 0.0)
    trues = 424.0 + np.random.default_rng(2).normal(0, 8.0, count)
    return [
        unit(true={"CUR.311": true}, measured={"CUR.311": (true, 0.05)}, verdict="FAIL" if true > bound else "PASS")
        for true in trues
    ]


def test_a_common_error_of_a_tenth_of_a_per_cent_shows_where_many_units_are_near_a_limit() -> None:
    units = fleet()
    us = usual(units, LIMITS)

    assert by_unit(units, LIMITS, us).agrees
    assert shows(units, LIMITS, us) in (0.001, 0.002)
    assert shows([unit(true={"CUR.311": 412.0})] * 100, LIMITS, us) == 0.05
    assert shows([unit(true={"BAT.010": 3.8})] * 100, LIMITS, {"BAT.010": U}) is None


def test_what_is_read_with_such_an_error_does_not_agree() -> None:
    units = fleet()
    us = usual(units, LIMITS)
    wrong = [replace(one, verdict="FAIL" if one.true["CUR.311"] * 1.005 > 431.6 else "PASS") for one in units]

    cast = by_unit(wrong, LIMITS, us)

    assert not cast.agrees
    assert cast.off > 0.01


def test_few_units_agree_as_far_as_chance_lets_them_tell() -> None:
    at_the_bound = [unit(true={ROW: LIMITS[ROW].acceptance[1] or 0.0}, verdict="FAIL") for _ in range(4)]

    assert by_unit(at_the_bound, LIMITS, {ROW: U}).agrees  # two of them were expected
    assert not by_unit(at_the_bound * 10, LIMITS, {ROW: U}).agrees
