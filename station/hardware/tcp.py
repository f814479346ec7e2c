"""Carry bytes over a TCP socket that is made to tell the truth: no Nagle, no silent death, no write without an end."""

import contextlib
import math
import os
import select
import socket
from collections.abc import Callable

from station.core.errors import AbsentError, LinkError

_OPEN_SECONDS = 3.0
_UNACKNOWLEDGED_MS = 10_000
_KEEPALIVE = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3}  # a pulled cable shows after 11 s, not 6 minutes


def harden(raw: socket.socket, address: str) -> None:
    """Set what keeps a socket from stalling (Nagle: 44 ms a query) or dying unseen; raises LinkError if it never connected.

    PyVISA-py opens a socket to a dead port "successfully": only SO_ERROR knows.
    """
    error = raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise AbsentError(f"nothing answers at {address}: {os.strerror(error)}; is it switched on, and is the address right?")
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in {**_KEEPALIVE, "TCP_USER_TIMEOUT": _UNACKNOWLEDGED_MS}.items():
        if hasattr(socket, name):  # not every system has every option
            raw.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class TcpStream:
    """A hardened, connected socket as a stream; `close` is called once at the end."""

    def __init__(self, raw: socket.socket, address: str, close: Callable[[], None] | None = None) -> None:
        harden(raw, address)
        raw.setblocking(False)  # waiting is done by poll: a socket's time-out would be shared by reader and writer
        self._raw = raw
        self._writer = raw.dup()  # the same connection with a time-out of its own, which `sendall` keeps for the whole
        self._address = address
        self._close = close or raw.close

    def write(self, data: bytes, seconds: float) -> None:
        """Write all of `data`; raises LinkError when the peer has not taken it within `seconds`."""
        try:
            self._writer.settimeout(seconds)
            self._writer.sendall(data)
        except TimeoutError as error:
            raise LinkError(f"{self._address} stopped taking bytes") from error
        except OSError as error:
            raise self._lost(error) from error

    def read_into(self, buffer: memoryview, seconds: float) -> int:
        """Wait at most `seconds` for bytes and return how many came; a peer that closed is seen at once."""
        try:
            if seconds > 0 and not self._readable(seconds):
                return 0
            got = self._raw.recv_into(buffer)
        except BlockingIOError:
            return 0
        except (OSError, ValueError) as error:  # ValueError: it was closed meanwhile
            raise self._lost(error) from error
        if not got:
            raise LinkError(f"{self._address} closed the connection")
        return got

    def _readable(self, seconds: float) -> bool:
        waiting = select.poll()
        waiting.register(self._raw, select.POLLIN)
        return bool(waiting.poll(math.ceil(seconds * 1000)))

    def close(self) -> None:
        """Close; a second time does nothing."""
        close, self._close = self._close, _nothing
        self._writer.close()
        with contextlib.suppress(OSError):
            close()

    def _lost(self, error: Exception) -> LinkError:
        return LinkError(f"the connection to {self._address} is lost: {error}")


def _nothing() -> None:
    return None


def connect(host: str, port: int) -> TcpStream:
    """Connect to `host` at `port`; raises LinkError when nothing answers there."""
    address = f"{host}:{port}"
    try:
        raw = socket.create_connection((host, port), _OPEN_SECONDS)
    except OSError as error:
        raise AbsentError(
            f"nothing answers at {address}: {error.strerror or error}; is it switched on, and is the address right?"
        ) from error
    return TcpStream(raw, address)
