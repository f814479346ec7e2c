"""The simulated operator's hand and eye on one open connection: put units in, take them out, and see what each slot does."""

import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from station.core.errors import StationError

_PATIENCE = 20.0  # s for the simulator to answer
SAFE = "on=0 load=open charger=0 buses=-"
"""What the eye sees behind the serial in a slot that is safe."""


class Eye:
    """A client of the operator's port at an address like socket://127.0.0.1:5031."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._socket = socket.create_connection((place.hostname or "", place.port or 0), _PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = self._socket.makefile("r", encoding="ascii")

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()

    def say(self, *lines: str) -> list[str]:
        """Say `lines` at once and return the answer to each; raises StationError when one is refused."""
        self._socket.sendall("".join(f"{line}\n" for line in lines).encode())
        answers = [self._lines.readline().strip() for _ in lines]
        if not all(answer.startswith("OK") for answer in answers):
            raise StationError(f"the operator answers {answers} to {lines}")
        return answers

    def look(self, slots: int) -> list[str]:
        """Return what is seen in each of the first `slots` slots."""
        return self.say(*(f"LOOK {slot}" for slot in range(1, slots + 1)))
