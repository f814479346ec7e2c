"""The doctor tells what the last ends of the station left behind, and touches none of it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from station.cli.aftermath import aftermath
from station.cli.home import make, read
from station.clocks.steady import SteadyClock
from station.clocks.virtual import VirtualClock
from station.core.config import StationConfig
from station.store.filing import Filing
from station.store.journal import Journal
from tests.store.stories import at_work, cut_off, ids, keep, story


@pytest.fixture
def config(tmp_path: Path) -> StationConfig:
    make(tmp_path)
    (tmp_path / "records").mkdir()
    return read(tmp_path).config


def told(config: StationConfig) -> list[tuple[str, str, str]]:
    return [(one.state, one.what, one.said) for one in aftermath(config)]


def test_a_station_without_a_store_has_nothing_on_record(config: StationConfig) -> None:
    assert [("ok", "runs", "none is on record yet")] == told(config)


def test_a_run_that_was_cut_off_is_told_before_and_after_the_next_start_closes_it(config: StationConfig) -> None:
    whole = story(ids(1).new(), "SN1", fails="CUR.311")
    cut_off(config.store, whole[:-1])

    before = told(config)
    again = told(config)
    with Journal(config.store, SteadyClock(), ids(2)) as journal:
        journal.recover()
    after = told(config)

    run = "the run of SN1 in slot 3, begun 2026-11-02T08:00:00.000000Z,"
    assert before == again
    assert ("warning", "cut off", f"{run} was cut off: the next start closes it as FAIL") in before
    assert ("ok", "runs", "every run on record has its end") in after
    (crash,) = [said for state, what, said in after if (state, what) == ("ok", "last crash")]
    assert crash.startswith(
        f"{run} is FAIL: CUR.311 Row CUR.311 had failed when the station was cut off after step 'Step CUR.311'"
    )


def test_only_the_runs_of_the_last_crash_are_told(config: StationConfig) -> None:
    for number, serials in enumerate((("SN1", "SN2"), ("SN3", "SN4"))):
        mint = ids(number)
        cut_off(config.store, [event for serial in serials for event in story(mint.new(), serial)[:3]])
        with Journal(config.store, SteadyClock(), ids(10 + number)) as journal:
            journal.recover()

    crashes = [said.split(" in ")[0] for _, what, said in told(config) if what == "last crash"]

    assert ["the run of SN3", "the run of SN4"] == sorted(crashes)


def test_a_crash_that_was_closed_under_a_clock_a_year_ahead_hides_no_later_one(config: StationConfig) -> None:
    for number, year in enumerate((2099, 2026)):
        cut_off(config.store, story(ids(number).new(), f"SN{year}")[:3])
        with Journal(config.store, VirtualClock(1.0, datetime(year, 11, 2, 9, tzinfo=UTC)), ids(10 + number)) as journal:
            journal.recover()

    crashes = [said.split(" in ")[0] for _, what, said in told(config) if what == "last crash"]

    assert ["the run of SN2026"] == crashes


def test_documents_that_are_owed_or_gone_are_told_and_a_draft_that_the_next_start_files_is_not(config: StationConfig) -> None:
    filing, mint = Filing(config.issued), ids(1)
    with at_work(config.store) as journal:
        for number in (1, 2):
            run_id = keep(journal, story(mint.new(), f"SN{number}"))
            journal.certify(run_id, "EOL-01-", lambda name: filing.draft(f"day/{name}_X.pdf", name.encode()))
        keep(journal, story(mint.new(), "SN3"))
    next(config.issued.rglob(".EOL-01-000001*")).unlink()

    found = told(config)

    ((state, _, said),) = [one for one in found if one[1] == "missing"]
    again = "`station reissue EOL-01-000001` makes it again from its record"
    assert "warning" == state
    assert said.startswith(f"document EOL-01-000001 is on record, but its file is not: {again}")
    (owed,) = [said for state, what, said in found if (state, what) == ("warning", "owed")]
    assert owed.startswith("the run of SN3")
    assert owed.endswith("is PASS and has no document: the next start issues it")


def test_documents_that_are_all_there_are_counted(config: StationConfig) -> None:
    filing = Filing(config.issued)
    with at_work(config.store) as journal:
        run_id = keep(journal, story(ids(1).new()))
        number = journal.certify(run_id, "EOL-01-", lambda name: filing.draft(f"day/{name}_X.pdf", b"x"))
    filing.publish(f"day/{number}_X.pdf")

    assert ("ok", "filed", f"each of the 1 documents on record is in {config.issued}") in told(config)


def test_runs_of_a_station_at_work_are_not_cut_off(config: StationConfig) -> None:
    whole = story(ids(1).new())
    with at_work(config.store) as journal:
        for event in whole[:-1]:
            journal.write(event)
        keep(journal, story(ids(2).new(), "SN2"))  # settled: what came before is on disk too
        found = told(config)
        journal.write(whole[-1])

    (said,) = [said for _, what, said in found if what == "runs"]
    assert said.startswith("a station is at work (process ")
    assert said.endswith("), with 1 runs going on")
    assert not [one for one in found if one[1] == "cut off"]


def test_a_store_that_cannot_be_read_is_a_fault_told_with_its_remedy(config: StationConfig) -> None:
    config.store.write_bytes(b"no database at all, but long enough to be looked at as one by anybody")

    ((state, what, said),) = told(config)

    assert ("fault", "runs") == (state, what)
    assert "restore it from the backup" in said


def test_a_folder_in_place_of_the_store_is_called_one(config: StationConfig) -> None:
    config.store.mkdir()

    ((state, _, said),) = told(config)

    assert (
        "fault",
        f"the store {config.store} is a folder. What to do: name a file in station.toml, like records/station.sqlite",
    ) == (
        state,
        said,
    )


def test_another_programs_database_is_a_fault_and_an_empty_one_is_made_a_store_by_the_next_start(config: StationConfig) -> None:
    config.store.write_bytes(b"")
    ((empty, _, _),) = told(config)
    with closing(sqlite3.connect(config.store)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    ((state, _, said),) = told(config)

    assert ("warning", "fault") == (empty, state)
    assert "not a station's store" in said
