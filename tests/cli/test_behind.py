"""A store that is behind its filed documents, restored from an old backup or begun anew, gives no number a second time."""

from pathlib import Path

import pytest

from station.cli.aftermath import aftermath, refuse_behind
from station.cli.home import read
from station.core.errors import LockedError, StoreError
from station.store.archive import Archive
from tests.cli.certified import certify, home_in, opened


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose store was restored from a backup that was made before its second document was issued."""
    home, backup = home_in(tmp_path), tmp_path / "backup.sqlite"
    certify(home, "SN-A", simulated=True, seed=1)
    store = read(home).config.store
    Archive(store).back_up(backup)
    certify(home, "SN-B", simulated=True, seed=2)
    for name in ("-wal", "-shm"):
        store.with_name(store.name + name).unlink(missing_ok=True)
    backup.replace(store)
    return home


def test_no_unit_is_tested_by_a_store_that_would_give_numbers_again(home: Path) -> None:
    config = read(home).config

    with opened(home) as store:
        refuse_behind(config, store.filing, simulated=False)
        with pytest.raises(LockedError, match=r"SIM-EOL-01-2026-000002 is filed in .*, but not on record\. .*newest backup"):
            refuse_behind(config, store.filing, simulated=True)


def test_no_document_is_drawn_under_a_number_that_another_bears(home: Path) -> None:
    seals = read(home).config.evidence / "originals" / "seals"
    before = {path: path.read_bytes() for path in seals.rglob("*.json")}

    with pytest.raises(StoreError, match=r"is filed in .*, but not on record"):
        certify(home, "SN-C", simulated=True, seed=3)

    issued = read(home).config.issued
    assert ["000001_SN-A.pdf", "000002_SN-B.pdf"] == sorted(path.name[-15:] for path in issued.rglob("*.pdf"))
    assert 2 == len(before)
    assert before == {path: path.read_bytes() for path in seals.rglob("*.json")}


def test_the_doctor_names_documents_that_are_not_on_record(home: Path) -> None:
    (found,) = [one for one in aftermath(read(home).config) if one.what == "unknown"]

    assert "warning" == found.state
    assert found.said.startswith("document SIM-EOL-01-2026-000002 is filed in ")
