import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from station.clocks.steady import SteadyClock
from station.core.errors import StoreError
from station.core.events import Event
from station.store.database import read_from, write_to
from station.store.journal import Journal
from station.store.lock import holder
from tests.store.stories import at_work, ids, keep, pumping, rows_of, story


def _until_it_breaks(journal: Journal) -> None:
    mint = ids(11)
    for number in range(10_000):
        keep(journal, story(mint.new(), f"SN{number}"))


def _room_for(pages: int) -> Callable[[Path], sqlite3.Connection]:
    def connect(path: Path) -> sqlite3.Connection:
        connection = write_to(path)
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    return connect


@pytest.mark.hazard("ST-01")
def test_a_full_disk_stops_everything_and_loses_nothing_that_was_shown(tmp_path: Path) -> None:
    path, clock, shown = tmp_path / "s.sqlite", SteadyClock(), list[Event]()

    with Journal(path, clock, ids(), listen=[shown.append], connect=_room_for(150)) as journal:
        with pumping(journal, clock) as raised:
            with pytest.raises(StoreError, match=r"s\.sqlite fails: database or disk is full\. What to do: free space"):
                _until_it_breaks(journal)
            with pytest.raises(StoreError, match="disk is full"):
                journal.write(story(ids(12).new())[0])
            with pytest.raises(StoreError, match="disk is full"):
                journal.settle("whatever")
            with pytest.raises(StoreError, match="disk is full"):
                journal.annotate("run", "x", "ana", "a remark")
        assert [str(error.__cause__) for error in raised] == ["database or disk is full"]

    assert len(shown) > 100
    assert [(len(shown),)] == rows_of(path, "SELECT count(*) FROM event")
    assert rows_of(path, "PRAGMA quick_check") == [("ok",)]
    with at_work(path, seed=1) as journal:  # with room again, it goes on
        keep(journal, story(ids(13).new()))


@pytest.mark.hazard("ST-03", "TR-11")
def test_a_store_that_another_program_locks_gives_up_in_bounded_time(tmp_path: Path) -> None:
    path, clock, told = tmp_path / "s.sqlite", SteadyClock(), story(ids(1).new())

    with Journal(path, clock, ids(), connect=partial(write_to, busy=0.05)) as journal, closing(write_to(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pumping(journal, clock) as raised:
            with pytest.raises(StoreError, match=r"database is locked.*close the program that holds it"):
                keep(journal, told)
            other.execute("ROLLBACK")
            with pytest.raises(StoreError, match="database is locked"):  # what was lost stays lost: start again
                journal.settle(told[0].run_id)
    assert len(raised) == 1


def test_a_store_that_is_locked_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    path, told = tmp_path / "s.sqlite", story(ids(1).new())

    with at_work(path) as journal, closing(write_to(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        for event in told:
            journal.write(event)
        other.execute("COMMIT")
        journal.settle(told[0].run_id)


@pytest.mark.hazard("ST-02")
def test_a_store_that_became_read_only_stops_everything(tmp_path: Path) -> None:
    path, clock, told = tmp_path / "s.sqlite", SteadyClock(), story(ids(1).new())
    with Journal(path, clock, ids()):
        pass
    ways = [read_from, write_to]  # the first connection prepares the store, the second is the pump's

    def connect(path: Path) -> sqlite3.Connection:
        return ways.pop()(path)

    with (
        Journal(path, clock, ids(), connect=connect) as journal,
        pumping(journal, clock),
        pytest.raises(StoreError, match=r"readonly database.*let the user who says this write in its folder"),
    ):
        keep(journal, told)


@pytest.mark.hazard("ST-02")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    folder.chmod(0o555)
    try:
        (folder / "probe").touch()
    except PermissionError:
        pass
    else:
        pytest.skip("RUN BY ROOT: chmod does not keep root from writing, so a read-only folder cannot be had")

    with pytest.raises(StoreError, match=r"records.*let the station's user write"):
        Journal(folder / "s.sqlite", SteadyClock(), ids())


def test_a_path_that_cannot_be_a_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(StoreError, match="cannot be opened"):
        Journal(tmp_path / "file" / "s.sqlite", SteadyClock(), ids())
    with pytest.raises(StoreError, match=r"is a folder\. What to do: name a file"):
        Journal(tmp_path, SteadyClock(), ids(), connect=lambda path: sqlite3.connect(path / "none" / "s"))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    path.write_text("a letter to the quality department, much longer than nothing\n" * 20)

    with pytest.raises(StoreError, match=r"file is not a database.*restore it from the backup"):
        Journal(path, SteadyClock(), ids())

    assert path.read_text().startswith("a letter")


@pytest.mark.hazard("SN-04")
def test_a_second_station_on_one_store_is_refused_and_told_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"

    with (
        Journal(path, SteadyClock(), ids()),
        pytest.raises(StoreError, match=r"another station \(process \d+\) writes to"),
    ):
        Journal(path, SteadyClock(), ids())
    with Journal(path, SteadyClock(), ids()):
        pass  # free again after the end


@pytest.mark.hazard("SN-04")
def test_a_second_station_on_a_link_to_the_store_is_refused(tmp_path: Path) -> None:
    path, link = tmp_path / "s.sqlite", tmp_path / "elsewhere" / "t.sqlite"
    link.parent.mkdir()
    link.symlink_to(path)

    with at_work(path):
        with pytest.raises(StoreError, match=r"another station \(process \d+\) writes to"):
            Journal(link, SteadyClock(), ids(2))
        assert holder(path) == holder(link) is not None


@pytest.mark.hazard("ST-06")
@pytest.mark.parametrize("replaced", [True, False])
def test_nothing_is_shown_that_went_into_a_store_which_was_taken_away(tmp_path: Path, replaced: bool) -> None:
    path, other, clock, shown, mint = tmp_path / "s.sqlite", tmp_path / "o.sqlite", SteadyClock(), list[Event](), ids(1)
    with at_work(other):
        pass

    with Journal(path, clock, ids(), listen=[shown.append]) as journal:
        with pumping(journal, clock) as raised:
            keep(journal, story(mint.new(), "SN1"))
            before = len(shown)
            if replaced:
                other.replace(path)
            else:
                path.unlink()
            with pytest.raises(StoreError, match=r"was taken away or replaced while the station runs\. What to do: put it back"):
                keep(journal, story(mint.new(), "SN2"))
        assert 1 == len(raised)

    assert before == len(shown)


def test_a_closed_journal_says_so(tmp_path: Path) -> None:
    with Journal(tmp_path / "s.sqlite", SteadyClock(), ids()) as journal:
        pass

    with pytest.raises(StoreError, match="is closed"):
        journal.write(story(ids().new())[0])
