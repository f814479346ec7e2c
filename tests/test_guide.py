"""The guide for a new row is followed to the letter: its two blocks are put where it says, and the row is on record."""

import re
from dataclasses import replace
from pathlib import Path

from station.cli.home import Home
from station.core.limit_file import parse
from station.core.recipe import Recipe
from station.core.verdict import Verdict
from station.products.mc100 import SEQUENCES
from station.sequencer.sequence import Sequence, Step, step
from station.sequencer.unit import Unit
from tests.world.world import world

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "how-to" / "add-a-row.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """Return the guide's first block in a language."""
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None
    return found[1]


def with_row(home: Home) -> Home:
    """Return a home whose limit file has the guide's line below [rows]."""
    file = ROOT / "limits" / "mc100-b.toml"
    text = file.read_text(encoding="utf-8").replace("[rows]\n", f"[rows]\n{block('toml')}", 1)
    return replace(home, limits=parse(text, str(file)), config=replace(home.config, recipe=Recipe.ACCELERATED))


def with_step() -> Sequence:
    """Return the product's sequence with the guide's step before its last one."""
    names: dict[str, object] = {"step": step, "Unit": Unit}
    exec(block("python"), names)
    new = names["battery_after"]
    assert isinstance(new, Step)
    flow = SEQUENCES[Recipe.ACCELERATED]
    return replace(flow, steps=(*flow.steps[:-1], new, flow.steps[-1]))


def test_a_row_is_one_line_in_the_limit_file_and_a_few_in_the_product_file(tmp_path: Path) -> None:
    flow = with_step()

    with world(tmp_path, slots=1, documents=False, flow=flow, change=with_row) as made:
        flow.check(made.home.limits.limits)
        (outcome,) = made.test({1: "SN1"})

    assert outcome.record is not None
    (row,) = [result for result in outcome.record.rows if result.row.id == "BAT.015"]
    assert row.measured is not None
    assert Verdict.PASS is outcome.verdict, outcome.reason
