"""Seal a document: put a signature over all of its bytes into the place that was kept for it, and find it there again."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from station.certificates.archival import HOLE
from station.certificates.container import LONGEST_SIGNATURE, Container
from station.certificates.signer import Signer, der
from station.core.errors import StationError

Stamper = Callable[[bytes], bytes]
"""Asks a time-stamp server about a signature, and returns its token in DER."""

_RANGE = f"[ 0 {HOLE} {HOLE} {HOLE} ]".encode()
STAMP = 12_288  # bytes kept for a time stamp: a token with the server's certificates takes 3,000 to 7,000
ANY_STAMP = 12_000  # bytes kept when a time stamp was taken as its server wrote it


@dataclass(frozen=True, slots=True)
class Sealing:
    """Who seals, and who stamps the time; None: nobody does."""

    signer: Signer
    stamper: Stamper | None = None

    @property
    def size(self) -> int:
        """Return how many bytes a document must keep for the seal."""
        return unstamped_size(der(self.signer.certificate)) + (STAMP if self.stamper else 0)

    def container(self, digest: bytes) -> bytes:
        """Return the signature over a document with `digest`, in its container."""
        wanted = Container(digest, der(self.signer.certificate), b"")
        signature = self.signer.sign(wanted.attributes())
        stamp = self.stamper(signature) if self.stamper else b""
        return Container(digest, wanted.certificate, signature, stamp).dump()


def unstamped_size(certificate: bytes) -> int:
    """Return how many bytes a document keeps for a signature by `certificate` (DER) that gets no time stamp."""
    return len(Container(bytes(32), certificate, bytes(LONGEST_SIGNATURE)).dump())


def sealed(document: bytes, size: int, container: Callable[[bytes], bytes], start: int = 0) -> bytes:
    """Return `document` with the container over its bytes in the place of `size` bytes that is kept for it behind byte `start`.

    `container` is given the SHA-256 of all bytes around the place.
    """
    hole = b"<" + bytes(2 * size).replace(b"\0", b"0") + b">"
    begin = document.index(hole, start)
    end = begin + len(hole)
    measured = f"[ 0 {begin} {end} {len(document) - end}".encode().ljust(len(_RANGE) - 2) + b" ]"
    at = document.rindex(_RANGE, start, begin)  # it stands right before; a name that looks like it may stand anywhere
    document = document[:at] + measured + document[at + len(_RANGE) :]
    content = container(sha256(document[:begin] + document[end:]).digest())
    if len(content) > size:
        raise StationError(f"the seal takes {len(content)} bytes and {size} are kept: the time-stamp server sends too much")
    return document[:begin] + padded(content, size) + document[end:]


def padded(content: bytes, size: int) -> bytes:
    """Return a container as it stands in its place of `size` bytes: lower-case hexadecimal, then zeros."""
    return b"<" + content.hex().encode().ljust(2 * size, b"0") + b">"
