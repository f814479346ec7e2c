"""A recipe measures its rows of the limits, all of them and no other; and a slot that is not fit ends a run at once."""

from dataclasses import replace

import pytest

from station.core.errors import SequenceError, UnfitError
from station.core.events import as_rows
from station.core.limit import Limit
from station.core.recipe import Recipe
from station.core.verdict import Verdict
from station.sequencer.runner import run
from station.sequencer.sequence import Sequence, Step, step
from station.sequencer.unit import Unit
from tests.core.samples import head, microamps, number
from tests.sequencer.fakes import Rig, make_safe

EVERYWHERE, SAMPLED = number("CUR.310"), replace(number("CUR.311"), recipes=("sample",))
LIMITS = {limit.id: limit for limit in (EVERYWHERE, SAMPLED)}


def measuring(*ids: str) -> Step:
    def body(unit: Unit) -> None:
        for row_id in ids:
            unit.measure(row_id, 400e-6, microamps())

    return Step("Measuring", ids, body)


def sequence(recipe: Recipe, *steps: Step) -> Sequence:
    return Sequence("MC-100", "1.0.0", recipe, steps, make_safe)


def test_a_recipe_asks_for_its_own_rows_only() -> None:
    real_time, sample = sequence(Recipe.REAL_TIME), sequence(Recipe.SAMPLE)

    assert [["CUR.310"], ["CUR.310", "CUR.311"]] == [list(one.required(LIMITS)) for one in (real_time, sample)]
    assert [["CUR.311"], []] == [list(one.omitted(LIMITS)) for one in (real_time, sample)]


@pytest.mark.parametrize(
    ("recipe", "ids", "fault"),
    [
        (Recipe.SAMPLE, ("CUR.310",), "CUR.311 has a limit but no step measures it"),
        (Recipe.REAL_TIME, ("CUR.310", "CUR.311"), "CUR.311 is measured but is no row of this recipe"),
        (Recipe.REAL_TIME, ("CUR.310", "CUR.999"), "CUR.999 is measured but has no limit"),
    ],
)
def test_a_flow_that_measures_other_rows_than_its_recipe_s_does_not_start(
    recipe: Recipe, ids: tuple[str, ...], fault: str
) -> None:
    with pytest.raises(SequenceError, match=fault):
        sequence(recipe, measuring(*ids)).check(LIMITS)


def ran(recipe: Recipe, begun_for: str, rows: dict[str, Limit], omitted: dict[str, Limit]) -> Rig:
    rig = Rig(*LIMITS.values())
    started = head(as_rows(rows), recipe=begun_for, omitted=as_rows(omitted))
    run(sequence(recipe, measuring("CUR.310")), rig.unit, started, rig.sink)
    return rig


def test_a_run_measures_the_rows_of_its_recipe_and_passes() -> None:
    rig = ran(Recipe.REAL_TIME, "real-time", {"CUR.310": EVERYWHERE}, {"CUR.311": SAMPLED})

    assert "PASS" == rig.ended.verdict


def test_a_record_that_is_begun_for_another_recipe_is_an_error() -> None:
    rig = ran(Recipe.REAL_TIME, "accelerated", {"CUR.310": EVERYWHERE}, {"CUR.311": SAMPLED})

    assert ("ERROR", True) == (rig.ended.verdict, "begun for accelerated" in rig.ended.reason)


def test_a_record_that_does_not_tell_which_rows_are_left_out_is_an_error() -> None:
    rig = ran(Recipe.REAL_TIME, "real-time", {"CUR.310": EVERYWHERE}, {})

    assert ("ERROR", True) == (rig.ended.verdict, "not the rows of the loaded limits" in rig.ended.reason)


# A slot that is not fit


@step("Seat", "CUR.310")
def seat(unit: Unit) -> None:
    """Find nobody there."""
    raise UnfitError("the seat is empty")


def test_an_unfit_slot_ends_the_run_undecided_and_skips_the_rest_by_its_reason() -> None:
    rig = Rig(EVERYWHERE, number("CUR.311"))

    assert Verdict.INCONCLUSIVE == rig.run(seat, measuring("CUR.311"))
    assert {"CUR.310": "INCONCLUSIVE", "CUR.311": "SKIPPED"} == rig.words
    assert ["the seat is empty"] == [skip.because for skip in rig.ended.skipped]
    assert "the seat is empty" == rig.ended.reason
    assert "safe" == rig.bench.slot.asked[-1]


def test_a_slot_that_is_not_fit_any_more_takes_back_no_fail() -> None:
    @step("Later", "CUR.310", "CUR.311")
    def later(unit: Unit) -> None:
        unit.measure("CUR.310", 500e-6, microamps())
        raise UnfitError("its line is dead")

    rig = Rig(EVERYWHERE, number("CUR.311"))

    assert Verdict.FAIL == rig.run(later)
    assert {"CUR.310": "FAIL", "CUR.311": "INCONCLUSIVE"} == rig.words


def test_a_broken_rule_outweighs_an_unfit_slot() -> None:
    @step("Broken", "CUR.310")
    def broken(unit: Unit) -> None:
        try:
            unit.measure("CUR.999", 1.0)
        except SequenceError as error:
            raise UnfitError("and the seat is empty") from error

    rig = Rig(EVERYWHERE)

    assert Verdict.ERROR == rig.run(broken)
    assert "CUR.999" in rig.ended.reason
