"""Bring a database to the schema that this code knows, one migration in one transaction each; refuse what is newer."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from station.core.errors import StoreError

_SCHEMA = Path(__file__).parent / "schema"
_ANY = "SELECT count(*) FROM sqlite_master"
_OURS = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('event', 'schema_version')"
_SCHEMA_OF = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"


class OutdatedError(StoreError):
    """The store is of an earlier version; the next start of the station brings it up to date."""


@dataclass(frozen=True, slots=True)
class Migration:
    """A step from one version of the schema to the next."""

    version: int
    name: str
    sql: str


def migrations(folder: Path = _SCHEMA) -> tuple[Migration, ...]:
    """Return the migrations in `folder` (files `0001_name.sql`, …) in order; raises StoreError when a number is missing."""
    found = tuple(_migration(path) for path in sorted(folder.glob("*.sql")))
    if [one.version for one in found] != list(range(1, len(found) + 1)):
        raise StoreError(f"the migrations in {folder} are not numbered 1, 2, 3 …: {[one.name for one in found]}")
    return found


def _migration(path: Path) -> Migration:
    number, _, name = path.stem.partition("_")
    return Migration(int(number), name, path.read_text(encoding="utf-8"))


def version_of(connection: sqlite3.Connection) -> int:
    """Return the schema version of the database, 0 while it is empty."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(connection: sqlite3.Connection, path: Path, at: str, known: tuple[Migration, ...]) -> None:
    """Apply to the database at `path` every migration it lacks, stamped `at` (UTC); raises StoreError when it is not ours."""
    version = version_of(connection)
    _refuse_foreign(connection, version, path)
    refuse_newer(version, path, known)
    for migration in known[version:]:
        _apply(connection, migration, at)


def _refuse_foreign(connection: sqlite3.Connection, version: int, path: Path) -> None:
    """Raise StoreError for a database of another program, which may count its versions as we do."""
    (found,) = connection.execute(_ANY if version == 0 else _OURS).fetchone()
    if bool(found) is (version == 0):
        raise StoreError(f"{path} is a database, but not a station's store. What to do: name another file in station.toml")


def refuse_newer(version: int, path: Path, known: tuple[Migration, ...]) -> None:
    """Raise StoreError when the database at `path` has a `version` that this code does not know."""
    if version > len(known):
        raise StoreError(
            f"the store {path} has schema version {version}, this software knows up to {len(known)}: a newer station wrote it. "
            "What to do: install that newer software, or restore the backup made before it"
        )


def refuse_other(connection: sqlite3.Connection, path: Path, known: tuple[Migration, ...]) -> None:
    """Raise StoreError unless the database at `path` has exactly the version that this code reads."""
    version = version_of(connection)
    _refuse_foreign(connection, version, path)
    refuse_newer(version, path, known)
    if version < len(known):
        raise OutdatedError(
            f"the store {path} has schema version {version}, this software reads {len(known)}. "
            "What to do: start the station once, it brings the store up to date"
        )


def refuse_changed(connection: sqlite3.Connection, path: Path, known: tuple[Migration, ...]) -> None:
    """Raise StoreError when a table, view, index or trigger of the migrated database at `path` is gone or was changed."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        migrate(model, path, "", known)
        wanted, found = (set(map(tuple, one.execute(_SCHEMA_OF))) for one in (model, connection))
    for kind, name, _ in sorted(wanted - found):
        raise StoreError(
            f"the {kind} {name} of the store {path} is gone or was changed by another program: what is on record may have been "
            "altered. What to do: restore the backup, and keep this file for quality"
        )


def _apply(connection: sqlite3.Connection, migration: Migration, at: str) -> None:
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{migration.sql}")
        row = (migration.version, migration.name, at)
        connection.execute("INSERT INTO schema_version (version, name, applied_at) VALUES (?, ?, ?)", row)
        connection.execute(f"PRAGMA user_version = {migration.version}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
