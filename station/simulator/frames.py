"""The fixture's frames: markers, sequence numbers and checksums, as a pure function of bytes."""

import re
from binascii import crc_hqx
from dataclasses import dataclass

_LONGEST = 240
_MARKERS = frozenset((b">", b"<", b"!"))
_PIECES = re.compile(rb"[><!\n]|[^><!\n]+")
_FORM = re.compile(rb">([0-9A-F]{2}) ([^\x00-\x1f\x7f-\xff<>!*]{1,200})\*([0-9A-F]{4})\r?")


@dataclass(frozen=True, slots=True)
class Request:
    """What the host asked: its sequence number (0 to 255) and the words of its body, one space between them."""

    sequence: int
    body: str


def checksum(data: bytes) -> int:
    """Return the CRC-16/CCITT-FALSE of `data`: 29B1 for `123456789`."""
    return crc_hqx(data, 0xFFFF)


def encode(marker: str, sequence: int, body: str) -> bytes:
    """Return the frame that carries `body`."""
    head = f"{marker}{sequence:02X} {body}".encode("ascii")
    return head + b"*%04X\n" % checksum(head)


class Reader:
    """Collects bytes into requests; whatever is not a sound request is dropped in silence."""

    def __init__(self) -> None:
        self._frame: bytearray | None = None

    def clear(self) -> None:
        """Forget what was collected."""
        self._frame = None

    def feed(self, data: bytes) -> list[Request]:
        """Return the requests that `data` completes, in order."""
        requests = (self._take(piece) for piece in _PIECES.findall(data))
        return [request for request in requests if request]

    def _take(self, piece: bytes) -> Request | None:
        """Take a marker, an LF, or all that stands between two of these."""
        if piece in _MARKERS:
            self._frame = bytearray(piece)
        elif self._frame is not None and piece == b"\n":
            frame, self._frame = bytes(self._frame), None
            return _parse(frame)
        elif self._frame is not None:
            self._frame += piece
            if len(self._frame) >= _LONGEST:
                self._frame = None
        return None


def _parse(frame: bytes) -> Request | None:
    """Return the request in a frame without its LF, or None when anything about it is wrong."""
    match = _FORM.fullmatch(frame)
    if not match or checksum(frame[: match.end(2)]) != int(match[3], 16):
        return None
    body = match[2].decode("ascii")
    return None if "" in body.split(" ") else Request(int(match[1], 16), body)
