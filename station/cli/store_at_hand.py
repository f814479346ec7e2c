"""Find the station at hand and ask its store about documents; where it cannot be asked, that is said and never passed over."""

from pathlib import Path

from station.certificates.store_check import OnRecord, Store, Unasked
from station.cli.home import find, read_config
from station.core.config import StationConfig
from station.core.errors import StationError, StoreError, UsageError
from station.store.archive import Archive
from station.store.shelves import RELEASED


def station_at_hand(home: Path | None, *, needed: bool) -> StationConfig | Unasked | None:
    """Return what station.toml says of the station at hand: in `home`, or around here; its other documents need not be readable.

    None where there is none, and Unasked where it cannot be read, unless it is `needed`: then that raises StationError.
    """
    try:
        folder = find(home)
    except UsageError:
        if needed or home is not None:
            raise
        return None
    try:
        return read_config(folder)
    except StationError as error:
        if needed:
            raise
        return Unasked(str(error).replace("\n", "; "), named=home is not None)


def store_of(config: StationConfig, *, named: bool) -> Store | Unasked:
    """Return how to look a number up in the store of `config`; Unasked where there is no store that can be read."""
    try:
        config.store.stat()
    except OSError as error:
        return Unasked(f"{config.store} cannot be read: {error.strerror}", named)
    archive = Archive(config.store)

    def known(number: str) -> OnRecord | None:
        try:
            return _on_record(archive, number)
        except ValueError as error:
            raise StoreError(f"{config.store} says of {number} what cannot be read: {error}") from error

    return Store(config.id, known, named)


def _on_record(archive: Archive, number: str) -> OnRecord | None:
    found = next((one for one in archive.issued() if one.number == number), None)
    if found is None:
        return None
    released = next((one.digest for one in archive.released() if one.number == number + RELEASED), "")
    return OnRecord(found.digest, archive.record(found.run_id), found.superseded_by, found.revoked, released)
