"""Find a log of SQLite that is not of the store it lies beside: it would spoil a backup that was restored there."""

import struct
from io import SEEK_CUR
from pathlib import Path
from typing import BinaryIO

from station.core.errors import StoreError

_MAGIC = 0x377F0682  # its last bit says in which order the check sums are
_HEAD = struct.Struct(">8I")  # magic, version, bytes a page, checkpoints, two salts, two check sums
_FRAME = struct.Struct(">6I")  # number of the page, pages behind a commit (else 0), two salts, two check sums; then the page
_LARGEST_PAGE = 65_536  # bytes; written as 1
_NEVER_WRITTEN = 0x40000000  # SQLite locks the bytes here, and keeps nothing in their page


def refuse_stray_log(path: Path) -> None:
    """Raise StoreError when the log beside the database at `path` is another's: pages that it builds on are in neither.

    Call it before anybody opens the database for writing, while nobody else does: SQLite would copy the log into it.
    """
    store = path.resolve()
    log = store.with_name(store.name + "-wal")
    try:
        with log.open("rb") as file:
            stray = _misses(file, store.stat().st_size)
    except OSError:
        return  # there is none, or whoever opens the store says why it cannot be read
    if stray:
        raise StoreError(
            f"the log {log} is not of the store {path}, which was restored or replaced beside it: together they are no record. "
            f"What to do: where the store is the newest backup, delete {log.name} and {store.name}-shm and start again; "
            "else restore that backup first"
        )


def _misses(log: BinaryIO, size: int) -> bool:
    """Return whether a page below the end that `log` states is neither in it nor in a database of `size` bytes."""
    head = log.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return False
    magic, _, page, _, *salts = _HEAD.unpack(head)[:6]
    if magic & ~1 != _MAGIC or page == 0:
        return False
    page = _LARGEST_PAGE if page == 1 else page
    held, end = _committed(log, page, salts)
    never = _NEVER_WRITTEN // page + 1
    return any(number not in held and number != never for number in range(size // page + 1, end + 1))


def _committed(log: BinaryIO, page: int, salts: list[int]) -> tuple[set[int], int]:
    """Return the pages that the transactions in `log` hold, and how many pages the database has behind the last of them."""
    held, pending, end = set[int](), set[int](), 0
    while len(frame := log.read(_FRAME.size)) == _FRAME.size:
        number, pages, *marks = _FRAME.unpack(frame)[:4]
        if marks != salts:  # from here on it is what an earlier round of the log left
            break
        log.seek(page, SEEK_CUR)
        pending.add(number)
        if pages:
            held |= pending
            pending, end = set(), pages
    return held, end
