"""Prove a document, or say what does not hold; it needs nothing but the file and the certificate of the site's authority."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography import x509

from station.certificates.authority import is_demonstration
from station.certificates.carried import RECORD, Carried, read_carried
from station.certificates.findings import Finding, Report, broken
from station.certificates.fingerprint import canonical_record, code
from station.certificates.issue import refusal
from station.certificates.lot_report import LOT
from station.certificates.lot_verify import lot_verified
from station.certificates.moments import local_day
from station.certificates.opened import Opened, UnreadableError, opened
from station.certificates.record_file import unfounded
from station.certificates.regenerate import drawing_finding
from station.certificates.release import release_findings
from station.certificates.signatures import Trusted, signature_findings
from station.certificates.typeface import Typefaces, no_typefaces
from station.core.canonical import digest
from station.core.events import as_row
from station.core.limit_file import LimitSet, parse
from station.core.problems import DocumentError
from station.core.record import RunRecord


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What a store knows of a number: the digest of the file as issued, the run's record, and what became of the document."""

    digest: str
    record: RunRecord
    superseded_by: str = ""
    revoked: str = ""
    released: str = ""

    @property
    def gone(self) -> str:
        """Return why the document is worth nothing any more, empty where it still is."""
        if self.revoked:
            return f"it was revoked: {self.revoked}"
        return f"it was superseded by {self.superseded_by}" if self.superseded_by else ""


Store = Callable[[str], OnRecord | None]
"""Finds what is on record about a number; None where the store does not know it."""


def verify(
    content: bytes, trusted: Trusted, *, redraw: bool = True, store: Store | None = None, typefaces: Typefaces = no_typefaces
) -> Report:
    """Return what holds of the file `content`, by the authorities in `trusted`; with `redraw` it is drawn again and compared.

    `typefaces` finds those at hand: a document whose template names another one cannot be drawn again.
    """
    try:
        document = opened(content)
    except UnreadableError as error:
        return broken("document", str(error))
    findings, certificate = signature_findings(content, document.seal, "seal", trusted)
    if document.seal.last < len(content):
        findings += release_findings(document, trusted)
    if LOT in document.files:
        return lot_verified(document, certificate, findings, redraw=redraw, typefaces=typefaces)
    try:
        carried = read_carried(document.files, typefaces)
    except (ValueError, DocumentError) as error:
        return Report((*findings, Finding("record", False, f"cannot be read: {error}")))
    findings += [record_finding(carried), limits_finding(carried), template_finding(carried)]
    if redraw:
        findings.append(drawing_finding(document, carried))
    if store is not None:
        findings.append(store_finding(document, carried, store))
    record = carried.record
    notes = tuple(_notes(record, certificate, document))
    serial, printed = record.started.serial, code(carried.number, record.started.serial, carried.fingerprint)
    return Report(tuple(findings), notes, carried.number, serial, record.verdict.name, printed)


def _notes(record: RunRecord, certificate: x509.Certificate | None, document: Opened) -> Iterator[str]:
    if record.started.simulated:
        yield "SIMULATED: no device was tested, and this document is worth nothing"
    if certificate is not None and is_demonstration(certificate):
        yield "its seal is of a demonstration: anybody can make one"
        if not record.started.simulated:
            yield "a demonstration key sealed what was not simulated: do not trust it"
    if document.release is None:
        yield "as the station sealed it; no one has released it in this file"


def record_finding(carried: Carried) -> Finding:
    """Return whether the record inside bears out its verdict, every row judged again from its own value."""
    record = carried.record
    why = unfounded(record) or refusal(record)
    if why is not None:
        return Finding("record", False, f"does not prove {record.verdict.name}: {why}")
    judged = sum(result.measured is not None for result in record.rows)
    said = f"{record.verdict.name} proven by {judged} of {len(record.rows)} rows, judged again; SHA-256 {carried.fingerprint}"
    return Finding("record", True, said)


def limits_finding(carried: Carried) -> Finding:
    """Return whether the limits inside are those that the record names and its rows were judged by, and who released them."""
    started = carried.record.started
    try:
        limits = parse(carried.sources.limits, "limits.toml")
    except DocumentError as error:
        return Finding("limits", False, f"cannot be read: {error.problems[0]}")
    if limits.digest != started.documents.limits_digest:
        return Finding("limits", False, "the limit file inside is not the one that the record names")
    applied = {row.id: row for row in (*started.rows, *started.omitted)}
    if applied != {limit.id: as_row(limit) for limit in limits.limits.values()}:
        return Finding("limits", False, "the rows were judged by other limits than the file's")
    unreleased = limits.unreleased_on(local_day(carried.record)) or ""
    if unreleased != started.documents.limits_unreleased:
        return Finding("limits", False, f"the record says of their release what the file does not: {unreleased or 'released'}")
    return Finding(
        "limits", True, f"{limits.product} revision {limits.revision}, {limits.digest}, {_released(limits, unreleased)}"
    )


def _released(limits: LimitSet, unreleased: str) -> str:
    if unreleased:
        return f"NOT RELEASED: {unreleased}"
    return f"released by {', '.join(one.name for one in limits.releasing)}"


def template_finding(carried: Carried) -> Finding:
    """Return whether the words are those of the template that the record names."""
    same = carried.sources.template.digest == carried.record.started.documents.certificate_digest
    said = "its words are those of the template that the record names"
    return Finding("template", same, said if same else "its words are not those of the template that the record names")


def _of_another_simulation(carried: Carried, known: OnRecord) -> bool:
    """Return whether the number is of two simulated runs: each demonstration counts in a store of its own."""
    mine, theirs = carried.record.started, known.record.started
    return mine.simulated and theirs.simulated and mine.run_id != theirs.run_id


def store_finding(document: Opened, carried: Carried, store: Store) -> Finding:
    """Return whether the store at hand says the same of this number."""
    known = store(carried.number)
    if known is None or _of_another_simulation(carried, known):
        said = "does not know" if known is None else "knows another simulated run as"
        return Finding("store", None, f"the store at hand {said} {carried.number}")
    if known.digest != digest(document.issued):
        return Finding("store", False, f"{carried.number} was issued with other bytes: {known.digest}")
    if canonical_record(known.record) != document.files[RECORD]:
        return Finding("store", False, "the record on file is another one")
    if document.release is not None and known.released != digest(document.content):
        return Finding("store", False, "the store knows of no such release")
    if known.gone:
        return Finding("store", False, f"{carried.number} is on record, but {known.gone}")
    return Finding("store", True, f"{carried.number} is on record with these bytes and this record")
