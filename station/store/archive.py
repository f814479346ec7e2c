"""Read what is kept, each time on a connection of its own that cannot write; readers never hold the line up."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from station.core.errors import StoreError
from station.core.events import Event
from station.core.record import RunRecord
from station.store.database import fault, read_from
from station.store.history import History, history_of
from station.store.ids import to_bytes, to_text
from station.store.migrations import migrations, refuse_changed, refuse_other
from station.store.recovery import events_of, last_closed, open_runs
from station.store.shelves import EVERY, FIRST, Issued, Released, RunLine, Wanted, issued, owed, page, released
from station.store.witness import latest_ended, record_of, refuse_altered

_TELLING = 20  # runs of a serial that are held against their events: more than any unit is tested, and quick for a golden one


class Archive:
    """The store at `path`, for reading, by any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._migrations = migrations()

    def events(self, run_id: str) -> tuple[Event, ...]:
        """Return the events of run `run_id` so far, in order; raises StoreError when there is no such run."""
        with self.reading() as connection:
            return events_of(connection, self._path, run_id)

    def record(self, run_id: str) -> RunRecord:
        """Return the record of run `run_id`, made from its events; of a run that still goes on it shows ABORTED."""
        with self.reading() as connection:
            return record_of(connection, self._path, run_id)

    def records(self, serial: str, *, product: str = "") -> Iterator[RunRecord]:
        """Return the records of all ended runs of `serial`, simulated ones too, in order of time."""
        return (self.record(line.run_id) for line in self.runs(Wanted(serial=serial, product=product)))

    def attempts(self, serial: str, *, simulated: bool, product: str = "") -> int:
        """Return how many runs of `serial` have ended so far; simulated and real ones are counted apart."""
        return len(self.history(serial, simulated=simulated, product=product).runs)

    def history(self, serial: str, *, simulated: bool, product: str = "") -> History:
        """Return what admission must know of `serial`: its ended runs, and every safety row that ever failed.

        Raises StoreError when another program has altered one of these runs.
        """
        with self.reading() as connection:
            found = history_of(connection, serial, product, simulated=simulated)
            for run in found.runs[-_TELLING:]:
                refuse_altered(connection, self._path, run.run_id)
            return found

    def refuse_altered(self, most: int) -> int:
        """Hold the latest `most` runs against their events and return how many; raises StoreError when one was altered.

        So it does when what keeps the record from being changed is gone.
        """
        with self.reading() as connection:
            refuse_changed(connection, self._path, self._migrations)
            found = latest_ended(connection, most)
            for run_id in found:
                refuse_altered(connection, self._path, to_text(run_id))
            return len(found)

    def runs(self, wanted: Wanted = EVERY) -> Iterator[RunLine]:
        """Return the ended runs that are `wanted`, in order of time, read a page at a time."""
        after = FIRST
        while True:
            with self.reading() as connection:
                found = page(connection, wanted, after)
            yield from found
            if not found:
                return
            after = (found[-1].started_at, to_bytes(found[-1].run_id))

    def issued(self, *, run_id: str = "", series: str = "") -> tuple[Issued, ...]:
        """Return the documents of a run, of a series, or all; in order of their numbers."""
        with self.reading() as connection:
            return issued(connection, run_id, series)

    def released(self) -> tuple[Released, ...]:
        """Return the documents that were released, in order of their numbers."""
        with self.reading() as connection:
            return released(connection)

    def owed(self) -> tuple[str, ...]:
        """Return the runs that earned a document and have none, in order of time."""
        with self.reading() as connection:
            return owed(connection)

    def open_runs(self) -> tuple[RunRecord, ...]:
        """Return the records so far of the runs that have not ended: ABORTED, or FAIL when a row has failed."""
        with self.reading() as connection:
            found = open_runs(connection)
        return tuple(self.record(run_id) for run_id in found)

    def last_cut_off(self, now: str) -> tuple[RunRecord, ...]:
        """Return the records of the runs that the last crash before `now` (UTC) cut off and the start after it closed."""
        with self.reading() as connection:
            found = last_closed(connection, now)
        return tuple(self.record(run_id) for run_id in found)

    def latest(self) -> str:
        """Return the last moment (UTC) on record, empty when there is none: a clock that is behind it has gone wrong."""
        with self.reading() as connection:
            row = connection.execute("SELECT max(ended_at) FROM (SELECT ended_at FROM run ORDER BY started_at DESC LIMIT 100)")
            return str(row.fetchone()[0] or "")

    def back_up(self, target: Path) -> None:
        """Write a whole copy of the database to `target`, while the station works; raises StoreError when it exists."""
        if target.exists():
            raise StoreError(f"{target} is there already. What to do: name a new file")
        with self.reading() as connection, closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that cannot write, for a query of one's own; the errors of SQLite come out as StoreError."""
        try:
            with closing(read_from(self._path)) as connection:
                refuse_other(connection, self._path, self._migrations)
                yield connection
        except sqlite3.Error as error:
            raise fault(self._path, error) from error
