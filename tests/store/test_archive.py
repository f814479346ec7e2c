from dataclasses import replace
from pathlib import Path

import pytest

from station.core.errors import StoreError
from station.core.events import Event
from station.core.record import replay
from station.core.verdict import Verdict
from station.store.archive import Archive
from station.store.shelves import Wanted
from tests.store.stories import METER, at_work, ids, keep, rows_of, story


def _kept(path: Path, *stories: list[Event]) -> Archive:
    with at_work(path) as journal:
        for told in stories:
            keep(journal, told)
    return Archive(path)


def _day(number: int) -> str:
    return f"2026-11-{number:02d}T08:00:00.000000Z"


def test_the_records_of_a_serial_come_in_order_of_time(tmp_path: Path) -> None:
    mint = ids(1)
    late, early, other = story(mint.new(), at=_day(9)), story(mint.new(), at=_day(3), fails="CUR.310"), story(mint.new(), "SN2")

    archive = _kept(tmp_path / "s.sqlite", late, other, early)

    assert [replay(early), replay(late)] == list(archive.records("SN1"))
    assert list(archive.records("SN1", product="MC-200")) == []


@pytest.mark.hazard("EQ-10")
def test_attempts_of_simulated_and_real_runs_are_counted_apart(tmp_path: Path) -> None:
    mint = ids(1)
    simulated_meter = replace(METER, simulated=True)

    archive = _kept(
        tmp_path / "s.sqlite",
        story(mint.new(), fails="CUR.310"),
        story(mint.new(), simulated=True),
        story(mint.new(), equipment=(simulated_meter,)),  # nobody said so, but an instrument of it was simulated
    )

    assert archive.attempts("SN1", simulated=False) == 1
    assert archive.attempts("SN1", simulated=True) == 2
    assert archive.attempts("SN9", simulated=False) == 0
    assert not archive.history("SN1", simulated=False).passed
    assert archive.history("SN1", simulated=True).passed


@pytest.mark.hazard("SN-05")
def test_a_safety_row_that_ever_failed_is_remembered(tmp_path: Path) -> None:
    mint = ids(1)

    archive = _kept(tmp_path / "s.sqlite", story(mint.new(), fails="CUR.311"), story(mint.new(), at=_day(9)))

    history = archive.history("SN1", simulated=False)
    assert history.failed_safety == ("CUR.311",)
    assert [run.outcome for run in history.runs] == ["FAIL", "PASS"]
    assert (history.runs[0].slot, history.runs[0].first_fail) == (3, "CUR.311")
    assert archive.history("SN1", simulated=True).failed_safety == ()


def test_a_safety_fail_that_was_struck_out_is_no_fault_of_the_unit(tmp_path: Path) -> None:
    archive = _kept(tmp_path / "s.sqlite", story(ids().new(), fails="CUR.311", struck="the meter was power-cycled"))

    history = archive.history("SN1", simulated=False)
    assert history.failed_safety == ()
    assert [run.outcome for run in history.runs] == ["ERROR"]


def test_a_study_passes_nobody(tmp_path: Path) -> None:
    archive = _kept(tmp_path / "s.sqlite", story(ids().new(), run_type="msa"))

    assert not archive.history("SN1", simulated=False).passed


def test_a_serial_of_another_product_is_another_unit(tmp_path: Path) -> None:
    mint = ids(1)
    archive = _kept(tmp_path / "s.sqlite", story(mint.new()), story(mint.new(), product="MC-200"))

    assert archive.attempts("SN1", simulated=False) == 2
    assert archive.attempts("SN1", simulated=False, product="MC-200") == 1


def test_runs_are_listed_by_what_is_wanted(tmp_path: Path) -> None:
    mint = ids(1)
    first, second = story(mint.new(), at=_day(3)), story(mint.new(), "SN2", at=_day(4), fails="CUR.310")
    third = story(mint.new(), "SN3", at=_day(5), simulated=True, run_type="golden", operator="")
    archive = _kept(tmp_path / "s.sqlite", third, second, first)

    def serials(wanted: Wanted) -> list[str]:
        return [line.serial for line in archive.runs(wanted)]

    assert serials(Wanted()) == ["SN1", "SN2", "SN3"]
    assert serials(Wanted(serial="SN2")) == ["SN2"]
    assert serials(Wanted(outcome="PASS", simulated=False)) == ["SN1"]
    assert serials(Wanted(simulated=True)) == serials(Wanted(run_type="golden")) == ["SN3"]
    assert serials(Wanted(since=_day(4))) == ["SN2", "SN3"]
    assert serials(Wanted(since=_day(4), until=_day(5))) == ["SN2"]
    assert serials(Wanted(product="MC-200")) == []
    assert [line.operator for line in archive.runs()] == ["ana", "ana", ""]


def test_a_listing_longer_than_a_page_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mint = ids(1)
    archive = _kept(tmp_path / "s.sqlite", *[story(mint.new(), f"SN{number}") for number in range(7)])

    monkeypatch.setattr("station.store.shelves.PAGE", 3)

    assert [f"SN{number}" for number in range(7)] == [line.serial for line in archive.runs()]


def test_a_run_that_still_goes_on_can_be_read_but_is_not_listed(tmp_path: Path) -> None:
    told = story(ids().new())

    with at_work(tmp_path / "s.sqlite") as journal:
        for event in told[:5]:
            journal.write(event)
        keep(journal, story(ids(2).new(), "SN2"))  # what came before it is committed with it, at the latest
        archive = Archive(tmp_path / "s.sqlite")

        assert archive.record(told[0].run_id).verdict is Verdict.ABORTED
        assert [line.serial for line in archive.runs()] == ["SN2"]
        keep(journal, told[5:])
        assert archive.record(told[0].run_id).verdict is Verdict.PASS


def test_an_unknown_run_is_named(tmp_path: Path) -> None:
    archive, run_id = _kept(tmp_path / "s.sqlite"), ids().new()

    with pytest.raises(StoreError, match=f"knows no run {run_id}"):
        archive.record(run_id)
    with pytest.raises(StoreError, match="knows no run SN1: that is no id of a run"):
        archive.record("SN1")


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none\.sqlite fails: unable to open"):
        Archive(tmp_path / "none.sqlite").attempts("SN1", simulated=False)
    assert not (tmp_path / "none.sqlite").exists()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    archive = _kept(tmp_path / "s.sqlite")

    with pytest.raises(StoreError, match="readonly"), archive.reading() as connection:
        connection.execute("INSERT INTO operator VALUES (zeroblob(16), 'mallory')")


def test_the_latest_moment_tells_a_clock_that_went_back(tmp_path: Path) -> None:
    archive = _kept(tmp_path / "s.sqlite", story(ids().new()))

    assert archive.latest() == "2026-11-02T08:20:00.000000Z"


def test_a_backup_taken_at_work_is_a_whole_store(tmp_path: Path) -> None:
    told = story(ids().new())
    with at_work(tmp_path / "s.sqlite") as journal:
        keep(journal, told)
        Archive(tmp_path / "s.sqlite").back_up(tmp_path / "copy.sqlite")

    copy = Archive(tmp_path / "copy.sqlite")
    assert copy.record(told[0].run_id) == replay(told)
    assert rows_of(tmp_path / "copy.sqlite", "PRAGMA integrity_check") == [("ok",)]
    with pytest.raises(StoreError, match="is there already"):
        copy.back_up(tmp_path / "copy.sqlite")
