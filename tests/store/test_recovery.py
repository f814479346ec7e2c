import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.clocks.steady import SteadyClock
from station.core.errors import StoreError
from station.core.events import Event, Measured
from station.core.record import RunRecord
from station.core.verdict import Verdict
from station.store.archive import Archive
from station.store.journal import Journal
from tests.store.stories import IDS, at_work, cut_off, ids, keep, rows_of, story


def _recovered(path: Path) -> tuple[RunRecord, ...]:
    with Journal(path, SteadyClock(), ids(2)) as journal:
        return journal.recover()


def _failed(told: list[Event]) -> bool:
    return any(isinstance(event, Measured) and event.verdict == "FAIL" for event in told)


@settings(max_examples=40, deadline=None)
@given(fails=st.sampled_from(["", *IDS]), cut=st.floats(0, 0.999))
@pytest.mark.hazard("ST-05", "FC-11")
def test_a_run_cut_off_anywhere_recovers_as_aborted_or_as_the_fail_it_was(fails: str, cut: float) -> None:
    whole = story(ids().new(), fails=fails)
    told = whole[: 1 + int(cut * (len(whole) - 1))]

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.sqlite"
        cut_off(path, told)
        closed = _recovered(path)
        kept = Archive(path).record(told[0].run_id)
        rows = rows_of(path, "SELECT outcome FROM measurement ORDER BY seq")

    assert (kept,) == closed
    assert kept.verdict is (Verdict.FAIL if _failed(told) else Verdict.ABORTED)
    assert [result.word for result in kept.rows] == [row[0] for row in rows]
    assert "MISSING" not in {result.word for result in kept.rows}


def test_a_recovered_run_says_where_it_was_cut_off_and_when(tmp_path: Path) -> None:
    cut_off(tmp_path / "s.sqlite", story(ids().new())[:5])

    (closed,) = _recovered(tmp_path / "s.sqlite")

    assert closed.reason == "the station was cut off in step 'Step CUR.311', last heard of at 2026-11-02T08:00:01.000000Z"
    assert closed.rows[-1].skipped == closed.reason
    assert closed.duration == 4.0  # as far as is known


@pytest.mark.hazard("ST-05", "FC-11")
def test_a_fail_stays_a_fail_though_the_station_was_cut_off(tmp_path: Path) -> None:
    cut_off(tmp_path / "s.sqlite", story(ids().new(), fails="CUR.311")[:-1])

    (closed,) = _recovered(tmp_path / "s.sqlite")

    assert closed.verdict is Verdict.FAIL
    assert closed.first_fail == "CUR.311"
    assert closed.reason.startswith("CUR.311 Row CUR.311 had failed when the station was cut off after step 'Step CUR.311'")
    assert rows_of(tmp_path / "s.sqlite", "SELECT outcome, first_fail FROM run") == [("FAIL", "CUR.311")]


def test_a_station_that_was_cut_off_before_the_first_step_says_so(tmp_path: Path) -> None:
    cut_off(tmp_path / "s.sqlite", story(ids().new())[:1])

    (closed,) = _recovered(tmp_path / "s.sqlite")

    assert "cut off before its first step" in closed.reason


def test_a_station_that_ended_well_has_nothing_to_recover(tmp_path: Path) -> None:
    with at_work(tmp_path / "s.sqlite") as journal:
        keep(journal, story(ids().new()))

    assert _recovered(tmp_path / "s.sqlite") == ()


def test_every_open_run_is_closed_and_only_once(tmp_path: Path) -> None:
    mint = ids(1)
    cut_off(tmp_path / "s.sqlite", [event for number in range(8) for event in story(mint.new(), f"SN{number}")[: number + 1]])

    assert len(_recovered(tmp_path / "s.sqlite")) == 8
    assert _recovered(tmp_path / "s.sqlite") == ()


def test_a_clock_that_was_set_back_ends_no_run_before_it_began(tmp_path: Path) -> None:
    late = replace(story(ids().new())[0], at="2999-01-01T00:00:00.000000Z")
    cut_off(tmp_path / "s.sqlite", [late])

    _recovered(tmp_path / "s.sqlite")

    assert rows_of(tmp_path / "s.sqlite", "SELECT ended_at < started_at FROM run") == [(0,)]


def test_a_run_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    told = story(ids().new())
    cut_off(tmp_path / "s.sqlite", told[:1])
    _spoil(tmp_path / "s.sqlite", "UPDATE event SET body = '{}'")

    with pytest.raises(StoreError, match=f"run {told[0].run_id} in .* cannot be read.*restore the backup"):
        _recovered(tmp_path / "s.sqlite")


def test_a_cut_off_run_with_a_gap_is_named(tmp_path: Path) -> None:
    told = story(ids().new())
    cut_off(tmp_path / "s.sqlite", told[:5])
    _spoil(tmp_path / "s.sqlite", "UPDATE event SET body = replace(body, '\"seq\":2', '\"seq\":7') WHERE seq = 2")

    with pytest.raises(StoreError, match=f"run {told[0].run_id} in .* cannot be read.*restore the backup"):
        _recovered(tmp_path / "s.sqlite")


def _spoil(path: Path, how: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (trigger,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'event_stays'").fetchone()
        connection.execute("DROP TRIGGER event_stays")
        connection.execute(how)
        connection.execute(trigger)
        connection.commit()


def test_a_journal_at_work_recovers_nothing(tmp_path: Path) -> None:
    told = story(ids().new())

    with at_work(tmp_path / "s.sqlite") as journal:
        keep(journal, told)
        with pytest.raises(StoreError, match="before the pump starts"):
            journal.recover()
