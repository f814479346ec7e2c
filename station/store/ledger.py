"""Commit batches of what is told and done, each in one transaction, with all projections of the runs that end in it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from station.core.events import Event, RunEnded
from station.core.record import RunRecord
from station.store.catalogue import Catalogue
from station.store.columns import Cell, Content, insert, insert_cells
from station.store.ids import to_bytes
from station.store.projection import project

_MANY = 2000  # rows; they change a thousand pages at most, which is some ms of copying
_EVENT = ("run_id", "seq", "kind", "at", "body")


@dataclass(slots=True)
class Told:
    """An event to be kept, and its canonical JSON."""

    event: Event
    body: str

    @property
    def urgent(self) -> bool:
        """Return whether somebody waits for its commit."""
        return isinstance(self.event, RunEnded)


@dataclass(slots=True)
class Deed:
    """Something to be written that is no event; `refused` says why the schema did not take it."""

    do: Callable[[sqlite3.Connection], None]
    done: bool = False
    refused: str = ""

    @property
    def urgent(self) -> bool:
        """Return whether somebody waits for its commit."""
        return True


Entry = Told | Deed


class Ledger:
    """The writer's side of the journal; it lives in one thread, with its `connection`."""

    def __init__(self, connection: sqlite3.Connection, new_id: Callable[[], str]) -> None:
        self._connection = connection
        self._catalogue = Catalogue(connection, new_id)
        self._told: dict[str, list[Event]] = {}
        self._tidied = connection.total_changes

    def resume(self, told: Sequence[Event]) -> None:
        """Go on with a run whose events `told` are in the database already."""
        self._told[told[0].run_id] = list(told)

    def keep(self, batch: Sequence[Entry]) -> tuple[RunRecord, ...]:
        """Commit `batch`, all of it or nothing; return the records of the runs that ended in it.

        What raises ends the ledger too: what it knows may have been rolled back.
        """
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            records = tuple(self._write(batch))
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        return records

    def tidy(self) -> None:
        """Copy what is committed from SQLite's log into its file when there is much of it; call it when nobody waits.

        Left to itself SQLite would do it inside a commit, and whoever waits for that would wait for this too.
        """
        rows = self._connection.total_changes
        if rows - self._tidied >= _MANY:
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            self._tidied = rows

    def _write(self, batch: Sequence[Entry]) -> Iterator[RunRecord]:
        """Write `batch` in its order: the events that stand together in one go, each deed by itself."""
        for _, group in groupby(batch, type):
            entries = list(group)
            yield from self._tell([entry for entry in entries if isinstance(entry, Told)])
            for deed in (entry for entry in entries if isinstance(entry, Deed)):
                self._try(deed)

    def _tell(self, told: Sequence[Told]) -> Iterator[RunRecord]:
        """Write the events, then the tables of the runs that end with them."""
        insert_cells(self._connection, "event", _EVENT, list(map(_row, told)))
        for event in (entry.event for entry in told):
            self._told.setdefault(event.run_id, []).append(event)
            if isinstance(event, RunEnded):
                yield project(self._connection, tuple(self._told.pop(event.run_id)), self._catalogue)

    def _try(self, deed: Deed) -> None:
        self._connection.execute("SAVEPOINT deed")
        try:
            deed.do(self._connection)
        except sqlite3.IntegrityError as refusal:
            deed.refused = str(refusal)
            self._connection.execute("ROLLBACK TO deed")
        self._connection.execute("RELEASE deed")


def _row(entry: Told) -> tuple[Cell, ...]:
    event = entry.event
    return (to_bytes(event.run_id), event.seq, type(event).__name__, event.at, entry.body)


def add_row(table: str, content: Content) -> Deed:
    """Return the deed that adds one row to `table`."""
    return Deed(lambda connection: insert(connection, table, content))
