"""Look up what is on record about a document, and open the store to add to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.cli import assemble
from station.cli.home import Home, archive_of
from station.clocks.steady import SteadyClock
from station.core.errors import StationError, UsageError
from station.core.keepable import unkept
from station.store.archive import Archive
from station.store.shelves import Issued


def on_record(archive: Archive, number: str) -> Issued:
    """Return what is on record about document `number`; raises UsageError when nothing is."""
    found = next((one for one in archive.issued() if one.number == number), None)
    if found is None:
        raise UsageError(f"no document {number} is on record here. A number is like EOL-01-2026-000042")
    return found


def content_of(path: Path) -> bytes:
    """Return what is in the file of a document; raises StationError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StationError(f"{path} cannot be read: {error.strerror}. Move it away, and `station reissue` restores it") from error


def sayable(**options: str) -> None:
    """Raise UsageError for an option that no store and no document could hold as text."""
    for name, text in options.items():
        if why := unkept(text):
            raise UsageError(f"--{name}: {why}. Say it in other words")


def standing(issued: Issued) -> Issued:
    """Return a document that is still worth something; raises UsageError for one that is not: nothing more is built on it."""
    if issued.revoked_at:
        raise UsageError(f"{issued.number} was revoked at {issued.revoked_at}: {issued.revoked}. That is for good")
    if issued.superseded_by:
        raise UsageError(f"{issued.number} was superseded by {issued.superseded_by}. Name that one")
    return issued


@contextmanager
def writing(home: Home) -> Iterator[assemble.Kept]:
    """Open the station's store for writing; raises StoreError while the station runs."""
    archive_of(home.config)  # else the store would be made, to say that nothing is in it
    clock = SteadyClock()
    with assemble.kept(home.config, clock, assemble.new_ids(clock), ()) as store:
        yield store
