"""Prove a document, or say what does not hold; it needs nothing but the file and the certificate of the site's authority."""

from collections.abc import Iterator

from cryptography import x509

from station.certificates.authority import is_demonstration
from station.certificates.carried import Carried, read_carried
from station.certificates.findings import Finding, Report, broken
from station.certificates.fingerprint import code
from station.certificates.holders import holder_findings
from station.certificates.issue import misnumbered, refusal
from station.certificates.lot_report import LOT
from station.certificates.lot_verify import lot_verified
from station.certificates.moments import local_day
from station.certificates.opened import Opened, UnreadableError, opened
from station.certificates.record_file import unfounded
from station.certificates.regenerate import drawing_finding
from station.certificates.release import release_findings
from station.certificates.signatures import Trusted, signature_findings
from station.certificates.store_check import Store, Unasked, store_finding
from station.certificates.typeface import Typefaces, no_typefaces
from station.core.events import as_row
from station.core.limit_file import LimitSet, parse
from station.core.problems import DocumentError
from station.core.record import RunRecord


def verify(
    content: bytes,
    trusted: Trusted,
    *,
    redraw: bool = True,
    store: Store | Unasked | None = None,
    typefaces: Typefaces = no_typefaces,
) -> Report:
    """Return what holds of the file `content`, by the authorities in `trusted`; with `redraw` it is drawn again and compared.

    `typefaces` finds those at hand: a document whose template names another one cannot be drawn again.
    """
    try:
        document = opened(content)
    except UnreadableError as error:
        return broken("document", str(error))
    findings, certificate = signature_findings(content, document.seal, "seal", trusted)
    releaser = None
    if document.seal.last < len(content):
        release, releaser = release_findings(document, trusted)
        findings += release
    if LOT in document.files:
        return lot_verified(document, (certificate, releaser), findings, redraw=redraw, typefaces=typefaces)
    try:
        carried = read_carried(document.files, typefaces)
    except (ValueError, DocumentError) as error:
        return Report((*findings, Finding("record", False, f"cannot be read: {error}")))
    record = carried.record
    if not record.started.simulated:
        findings += holder_findings(certificate, releaser, (record.started.station_id,))
    findings += [record_finding(carried), limits_finding(carried), template_finding(carried)]
    if redraw:
        findings.append(drawing_finding(document, carried))
    if store is not None:
        findings.append(store_finding(document, carried, store))
    notes = tuple(_notes(record, certificate, document))
    serial, printed = record.started.serial, code(carried.number, record.started.serial, carried.fingerprint)
    return Report(tuple(findings), notes, carried.number, serial, record.verdict.name, printed)


def _notes(record: RunRecord, certificate: x509.Certificate | None, document: Opened) -> Iterator[str]:
    if record.started.simulated:
        yield "SIMULATED: no device was tested, and this document is worth nothing"
    if certificate is not None and is_demonstration(certificate):
        yield "its seal is of a demonstration: anybody can make one"
    if document.release is None:
        yield "as the station sealed it; no one has released it in this file"


def record_finding(carried: Carried) -> Finding:
    """Return whether the record inside bears out its verdict, every row judged again from its own value."""
    record = carried.record
    why = unfounded(record) or refusal(record) or misnumbered(record, carried.number)
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
