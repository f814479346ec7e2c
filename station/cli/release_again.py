"""Make a released file again where it is gone: the sealed file, and the copy of the release behind it."""

import sys

from station.certificates.issue import file_name
from station.certificates.release import released_again
from station.certificates.seal_copy import SealCopy, read_copy
from station.cli.on_record import content_of, on_record
from station.cli.sources import originals_of
from station.core.canonical import digest
from station.core.config import StationConfig
from station.core.errors import StationError
from station.store.archive import Archive
from station.store.filing import Filing
from station.store.originals import Originals
from station.store.shelves import RELEASED, Released

RESTORE = "Restore the backup of the originals"


def release_again(config: StationConfig, archive: Archive, released: Released) -> int:
    """Compare the released file with what is on record; one that is gone is restored. 0 when it is the same."""
    number, filing, out = released.number, Filing(config.issued), sys.stdout
    path = filing.find(number)
    if path is not None and digest(content_of(path)) == released.digest:
        out.write(f"{number}: its file is as it was released: {released.digest}\n")
        return 0
    if path is not None:
        out.write(f"{number}: {path} was changed after it was released. Move it away and say this again: it is then restored\n")
        return 1
    issued = on_record(archive, number.removesuffix(RELEASED))
    first, copy = filing.find(issued.number), seal_copy(originals_of(config), number)
    if first is None or digest(sealed := content_of(first)) != issued.digest:
        raise StationError(f"the file of {issued.number} is gone or was changed. Say `station reissue {issued.number}` first")
    again = released_again(sealed, copy.at, released.reason, copy.container)
    if digest(again) != released.digest:
        out.write(f"{number}: made again from the copy of its release, it is NOT what was released. {RESTORE}\n")
        return 1
    restored = filing.restore(file_name(archive.record(issued.run_id), number), again)
    out.write(f"{number}: its file was gone; it was made again, byte for byte: {restored}\n")
    return 0


def seal_copy(originals: Originals, number: str) -> SealCopy:
    """Return the copy of the seal, or of the release, of document `number`; raises StationError when it is gone or damaged."""
    content = originals.seal(number)
    if content is None:
        raise StationError(f"no copy of the seal of {number} is kept. {RESTORE}")
    try:
        return read_copy(content)
    except ValueError as error:
        raise StationError(f"the copy of the seal of {number} is damaged: {error}. {RESTORE}") from error
