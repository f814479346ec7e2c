"""Put another document in the place of one that was issued, or take it back."""

import sys
from pathlib import Path

from station.cli.home import find, read
from station.cli.on_record import on_record, standing, writing
from station.core.errors import StationError


def supersede(home_option: Path | None, number: str, author: str, reason: str) -> int:
    """Issue a new document about the same run, under a new number, in place of `number`."""
    home = read(find(home_option))
    with writing(home) as store:
        old = standing(on_record(store.archive, number))
        made = store.desk.issue(store.archive.record(old.run_id), supersedes=number)
        store.journal.annotate("certificate", number, author, f"superseded: {reason}")
    if made is None:
        raise StationError(f"the run of {number} earns no document")
    sys.stdout.write(f"{number} is superseded by {made.number}: {made.path}\n")
    return 0


def revoke(home_option: Path | None, number: str, author: str, reason: str) -> int:
    """Put on record that document `number` is worth nothing any more."""
    home = read(find(home_option))
    with writing(home) as store:
        if (old := on_record(store.archive, number)).revoked_at:
            standing(old)
        store.journal.revoke(number, author, reason)
    sys.stdout.write(f"{number} is revoked: {reason}. The file stays; `station verify` where this store is at hand says so\n")
    return 0
