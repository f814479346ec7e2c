"""Be the simulated operator's hand: put units into slots over the simulator's own line protocol."""

import socket
from itertools import count, takewhile
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from station.core.errors import StationError

_PATIENCE = 5.0  # s for the simulator to answer
_TRIES = 200  # the port serves one client at a time: somebody else's hand is soon gone again


class Hand:
    """Talks to the simulator's operator port, on a connection for each sentence, so that a person may use it too."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "socket" or parts.hostname is None or parts.port is None:
            raise StationError(f"the simulated operator's address {address!r} is not like socket://127.0.0.1:5031")
        self._address = address
        self._place = (parts.hostname, parts.port)

    def place(self, slot: int, serial: str, defect: str = "") -> None:
        """Put a unit into a slot; with `defect`, one that has it."""
        self._say(f"PLACE {slot} {serial} {defect}".strip())

    def remove(self, slot: int) -> None:
        """Take the unit out of a slot."""
        self._say(f"REMOVE {slot}")

    def seated(self) -> dict[int, str]:
        """Return the serials of the units that are in, by slot."""
        looks = takewhile(
            lambda told: told[1].startswith("OK serial="), ((slot, self._heard(f"LOOK {slot}")) for slot in count(1))
        )
        serials = {slot: told.split()[1].removeprefix("serial=") for slot, told in looks}
        return {slot: serial for slot, serial in serials.items() if serial != "-"}

    def _heard(self, line: str) -> str:
        return next((answer for answer in (self._answer(line) for _ in range(_TRIES)) if answer), "")

    def _say(self, line: str) -> None:
        answer = self._heard(line)
        if not answer.startswith("OK"):
            said = f"answers {answer!r}" if answer else "has no ear for us: somebody else talks to it; nothing comes back"
            raise StationError(f"the simulated operator {said} to {line!r}")

    def _answer(self, line: str) -> str:
        """Return the answer to `line`, empty when the port served another client and did not hear it."""
        try:
            with socket.create_connection(self._place, timeout=_PATIENCE) as connection:
                return _told(connection, line)
        except OSError as error:
            raise StationError(f"no simulator at {self._address}: {error}. Start one with `station simulate`") from error

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let go: there is nothing to give back."""


def _told(connection: socket.socket, line: str) -> str:
    try:
        with connection.makefile("rw", encoding="ascii", newline="\n") as file:
            file.write(line + "\n")
            file.flush()
            return file.readline().strip()
    except ConnectionError:  # turned away
        return ""
