"""Which rows a recipe must measure is said by the limit file, goes on record, and is proven from there."""

from dataclasses import replace

import pytest

from station.core.events import Event, as_row, as_rows
from station.core.limit_file import parse
from station.core.problems import LimitsError
from station.core.recipe import Recipe, belongs
from station.core.record import replay, unproven
from station.core.verdict import Verdict
from tests.core.samples import LIMITS, head, number, story, through_json

FILE = """[limits]
product = "X"
revision = "A"
effective = 2026-11-22
status = "draft"
[rows]
"TIM.010" = { title = "t", unit = "s", low = 1, high = 2, u_max = 0.1, method = "m", recipes = ["real-time", "sample"] }
"""


def test_a_row_that_names_no_recipe_belongs_to_all() -> None:
    assert all(belongs((), recipe) for recipe in Recipe)


def test_a_row_belongs_to_the_recipes_it_names_and_to_no_other() -> None:
    assert [True, False] == [belongs(("sample",), recipe) for recipe in ("sample", "accelerated")]


def test_a_limit_file_names_the_recipes_of_a_row_in_any_order() -> None:
    turned = FILE.replace('["real-time", "sample"]', '["sample", "real-time"]')

    assert ("real-time", "sample") == parse(FILE, "f").limits["TIM.010"].recipes
    assert parse(FILE, "f").digest == parse(turned, "f").digest


def test_a_row_of_all_recipes_keeps_the_digest_it_was_approved_by_and_one_of_some_has_another() -> None:
    everywhere = parse(FILE.replace(', recipes = ["real-time", "sample"]', ""), "f")

    assert () == everywhere.limits["TIM.010"].recipes
    assert everywhere.digest != parse(FILE, "f").digest
    assert parse(FILE, "f").digest != parse(FILE.replace(', "sample"]', "]"), "f").digest


@pytest.mark.parametrize("named", ["[]", '["realtime"]', '["sample", "all"]', '"sample"', "[1]"])
def test_a_row_of_no_recipe_that_exists_is_refused_because_nobody_would_ever_measure_it(named: str) -> None:
    with pytest.raises(LimitsError, match=r"f:7: rows\.TIM\.010\.recipes"):
        parse(FILE.replace('["real-time", "sample"]', named), "f")


def begun(**changes: object) -> list[Event]:
    """Return a run that passes, its head changed."""
    rows = as_rows({limit.id: limit for limit in LIMITS})
    return [replace(head(rows, **changes), seq=0), *story()[1:]]


def test_a_pass_with_rows_left_out_that_belong_to_other_recipes_is_proven() -> None:
    other = as_row(replace(number("TIM.050"), recipes=("sample",)))

    assert unproven(begun(omitted=(other,))) is None


@pytest.mark.parametrize("recipes", [(), ("real-time",), ("sample", "real-time")])
def test_a_pass_that_left_out_a_row_of_its_recipe_replays_as_an_error(recipes: tuple[str, ...]) -> None:
    record = replay(begun(omitted=(as_row(replace(number("TIM.050"), recipes=recipes)),)))

    assert (Verdict.ERROR, "TIM.050 was left out, and the recipe 'real-time' measures it") == (record.verdict, record.reason)


def test_a_row_that_is_both_measured_and_left_out_proves_nothing() -> None:
    twice = as_row(replace(LIMITS[0], recipes=("sample",)))

    assert "was left out" in str(unproven(begun(omitted=(twice,))))


def test_a_row_of_another_recipe_among_those_measured_proves_nothing() -> None:
    limits = (replace(LIMITS[0], recipes=("accelerated",)), *LIMITS[1:])

    assert f"{LIMITS[0].id} is no row of the recipe 'real-time'" == unproven(story(limits))


def test_what_was_left_out_is_on_record() -> None:
    limits = {"TIM.050": replace(number("TIM.050"), recipes=("sample",))}

    event = head(omitted=as_rows(limits))

    assert event == through_json(event)
