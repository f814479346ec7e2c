"""What another program changed in the store is told: the tables are held against the events, the schema against ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from station.clocks.steady import SteadyClock
from station.core.errors import StoreError
from station.store.archive import Archive
from station.store.journal import Journal
from tests.store.stories import at_work, ids, keep, story


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "s.sqlite"
    with at_work(found) as journal:
        mint = ids(1)
        keep(journal, story(mint.new(), "SN1", fails="CUR.311"))
        keep(journal, story(mint.new(), "SN2"))
        keep(journal, story(mint.new(), "SN3", struck="the meter was power-cycled"))
        keep(journal, story(mint.new(), "SN4", simulated=True))
    return found


@contextmanager
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the store as somebody who knows SQLite does: he takes the triggers away, and puts them back afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)


def test_a_store_that_nobody_touched_says_what_its_events_say(path: Path) -> None:
    assert 4 == Archive(path).refuse_altered(10)
    assert 2 == Archive(path).refuse_altered(2)


@pytest.mark.hazard("ST-08")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "UPDATE run SET outcome = 'ABORTED' WHERE outcome = 'FAIL'",
            "its outcome is 'ABORTED' in the table of runs, and 'FAIL'",
        ),
        ("UPDATE run SET struck = 'void' WHERE outcome = 'FAIL'", "its struck is 'void'"),
        ("UPDATE run SET simulated = 1 WHERE outcome = 'FAIL'", "its simulated is 1"),
        ("UPDATE unit SET serial = 'SN9' WHERE serial = 'SN1'", "its serial is 'SN9'"),
        (
            "UPDATE measurement SET outcome = 'PASS' WHERE outcome = 'FAIL'",
            "its table of measurements is not what its events say",
        ),
        ("UPDATE measurement SET value = 5e-4 + 1e-9 WHERE test_key = 'CUR.311'", "its table of measurements"),
        ("UPDATE measurement SET safety = 'none'", "its table of measurements"),
        ("DELETE FROM run WHERE outcome = 'FAIL'", "it has ended, and is not in the table of runs"),
        ("DELETE FROM event WHERE kind = 'Measured' AND seq = 2", "are not one run in order"),
    ],
)
def test_what_was_altered_is_told(path: Path, change: str, said: str) -> None:
    with unguarded(path) as connection:
        connection.execute(change)

    with pytest.raises(StoreError, match=said):
        Archive(path).refuse_altered(10)


@pytest.mark.hazard("ST-08")
def test_a_serial_whose_fail_was_made_good_by_hand_is_not_admitted(path: Path) -> None:
    with unguarded(path) as connection:
        connection.execute("UPDATE run SET outcome = 'ABORTED', first_fail = '' WHERE outcome = 'FAIL'")
        connection.execute("UPDATE measurement SET outcome = 'PASS' WHERE outcome = 'FAIL'")

    assert ["PASS"] == [run.outcome for run in Archive(path).history("SN2", simulated=False).runs]
    with pytest.raises(StoreError, match=r"was altered by another program.*What to do: restore the backup"):
        Archive(path).history("SN1", simulated=False)


@pytest.mark.hazard("ST-08")
def test_a_store_whose_guards_were_taken_away_is_not_written_to(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER event_stays")

    said = r"the trigger event_stays of the store .* is gone or was changed by another program"
    with pytest.raises(StoreError, match=said):
        Journal(path, SteadyClock(), ids(2))
    with pytest.raises(StoreError, match=said):
        Archive(path).refuse_altered(10)


def test_an_index_of_somebody_elses_does_no_harm(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE INDEX his_own ON run (lot)")
        connection.execute("ANALYZE")

    with at_work(path, seed=2):
        assert 4 == Archive(path).refuse_altered(10)
