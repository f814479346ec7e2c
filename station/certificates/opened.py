"""Open a document that somebody brings: find its signatures and the files it carries, and believe nothing yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pikepdf
from pikepdf import Object, Pdf

from station.certificates.archival import RELEASE, SEAL
from station.certificates.der import length_of
from station.certificates.seal import padded


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as it stands in a file: its claimed moment (UTC), its reason, its container, and which bytes it is about.

    It is about all bytes before `begin` and from `end` to `last`; between stands the container itself.
    """

    at: datetime
    reason: str
    container: bytes
    begin: int
    end: int
    last: int

    @property
    def size(self) -> int:
        """Return how many bytes are kept for the container."""
        return (self.end - self.begin - 2) // 2


@dataclass(frozen=True, slots=True)
class Opened:
    """A document: as it was sealed (`issued`, byte by byte), its seal, its release where it has one, and what it carries."""

    content: bytes
    issued: bytes
    seal: Signature
    release: Signature | None
    files: Mapping[str, bytes]


class UnreadableError(ValueError):
    """It is not a document of a station; the message says why."""


def opened(content: bytes) -> Opened:
    """Return what the file `content` holds; raises UnreadableError when it is no sealed document."""
    try:
        seal = _signature(content, SEAL)
        if seal is None:
            raise UnreadableError("it has no seal")
        release = _signature(content, RELEASE) if seal.last < len(content) else None
        issued = content[: seal.last]
        return Opened(content, issued, seal, release, carried_files(issued))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        why = str(error).rpartition(">: ")[2]  # without the stream that pikepdf names it by
        raise UnreadableError(f"it is no PDF that can be read: {why}") from error
    except (LookupError, TypeError, AttributeError, ValueError, RuntimeError, OverflowError) as error:
        raise UnreadableError(f"it is not written as a station writes documents: {error}") from error


def _open(content: bytes) -> Pdf:
    return Pdf.open(BytesIO(content), attempt_recovery=False, suppress_warnings=True)


def carried_files(content: bytes) -> dict[str, bytes]:
    """Return the files that a document carries, by their names."""
    with _open(content) as pdf:
        names = list(pdf.Root.Names.EmbeddedFiles.Names)
        return {str(names[place]): names[place + 1].EF.F.read_bytes() for place in range(0, len(names), 2)}


def _signature(content: bytes, field: str) -> Signature | None:
    with _open(content) as pdf:
        found = [one for one in pdf.Root.AcroForm.Fields if str(one.T) == field]
        if len(found) != 1 or "/V" not in found[0]:
            return None
        return _read(content, found[0].V)


def _read(content: bytes, value: Object) -> Signature:
    first, begin, end, rest = (int(one) for one in value.ByteRange)
    if first != 0 or not 0 < begin < end <= end + rest <= len(content):
        raise UnreadableError("the signature is about bytes that are not there")
    container = bytes(value.Contents)
    if content[begin:end].lower() != padded(container, len(container)):
        raise UnreadableError("what stands between the signed bytes is not the signature")
    moment = datetime.strptime(str(value.M), "D:%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    return Signature(moment, str(value.get("/Reason", "")), container, begin, end, end + rest)


def digest_of(content: bytes, signature: Signature) -> bytes:
    """Return the SHA-256 of the bytes that `signature` is about."""
    return sha256(content[: signature.begin] + content[signature.end : signature.last]).digest()


def unpadded(container: bytes) -> bytes:
    """Return a container without the zeros behind it, by the length that its own head tells; raises ValueError."""
    length = length_of(container)
    if any(container[length:]):
        raise ValueError("something stands behind the signature")
    return container[:length]
