"""Keep what happens: the one writer of the store. What a person is shown is on disk first.

Many threads call `write`, `settle` and `certify`; one thread of the line's crew runs `pump`, which owns the connection. When
the store cannot be written, every call that comes after says so with StoreError: the line stops, and nothing is made up.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from station.core.clock import Clock, Stop
from station.core.errors import StoreError
from station.core.events import Event
from station.core.record import RunRecord
from station.store.database import BUSY, fault, write_to
from station.store.door import Door
from station.store.ids import Ids
from station.store.ledger import Deed, Ledger, Told, add_row
from station.store.lock import WriterLock
from station.store.migrations import migrate, migrations
from station.store.numbering import Turn, certificate, next_number
from station.store.queue import Queue
from station.store.recovery import recover
from station.store.speech import spoken

Draw = Callable[[str], bytes]


class Journal:
    """The store at `path`, open for writing by this process alone; `listen` hears each event after its commit, in order.

    A listener is called in the pump's thread, must be quick and must not raise. `busy` is how many s of the host another
    program may lock the database before the journal gives up.
    """

    def __init__(
        self, path: Path, clock: Clock, ids: Ids, *, listen: Sequence[Callable[[Event], None]] = (), busy: float = BUSY
    ) -> None:
        self._path = path
        self._clock = clock
        self._ids = ids
        self._listen = tuple(listen)
        self._busy = busy
        self._door = Door()
        self._queue = Queue(clock.transport.monitor(), self._door)
        self._turn = Turn(clock.transport.monitor())
        self._lock = _locked(path)
        try:
            self._with_connection(lambda connection: migrate(connection, path, clock.utc(), migrations()))
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        """Return the journal."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Give the right to write back to other processes; the pump must have ended."""
        self._lock.release()

    def recover(self) -> tuple[RunRecord, ...]:
        """Close the runs that were left open when the station was cut off, and return their records; call it before `pump`."""
        return self._with_connection(lambda connection: recover(connection, self._path, self._clock.utc(), self._ids.new))

    def write(self, event: Event) -> None:
        """Take `event` to be kept, in order within its run; it is committed and heard of soon after.

        Raises StoreError when the store fails, when the journal is closed, or when the event is not the next of its run.
        """
        self._queue.put_event(Told(*spoken(event)))

    def settle(self, run_id: str) -> None:
        """Return when the end of run `run_id` is committed; raises StoreError when it cannot be."""
        self._queue.await_end(run_id)

    def certify(self, run_id: str, series: str, draw: Draw, *, kind: str = "certificate", supersedes: str = "") -> str:
        """Number a document of the committed run `run_id`, draw it, and put number and digest on record; return the number.

        `draw(number)` returns the document's bytes, after it wrote them to a draft (see `filing`). The number is taken only
        when the row is committed; whatever fails before leaves no gap. `kind` is `certificate` or `nonconformance`.
        """
        with self._turn:
            number = self._with_reader(lambda connection: next_number(connection, series))
            row = certificate(run_id, series, number, kind, supersedes)
            content = draw(row.number_text)
            self._do(row.deed(content, self._clock.utc()))
            return row.number_text

    def revoke(self, certificate_no: str, author: str, reason: str) -> None:
        """Put on record that `author` revoked a certificate, and why."""
        content = {"certificate_no": certificate_no, "revoked_at": self._clock.utc(), "author": author, "reason": reason}
        self._do(add_row("revocation", {**content}))
