"""The two ends that bytes can go through without blocking: a socket, or a pseudo terminal."""

import os
import pty
import socket
import struct
import termios
import tty
from typing import Protocol

_PAGE = 4096  # some dozens of commands: others must have their turn between them


class Stream(Protocol):
    """A byte stream that never blocks."""

    def fileno(self) -> int:
        """Return the file descriptor to wait on."""
        ...

    def read(self) -> bytes | None:
        """Return what has arrived, b"" when the other end has closed, None when nothing is there."""
        ...

    def write(self, data: bytes) -> int:
        """Return how many bytes of `data` went out now."""
        ...

    def close(self, hard: bool) -> None:
        """End the connection, orderly or with a reset (`hard`)."""
        ...


class SocketStream:
    """A TCP connection."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connection

    def fileno(self) -> int:
        """Return the file descriptor to wait on."""
        return self._socket.fileno()

    def read(self) -> bytes | None:
        """Return what has arrived, b"" when the other end has gone, None when nothing is there."""
        try:
            return self._socket.recv(_PAGE)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def write(self, data: bytes) -> int:
        """Return how many bytes of `data` went out; to an end that has gone, all of them are lost."""
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            return len(data)

    def close(self, hard: bool) -> None:
        """End the connection, orderly or with a reset (`hard`)."""
        if hard:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


class PtyStream:
    """A pseudo terminal whose other end, `path`, a client opens like a serial port."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()  # the slave stays open, or the master would fail between two clients
        tty.setraw(self._master)
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)

    def fileno(self) -> int:
        """Return the file descriptor to wait on."""
        return self._master

    def read(self) -> bytes | None:
        """Return what has arrived, or None: a terminal never tells that its client has gone."""
        try:
            return os.read(self._master, _PAGE) or None
        except OSError:
            return None

    def write(self, data: bytes) -> int:
        """Return how many bytes of `data` went out now."""
        try:
            return os.write(self._master, data)
        except BlockingIOError:
            return 0

    def close(self, hard: bool) -> None:
        """Close both ends, as when the cable is unplugged; `hard` also drops what was not read yet."""
        if hard:
            termios.tcflush(self._master, termios.TCIOFLUSH)
        os.close(self._master)
        os.close(self._slave)
