"""A study of a few units: none escapes, each defect fails by its own rows, and no good unit is rejected."""

import pytest

from benchmarks.study.bench import seen_in
from benchmarks.study.kinds import DEFECTIVE, KINDS, UNSEEN
from benchmarks.study.plan import Shard, plan
from benchmarks.study.replay import replayed
from benchmarks.study.seen import NO_OUTPUT, Seen
from benchmarks.study.tally import escapes, hidden, wrong_rejects
from benchmarks.study.work import work
from station.simulator.physics.defects import DEFECTS

STUDY = 4
LOWER_LEVELS = {"CUR.110", "CUR.111", "CUR.112", "CUR.210", "CUR.211", "CUR.212", "CUR.340", "CUR.341"}
EXPECTED: dict[str, set[str]] = {  # at least one of these is among the rows that a unit with the defect fails by
    "dead": {"ID.010"},
    "weak_cell": {"BAT.040"},
    "wrong_sense": {"CUR.311", "CUR.320"},
    "oscillator": {"TIM.020"},
    "stuck_fet": {"CON.020"},
    "bridge_leg": {"WAV.021"},
    "no_shutoff": {"TIM.020"},
    "early_shutoff": {"TIM.010", NO_OUTPUT},
    "dc_imbalance": {"WAV.050", "WAV.070"},
    "noisy": {"CON.020"},
    "contact_unit": {NO_OUTPUT, "TIM.010", "TIM.020", "TIM.040", "CON.030", "CON.040"},
    "contact_always": {"CON.020"},
    "level_map": {"CUR.311", *LOWER_LEVELS},
    "no_soft_start": {"CUR.350"},
    "charge_interlock": {"CHG.010"},
    "service_mode": {NO_OUTPUT, "SVC.010"},
    "timer_restart": {"TIM.010", "TIM.020"},
}


@pytest.fixture(scope="module")
def units() -> list[Seen]:
    return work(plan(STUDY, 1, 5), None, 1)


def test_no_unit_that_deserves_to_fail_passes(units: list[Seen]) -> None:
    assert [] == [f"--replay {one.seed} {one.serial} {one.kind}" for one in escapes(units)]


def test_every_defect_fails_by_a_row_of_its_own(units: list[Seen]) -> None:
    defective = {one.kind: one for one in units if KINDS[one.kind] in DEFECTIVE}

    assert set(DEFECTS) == set(defective) == {*EXPECTED, "contact_slot"}
    assert [] == [name for name, rows in EXPECTED.items() if not rows & set(defective[name].failing)]


def test_a_contact_that_the_fixture_loses_fails_no_unit(units: list[Seen]) -> None:
    one = next(one for one in units if one.kind == "contact_slot")

    assert ("INCONCLUSIVE", "INCONCLUSIVE", ()) == (one.deserves, one.verdict, one.failing)


def test_what_the_accelerated_recipe_lets_pass_is_what_its_certificate_names(units: list[Seen]) -> None:
    assert {KINDS[one.kind].defect for one in hidden(units)} <= set(UNSEEN)


def test_good_units_pass_and_all_their_rows_are_known(units: list[Seen]) -> None:
    good = [one for one in units if one.kind == "good"]

    assert [] == wrong_rejects(good)
    assert {"PASS"} == {one.verdict for one in good}
    assert all(len(one.measured) >= 37 and set(one.measured) & set(one.true) for one in good)


def test_a_unit_is_played_again_as_it_was() -> None:
    shard = Shard(STUDY, 77, "oscillator", 2)
    before = {one.serial: one for one in seen_in(shard)}

    said = list(replayed(shard, shard.serials[1]))

    one = before[shard.serials[1]]
    assert f"{one.serial} on the bench of seed {shard.seed}, oscillator: FAIL, deserves FAIL" == said[0]
    assert f"found:    {one.reason}" == said[1]
    assert any(line.startswith("TIM.020  FAIL") and "in truth" in line for line in said)
