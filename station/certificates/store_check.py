"""Hold a document against the store of a station, where one is at hand."""

from collections.abc import Callable
from dataclasses import dataclass

from station.certificates.carried import RECORD, Carried
from station.certificates.findings import Finding
from station.certificates.fingerprint import canonical_record
from station.certificates.opened import Opened
from station.core.canonical import digest
from station.core.errors import StationError
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


@dataclass(frozen=True, slots=True)
class Store:
    """The store of `station`: `find` returns what is on record about a number, None where the store does not know it.

    `find` raises StationError where the store cannot be asked; one that was `named` must answer.
    """

    station: str
    find: Callable[[str], OnRecord | None]
    named: bool = False


@dataclass(frozen=True, slots=True)
class Unasked:
    """A store that cannot be asked, and `why`; one that was `named` should have answered."""

    why: str
    named: bool = False

    @property
    def finding(self) -> Finding:
        """Return what that says about a document: nothing, and that is no good where the store was named."""
        return Finding("store", False if self.named else None, f"not asked, because {self.why}")


def _of_another_simulation(carried: Carried, known: OnRecord) -> bool:
    """Return whether the number is of two simulated runs: each demonstration counts in a store of its own."""
    mine, theirs = carried.record.started, known.record.started
    return mine.simulated and theirs.simulated and mine.run_id != theirs.run_id


def store_finding(document: Opened, carried: Carried, store: Store | Unasked) -> Finding:
    """Return whether the store at hand says the same of this number."""
    if isinstance(store, Unasked):
        return store.finding
    try:
        known = store.find(carried.number)
    except StationError as error:
        return Unasked(str(error), store.named).finding
    return _compared(document, carried, store, known)


def _compared(document: Opened, carried: Carried, store: Store, known: OnRecord | None) -> Finding:
    started = carried.record.started
    if known is None and started.station_id == store.station and not started.simulated:
        return Finding("store", False, f"{carried.number} is of this station's own series, and its store does not know it")
    if known is None or _of_another_simulation(carried, known):
        said = "does not know" if known is None else "knows another simulated run as"
        return Finding("store", None, f"the store at hand {said} {carried.number}")
    why = _unlike(document, carried, known)
    return Finding("store", not why, why or f"{carried.number} is on record with these bytes and this record")


def _unlike(document: Opened, carried: Carried, known: OnRecord) -> str:
    """Return what the store has against the document, empty where it has nothing."""
    if known.digest != digest(document.issued):
        return f"{carried.number} was issued with other bytes: {known.digest}"
    if canonical_record(known.record) != document.files[RECORD]:
        return "the record on file is another one"
    if document.release is not None and known.released != digest(document.content):
        return "the store knows of no such release"
    return f"{carried.number} is on record, but {known.gone}" if known.gone else ""
