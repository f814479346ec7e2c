"""Read what runs measured, with unrounded values and uncertainties, so that it can be judged again."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from station.core.limit import Kind, Value
from station.core.uncertainty import Uncertainty

_QUERIES = Path(__file__).parent / "queries"
_QUERY = (_QUERIES / "judged.sql").read_text(encoding="utf-8")
_RUN = 5  # columns of the query that are the run's; the others are the row's


@dataclass(frozen=True, slots=True)
class Window:
    """Which runs are looked at: of one product, started on a local day since <= day < until, and of one lot (all where empty)."""

    product: str
    since: str = ""
    until: str = ""
    lot: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One row of a run as it was judged; `value` (SI) is None where none could be had, or none that can be judged again.

    `outcome` is a verdict's name, SKIPPED or MISSING.
    """

    id: str
    kind: str
    value: Value | None
    u: Uncertainty | None
    si: str
    outcome: str
    condition: str


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """A production run as it was judged, with all rows of the limits that were applied."""

    run_id: str
    serial: str
    started_at: str
    recipe: str
    outcome: str
    rows: tuple[JudgedRow, ...]


def judged_runs(connection: sqlite3.Connection, window: Window) -> Iterator[JudgedRun]:
    """Return the production runs in `window` in order of time, one after the other; real and simulated ones never together."""
    asked = {name: getattr(window, name) for name in ("product", "since", "until", "lot")}
    cursor = map(tuple, connection.execute(_QUERY, {**asked, "simulated": int(window.simulated)}))
    for (run_id, serial, at, recipe, outcome), group in groupby(cursor, key=lambda row: row[:_RUN]):
        yield JudgedRun(run_id, serial, at, recipe, outcome, tuple(_row(row[_RUN:]) for row in group))


def runs_of_lot(connection: sqlite3.Connection, lot: str) -> frozenset[str]:
    """Return the ids of all runs of `lot`."""
    return frozenset(row[0] for row in connection.execute("SELECT hex(run_id) FROM run WHERE lot = ?", (lot,)))


def _row(row: Sequence[object]) -> JudgedRow:
    row_id, kind, value, text, u, budget, si, outcome, condition = row
    known = Uncertainty(float(u), str(si), str(budget)) if isinstance(u, int | float) else None
    return JudgedRow(str(row_id), str(kind), _value(str(kind), value, text), known, str(si), str(outcome), str(condition))


def _value(kind: str, value: object, text: object) -> Value | None:
    """Return the value as it was judged: counts are whole again, flags are true or false, what was no number is none."""
    match kind:
        case Kind.TEXT:
            return text if isinstance(text, str) else None
        case Kind.FLAG:
            return {"true": True, "false": False}.get(str(text))
        case Kind.COUNT:
            return int(value) if isinstance(value, float) and value.is_integer() else None
    return value if isinstance(value, float) else None
