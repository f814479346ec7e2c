"""Put another document in the place of one that was issued, or take it back."""

import sys
from pathlib import Path

from station.cli.home import find, read
from station.cli.on_record import on_record, sayable, standing, writing
from station.core.errors import StationError
from station.store.numbering import Instead


def supersede(home_option: Path | None, number: str, author: str, reason: str) -> int:
    """Issue a new document about the same run, under a new number, in place of `number`."""
    sayable(by=author, reason=reason)
    home = read(find(home_option))
    with writing(home) as store:
        old = standing(on_record(store.archive, number))
        made = store.desk.issue(store.archive.record(old.run_id), Instead(number, author, reason))
    if made is None:
        raise StationError(f"the run of {number} earns no document")
    sys.stdout.write(f"{number} is superseded by {made.number}: {made.path}\n")
    return 0


def revoke(home_option: Path | None, number: str, author: str, reason: str) -> int:
    """Put on record that document `number` is worth nothing any more."""
    sayable(by=author, reason=reason)
    home = read(find(home_option))
    with writing(home) as store:
        if (old := on_record(store.archive, number)).revoked_at:
            standing(old)
        store.journal.revoke(number, author, reason)
    sys.stdout.write(f"{number} is revoked: {reason}. The file stays; `station verify` where this store is at hand says so\n")
    return 0
