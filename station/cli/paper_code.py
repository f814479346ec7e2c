"""Hold the code on a paper against the store at hand, where there is no file to hold it against."""

from station.certificates.findings import Finding, Report
from station.certificates.fingerprint import code, fingerprint
from station.certificates.store_check import OnRecord, Store, Unasked
from station.core.errors import StationError, UsageError

_SIMULATED = "SIMULATED: no device was tested, and this document is worth nothing"


def code_on_record(text: str, store: Store | Unasked | None) -> Report:
    """Return whether the code on a paper is that of a document on record; raises UsageError for one that no store knows."""
    parts = text.split("|")
    if parts[0] == "LOT1":
        raise UsageError("the code is of a lot report, which no store keeps. Bring its file: station verify FILE --code TEXT")
    if len(parts) != 4 or parts[0] != "EOL1":
        return _said("it is not like EOL1|number|serial|sixteen hexadecimal digits")
    if not isinstance(store, Store):
        return _said(f"the store was not asked, because {store.why if store else 'there is none'}")
    try:
        known = store.find(parts[1])
    except StationError as error:
        return _said(f"the store was not asked, because {error}")
    return _compared(text, parts[1], known)


def _compared(text: str, number: str, known: OnRecord | None) -> Report:
    if known is None:
        return _said(f"no {number} is on record here")
    started = known.record.started
    if text != code(number, started.serial, fingerprint(known.record)):
        return _said(f"{number} is on record with another serial or record")
    said = known.gone or f"{number} is on record for {started.serial}: {known.record.verdict.name}"
    return Report((Finding("code", not known.gone, said),), (_SIMULATED,) if started.simulated else ())


def _said(why: str) -> Report:
    return Report((Finding("code", False, why),))
