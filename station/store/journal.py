"""Keep what happens: the one writer of the store. What a person is shown is on disk first.

Many threads call `write`, `settle` and `certify`; one thread of the line's crew runs `pump`, which owns the connection. When
the store cannot be written, every call that comes after says so with StoreError: the line stops, and nothing is made up.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from station.core.clock import Clock, Stop
from station.core.errors import StoreError
from station.core.events import Event
from station.core.keepable import unkept
from station.core.record import RunRecord
from station.disk.durable import make_folder, sync_folder
from station.store.columns import Cell, Content
from station.store.database import fault, file_of, write_to
from station.store.ids import Ids, to_bytes
from station.store.inbox import Inbox
from station.store.ledger import Deed, Ledger, Told, add_row
from station.store.lock import WriterLock
from station.store.migrations import migrate, migrations, refuse_changed
from station.store.numbering import Draft, Instead, Turn, next_number
from station.store.recovery import recover
from station.store.speech import spoken
from station.store.stray_log import refuse_stray_log

Listener = Callable[[Event], None]
Draw = Callable[[str], bytes]
Connect = Callable[[Path], sqlite3.Connection]
_T = TypeVar("_T")


class Journal:
    """The store at `path`, open for writing by this process alone; `listen` hears each event after its commit, in order.

    A listener is called in the pump's thread, must be quick and must not raise. `connect` opens the database for writing.
    """

    def __init__(
        self, path: Path, clock: Clock, ids: Ids, *, listen: Sequence[Listener] = (), connect: Connect = write_to
    ) -> None:
        self._path, self._connect = path, connect
        self._clock, self._ids = clock, ids
        self._listen = tuple(listen)
        self._inbox = Inbox(clock.monitor(), clock.speed)
        self._turn = Turn(clock.monitor(), clock.speed)
        self._pumping = False
        self._lock = _lock(path)
        try:
            refuse_stray_log(path)
            self._at_once(self._bring_up)
            sync_folder(path.parent)
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
        """Give the right to write to other processes; the pump must have ended."""
        self._inbox.shut(f"the store {self._path} is closed")
        self._lock.release()

    def recover(self) -> tuple[RunRecord, ...]:
        """Close the runs that were left open when the station was cut off, and return their records; call it before `pump`."""
        if self._pumping:
            raise StoreError("what a cut-off station left is closed before the pump starts: now the open runs are alive")
        return self._at_once(lambda connection: recover(connection, self._path, self._clock.utc(), self._ids.new))

    def write(self, event: Event) -> None:
        """Take `event` to be kept; it is committed, and then heard of, soon after.

        Raises StoreError when the store fails or is closed, or when the event is not the next of its run.
        """
        self._inbox.put(Told(*spoken(event)))

    @property
    def fault(self) -> str | None:
        """Return why nothing is kept any more, None while all is."""
        return self._inbox.fault

    def settle(self, run_id: str) -> None:
        """Return when the end of run `run_id` is committed; raises StoreError when it cannot be."""
        self._inbox.await_end(run_id)

    def certify(self, run_id: str, series: str, draw: Draw, *, kind: str = "certificate", instead: Instead | None = None) -> str:
        """Number a document of a settled run, draw it, put number and digest on record, and return the number.

        `draw(number)` returns the document's bytes after it wrote them to a draft (see `filing`). The number is taken only
        when its row is committed: what fails before leaves no gap. `kind` is `certificate` or `nonconformance`. Who supersedes
        another document, and why, is on record with that row or not at all.
        """
        remark = None
        if instead is not None:
            remark = self._remark("certificate", instead.number, instead.author, f"superseded: {instead.reason}")
        with self._turn:
            self._inbox.check()
            number = self._at_once(lambda connection: next_number(connection, series))
            draft = Draft(run_id, series, number, kind, instead.number if instead else "", remark)
            self._do(draft.deed(draw(draft.name), self._clock.utc()))
            return draft.name

    def revoke(self, certificate_no: str, author: str, reason: str) -> None:
        """Put on record that `author` revokes a certificate, and why."""
        row: dict[str, Cell] = {"revoked_at": self._clock.utc(), **_texts(author=author, reason=reason)}
        self._do(add_row("revocation", {"certificate_no": certificate_no, **row}))

    def release(self, certificate_no: str, author: str, reason: str, digest: str) -> None:
        """Put on record that `author` releases a certificate, and the digest of the file that says so."""
        row: dict[str, Cell] = {"released_at": self._clock.utc(), **_texts(author=author, reason=reason), "pdf_sha256": digest}
        self._do(add_row("released", {"certificate_no": certificate_no, **row}))

    def annotate(self, target_kind: str, target_id: str, author: str, text: str) -> None:
        """Put a remark of `author` on record about a run, a unit or a certificate: the only way to correct one."""
        self._do(add_row("annotation", self._remark(target_kind, target_id, author, text)))

    def pump(self, stop: Stop) -> None:
        """Commit what comes until `stop` is set and all runs have ended; the line's crew runs this in one thread.

        Raises StoreError when the store fails; from then on everybody else is told the same.
        """
        self._pumping = True
        why = f"the journal of {self._path} has ended: nothing more is kept"
        try:
            with closing(self._connect(self._path)) as connection:
                self._serve(Ledger(connection, self._ids.new), stop)
        except sqlite3.Error as error:
            broken = fault(self._path, error)
            why = str(broken)
            raise broken from error
        except StoreError as error:
            why = str(error)
            raise
        except Exception as error:
            why = f"{why}. It broke: {error}. What to do: start the station again, and keep its log for its maker"
            raise
        finally:
            self._inbox.shut(why)

    def _serve(self, ledger: Ledger, stop: Stop) -> None:
        file = file_of(self._path)
        while batch := self._inbox.take(stop):
            ledger.keep(batch)
            if file_of(self._path) != file:  # what was kept is in a file that nobody will find
                raise StoreError(
                    f"the store {self._path} was taken away or replaced while the station runs. What to do: put it back, or "
                    "restore the backup, then start the station again"
                )
            self._inbox.kept(batch)
            for event in (entry.event for entry in batch if isinstance(entry, Told)):
                for listener in self._listen:
                    listener(event)
            ledger.tidy()

    def _bring_up(self, connection: sqlite3.Connection) -> None:
        """Bring the database up to date; raises StoreError when it is not ours, or what protects the record is gone."""
        known = migrations()
        migrate(connection, self._path, self._clock.utc(), known)
        refuse_changed(connection, self._path, known)

    def _remark(self, target_kind: str, target_id: str, author: str, text: str) -> Content:
        key, at = to_bytes(self._ids.new()), self._clock.utc()
        told = _texts(target_kind=target_kind, target_id=target_id, author=author, text=text)
        return {"annotation_id": key, **told, "at": at}

    def _do(self, deed: Deed) -> None:
        self._inbox.put(deed)
        self._inbox.await_deed(deed)

    def _at_once(self, do: Callable[[sqlite3.Connection], _T]) -> _T:
        try:
            with closing(self._connect(self._path)) as connection:
                return do(connection)
        except sqlite3.Error as error:
            raise fault(self._path, error) from error


def _texts(**texts: str) -> dict[str, str]:
    """Return the columns `texts`; raises StoreError for one that cannot be kept, before the journal is asked to and breaks."""
    for column, text in texts.items():
        if why := unkept(text):
            raise StoreError(f"the {column} cannot be kept: {why}")
    return texts


def _lock(path: Path) -> WriterLock:
    try:
        make_folder(path.parent)
        return WriterLock(path)
    except OSError as error:
        raise StoreError(
            f"the store {path} cannot be opened: {error}. What to do: let the station's user write in {path.parent}"
        ) from error
