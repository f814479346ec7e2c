"""The guide for a new row is followed to the letter: its two blocks are put where it says, and the row is on record."""

import re
import shlex
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from station.cli.app import app
from station.cli.home import Home, make
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
    limits = parse(drafted(home.config.limits), "limits/mc100-c.toml")
    return replace(home, limits=limits, config=replace(home.config, recipe=Recipe.ACCELERATED))


def drafted(file: Path) -> str:
    """Return the next revision of a limit file as the guide has it written: a draft without approvals, with the row."""
    text, sign, _ = file.read_text(encoding="utf-8").partition("\n[[approval]]")
    assert sign
    for old, new in (('"B"', '"C"'), ('"released"', '"draft"'), ('"E. Example"', '"A. Engineer"')):
        assert old in text
        text = text.replace(old, new, 1)
    return text.replace("[rows]\n", f"[rows]\n{block('toml')}", 1)


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


def test_the_guide_s_approval_releases_the_new_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path)
    file = tmp_path / "limits" / "mc100-c.toml"
    file.write_text(drafted(tmp_path / "limits" / "mc100-b.toml").replace('"draft"', '"review"', 1), encoding="utf-8")
    (line,) = re.findall(r"station (limits approve .*)", GUIDE)
    words = shlex.split(line.replace("sha256:…", parse(file.read_bytes(), "f").digest))
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(app, words)

    assert 0 == result.exit_code, result.output
    assert result.output.endswith("  released\n")
    assert parse(file.read_bytes(), "f").unreleased_for(date(2030, 1, 1), simulated=False) is None
