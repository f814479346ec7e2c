"""The station calibrated against its simulator: what is wrong with resistor, meter or relay shows in the rows it belongs to.

One unit, one bench, the same chance: whatever differs between two runs is what was changed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from station.cli.home import Home
from station.core.recipe import Recipe
from station.core.verdict import Verdict
from station.simulator.resistors import Load
from tests.world.world import World, world

SEED = 22
NOISE = 3e-4  # relative: what noise and resolution differ by from run to run where a current of 100 µA or more is read
INTO_2K = {"CUR.111", "CUR.211", "CUR.311", "CUR.320"}
INTO_500 = {"CUR.110", "CUR.210", "CUR.310"}
INTO_10K = {"CUR.112", "CUR.212", "CUR.312"}
PLATEAUS = {"CUR.111", "CUR.211", "CUR.311", "CUR.313"} | INTO_500 | INTO_10K
BATTERY = {"BAT.010", "BAT.020", "BAT.030", "BAT.040"}
CHARGES = {"WAV.040"}  # shape by the oscilloscope, amplitude by the DMM's plateau into 500 Ω
CURRENTS = PLATEAUS | BATTERY | CHARGES | {"CUR.320"}
TIMES = {"WAV.010", "WAV.020", "WAV.021", "WAV.030", "CON.030", "CON.040", "TIM.020"}
RATIOS = {"CUR.340", "CUR.341", "CUR.350", "CUR.351"}

Values = Mapping[str, float]


def examined(
    folder: Path, change: Callable[[Home], Home] = lambda home: home, spoil: Callable[[World], None] = lambda made: None
) -> tuple[Verdict, Values]:
    """Test one good unit in slot 1 and return its verdict, and its values by row in SI."""

    def accelerated(home: Home) -> Home:
        return change(replace(home, config=replace(home.config, recipe=Recipe.ACCELERATED)))

    with world(folder, seed=SEED, documents=False, change=accelerated) as made:
        spoil(made)
        (outcome,) = made.test({1: "G-1"})
    assert outcome.record is not None
    rows = {result.row.id: result.measured for result in outcome.record.rows if result.measured is not None}
    return outcome.verdict, {row_id: one.value for row_id, one in rows.items() if isinstance(one.value, float)}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Values:
    verdict, values = examined(tmp_path_factory.mktemp("sound"))
    assert Verdict.PASS is verdict
    return values


def shifts(rows: Iterable[str], now: Values, before: Values) -> dict[str, float]:
    """Return by which share each of `rows` has moved."""
    return {row_id: now[row_id] / before[row_id] - 1.0 for row_id in rows}


def moved(rows: Iterable[str], now: Values, before: Values, by: float) -> bool:
    """Tell whether all `rows` have moved by the share `by`; what does not is in the message of the assertion."""
    found = shifts(rows, now, before)
    assert found == pytest.approx(dict.fromkeys(found, by), abs=NOISE)
    return True


def with_certificate(slot: int, load: float, more: float) -> Callable[[Home], Home]:
    """Certify the sense resistor of one load for the share `more` more than it is."""

    def change(home: Home) -> Home:
        old = home.fixture.sense[slot, load]
        sense = {**home.fixture.sense, (slot, load): replace(old, ohm=old.ohm * (1.0 + more))}
        return replace(home, fixture=replace(home.fixture, sense=sense))

    return change


def test_a_resistor_that_is_certified_one_per_cent_too_high_lowers_the_currents_into_its_load_by_one_per_cent(
    tmp_path: Path, sound: Values
) -> None:
    _, values = examined(tmp_path, with_certificate(1, 2_000.0, 0.01))

    assert moved(INTO_2K, values, sound, 1 / 1.01 - 1)
    assert moved((PLATEAUS - INTO_2K) | BATTERY | CHARGES | TIMES | RATIOS, values, sound, 0.0)


def test_a_resistor_of_the_battery_lead_moves_the_current_over_it_and_no_other(tmp_path: Path, sound: Values) -> None:
    def change(home: Home) -> Home:
        old = home.fixture.shunts[1, "shunt1"]
        return replace(home, fixture=replace(home.fixture, shunts={**home.fixture.shunts, (1, "shunt1"): replace(old, ohm=0.98)}))

    _, values = examined(tmp_path, change)

    assert moved({"BAT.030"}, values, sound, 1 / 0.98 - 1)
    assert moved(CURRENTS - {"BAT.030"}, values, sound, 0.0)


def test_the_load_regulation_shows_a_certificate_that_no_current_is_lost_for(tmp_path: Path, sound: Values) -> None:
    verdict, values = examined(tmp_path, with_certificate(1, 10_000.0, 0.04))

    assert Verdict.FAIL is verdict
    assert sound["CUR.330"] - 0.04 == pytest.approx(values["CUR.330"], abs=2e-3)
    assert 368e-6 < values["CUR.312"] < 432e-6


def test_a_gain_error_of_the_meter_moves_everything_it_reads_by_direct_voltage_and_nothing_else(
    tmp_path: Path, sound: Values
) -> None:
    _, values = examined(tmp_path, spoil=lambda made: made.rig.dmm.misadjust("VOLT", 0.01))

    assert moved(PLATEAUS | BATTERY | CHARGES, values, sound, 0.01)
    assert moved({"CUR.320"} | TIMES | RATIOS, values, sound, 0.0)
    assert sound["WAV.070"] == pytest.approx(values["WAV.070"], abs=NOISE)
    assert sound["CUR.330"] == pytest.approx(values["CUR.330"], abs=NOISE)


def test_a_gain_error_of_the_meters_alternating_ranges_moves_the_rms_current_alone(tmp_path: Path, sound: Values) -> None:
    _, values = examined(tmp_path, spoil=lambda made: made.rig.dmm.misadjust("VOLT:AC", 0.01))

    assert moved({"CUR.320"}, values, sound, 0.01)
    assert moved(CURRENTS - {"CUR.320"}, values, sound, 0.0)


def test_what_the_two_converters_of_the_meter_read_holds_one_against_the_other(tmp_path: Path, sound: Values) -> None:
    _, values = examined(tmp_path, spoil=lambda made: made.rig.dmm.misadjust("VOLT", 0.01))

    agree = sound["CUR.320"] / sound["CUR.311"]
    assert 0.1**0.5 == pytest.approx(agree, rel=5e-3)  # a tenth of the time both phases are on, with equal heights
    assert agree / 1.01 == pytest.approx(values["CUR.320"] / values["CUR.311"], rel=NOISE)


def closes(wanted: str, closed: str) -> Callable[[World], None]:
    """Let the relay of load `wanted` of slot 1 close load `closed`."""

    def spoil(made: World) -> None:
        loads: dict[str, Load] = made.rig.bench.slots[0].resistors.loads
        loads[wanted] = loads[closed]

    return spoil


def test_a_relay_that_closes_2_instead_of_10_kilohm_shows_in_the_load_regulation(tmp_path: Path, sound: Values) -> None:
    _, values = examined(tmp_path, spoil=closes("10000", "2000"))

    into_2k, into_500 = values["CUR.311"], values["CUR.310"]
    assert into_2k == pytest.approx(values["CUR.312"], rel=NOISE)
    assert into_2k / into_500 - 1.0 == pytest.approx(values["CUR.330"], abs=NOISE)
    assert values["CUR.330"] - sound["CUR.330"] == pytest.approx(8e3 / 5e6, rel=0.2)  # 5 MΩ behind the current source
    assert moved(PLATEAUS - INTO_10K, values, sound, 0.0)


def test_a_relay_that_closes_10_instead_of_30_kilohm_shows_as_too_much_current_at_compliance(
    tmp_path: Path, sound: Values
) -> None:
    _, values = examined(tmp_path, spoil=closes("30000", "10000"))

    assert values["CUR.312"] == pytest.approx(values["CUR.313"], rel=NOISE)
    assert values["CUR.313"] > 1.01 * sound["CUR.313"]
    assert moved(PLATEAUS - {"CUR.313"}, values, sound, 0.0)


def test_a_relay_that_closes_a_resistor_of_another_size_leaves_every_row_over_it_undecided(tmp_path: Path) -> None:
    """Ten times the current that a unit can give is none of its faults: no budget of these rows reaches so far."""
    verdict, values = examined(tmp_path, spoil=closes("500", "2000"))

    assert Verdict.INCONCLUSIVE is verdict
    assert {"CUR.110": 10.0, "CUR.210": 10.0, "CUR.310": 10.0} == pytest.approx(
        {row_id: values[row_id] / values[row_id[:-1] + "1"] for row_id in INTO_500}, rel=0.02
    )


def test_a_relay_that_closes_skin_where_none_should_be_lets_the_output_flow_and_fails(tmp_path: Path) -> None:
    verdict, values = examined(tmp_path, spoil=closes("200000", "10000"))

    assert Verdict.FAIL is verdict
    assert "CUR.311" not in values  # a safety row: nothing behind it was measured
