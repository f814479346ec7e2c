"""Let one process write: a lock beside the database that the system itself releases when its holder ends, however it ends."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from station.core.errors import StoreError


def holder(path: Path) -> str | None:
    """Return which process writes to the database at `path`, as text, or None when nobody does."""
    try:
        file = os.open(_beside(path), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # given back at once: a writer that starts just now is kept for no time
    except BlockingIOError:
        return os.pread(file, 32, 0).decode(errors="replace").strip() or "unknown"
    finally:
        os.close(file)
    return None


class WriterLock:
    """The right to write to the database at `path`; raises StoreError when another process has it."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(_beside(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        except BlockingIOError as error:
            holder = os.pread(self._file, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(self._file)
            raise StoreError(
                f"another station (process {holder}) writes to {path}. What to do: stop it first, "
                "or give this one a store of its own in station.toml"
            ) from error
        except OSError:
            os.close(self._file)
            raise

    def release(self) -> None:
        """Give the right back; once is enough, twice does no harm."""
        with suppress(OSError):
            os.close(self._file)
        self._file = -1


def _beside(path: Path) -> Path:
    """Return the lock of the database at `path`; a link to it has the same, as it is the same database."""
    found = path.resolve()
    return found.with_name(found.name + ".lock")
