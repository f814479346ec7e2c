"""Hold a key, and what it sealed, against the site's authorities before anything of it is put on record.

Whoever verifies goes by them: what does not hold by them now never will, and its number would be used up.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography import x509

from station.certificates.authority import distrust
from station.certificates.findings import Finding
from station.certificates.keys import KeysError, read_certificates
from station.certificates.opened import opened
from station.certificates.signatures import signature_findings


def refuse_unfit(
    certificate: x509.Certificate, authority: Path, at: datetime, holder: str | None = None, rotate: str = "station keys rotate"
) -> None:
    """Raise KeysError when a key may not sign at `at` (UTC) by the file `authority`, or is another's: `holder` says why.

    `rotate` is the command that mends it.
    """
    why = holder or distrust(certificate, read_certificates(authority), at)
    if why is not None:
        raise KeysError(f"{why}. Say `{rotate}`: an authority in {authority} must certify a key that is valid now")


def refuse_unproven(document: bytes, authority: Path) -> None:
    """Raise KeysError when the seal of `document` does not hold by the file `authority`."""
    findings, _ = signature_findings(document, opened(document).seal, "seal", read_certificates(authority))
    refuse_broken(findings, authority)


def refuse_broken(findings: Iterable[Finding], authority: Path) -> None:
    """Raise KeysError with the first of `findings`, by the file `authority`, that does not hold."""
    broken = next((one for one in findings if one.holds is False), None)
    if broken is not None:
        raise KeysError(
            f"nothing was issued: whoever verifies it would be told {broken.what}: {broken.said}. Say `station keys show`, "
            f"and see that {authority} has the certificate of each authority, the time-stamp server's too"
        )
