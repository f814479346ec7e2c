"""Which recipe a tray is tested by: station.toml's, or the command line's; one that the product does not offer is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from station.cli.assemble import sequence_of
from station.cli.commands import by
from station.cli.home import Home, read
from station.core.config import parse_station
from station.core.errors import SequenceError
from station.core.problems import DocumentError
from station.core.recipe import Recipe
from station.products import mc100

ROOT = Path(__file__).parents[2]
TOML = (ROOT / "station.toml").read_text(encoding="utf-8")
LINE = next(line for line in TOML.splitlines() if line.startswith("recipe"))


@pytest.fixture(scope="module")
def home() -> Home:
    return read(ROOT)


def test_the_station_s_own_recipe_is_real_time(home: Home) -> None:
    assert (Recipe.REAL_TIME, Recipe.REAL_TIME) == (home.config.recipe, sequence_of(home).recipe)


def test_a_station_file_that_names_no_recipe_means_real_time() -> None:
    config = parse_station(TOML.replace(LINE, ""), "station.toml", ROOT)

    assert Recipe.REAL_TIME is config.recipe


def test_a_station_file_that_names_a_recipe_that_is_none_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"product\.recipe"):
        parse_station(TOML.replace(LINE, 'recipe = "fast"'), "station.toml", ROOT)


@pytest.mark.parametrize("recipe", Recipe)
def test_the_command_line_chooses_the_recipe(home: Home, recipe: Recipe) -> None:
    assert recipe is sequence_of(by(home, recipe)).recipe


def test_a_command_line_that_names_none_leaves_the_station_s() -> None:
    home = read(ROOT)

    assert home is by(home, None)


def test_a_recipe_that_the_product_does_not_offer_is_refused_by_name(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(mc100.SEQUENCES, Recipe.SAMPLE)

    with pytest.raises(SequenceError, match="has no recipe sample: choose one of real-time, accelerated"):
        sequence_of(by(home, Recipe.SAMPLE))


def test_a_product_that_offers_one_recipe_under_the_name_of_another_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mc100.SEQUENCES, Recipe.ACCELERATED, mc100.SEQUENCES[Recipe.REAL_TIME])

    with pytest.raises(SequenceError, match="offers real-time where accelerated is asked for"):
        sequence_of(by(home, Recipe.ACCELERATED))


@pytest.mark.parametrize("offered", [None, {"real-time": "a sequence"}])
def test_a_product_that_offers_no_sequences_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch, offered: object) -> None:
    monkeypatch.setattr(mc100, "SEQUENCES", offered)

    with pytest.raises(SequenceError, match="is not a table of Sequences"):
        sequence_of(home)


def test_a_flow_that_lost_a_row_of_its_recipe_does_not_start(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = mc100.SEQUENCES[Recipe.REAL_TIME]
    monkeypatch.setitem(mc100.SEQUENCES, Recipe.REAL_TIME, replace(whole, steps=whole.steps[:-1]))

    with pytest.raises(SequenceError, match=r"SVC\.010 has a limit but no step measures it"):
        sequence_of(home)
