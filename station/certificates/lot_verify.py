"""Prove a lot report: its figures add up, and it shows what they say."""

from cryptography import x509

from station.certificates.authority import is_demonstration
from station.certificates.findings import Finding, Report
from station.certificates.holders import holder_findings
from station.certificates.lot import Lot
from station.certificates.lot_check import contradiction
from station.certificates.lot_report import LotReport, read_lot_report, unsealed_lot
from station.certificates.opened import Opened
from station.certificates.regenerate import WHAT, compared
from station.certificates.seal import sealed
from station.certificates.typeface import Typefaces
from station.core.problems import DocumentError

Holders = tuple[x509.Certificate | None, x509.Certificate | None]
"""Who sealed, and who released; None where nobody did, or it cannot be read."""


def lot_verified(document: Opened, holders: Holders, findings: list[Finding], *, redraw: bool, typefaces: Typefaces) -> Report:
    """Return what holds of the lot report `document`, sealed and released by `holders`, which came to `findings`."""
    try:
        report = read_lot_report(document.files, typefaces)
    except (ValueError, DocumentError) as error:
        return Report((*findings, Finding("lot", False, f"cannot be read: {error}")))
    sealer, releaser = holders
    if not report.lot.simulated:
        findings += holder_findings(sealer, releaser, report.lot.stations)
    findings.append(lot_finding(report.lot, report.fingerprint))
    seal = document.seal
    if redraw and report.outdated:
        findings.append(Finding(WHAT, None, f"cannot be drawn again: {report.outdated}"))
    elif redraw:
        again = compared(
            document,
            report.tools,
            lambda: sealed(unsealed_lot(report, seal.at, seal.size), seal.size, lambda _digest: seal.container),
        )
        findings.append(again)
    notes = ["SIMULATED: no device was tested, and this report is worth nothing"] if report.lot.simulated else []
    if sealer is not None and is_demonstration(sealer):
        notes.append("its seal is of a demonstration: anybody can make one")
    return Report(tuple(findings), tuple(notes), _name(report), f"{len(report.lot.units)} units", "", report.code)


def _name(report: LotReport) -> str:
    """Return how the report calls itself: by its number, and by its lot where it is of the time before the numbers."""
    return f"lot {report.lot.name}" if report.outdated else report.number


def lot_finding(lot: Lot, fingerprint: str) -> Finding:
    """Return whether every unit that came in is accounted for, and yields, runs and rows that failed agree with the units."""
    if not lot.adds_up:
        return Finding("lot", False, "its figures do not add up")
    if why := contradiction(lot):
        return Finding("lot", False, f"its figures contradict each other: {why}")
    said = f"{len(lot.units)} units in, each accounted for once; SHA-256 {fingerprint}"
    return Finding("lot", True, said)
