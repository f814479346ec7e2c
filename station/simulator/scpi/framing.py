"""Cut a stream of bytes into program messages: one ends at a line feed that is not inside a block."""

import re

from station.simulator.scpi.errors import ScpiError

# A quoted text may hold '#1', so it is stepped over whole; it cannot span lines, so any split means the same.
_MARK = re.compile(rb"\"[^\"\n]*\"|'[^'\n]*'|#([1-9])|\n")
MESSAGE_LIMIT = 65_536  # bytes; the longest message an instrument takes before it says -363
BUFFER_LIMIT = 1_048_576  # bytes waiting behind a busy instrument


class Framing:
    """Collects bytes and gives complete messages without their terminator; what is too long becomes an error."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes | ScpiError]:
        """Take `data` and return the messages it completed, each bytes, or the error of one that was too long."""
        self._buffer += data
        found: list[bytes | ScpiError] = []
        while (message := self._next()) is not None:
            found.append(message)
        return found

    def clear(self) -> bytes:
        """Forget the unfinished message and return it."""
        rest, self._skipping = bytes(self._buffer), False
        self._buffer.clear()
        return rest

    def _next(self) -> bytes | ScpiError | None:
        if self._skipping:
            return self._skip()
        end = _message_end(self._buffer)
        if end is not None and end <= MESSAGE_LIMIT:
            message = bytes(self._buffer[:end]).rstrip(b"\r")
            del self._buffer[: end + 1]
            return message
        if len(self._buffer) > MESSAGE_LIMIT:
            self._skipping = True
            return ScpiError(-363)
        return None

    def _skip(self) -> bytes | ScpiError | None:
        """Drop the rest of a message that was too long, up to its line feed."""
        end = self._buffer.find(b"\n")
        if end < 0:
            self._buffer.clear()
            return None
        del self._buffer[: end + 1]
        self._skipping = False
        return self._next()


def _message_end(buffer: bytearray) -> int | None:
    """Return where the line feed that ends the first message is, or None while it has not come."""
    position = 0
    while (mark := _MARK.search(buffer, position)) is not None:
        if mark.group() == b"\n":
            return mark.start()
        position = mark.end()
        if mark.group(1):
            after = _block_end(buffer, mark.end(), int(mark.group(1)))
            if after is None:
                return None
            position = after
    return None


def _block_end(buffer: bytearray, start: int, digits: int) -> int | None:
    """Return where a definite block ends whose length digits begin at `start`; `start` itself when it is no block."""
    length = bytes(buffer[start : start + digits])
    if not length.isdigit():
        return start
    if len(length) < digits:
        return None
    end = start + digits + int(length)
    return end if end <= len(buffer) else None
