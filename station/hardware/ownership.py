"""Keep two processes of one host from using one instrument at the same time: a lock file for each address."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.core.errors import LinkError


@contextmanager
def owned(address: str) -> Iterator[None]:
    """Own `address` for the length of the `with`; raises LinkError when another process does. It ends with the process."""
    handle = os.open(_path(address), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LinkError(f"another station program on this host uses {address}; end it first") from error
        yield
    finally:
        os.close(handle)


def _path(address: str) -> Path:
    # VISA cannot lock a raw socket, and two clients would read each other's answers without any error.
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"eol-station-{os.getuid()}-{name}.lock"
