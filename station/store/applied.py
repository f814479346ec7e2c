"""Say in columns what the rows of the limits allow, as limits and measurements are kept."""

from dataclasses import dataclass
from typing import Self

from station.core.canonical import canonical, digest
from station.core.event_json import plain_row
from station.core.events import Row
from station.store.columns import Content, text_of


@dataclass(frozen=True, slots=True)
class Applied:
    """The `rows` that a unit was judged by, the columns of each, and the digest of all."""

    rows: tuple[Row, ...]
    columns: tuple[Content, ...]
    digest: str

    @classmethod
    def of(cls, rows: tuple[Row, ...]) -> Self:
        """Return `rows` as they are kept."""
        return cls(rows, tuple(map(_columns, rows)), digest(canonical([plain_row(row) for row in rows])))


def _columns(row: Row) -> Content:
    """Return what a row allows, as columns that limits and measurements share; numbers in the row's SI unit."""
    return {
        "test_key": row.id,
        "title": row.title,
        "kind": row.kind,
        "comparator": comparator(row),
        "lo": row.low,
        "hi": row.high,
        "accept_lo": row.accept_low,
        "accept_hi": row.accept_high,
        "nominal": row.nominal,
        "expect": text_of(row.expect),
        "unit": row.printed,
        "si": row.si,
        "rule": row.rule,
        "u_max": row.u_max,
        "safety": row.safety,
    }


def comparator(row: Row) -> str:
    """Return how a value is compared with the row: GELE, GE, LE, EQ, or LOG for a row that only records."""
    if row.expect is not None:
        return "EQ"
    sides = ("GE" if row.low is not None else "") + ("LE" if row.high is not None else "")
    return sides or "LOG"
