import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from station.clocks.steady import SteadyClock, SteadyMonitor
from station.core.errors import StoreError
from station.core.event_json import from_json
from station.core.events import Event, RunEnded
from station.core.record import replay
from station.store.archive import Archive
from station.store.database import write_to
from station.store.ids import to_bytes
from station.store.journal import Journal
from tests.store.stories import at_work, ids, keep, pumping, rows_of, story


class HastyClock(SteadyClock):
    """A clock whose waits end a thousand times too early, so that patience is short."""

    def monitor(self) -> SteadyMonitor:
        return SteadyMonitor(1000.0)


def test_what_is_written_is_read_back_as_it_was(tmp_path: Path) -> None:
    told = story(ids().new())

    with at_work(tmp_path / "s.sqlite") as journal:
        run_id = keep(journal, told)

    archive = Archive(tmp_path / "s.sqlite")
    assert tuple(told) == archive.events(run_id)
    assert replay(told) == archive.record(run_id)


def test_the_events_lie_in_the_store_as_canonical_json(tmp_path: Path) -> None:
    told = story(ids().new())

    with at_work(tmp_path / "s.sqlite") as journal:
        run_id = keep(journal, told)

    rows = rows_of(tmp_path / "s.sqlite", "SELECT seq, kind, at, body FROM event WHERE run_id = ? ORDER BY seq", to_bytes(run_id))
    assert [(event.seq, type(event).__name__, event.at) for event in told] == [row[:3] for row in rows]
    assert all(" " not in str(row[3])[:20] for row in rows)


@pytest.mark.hazard("ST-06")
def test_nothing_is_shown_that_is_not_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    heard: list[tuple[Event, object]] = []

    def listen(event: Event) -> None:
        query = "SELECT count(*) FROM event WHERE run_id = ? AND seq = ?"
        heard.append((event, rows_of(path, query, to_bytes(event.run_id), event.seq)))

    told = story(ids().new())
    with at_work(path, listen) as journal:
        keep(journal, told)

    assert [(event, [(1,)]) for event in told] == heard


@pytest.mark.hazard("ST-06")
def test_settle_returns_only_after_the_commit(tmp_path: Path) -> None:
    path, clock = tmp_path / "s.sqlite", SteadyClock()
    settled: list[str] = []
    at_commit: list[int] = []

    def connect(path: Path) -> sqlite3.Connection:
        connection = write_to(path)
        connection.set_trace_callback(lambda sql: at_commit.append(len(settled)) if sql == "COMMIT" else None)
        return connection

    told = story(ids().new())
    with Journal(path, clock, ids(), connect=connect) as journal:
        at_commit.clear()

        def wait() -> None:
            journal.settle(told[0].run_id)
            settled.append("yes")

        waits = threading.Thread(target=wait)
        waits.start()
        with pumping(journal, clock):
            for event in told:
                journal.write(event)
            waits.join()

    assert settled == ["yes"]
    assert at_commit
    assert set(at_commit) == {0}


def test_all_that_waits_goes_into_one_transaction(tmp_path: Path) -> None:
    path, clock, mint = tmp_path / "s.sqlite", SteadyClock(), ids(8)
    stories = [story(mint.new(), f"SN{number}") for number in range(60)]
    said: list[str] = []

    def connect(path: Path) -> sqlite3.Connection:
        connection = write_to(path)
        connection.set_trace_callback(said.append)
        return connection

    with Journal(path, clock, ids(), connect=connect) as journal:
        for told in stories:
            for event in told:
                journal.write(event)
        said.clear()
        with pumping(journal, clock):
            for told in stories:
                journal.settle(told[0].run_id)

    assert 1 == said.count("COMMIT")
    assert [(sum(map(len, stories)),)] == rows_of(path, "SELECT count(*) FROM event")


def test_the_log_is_copied_into_the_file_only_when_all_that_was_committed_is_heard(tmp_path: Path) -> None:
    path, clock, mint = tmp_path / "s.sqlite", SteadyClock(), ids(6)
    heard: list[Event] = []
    copied: list[tuple[int, object]] = []

    def trace(sql: str) -> None:
        if "wal_checkpoint" in sql:
            copied.append((len(heard), rows_of(path, "SELECT count(*) FROM event")[0][0]))

    def connect(path: Path) -> sqlite3.Connection:
        connection = write_to(path)
        connection.set_trace_callback(trace)
        return connection

    with Journal(path, clock, ids(), listen=[heard.append], connect=connect) as journal, pumping(journal, clock):
        for number in range(1000):
            if not copied:
                keep(journal, story(mint.new(), f"SN{number}"))

    assert [(committed, committed) for _, committed in copied] == copied
    assert len(copied) == 1


