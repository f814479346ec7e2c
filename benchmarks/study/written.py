"""Keep what a study found: the page, and the matrix from defects to rows as numbers, which other pages are made from."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.study.page import Study, page
from benchmarks.study.tally import tallies
from station.core.canonical import Json
from station.core.limit_set import LimitSet

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "study.md"
MATRIX = Path(__file__).with_name("matrix.json")


@dataclass(frozen=True, slots=True)
class Found:
    """What the study found about one kind of units: their shares by the row that fails first, and by every row that fails."""

    units: int
    first: Mapping[str, float]
    rows: Mapping[str, float]


def write(study: Study, limits: LimitSet) -> None:
    """Write page and matrix."""
    PAGE.write_text(page(study, limits), encoding="utf-8")
    MATRIX.write_text(numbers(study), encoding="utf-8")


def numbers(study: Study) -> str:
    """Return the matrix of `study` as JSON: how many units of each kind failed by which row first, and by which at all."""
    kinds: dict[str, Json] = {
        one.kind.name: {"units": len(one.units), "first": _by_row(one.first), "rows": _by_row(one.rows)}
        for one in tallies(study.units)
    }
    return json.dumps({"seed": study.seed, "kinds": kinds}, indent=1) + "\n"


def matrix() -> dict[str, Found]:
    """Return what the study on file found, by kind."""
    return found_in(MATRIX.read_text(encoding="utf-8"))


def found_in(text: str) -> dict[str, Found]:
    """Return what a matrix says, by kind."""
    kinds = json.loads(text)["kinds"]
    return {
        name: Found(one["units"], _shares(one["first"], one["units"]), _shares(one["rows"], one["units"]))
        for name, one in kinds.items()
    }


def _by_row(rows: Counter[str]) -> dict[str, Json]:
    return {row: rows[row] for row in sorted(rows)}


def _shares(rows: Mapping[str, int], units: int) -> dict[str, float]:
    return {row: times / units for row, times in rows.items()}
