"""Say what the station's last ends left behind, without touching any of it: cut-off runs, owed and missing documents."""

from collections.abc import Iterator
from pathlib import Path

from station.certificates.issue import numbered_by
from station.cli.findings import Finding, said, tried
from station.clocks.steady import SteadyClock
from station.core.config import StationConfig
from station.core.errors import LockedError, StationError
from station.core.record import RunRecord
from station.store.archive import Archive
from station.store.filing import BEHIND, Filing, Numbered
from station.store.lock import holder
from station.store.migrations import OutdatedError
from station.store.stray_log import refuse_stray_log

_LATEST = 500  # runs that are held against their events: some seconds
_MOST = 10  # lines about one thing: whoever has more trouble than that reads the first ten first


def made_again(number: str) -> str:
    """Return how a document whose file is gone comes back."""
    return f"`station reissue {number}` makes it again from its record; where that cannot, restore it from a backup"


def refuse_behind(config: StationConfig, filing: Filing, *, simulated: bool) -> None:
    """Raise LockedError when documents of this station are filed that its store, open for writing, knows nothing of."""
    unknown = [number for number in filing.unknown if numbered_by(config.id, number, simulated=simulated)]
    if unknown:
        raise LockedError(f"{_said(unknown)} filed in {config.issued}, but not on record. {BEHIND}")


def _said(numbers: list[str]) -> str:
    return f"document {numbers[0]} is" if len(numbers) == 1 else f"{len(numbers)} documents, {numbers[0]} the first, are"


def aftermath(config: StationConfig) -> Iterator[Finding]:
    """Yield what is to be said of the runs on record and of the documents that were issued for them."""
    try:
        if not config.store.exists():
            yield Finding("ok", "runs", "none is on record yet")
            return
        yield from _runs(config.store)
        yield from _documents(config)
    except OutdatedError as error:
        yield Finding("warning", "runs", str(error))
    except (StationError, OSError) as error:  # nothing that is tested now could be kept
        yield Finding("fault", "runs", said(error))


def _runs(store: Path) -> Iterator[Finding]:
    archive, writer = Archive(store), holder(store)
    if writer is None:
        refuse_stray_log(store)
    opened = archive.open_runs()
    if writer is not None:
        yield Finding("ok", "runs", f"a station is at work (process {writer}), with {len(opened)} runs going on")
        return
    for record in opened[:_MOST]:
        yield Finding("warning", "cut off", f"{_named(record)} was cut off: the next start closes it as {record.verdict.name}")
    for record in archive.last_cut_off(SteadyClock().utc())[:_MOST]:
        yield Finding("ok", "last crash", f"{_named(record)} is {record.verdict.name}: {record.reason}")
    if not opened:
        yield Finding("ok", "runs", "every run on record has its end")
    yield tried("tables", lambda: f"of the latest {archive.refuse_altered(_LATEST)} runs the tables say what their events say")


def _named(record: RunRecord) -> str:
    started = record.started
    return f"the run of {started.serial} in slot {started.slot}, begun {started.at},"


def _documents(config: StationConfig) -> Iterator[Finding]:
    archive, filing = Archive(config.store), Filing(config.issued)
    issued, released, owed = archive.issued(), archive.released(), archive.owed()
    filed: tuple[Numbered, ...] = (*issued, *released)
    missing, strangers = filing.missing(filed), filing.strangers(filed)
    for simulated, state in ((False, "fault"), (True, "warning")):
        if unknown := [one for one in strangers if numbered_by(config.id, one, simulated=simulated)]:
            yield Finding(state, "unknown", f"{_said(unknown)} filed in {config.issued}, but not on record. {BEHIND}")
    for record in map(archive.record, owed[:_MOST]):
        owing = f"{_named(record)} is {record.verdict.name} and has no document: the next start issues it"
        yield Finding("warning", "owed", owing)
    for number in missing[:_MOST]:
        yield Finding("warning", "missing", f"document {number} is on record, but its file is not: {made_again(number)}")
    if not missing and not owed:
        yield Finding("ok", "filed", f"each of the {len(issued) + len(released)} documents on record is in {config.issued}")
