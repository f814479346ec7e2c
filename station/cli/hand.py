"""Be the simulated operator's hand: put units into slots over the simulator's own line protocol."""

import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from station.core.errors import StationError


class Hand:
    """A connection to the simulator's operator port; only simulated benches have one."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "socket" or parts.hostname is None or parts.port is None:
            raise StationError(f"the simulated operator's address {address!r} is not like socket://127.0.0.1:5031")
        try:
            self._socket = socket.create_connection((parts.hostname, parts.port), timeout=5.0)
        except OSError as error:
            raise StationError(f"no simulator at {address}: {error}. Start one with `station simulate`") from error
        self._file = self._socket.makefile("rw", encoding="ascii", newline="\n")

    def place(self, slot: int, serial: str, defect: str = "") -> None:
        """Put a unit into a slot; with `defect`, one that has it."""
        self._say(f"PLACE {slot} {serial} {defect}".strip())

    def _say(self, line: str) -> None:
        try:
            self._file.write(line + "\n")
            self._file.flush()
            answer = self._file.readline().strip()
        except OSError as error:
            raise StationError(f"the simulated operator does not answer to {line!r}: {error}") from error
        if not answer.startswith("OK"):
            raise StationError(f"the simulated operator answers {answer!r} to {line!r}")

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let go."""
        self._file.close()
        self._socket.close()
