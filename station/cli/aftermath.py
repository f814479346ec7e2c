"""Say what the station's last ends left behind, without touching any of it: cut-off runs, owed and missing documents."""

from collections.abc import Iterator
from pathlib import Path

from station.cli.findings import Finding, said
from station.core.config import StationConfig
from station.core.errors import StationError
from station.core.record import RunRecord
from station.store.archive import Archive
from station.store.filing import Filing
from station.store.lock import holder
from station.store.migrations import OutdatedError

_MOST = 10  # lines about one thing: whoever has more trouble than that reads the first ten first


def made_again(number: str) -> str:
    """Return how a document whose file is gone comes back."""
    return f"`station reissue {number}` makes it again from its record; where that cannot, restore it from a backup"


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
    opened = archive.open_runs()
    if writer is not None:
        yield Finding("ok", "runs", f"a station is at work (process {writer}), with {len(opened)} runs going on")
        return
    for record in opened[:_MOST]:
        yield Finding("warning", "cut off", f"{_named(record)} was cut off: the next start closes it as {record.verdict.name}")
    for record in archive.last_cut_off()[:_MOST]:
        yield Finding("ok", "last crash", f"{_named(record)} is {record.verdict.name}: {record.reason}")
    if not opened:
        yield Finding("ok", "runs", "every run on record has its end")


def _named(record: RunRecord) -> str:
    started = record.started
    return f"the run of {started.serial} in slot {started.slot}, begun {started.at},"


def _documents(config: StationConfig) -> Iterator[Finding]:
    archive, filing = Archive(config.store), Filing(config.issued)
    issued, owed = archive.issued(), archive.owed()
    missing = filing.missing(issued)
    for record in map(archive.record, owed[:_MOST]):
        owing = f"{_named(record)} is {record.verdict.name} and has no document: the next start issues it"
        yield Finding("warning", "owed", owing)
    for number in missing[:_MOST]:
        yield Finding("warning", "missing", f"document {number} is on record, but its file is not: {made_again(number)}")
    if not missing and not owed:
        yield Finding("ok", "filed", f"each of the {len(issued)} documents on record is in {config.issued}")
