"""Write and read the fixture's frames: pure, no port and no time (fixtures/README.md, chapter 2).

A frame is a marker, a sequence number, a body and a checksum: `>01 LOAD 3 2000*4968`, ended by LF. Whatever is not exactly
that is dropped in silence, and a marker starts afresh wherever it stands, so that no garbage lasts longer than one frame.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

REQUEST, REPLY, EVENT = b">", b"<", b"!"
LONGEST = 240  # bytes
_MARKERS = frozenset((REQUEST, REPLY, EVENT))
_PIECES = re.compile(rb"[><!\n]|[^><!\n]+")
_FORM = re.compile(rb"([><!])([0-9A-F]{2}) ([^><!*]{1,200})\*([0-9A-F]{4})")
_BODY = re.compile(r"[ -~]{1,200}")


@dataclass(frozen=True, slots=True)
class Frame:
    """One good frame: its marker (request, reply or event), its sequence number 0 ... 255, and its body."""

    marker: bytes
    seq: int
    body: str


def crc(data: bytes) -> int:
    """Return the CRC-16/CCITT-FALSE of `data`; `123456789` gives 0x29B1."""
    return binascii.crc_hqx(data, 0xFFFF)  # the standard library's CRC has the same polynomial; only the start differs


def encode(marker: bytes, seq: int, body: str) -> bytes:
    """Return the frame as bytes; raises ValueError for a body that the line cannot carry."""
    if not _BODY.fullmatch(body) or set(body) & set("><!*"):
        raise ValueError(f"the line cannot carry {body!r}: 1 to 200 printable ASCII characters without > < ! *")
    text = b"%s%02X %s" % (marker, seq % 256, body.encode("ascii"))
    return b"%s*%04X\n" % (text, crc(text))


def decode(line: bytes) -> Frame | None:
    """Return the frame that `line` (without LF) is, or None when form, length, characters or checksum are wrong."""
    line = line.removesuffix(b"\r")
    form = _FORM.fullmatch(line)
    if form is None or len(line) >= LONGEST or crc(line[: line.rindex(b"*")]) != int(form[4], 16):
        return None
    body = form[3].decode("ascii", "replace")
    return Frame(form[1], int(form[2], 16), body) if _BODY.fullmatch(body) else None


class Deframer:
    """Cut a stream of bytes into frames; what is between two good frames is dropped and counted in `dropped`."""

    def __init__(self) -> None:
        self._line = bytearray()
        self.dropped = 0

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield each frame that `data` completes."""
        for piece in _PIECES.findall(data):
            if piece in _MARKERS:
                self._drop()
                self._line += piece
            elif piece == b"\n":
                yield from self._end()
            else:
                self._line += piece[: max(0, LONGEST - len(self._line))]

    def _drop(self) -> None:
        self.dropped += bool(self._line)
        self._line.clear()

    def _end(self) -> Iterator[Frame]:
        frame = decode(bytes(self._line))
        if frame is None:
            self._drop()
            return
        self._line.clear()
        yield frame
