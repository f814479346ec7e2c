"""Exchange bytes with an instrument so that a stale or cut-off reply can never become a value.

Before each exchange the link looks whether the peer is still there and whether a reply was left over. After any time-out,
garbage or surprise the link is dirty: it refuses every further exchange until it was resynchronised or opened afresh.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from station.core.clock import Clock
from station.core.errors import LinkError

PATIENCE = 2.0  # s for a message to be taken, or answered, where nothing else is said
ADVICE = "look at its supply and its cable, then test the unit again"
Sink = Callable[[str, bytes, float], None]
"""Hears an exchange for a transcript: the direction (`>` sent, `<` received), the bytes, the host's time in s."""


class Wire(Protocol):
    """What carries lines and blocks to one instrument: VISA, a serial port, or a memory. Every method raises LinkError."""

    def write(self, data: bytes, seconds: float) -> None:
        """Write all of `data` within `seconds`."""
        ...

    def line(self, seconds: float) -> bytes:
        """Return the next line without its end (LF or CR LF) within `seconds`, all in all."""
        ...

    def exactly(self, count: int, seconds: float) -> bytearray:
        """Return the next `count` bytes, whatever they are, within `seconds`, all in all."""
        ...

    def leftover(self) -> bytes:
        """Return what has arrived without being asked for, without waiting; raises LinkError when the peer is gone."""
        ...

    def close(self) -> None:
        """Close; a second time does nothing."""
        ...


class Link:
    """One instrument's wire with its memory of trouble: `dirty` says why no reply may be believed, or is None."""

    def __init__(self, wire: Wire, transport: Clock, name: str, sink: Sink | None = None) -> None:
        self._wire = wire
        self._transport = transport
        self._sink = sink
        self._asked = b""
        self.name = name
        self.dirty: str | None = None

    def exchange(self) -> AbstractContextManager["Link"]:
        """Begin an exchange, inside which `send`, `line` and `exactly` are called; any error in it leaves the link dirty."""
        if self.dirty is not None:
            raise LinkError(f"{self.name}: not to be believed since {self.dirty}; it must be resynchronised or opened afresh")
        return self._guarded(clean=True)

    def resync(self, ask: bytes, is_answer: Callable[[bytes], bool], seconds: float) -> None:
        """Make a dirty link believable again: send `ask` and drop every line until its answer comes within `seconds`."""
        with self._guarded(clean=False):
            end = self._transport.now() + seconds
            self._wire.leftover()
            self.send(ask)
            while not is_answer(self.line(max(0.0, end - self._transport.now()))):
                pass
        self.dirty = None

    @contextmanager
    def _guarded(self, *, clean: bool) -> Iterator["Link"]:
        try:
            if clean:
                self._refuse_leftover()
            yield self
        except LinkError as error:
            self.dirty = str(error)
            raise LinkError(f"{self.name}: {error}{self._advice()}") from error
        except BaseException as error:
            self.dirty = f"an exchange was broken off by {error!r}"
            raise

    def _advice(self) -> str:
        asked = self._asked.decode("ascii", "replace").strip()
        said = f", last asked {asked[:60]!r}" if asked else ""
        return f"{said}; {ADVICE}"

    def _refuse_leftover(self) -> None:
        left = self._wire.leftover()
        if left:
            self._tell("<", left)
            raise LinkError(f"{len(left)} bytes came that nobody asked for: {left[:60]!r}")

    def send(self, data: bytes, seconds: float = PATIENCE) -> None:
        """Send `data` within `seconds`."""
        self._asked = data
        self._tell(">", data)
        self._wire.write(data, seconds)

    def line(self, seconds: float) -> bytes:
        """Receive one line within `seconds`."""
        line = self._wire.line(seconds)
        self._tell("<", line + b"\n")
        return line

    def exactly(self, count: int, seconds: float) -> bytearray:
        """Receive exactly `count` bytes within `seconds`."""
        data = self._wire.exactly(count, seconds)
        self._tell("<", data)
        return data

    def close(self) -> None:
        """Close the wire."""
        self.dirty = "it was closed"
        self._wire.close()

    def _tell(self, direction: str, data: bytes | bytearray) -> None:
        if self._sink is not None:
            self._sink(direction, bytes(data), self._transport.now())
