"""Write files that survive a power cut: whole, or not there."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from station.core.errors import StoreError

UNFINISHED = ".tmp"
DESK = ".unfinished"  # where a room of many folders writes: one folder to sweep, not one in each of the many


def write_whole(path: Path, content: bytes, desk: Path | None = None, prefix: str = ".") -> None:
    """Write the file `path` through a temporary name that begins with `prefix`, synced before and after the rename.

    It is written at `desk`, a folder on the same disk, where the place itself would be hard to `sweep`.
    """
    handle, temporary = tempfile.mkstemp(prefix=prefix, suffix=UNFINISHED, dir=desk or path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sweep(files: Iterable[Path]) -> None:
    """Remove, of `files`, those that a power cut or a kill left unfinished; call it while nobody writes there."""
    for file in files:
        if file.name.startswith(".") and file.name.endswith(UNFINISHED):
            file.unlink(missing_ok=True)


def sweep_desk(desk: Path) -> None:
    """Remove what a power cut or a kill left on a `desk`, if there is one; raises StoreError. Call it before anybody writes."""
    try:
        if desk.is_dir():
            sweep(desk.iterdir())
    except OSError as error:
        raise StoreError(
            f"remains cannot be removed from {desk}: {error}. What to do: let the station's user write there"
        ) from error


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it that are not there, each one's name synced in the folder around it.

    One that is there was synced when it was made, unless the power went between: its next file would sync that, too late.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
