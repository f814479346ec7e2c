"""The 34461A's budget: by range, by age, by temperature, from the very readings."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from station.core.config import parse_station
from station.core.equipment import Certificate
from station.core.uncertainty import Reading, ratio
from station.hardware.calibration import surroundings
from station.hardware.truevolt_budget import Surroundings, ac_method, budgeted, dc_method
from station.hardware.truevolt_tables import ac_accuracy, dc_accuracy

HOME = Path(__file__).parents[2]
YEAR = Surroundings()


def lines(reading: Reading) -> dict[str, float]:
    return {part.name: part.amount or 0.0 for part in reading.u.parts}


@pytest.mark.parametrize(
    ("full", "of_reading", "of_range"),
    [(0.1, 50e-6, 3.5e-6), (1.0, 40e-6, 7e-6), (10.0, 35e-6, 50e-6), (100.0, 45e-6, 600e-6)],
)
def test_the_specification_is_that_of_the_range(full: float, of_reading: float, of_range: float) -> None:
    found = lines(budgeted(dc_method(10.0), full, [0.05], YEAR))

    assert [of_reading, of_range] == pytest.approx([found["specification, of reading"], found["specification, of range"]])


def test_a_single_reading_has_no_scatter_and_several_have_that_of_their_mean() -> None:
    one, several = budgeted(dc_method(1.0), 1.0, [0.4], YEAR), budgeted(dc_method(1.0), 1.0, [0.40001, 0.39999, 0.4, 0.4], YEAR)

    assert "scatter" not in lines(one)
    assert one.u.dof is None
    scatter = next(part for part in several.u.parts if part.name == "scatter")
    assert ("A", 3.0) == (scatter.kind, scatter.dof)
    assert (2e-10 / 3) ** 0.5 / 2 == pytest.approx(scatter.u)


def test_a_specification_ages_by_the_year_and_is_never_better_than_its_first() -> None:
    by_age = [dc_accuracy(1.0, years).reading for years in (0.0, 0.5, 1.0, 1.01, 2.0, 2.5)]

    assert [40e-6, 40e-6, 40e-6, 55e-6, 55e-6, 70e-6] == pytest.approx(by_age)
    assert ac_accuracy(1.0, 20.0, 1.5).reading > ac_accuracy(1.0, 20.0).reading


def test_nothing_is_added_from_18_to_28_degrees_and_a_coefficient_outside() -> None:
    for celsius in (18.0, 23.0, 28.0):
        assert "temperature, of reading" not in lines(budgeted(dc_method(10.0), 1.0, [0.4], Surroundings(1.0, celsius)))

    for celsius in (16.0, 30.0):
        found = lines(budgeted(dc_method(10.0), 1.0, [0.4], Surroundings(1.0, celsius)))
        assert [10e-6, 2e-6] == pytest.approx([found["temperature, of reading"], found["temperature, of range"]])


def test_the_frequency_decides_about_ac() -> None:
    found = [lines(budgeted(ac_method(lowest), 1.0, [0.1], YEAR))["specification, of reading"] for lowest in (3.0, 8.0, 200.0)]

    assert [0.01, 0.0035, 0.0006] == found


def test_readings_of_one_range_share_their_gain_and_offset_and_nothing_with_another_range_or_function() -> None:
    def origins(reading: Reading) -> set[str]:
        return {part.origin for part in reading.u.parts if part.origin}

    small = origins(budgeted(dc_method(10.0), 0.1, [0.05], YEAR))
    again = origins(budgeted(dc_method(0.2), 0.1, [0.01, 0.02], YEAR))
    large = origins(budgeted(dc_method(10.0), 1.0, [0.05], YEAR))
    alternating = origins(budgeted(ac_method(8.0), 0.1, [0.05], YEAR))

    assert 2 == len(small)
    assert small == again
    assert not small & large
    assert not small & alternating


def test_every_line_says_where_it_is_from() -> None:
    found = budgeted(dc_method(0.2), 1.0, [0.4, 0.4], Surroundings(1.6, 30.0))

    assert all(part.source for part in found.u.parts)
    assert any("1.6 a" in part.source for part in found.u.parts)


def test_the_age_of_a_calibration_is_counted_for_a_real_instrument_and_stands_still_for_a_simulated_one() -> None:
    real = replace(
        parse_station((HOME / "station.toml").read_bytes(), "station.toml", HOME).dmms[0],
        serial="MY1",
        certificate=Certificate("C", date(2025, 1, 1), date(2027, 1, 1)),
    )

    assert 1.5 == pytest.approx(surroundings(real, date(2026, 7, 2)).years, abs=0.01)
    assert 0.0 == surroundings(real, date(2024, 7, 2)).years
    assert 1.0 == surroundings(replace(real, serial="SIM1"), date(2040, 1, 1)).years


def test_the_gain_errors_of_two_meters_do_not_cancel_in_a_ratio_and_those_of_one_do() -> None:
    def read(volts: float, meter: str) -> Reading:
        return budgeted(dc_method(10.0), 1.0, [volts], Surroundings(1.0, meter=meter))

    of_one, of_two = (ratio(read(0.4, "MY1"), read(0.8, meter), "ratio") for meter in ("MY1", "MY2"))

    gain = dc_accuracy(1.0, 1.0).reading / 3.0**0.5
    assert of_one.u.u < of_two.u.u
    assert (of_two.u.u**2 - of_one.u.u**2) ** 0.5 > 0.5 * 2.0**0.5 * gain
