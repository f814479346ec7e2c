"""Say what a raw byte stream is, and read lines and exact counts from one with a single deadline for the whole."""

from typing import Protocol

from station.core.clock import Clock
from station.core.errors import LinkError

_CHUNK = 65536
_MOST_LEFT = 1_000_000  # bytes; an old record may be so long, but a peer that never stops must not be listened to for ever


class Stream(Protocol):
    """A two-way flow of bytes without any borders: a socket, a serial port, a memory. Raises LinkError when the peer is gone."""

    def write(self, data: bytes, seconds: float) -> None:
        """Write all of `data` within `seconds`, or raise LinkError."""
        ...

    def read_into(self, buffer: memoryview, seconds: float) -> int:
        """Wait at most `seconds` for bytes, put what is there into `buffer`, and return how many; 0 when nothing came."""
        ...

    def close(self) -> None:
        """Close; a second time does nothing."""
        ...


class StreamWire:
    """The wire of an instrument over a stream: lines ended by LF, and exact counts of bytes."""

    def __init__(self, stream: Stream, transport: Clock) -> None:
        self._stream = stream
        self._transport = transport
        self._held = bytearray()
        self._chunk = memoryview(bytearray(_CHUNK))

    def write(self, data: bytes, seconds: float) -> None:
        """Write all of `data` within `seconds`."""
        self._stream.write(data, seconds)

    def line(self, seconds: float) -> bytes:
        """Return the next line without its end (LF or CR LF) within `seconds`."""
        end = self._transport.now() + seconds
        seen = 0
        while (at := self._held.find(b"\n", seen)) < 0:
            seen = len(self._held)
            self._held += self._some(self._chunk, end, f"{seen} bytes of it came, no line feed")
        line = bytes(self._held[:at])
        del self._held[: at + 1]
        return line.removesuffix(b"\r")

    def exactly(self, count: int, seconds: float) -> bytearray:
        """Return the next `count` bytes, whatever they are, within `seconds`."""
        end = self._transport.now() + seconds
        wanted = bytearray(count)
        have = min(count, len(self._held))
        wanted[:have] = self._held[:have]
        del self._held[:have]
        with memoryview(wanted) as view:
            while have < count:
                have += len(self._some(view[have:], end, f"{have} of {count} bytes came"))
        return wanted

    def leftover(self) -> bytes:
        """Return what has arrived without being asked for, without waiting; raises LinkError when the peer is gone."""
        while got := self._stream.read_into(self._chunk, 0.0):
            self._held += self._chunk[:got]
            if len(self._held) > _MOST_LEFT:
                self._held.clear()
                raise LinkError(f"more than {_MOST_LEFT} bytes came that nobody asked for, and it does not stop talking")
        left = bytes(self._held)
        self._held.clear()
        return left

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    def _some(self, buffer: memoryview, end: float, so_far: str) -> memoryview:
        left = end - self._transport.now()
        got = self._stream.read_into(buffer, left) if left > 0 else 0
        if not got:
            raise LinkError(f"no answer in time ({so_far})")
        return buffer[:got]
