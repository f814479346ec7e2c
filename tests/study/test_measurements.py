"""The page about the rows is made from the limits, the budgets, the reasons and the study, and is the one on file."""

import tomllib
from dataclasses import replace

import pytest

from benchmarks.study.measurements import AGAIN, PAGE, REASONS, page, written
from benchmarks.study.work import ROOT
from benchmarks.study.written import Found, matrix
from station.cli.home import read
from station.core.limit import Kind

HOME = read(ROOT)
WHY = tomllib.loads(REASONS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def said() -> str:
    return written()


def test_the_page_is_the_one_on_file(said: str) -> None:
    assert said == PAGE.read_text(encoding="utf-8"), AGAIN


def test_every_row_has_its_reason_and_every_reason_its_row() -> None:
    assert set(HOME.limits.limits) == set(WHY)


@pytest.mark.parametrize("row_id", HOME.limits.limits)
def test_every_row_says_what_how_how_well_why_and_what_for(said: str, row_id: str) -> None:
    limit = HOME.limits.limits[row_id]
    section = said.split(f"### {row_id} ", 1)[1].split("\n### ", 1)[0]

    assert section.startswith(limit.title)
    wanted = ["How", "Allowed", "Why", "Catches", *(["Known to"] if limit.kind is Kind.NUMBER else [])]
    assert [] == [word for word in wanted if f"- **{word}**: " not in section]
    assert limit.method in section


def test_a_changed_limit_changes_the_page(said: str) -> None:
    row = HOME.limits.limits["BAT.010"]
    changed = replace(HOME.limits, limits={**HOME.limits.limits, "BAT.010": replace(row, high=4.05)})

    assert said != page(replace(HOME, limits=changed), matrix(), WHY)


def test_what_a_row_catches_is_what_the_study_found() -> None:
    found = {"noisy": Found(10, {"CON.020": 1.0}, {"CON.020": 1.0}), "wide": Found(10, {}, {"CON.020": 0.3})}

    section = page(HOME, found, WHY).split("### CON.020 ", 1)[1].split("\n### ", 1)[0]

    assert "- **Catches**: noisy (100% first, 100% at all); of marginal productions wide (30%)." in section
