"""Open the store's database: for the one writer, or for any number of readers; say its faults in words for people."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from station.core.errors import StoreError

_LOG = 4000  # pages of the log after which SQLite tidies up by itself; the one who writes does it earlier, when nobody waits
BUSY = 5.0  # s of the host that SQLite waits for a lock that another program holds
_REMEDIES = (
    ("full", "free space on its disk, then start the station again"),
    ("locked", "close the program that holds it open, then start the station again"),
    ("busy", "close the program that holds it open, then start the station again"),
    ("readonly", "let the user who says this write in its folder (who reads needs that too), then say it again"),
    (
        "unable to open",
        "make sure that its folder is there and the user who says this may write in it (who reads needs that too)",
    ),
    ("not a database", "restore it from the backup; keep the damaged file for the maker"),
    ("malformed", "restore it from the backup; keep the damaged file for the maker"),
)


def fault(path: Path, error: Exception) -> StoreError:
    """Return what `error` means for the store at `path`: where, what, and what to do."""
    if path.is_dir():
        return StoreError(f"the store {path} is a folder. What to do: name a file in station.toml, like records/station.sqlite")
    said = str(error)
    remedy = next((remedy for sign, remedy in _REMEDIES if sign in said), "check the disk, then start the station again")
    return StoreError(f"the store {path} fails: {said}. What to do: {remedy}")


def write_to(path: Path, busy: float = BUSY) -> sqlite3.Connection:
    """Return a connection that commits durably (WAL, FULL); it waits at most `busy` s of the host for another's lock."""
    connection = sqlite3.connect(path, timeout=busy, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG}")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def read_from(path: Path, busy: float = BUSY) -> sqlite3.Connection:
    """Return a connection that can only read; it waits at most `busy` s of the host for another's lock."""
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=busy, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only = ON")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def file_of(path: Path) -> tuple[int, int] | None:
    """Return which file of the system is at `path`, None where there is none: an open one may have been taken away."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.row_factory = sqlite3.Row
