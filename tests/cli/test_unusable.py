"""What a file cannot do is told to whoever can mend it; what is no matter of a file stays a fault of the program."""

import errno
import os

import pytest

from station.cli.findings import tried
from station.cli.unusable import unusable


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


def test_the_doctor_names_a_closed_folder_in_words() -> None:
    def look() -> str:
        raise refused(errno.EACCES)

    found = tried("store", look)

    assert ("fault", True) == (found.state, found.said.startswith("/records: Permission denied. Let the user"))