def test_a_run_and_its_tables_come_in_one_transaction(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    torn: list[object] = []
    query = "SELECT (SELECT count(*) FROM event WHERE kind = 'RunEnded') - (SELECT count(*) FROM run)"

    mint = ids(5)
    with at_work(path, lambda _: torn.append(rows_of(path, query)[0][0])) as journal:
        for serial in ("A", "B", "C"):
            keep(journal, story(mint.new(), serial))

    assert {0} == set(torn)


def test_many_slots_write_at_once(tmp_path: Path) -> None:
    path, mint = tmp_path / "s.sqlite", ids(3)
    stories = [story(mint.new(), f"SN{slot}") for slot in range(16)]

    with at_work(path) as journal:
        slots = [threading.Thread(target=partial(keep, journal, told)) for told in stories]
        for slot in slots:
            slot.start()
        for slot in slots:
            slot.join()

    assert rows_of(path, "SELECT count(*) FROM run WHERE outcome = 'PASS'") == [(16,)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seq": 1}, "came where 0 was awaited"),
        ({"run_id": "7"}, "is not an id"),
        ({"run_type": "demo"}, "is not a type of run"),
        ({"parent_run_id": "x"}, "parent_run_id 'x' is not an id"),
    ],
)
def test_a_run_that_could_not_be_kept_is_refused_at_the_door(tmp_path: Path, change: dict[str, object], said: str) -> None:
    told = story(ids().new())

    with at_work(tmp_path / "s.sqlite") as journal:
        with pytest.raises(StoreError, match=said):
            journal.write(replace(told[0], **change))  # type: ignore[arg-type]  # values by name are untyped here
        keep(journal, told)  # the next one is kept all the same


def test_an_event_out_of_its_turn_is_refused_and_others_go_on(tmp_path: Path) -> None:
    mint = ids(1)
    told, other = story(mint.new(), "A"), story(mint.new(), "B")

    with at_work(tmp_path / "s.sqlite") as journal:
        journal.write(told[0])
        with pytest.raises(StoreError, match=r"event 2 of run .* came where 1 was awaited"):
            journal.write(told[2])
        with pytest.raises(StoreError, match="began already"):
            journal.write(told[0])
        keep(journal, other)
        keep(journal, told[1:])
        with pytest.raises(StoreError, match="is not open"):
            journal.write(told[-1])


def test_a_strange_verdict_is_refused(tmp_path: Path) -> None:
    told = story(ids().new())
    end = told[-1]
    assert isinstance(end, RunEnded)

    with at_work(tmp_path / "s.sqlite") as journal:
        for event in told[:-1]:
            journal.write(event)
        with pytest.raises(StoreError, match="'GOOD' is not a verdict"):
            journal.write(replace(end, verdict="GOOD"))
        journal.write(told[-1])
        journal.settle(told[0].run_id)


def test_a_pump_that_is_stopped_goes_on_until_every_run_has_ended(tmp_path: Path) -> None:
    clock, told = SteadyClock(), story(ids().new())
    stop = clock.stop()

    with Journal(tmp_path / "s.sqlite", clock, ids()) as journal:
        for event in told[:-1]:
            journal.write(event)
        stop.set("the line is closed")
        pump = threading.Thread(target=journal.pump, args=(stop,))
        pump.start()
        keep(journal, told[-1:])
        pump.join()
        with pytest.raises(StoreError, match="has ended: nothing more is kept"):
            journal.write(story(ids(2).new())[0])


def test_a_pump_that_is_stopped_does_not_wait_for_ever_for_a_run_that_fell_silent(tmp_path: Path) -> None:
    clock = HastyClock()
    stop = clock.stop()
    stop.set("the line is closed")

    with Journal(tmp_path / "s.sqlite", clock, ids()) as journal:
        journal.write(story(ids().new())[0])
        journal.pump(stop)

    assert rows_of(tmp_path / "s.sqlite", "SELECT count(*) FROM event") == [(1,)]


def test_without_a_pump_settle_gives_up(tmp_path: Path) -> None:
    told = story(ids().new())

    with Journal(tmp_path / "s.sqlite", HastyClock(), ids()) as journal:
        for event in told:
            journal.write(event)
        with pytest.raises(StoreError, match="is not committed after 30 s"):
            journal.settle(told[0].run_id)


def test_a_journal_without_room_says_so(tmp_path: Path) -> None:
    mint = ids(4)

    def fill(journal: Journal) -> None:
        while True:
            journal.write(story(mint.new())[0])

    with Journal(tmp_path / "s.sqlite", HastyClock(), ids()) as journal, pytest.raises(StoreError, match="has no room"):
        fill(journal)


def test_a_listener_that_breaks_ends_the_journal_and_everyone_hears(tmp_path: Path) -> None:
    clock, told = SteadyClock(), story(ids().new())
    stop = clock.stop()

    def broken(_: Event) -> None:
        raise ZeroDivisionError

    with Journal(tmp_path / "s.sqlite", clock, ids(), listen=[broken]) as journal:
        journal.write(told[0])
        stop.set("end")
        with pytest.raises(ZeroDivisionError):
            journal.pump(stop)
        with pytest.raises(StoreError, match="has ended"):
            journal.write(told[1])


def test_the_events_of_the_store_can_be_read_without_this_program(tmp_path: Path) -> None:
    told = story(ids().new(), fails="WAV.010")
    with at_work(tmp_path / "s.sqlite") as journal:
        keep(journal, told)

    with closing(sqlite3.connect(tmp_path / "s.sqlite")) as connection:
        row = connection.execute("SELECT json_extract(body, '$.reason'), body FROM event WHERE kind = 'RunEnded'").fetchone()

    assert row[0] == "as told"
    assert from_json(json.loads(row[1])) == told[-1]
