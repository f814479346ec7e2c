"""What a kill left half written among the originals is swept up at the next start (found by the soak)."""

from pathlib import Path
from typing import Never

import pytest

from station.store.originals import Originals

NAME = "sha256:" + "0" * 64


def _die(*_: object) -> Never:
    raise SystemExit(9)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_an_original_or_a_seal_that_a_kill_left_half_written_is_swept_up_and_the_whole_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    originals = Originals(tmp_path / "originals")
    originals.keep(NAME, "toml", b"whole")
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", _die)
        killed.setattr(Path, "unlink", lambda self, missing_ok=False: None)  # the dead clean nothing up
        with pytest.raises(SystemExit):
            originals.keep_seal("EOL-01-2026-000001", b"half")
    left = len(files(tmp_path))

    originals.mend()

    assert 2 == left
    assert [f"{'0' * 64}.toml"] == files(tmp_path)
    assert b"whole" == originals.load(NAME, "toml")


def test_a_folder_without_originals_has_nothing_to_mend(tmp_path: Path) -> None:
    Originals(tmp_path / "none").mend()

    assert [] == list(tmp_path.iterdir())
