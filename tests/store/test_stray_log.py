"""A backup restored over a store that crashed keeps its own content: the log of the crashed one is refused, and only that."""

import shutil
from pathlib import Path

import pytest

from station.clocks.steady import SteadyClock
from station.core.errors import StoreError
from station.store.archive import Archive
from station.store.database import write_to
from station.store.journal import Journal
from station.store.stray_log import refuse_stray_log
from tests.store.stories import at_work, ids, keep, rows_of, story


def grow(path: Path, mark: int, runs: int) -> None:
    mint = ids(mark)
    with at_work(path) as journal:
        for number in range(runs):
            keep(journal, story(mint.new(), f"SN{mark}-{number}"))


def crash(path: Path, mark: int, runs: int) -> None:
    """Write runs on and leave the store as a kill does: the log lies beside it, copied into it in part."""
    held = write_to(path)
    held.execute("SELECT 1 FROM run").fetchall()  # whoever is not the last to leave copies no log
    grow(path, mark, runs)
    left = path.with_name("left")
    left.mkdir()
    for name in (path.name, f"{path.name}-wal"):
        shutil.copyfile(path.with_name(name), left / name)
    held.close()
    for name in (path.name, f"{path.name}-wal"):
        (left / name).replace(path.with_name(name))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)


@pytest.mark.hazard("ST-09")
def test_a_backup_beside_the_log_of_the_store_that_crashed_is_refused_and_stays_whole(tmp_path: Path) -> None:
    path, backup = tmp_path / "s.sqlite", tmp_path / "backup.sqlite"
    grow(path, 1, 3)
    Archive(path).back_up(backup)
    crash(path, 2, 150)
    shutil.copyfile(backup, path)

    with pytest.raises(
        StoreError, match=r"s.sqlite-wal is not of the store .* delete s.sqlite-wal and s.sqlite-shm and start again"
    ):
        Journal(path, SteadyClock(), ids(3))

    assert backup.read_bytes() == path.read_bytes()
    (tmp_path / "s.sqlite-wal").unlink()
    grow(path, 3, 1)
    assert [("ok",)] == rows_of(path, "PRAGMA integrity_check")
    assert [(4,)] == rows_of(path, "SELECT count(*) FROM run")


@pytest.mark.parametrize("runs", [1, 150])
def test_the_log_that_a_crash_left_beside_its_own_store_is_taken(tmp_path: Path, runs: int) -> None:
    path = tmp_path / "s.sqlite"
    grow(path, 1, 3)
    crash(path, 2, runs)

    grow(path, 3, 1)

    assert [(4 + runs,)] == rows_of(path, "SELECT count(*) FROM run")


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 4096, bytes.fromhex("377f0682") + b"\0" * 4096])
def test_what_is_no_log_is_left_to_sqlite(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(b"")
    (tmp_path / "s.sqlite-wal").write_bytes(content)

    refuse_stray_log(path)
