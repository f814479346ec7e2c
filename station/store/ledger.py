"""Commit batches of what is told and done, each in one transaction, with all projections of the runs that end in it."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station.core.events import Event, RunEnded
from station.core.record import RunRecord
from station.store.catalogue import Cell, insert
from station.store.ids import to_bytes
from station.store.projection import project


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
        self._new_id = new_id
        self._told: dict[str, list[Event]] = {}

    def resume(self, told: Sequence[Event]) -> None:
        """Go on with a run whose events `told` are in the database already."""
        self._told[told[0].run_id] = list(told)

    def keep(self, batch: Sequence[Entry]) -> tuple[RunRecord, ...]:
        """Commit `batch`, all of it or nothing; return the records of the runs that ended in it."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            found = [self._write(entry) for entry in batch]
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        return tuple(record for record in found if record is not None)

    def _write(self, entry: Entry) -> RunRecord | None:
        if isinstance(entry, Deed):
            self._try(entry)
            return None
        event = entry.event
        row = (to_bytes(event.run_id), event.seq, type(event).__name__, event.at, entry.body)
        self._connection.execute("INSERT INTO event (run_id, seq, kind, at, body) VALUES (?, ?, ?, ?, ?)", row)
        self._told.setdefault(event.run_id, []).append(event)
        if not isinstance(event, RunEnded):
            return None
        return project(self._connection, tuple(self._told.pop(event.run_id)), self._new_id)

    def _try(self, deed: Deed) -> None:
        self._connection.execute("SAVEPOINT deed")
        try:
            deed.do(self._connection)
        except sqlite3.IntegrityError as refusal:
            deed.refused = str(refusal)
            self._connection.execute("ROLLBACK TO deed")
        self._connection.execute("RELEASE deed")


def add_row(table: str, content: dict[str, Cell]) -> Deed:
    """Return the deed that adds one row to `table`."""
    return Deed(lambda connection: insert(connection, table, content))
