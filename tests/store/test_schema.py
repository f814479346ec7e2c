"""What the tables are, and that nothing in them is ever changed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from station.clocks.steady import SteadyClock
from station.core.errors import StoreError
from station.store.archive import Archive
from station.store.database import write_to
from station.store.journal import Journal
from station.store.migrations import Migration, migrate, migrations
from tests.store.stories import at_work, ids, keep, rows_of, story

GOLDEN = Path(__file__).parents[1] / "golden" / "store" / "schema.sql"
AT = "2026-11-02T08:00:00.000000Z"
TABLES = [
    "annotation", "attachment", "calibration", "certificate", "event", "fixture_slot", "instrument", "limit_item", "limit_set",
    "measurement", "operator", "process", "product", "released", "revocation", "run", "run_instrument", "schema_version",
    "station", "step", "unit",
]  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, mint = tmp_path_factory.mktemp("store") / "s.sqlite", ids(1)
    with at_work(path) as journal:
        passed = keep(journal, story(mint.new()))
        number = journal.certify(passed, "EOL-01-", lambda number: number.encode())
        journal.release(number, "quinn", "released", "sha256:1")
        journal.revoke(number, "quinn", "wrong lot printed")
        journal.annotate("run", passed, "quinn", "the label was smudged")
    return path


@pytest.fixture
def open_store(filled: Path) -> Iterator[sqlite3.Connection]:
    with closing(write_to(filled)) as connection:
        yield connection


def _dump(path: Path) -> str:
    rows = rows_of(path, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
    return ";\n\n".join(str(row[0]) for row in rows) + ";\n"


def test_the_schema_is_the_one_on_file(filled: Path) -> None:
    assert GOLDEN.read_text(encoding="utf-8") == _dump(filled)


def test_every_table_is_known_here(open_store: sqlite3.Connection) -> None:
    rows = open_store.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").fetchall()

    assert sorted(row["name"] for row in rows if not row["name"].startswith("sqlite_")) == TABLES
    assert all(row["strict"] for row in rows if not row["name"].startswith("sqlite_"))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.hazard("ST-08")
def test_no_table_lets_a_row_be_changed_deleted_or_replaced(open_store: sqlite3.Connection, table: str) -> None:
    before = [tuple(row) for row in open_store.execute(f"SELECT * FROM {table}")]
    column = open_store.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0]
    assert before, "an empty table proves nothing"

    with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only: no UPDATE"):
        open_store.execute(f"UPDATE {table} SET {column} = {column}")
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only: no DELETE"):
        open_store.execute(f"DELETE FROM {table}")
    with pytest.raises(sqlite3.IntegrityError, match=r"this key is taken|this run has ended|has its document already"):
        open_store.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")

    assert before == [tuple(row) for row in open_store.execute(f"SELECT * FROM {table}")]


def test_a_thing_is_not_replaced_by_its_name_either(open_store: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="unit is append-only: this key is taken"):
        open_store.execute("INSERT OR REPLACE INTO unit SELECT zeroblob(16), part_number, serial FROM unit")


def test_a_run_that_has_ended_goes_on_no_more(open_store: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="this run has ended"):
        open_store.execute("INSERT INTO event SELECT run_id, seq + 1, 'Prompted', at, '{}' FROM event WHERE kind = 'RunEnded'")


def test_the_store_is_durable_and_checks_its_references(open_store: sqlite3.Connection) -> None:
    settings = [open_store.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]

    assert settings == ["wal", 2, 1]


def test_the_migrations_that_made_it_are_on_record(filled: Path) -> None:
    versions = rows_of(filled, "SELECT version, name FROM schema_version")

    assert versions == [(1, "initial"), (2, "append_only"), (3, "released"), (4, "quick_end")]
    assert rows_of(filled, "PRAGMA user_version") == [(4,)]


def test_a_store_of_newer_software_is_refused_for_writing_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Journal(path, SteadyClock(), ids()):
        pass
    rows_of(path, "PRAGMA user_version = 99")

    with pytest.raises(StoreError, match=r"schema version 99, this software knows up to 4: a newer station wrote it.*install"):
        Journal(path, SteadyClock(), ids())
    with pytest.raises(StoreError, match="schema version 99"):
        Archive(path).latest()


def test_a_store_of_older_software_is_read_only_after_it_was_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with closing(write_to(path)) as connection:
        migrate(connection, path, AT, migrations()[:1])

    with pytest.raises(StoreError, match=r"has schema version 1, this software reads 4.*start the station once"):
        Archive(path).latest()
    with Journal(path, SteadyClock(), ids()):
        pass
    assert Archive(path).latest() == ""


def test_a_migration_that_breaks_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    broken = Migration(2, "broken", "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);")

    with closing(write_to(path)) as connection:
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            migrate(connection, path, AT, (migrations()[0], broken))
        migrate(connection, path, AT, migrations())  # and may be tried again

    assert rows_of(path, "SELECT count(*) FROM sqlite_master WHERE name = 'half'") == [(0,)]


@pytest.mark.parametrize("version", [0, 1, len(migrations()), 99])
def test_a_database_of_something_else_is_refused_however_it_counts_its_versions(tmp_path: Path, version: int) -> None:
    path = tmp_path / "s.sqlite"
    rows_of(path, "CREATE TABLE recipe (cake TEXT)")
    rows_of(path, f"PRAGMA user_version = {version}")

    with pytest.raises(StoreError, match="is a database, but not a station's store"):
        Journal(path, SteadyClock(), ids())
    with pytest.raises(StoreError, match="is a database, but not a station's store"):
        Archive(path).issued()


def test_migrations_with_a_gap_are_a_fault_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "0002_later.sql").write_text("")

    with pytest.raises(StoreError, match="not numbered 1, 2, 3"):
        migrations(tmp_path)
