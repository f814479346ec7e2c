"""Number documents: series plus a running number without gaps, taken only in the transaction that puts it on record."""

import sqlite3
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from station.core.canonical import digest
from station.core.clock import Monitor
from station.core.errors import StoreError
from station.store.columns import Cell, Content, insert
from station.store.ids import to_bytes
from station.store.ledger import Deed

PATIENCE = 120.0  # s of the host to wait while documents are drawn before this one
_INSERT = """
INSERT INTO certificate (certificate_no, series, number, kind, run_id, simulated, issued_at, pdf_sha256, supersedes)
VALUES (:no, :series, :number, :kind, :run_id, (SELECT simulated FROM run WHERE run_id = :run_id), :at, :sha256, :supersedes)
"""


@dataclass(frozen=True, slots=True)
class Instead:
    """That a new document takes the place of document `number`: who says so, and why."""

    number: str
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that is to be number `number` of `series`, of run `run_id`.

    `remark` is the row that says who superseded another, and why.
    """

    run_id: str
    series: str
    number: int
    kind: str
    supersedes: str = ""
    remark: Content | None = None

    @property
    def name(self) -> str:
        """Return the document's number as it is printed: `EOL-01-000042` in the series `EOL-01-`."""
        return f"{self.series}{self.number:06d}"

    def deed(self, content: bytes, at: str) -> Deed:
        """Return the deed that puts the document, whose bytes are `content`, on record as issued `at` (UTC)."""
        row: dict[str, Cell] = {
            "no": self.name,
            "series": self.series,
            "number": self.number,
            "kind": self.kind,
            "run_id": to_bytes(self.run_id),
            "at": at,
            "sha256": digest(content),
            "supersedes": self.supersedes or None,
        }
        return Deed(lambda connection: _run(connection, row, self.remark))


def _run(connection: sqlite3.Connection, row: Content, remark: Content | None) -> None:
    connection.execute(_INSERT, row)
    if remark is not None:
        insert(connection, "annotation", remark)


def next_number(connection: sqlite3.Connection, series: str) -> int:
    """Return the number that the next document of `series` would bear."""
    query = "SELECT 1 + coalesce(max(number), 0) FROM certificate WHERE series = ?"
    number: int = connection.execute(query, (series,)).fetchone()[0]
    return number


class Turn:
    """The turn to number a document: one at a time, because the next number is known only when this one is taken or given up."""

    def __init__(self, monitor: Monitor, speed: float) -> None:
        self._monitor = monitor
        self._patience = PATIENCE * speed
        self._taken = False

    def __enter__(self) -> Self:
        """Take the turn, waiting for the one who has it."""
        with self._monitor:
            if not self._monitor.wait_for(lambda: not self._taken, self._patience):
                raise StoreError(f"another document is being drawn for more than {PATIENCE:.0f} s")
            self._taken = True
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Give the turn back."""
        with self._monitor:
            self._taken = False
            self._monitor.notify()
