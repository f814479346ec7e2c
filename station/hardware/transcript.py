"""Write down what goes over each link, for whoever looks for a fault: a text file a link, one line an exchange.

A transcript never breaks a run: what cannot be written is told once, and no more is written. It is bounded: a file that is full
becomes `dmm.old.txt`, so that the last exchanges, where the trouble is, are always there.
"""

import hashlib
import logging
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from station.core.clock import Clock
from station.core.errors import UsageError
from station.hardware.link import Sink

_log = logging.getLogger(__name__)
ROOM = 50_000_000  # bytes in a file, two files a link
_SHOWN = 400  # bytes of one message that are shown in full: the longest set-up of ours
_HEAD = 32  # bytes shown of a longer one


class Transcripts:
    """The transcripts in `folder`, each added to what is there; their times are in s since the first line of the opening.

    Raises UsageError when the folder cannot be made, before anything has begun. Any number of threads may write.
    """

    def __init__(self, folder: Path, clock: Clock, room: int = ROOM) -> None:
        self._folder = folder
        self._clock = clock
        self._room = room
        self._pages: dict[str, _Page] = {}
        self._monitor = clock.transport.monitor()
        self._open = ExitStack()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"--transcript {folder}: {error.strerror}. Name a folder that can be made and written") from error

    def sink(self, role: str) -> Sink:
        """Return what hears the exchanges of `role` (dmm, scope, fixture); the same file each time it is opened again."""
        with self._monitor:
            page = self._pages.get(role)
            if page is None:
                began = f"# {role}: from here on, times are in s after {self._clock.utc()}; > sent, < received\n"
                page = _Page(self._folder / f"{role}.txt", began, self._clock.transport.now(), self._room)
                self._pages[role] = page
                self._open.callback(page.close)

        def hear(direction: str, data: bytes, seconds: float) -> None:
            with self._monitor:
                page.write(direction, data, seconds)

        return hear

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the files."""
        with self._monitor:
            self._open.close()


class _Page:
    """One link's file; it is written unbuffered, so that a killed station leaves its last exchange."""

    def __init__(self, path: Path, began: str, start: float, room: int) -> None:
        self._path = path
        self._began = began
        self._start = start
        self._room = room
        self._left = 0
        self._file: BinaryIO | None = None
        self._whole = True
        self._put(began.encode())

    def write(self, direction: str, data: bytes, seconds: float) -> None:
        """Write one line: when, which way, what."""
        self._put(f"{seconds - self._start:13.6f} {direction} {readable(data)}\n".encode())

    def _put(self, line: bytes) -> None:
        if not self._whole:
            return
        try:
            if self._file is None or self._left < len(line):
                self._turn_over(line)
            if self._file is not None:
                self._left -= self._file.write(line)
        except OSError as error:
            self._whole = False
            _log.warning("the transcript %s ends here, the run goes on: %s. What to do: free space there", self._path, error)

    def _turn_over(self, line: bytes) -> None:
        """Open the file; one that has no room for `line` becomes the old one first."""
        self.close()
        has = self._path.stat().st_size if self._path.exists() else 0
        if has + len(line) > self._room:
            self._path.replace(self._path.with_suffix(".old.txt"))
            has = 0
        self._file = self._path.open("ab", buffering=0)
        self._left = self._room - has
        if not has and line != self._began.encode():
            self._left -= self._file.write(self._began.encode())

    def close(self) -> None:
        """Close the file; what the system refuses now does no harm."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                _log.debug("the transcript %s could not be closed", self._path, exc_info=True)
            self._file = None


def readable(data: bytes) -> str:
    """Return `data` as one line of ASCII: what is no printable character is escaped, a long block is cut to length and digest."""
    if len(data) <= _SHOWN:
        return _escaped(data)
    return f"{_escaped(data[:_HEAD])}... {len(data)} bytes, sha256:{hashlib.sha256(data).hexdigest()}"


def _escaped(data: bytes) -> str:
    return data.decode("latin-1").encode("unicode_escape").decode("ascii")
