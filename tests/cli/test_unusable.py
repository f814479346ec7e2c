"""What a file cannot do is told to whoever can mend it; what is no matter of a file stays a fault of the program."""

import errno
import os
from pathlib import Path

import pytest

from station.cli.findings import tried
from station.cli.home import read
from station.cli.unusable import unusable
from station.core.problems import DocumentError


def refused(number: int, name: str | None = "/records") -> OSError:
    return OSError(number, os.strerror(number), name)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOTDIR])
def test_a_folder_that_is_closed_to_us_is_named_with_what_to_do(number: int) -> None:
    assert f"/records: {os.strerror(number)}. Let the user" in unusable(refused(number))


def test_a_full_disk_wants_room() -> None:
    assert "/records: No space left on device. Make room there" == unusable(refused(errno.ENOSPC))


@pytest.mark.parametrize("error", [refused(errno.EACCES, None), refused(errno.ENOENT), refused(errno.ECONNRESET), ValueError()])
def test_everything_else_is_not_about_a_file(error: Exception) -> None:
    assert "" == unusable(error)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (refused(errno.EACCES), "/records: Permission denied. Let the user"),
        (refused(errno.EEXIST), "/records: File exists. Correct its path in station.toml, or put it there"),
        (refused(errno.EMFILE, None), "Too many open files. Start the station again"),
    ],
)
def test_the_doctor_names_what_the_system_refused_with_what_to_do(error: OSError, said: str) -> None:
    def look() -> str:
        raise error

    found = tried("store", look)

    assert ("fault", True) == (found.state, found.said.startswith(said))


def test_a_document_that_its_reader_may_not_read_has_no_wrong_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: Path) -> bytes:
        raise refused(errno.EACCES)

    monkeypatch.setattr(Path, "read_bytes", closed)

    with pytest.raises(DocumentError, match=r"Permission denied\. Let the user who says this read it"):
        read(tmp_path)
