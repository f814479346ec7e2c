from pathlib import Path

from station.store.archive import Archive
from station.store.latest import latest_run
from tests.store.stories import at_work, ids, keep, story


def test_the_newest_run_that_measured_a_row_is_found_for_a_serial_and_for_any(tmp_path: Path) -> None:
    mint, path = ids(1), tmp_path / "s.sqlite"
    late, early, other = (
        story(mint.new(), at="2026-11-09T08:00:00.000000Z"),
        story(mint.new(), at="2026-11-03T08:00:00.000000Z"),
        story(mint.new(), "SN2", at="2026-11-05T08:00:00.000000Z"),
    )
    with at_work(path) as journal:
        for told in (late, other, early):
            keep(journal, told)

    with Archive(path).reading() as connection:
        assert late[0].run_id == latest_run(connection, "CUR.310")
        assert late[0].run_id == latest_run(connection, "CUR.310", "SN1")
        assert other[0].run_id == latest_run(connection, "CUR.310", "SN2")


def test_a_row_that_was_never_reached_has_no_run(tmp_path: Path) -> None:
    mint, path = ids(1), tmp_path / "s.sqlite"
    with at_work(path) as journal:
        keep(journal, story(mint.new(), fails="CUR.310"))

    with Archive(path).reading() as connection:
        assert latest_run(connection, "CUR.999") is None
        assert latest_run(connection, "CUR.311") is None
        assert latest_run(connection, "CUR.310", "SN9") is None
