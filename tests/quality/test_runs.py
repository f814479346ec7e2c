"""The query that reads runs from the store."""

from pathlib import Path

from station.core.events import Event
from station.quality.runs import EndedRun, ended_runs
from station.quality.shares import Share
from station.quality.yields import yields
from station.store.archive import Archive
from tests.store.stories import at_work, ids, keep, story


def _read(path: Path, stories: list[list[Event]], **asked: bool | str) -> list[EndedRun]:
    with at_work(path) as journal:
        for told in stories:
            keep(journal, told)
    with Archive(path).reading() as connection:
        return ended_runs(connection, **asked)  # type: ignore[arg-type]  # values by name are untyped here


def test_a_run_is_read_with_the_stations_own_day(tmp_path: Path) -> None:
    told = story(ids().new(), fails="CUR.310", at="2026-11-02T23:30:00.000000Z")

    (found,) = _read(tmp_path / "s", [told])

    run_id = told[0].run_id.replace("-", "").upper()
    assert found == EndedRun(
        run_id, "MC-100", "SN1", "mc100/normal", "EOL-01", 3, "2026-11-02T23:30:00.000000Z", "2026-11-03", "production", "FAIL",
        "CUR.310",
    )  # fmt: skip
    assert found.unit == ("MC-100", "SN1", "mc100/normal")


def test_simulated_runs_stay_out_unless_they_are_asked_for(tmp_path: Path) -> None:
    mint = ids(1)
    stories = [story(mint.new(), fails="CUR.310"), story(mint.new(), "SN2", simulated=True)]

    assert yields(_read(tmp_path / "real", stories)).product.first == Share(0, 1)
    assert yields(_read(tmp_path / "simulated", stories, simulated=True)).product.first == Share(1, 1)


def test_runs_are_read_by_product_and_process(tmp_path: Path) -> None:
    mint = ids(1)
    stories = [story(mint.new(), product="MC-200"), story(mint.new(), recipe="accelerated"), story(mint.new())]

    assert len(_read(tmp_path / "a", stories, product="MC-100")) == 2
    assert len(_read(tmp_path / "b", stories, process="mc100/accelerated")) == 1
    assert len(_read(tmp_path / "c", stories)) == 3
