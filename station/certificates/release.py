"""Release a document: a second signature, by a person's key, appended to the sealed file without touching a byte of it.

The appended part is written in one way, from the sealed file and four values, so that a reader can write it again and compare:
nothing but this signature can have been added after the seal.
"""

from datetime import datetime
from hashlib import sha256
from io import BytesIO

from cryptography import x509
from pikepdf import Object, Pdf, PdfError

from station.certificates.archival import RELEASE, Place, signature_dictionary
from station.certificates.findings import Finding
from station.certificates.opened import Opened
from station.certificates.seal import Sealing, sealed
from station.certificates.signatures import signature_findings
from station.core.errors import StationError


def released(issued: bytes, sealing: Sealing, at: datetime, reason: str) -> bytes:
    """Return the sealed file `issued` with a release by the key of `sealing`, made at `at` (UTC, whole seconds) for `reason`."""
    place = Place(at, reason, sealing.size)
    return sealed(issued + appended(issued, place), place.size, sealing.container, len(issued))


def released_again(issued: bytes, at: datetime, reason: str, container: bytes) -> bytes:
    """Return the sealed file `issued` with the release that was made at `at` (UTC) for `reason`, its `container` in full size."""
    place = Place(at, reason, len(container))
    return sealed(issued + appended(issued, place), place.size, lambda _digest: container, len(issued))


def appended(issued: bytes, place: Place) -> bytes:
    """Return what is appended to the sealed file `issued` for a second signature at `place`, which is still empty."""
    with Pdf.open(BytesIO(issued)) as pdf:
        field = next(one for one in pdf.Root.AcroForm.Fields if str(one.T) == RELEASE)
        number, size = field.objgen[0], int(pdf.trailer.Size)
        texts = {number: _filled(field, size), size: signature_dictionary(place).unparse()}
        trailer = _trailer(pdf, size + 1, issued, place)
    body, offsets = b"", {}
    for name, text in texts.items():
        offsets[name] = len(issued) + len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (name, text)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % (name, offset) for name, offset in sorted(offsets.items()))
    start = len(issued) + len(body)
    return body + b"xref\n" + table + b"trailer " + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % start


def _filled(field: Object, signature: int) -> bytes:
    return field.unparse(resolved=True).removesuffix(b">>") + b"/V %d 0 R >>" % signature


def _trailer(pdf: Pdf, size: int, issued: bytes, place: Place) -> bytes:
    """Return the trailer: the same document, a new version of it, with an id that follows from both."""
    first = bytes(pdf.trailer.ID[0]).hex().encode()
    second = sha256(issued + f"{place.at} {place.reason}".encode()).hexdigest()[:32].encode()
    before = int(issued.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0])
    root, info = pdf.Root.objgen[0], pdf.trailer.Info.objgen[0]
    return b"<< /Info %d 0 R /Root %d 0 R /Size %d /Prev %d /ID [<%s><%s>] >>" % (info, root, size, before, first, second)


def release_findings(document: Opened, trusted: tuple[x509.Certificate, ...]) -> tuple[list[Finding], x509.Certificate | None]:
    """Return what holds of what stands behind the seal of `document`: a release, by whose certificate, and nothing else."""
    release = document.release
    if release is None:
        return _behind(len(document.content) - len(document.issued), "sealed"), None
    if release.last != len(document.content):
        return _behind(len(document.content) - release.last, "released"), None
    findings, certificate = signature_findings(document.content, release, "release", trusted)
    try:
        written = released_again(document.issued, release.at, release.reason, release.container)
    except (LookupError, TypeError, AttributeError, ValueError, RuntimeError, OverflowError, PdfError, StationError):
        written = b""
    same = written == document.content
    said = f"nothing but this signature was added after the seal; its meaning: {release.reason}"
    findings.append(Finding("release: addition", same, said if same else "something else was added after the seal"))
    return findings, certificate


def _behind(count: int, what: str) -> list[Finding]:
    return [Finding("length", False, f"{count} bytes stand behind what was {what}")]
