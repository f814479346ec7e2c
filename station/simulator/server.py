"""Serves devices on loopback from one thread: one loop waits for bytes, for time, and for the end."""

import os
import selectors
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Self

from station.simulator.clock import Clock
from station.simulator.outlet import Outlet
from station.simulator.streams import PtyStream, SocketStream

_PULSE = 0.02
"""Seconds of the wire after which every device is looked at, whatever happens: the fixture's watchdog lives on it."""
_ALL_PAGES = 16_384
"""More than the system holds for a client who has gone."""
_SPIN = 1e-3
"""A shorter wait is spun: the kernel would round it up to a millisecond, an age on a hurried clock."""


class Server:
    """Devices on ports; a `with` block closes all of them, in reverse."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._selector = selectors.DefaultSelector()
        self._outlets: list[Outlet] = []
        self._listeners: list[socket.socket] = []
        self._watched: dict[Outlet, tuple[int, int]] = {}
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for outlet in reversed(self._outlets):
            self._unwatch(outlet)
            outlet.detach(self._clock.now())
        for listener in reversed(self._listeners):
            self._selector.unregister(listener)
            listener.close()
        self._selector.close()

    def listen(self, outlet: Outlet, port: int) -> int:
        """Serve `outlet` on a TCP port of 127.0.0.1 (0 = a free one) and return the port."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listeners.append(listener)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, lambda now: self._accept(listener, outlet, now))
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise OSError(error.errno, error.strerror, f"127.0.0.1:{port}") from error
        listener.listen(8)
        self._outlets.append(outlet)
        return int(listener.getsockname()[1])

    def terminal(self, outlet: Outlet) -> str:
        """Serve `outlet` on a new pseudo terminal and return its path."""
        stream = PtyStream()
        self._outlets.append(outlet)
        outlet.attach(stream, self._clock.now())
        return stream.path

    def stop_at_end_of(self, descriptor: int) -> None:
        """Stop when the file `descriptor` reaches its end."""
        self._stop_when(descriptor, lambda: not os.read(descriptor, 4096))

    def stop_on_byte_from(self, descriptor: int) -> None:
        """Stop when a byte can be read from `descriptor`, as a signal writes it."""
        self._stop_when(descriptor, lambda: True)

    def run(self) -> None:
        """Serve until told to stop."""
        while not self._stopped:
            self.turn(self._patience())

    def turn(self, patience: float) -> None:
        """Wait at most `patience` seconds of the wire for something to do, and do it."""
        self._watch()
        ready = self._selector.select(patience)
        now = self._clock.now()  # one moment for all: the physics passes it once
        for key, _ in ready:
            key.data(now)
        for outlet in self._outlets:
            outlet.tick(now)

    def _patience(self) -> float:
        waits = [wait for outlet in self._outlets if (wait := outlet.wait()) is not None]
        shortest = min([_PULSE, *waits])
        return 0.0 if shortest < _SPIN else shortest

    def _accept(self, listener: socket.socket, outlet: Outlet, now: float) -> None:
        """Take a client, or refuse it at once while there is another; one that has just left is noticed first."""
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        outlet.hear(now, _ALL_PAGES)
        if outlet.stream:
            connection.close()
        else:
            self._unwatch(outlet)
            outlet.attach(SocketStream(connection), now)

    def _watch(self) -> None:
        """Wait for what each client sends, and for room to send while bytes wait for it.

        Who has left is forgotten first: the system gives the descriptor of one who has left to the next who comes.
        """
        wanted = {outlet: _interest(outlet) for outlet in self._outlets}
        for outlet, interest in wanted.items():
            if self._watched.get(outlet) != interest:
                self._unwatch(outlet)
        for outlet, interest in wanted.items():
            if interest is not None and outlet not in self._watched:
                self._selector.register(*interest, outlet.hear)
                self._watched[outlet] = interest

    def _unwatch(self, outlet: Outlet) -> None:
        if outlet in self._watched:
            self._selector.unregister(self._watched.pop(outlet)[0])

    def _stop_when(self, descriptor: int, ended: Callable[[], bool]) -> None:
        def look(_: float) -> None:
            self._stopped = self._stopped or ended()

        try:
            self._selector.register(descriptor, selectors.EVENT_READ, look)
        except PermissionError:  # a plain file cannot be waited for: it is at its end sooner than we look
            self._stopped = True


def _interest(outlet: Outlet) -> tuple[int, int] | None:
    """Return the descriptor of an outlet's client and what is waited for on it; None without a client."""
    if outlet.stream is None:
        return None
    hearing = 0 if outlet.full else selectors.EVENT_READ
    return outlet.stream.fileno(), hearing | (selectors.EVENT_WRITE if outlet.clogged else 0)
