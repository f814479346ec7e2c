"""Issue a document again and prove that it is the same."""

import json
import sys
from dataclasses import replace
from pathlib import Path

from station.certificates.carried import DRAWING, Carried, read_carried
from station.certificates.issue import file_name
from station.certificates.looks import DRAWN, LOOKS
from station.certificates.opened import opened
from station.certificates.regenerate import difference, differing
from station.certificates.seal_copy import SealCopy, made_again
from station.cli.home import archive_of, find, read
from station.cli.on_record import content_of, on_record
from station.cli.release_again import RESTORE, release_again, seal_copy
from station.cli.sources import carried_of, originals_of
from station.core.canonical import digest
from station.core.errors import StationError
from station.store.evidence import EvidenceFolder
from station.store.filing import Filing
from station.store.shelves import Issued


def reissue(home_option: Path | None, number: str) -> int:
    """Make document `number` again from its record, and compare; a file that is gone is restored. 0 when it is the same."""
    config = read(find(home_option)).config
    archive = archive_of(config)
    if (released := next((one for one in archive.released() if one.number == number), None)) is not None:
        return release_again(config, archive, released)
    issued = on_record(archive, number)
    filing = Filing(config.issued)
    record = archive.record(issued.run_id)
    copy = seal_copy(originals_of(config), number)
    carried = carried_of(record, number, EvidenceFolder(config.evidence), originals_of(config))
    path = filing.find(number)
    filed = content_of(path) if path is not None else None
    try:
        again = _in_its_looks(replace(carried, tools=copy.tools), copy, issued, filed)
    except ValueError as error:
        raise StationError(f"{number} cannot be made again: {error}. {RESTORE}") from error
    if digest(again) != issued.digest:
        return _unequal(number, again, filed, issued, copy)
    if filed is None:
        sys.stdout.write(
            f"{number}: its file was gone; it was made again, byte for byte: {filing.restore(file_name(record, number), again)}\n"
        )
        return 0
    if filed != again:
        sys.stdout.write(
            f"{number}: {path} was changed after it was issued. Move it away and say this again: it is then restored\n"
        )
        return 1
    sys.stdout.write(f"{number}: made again from its record, it is equal byte for byte: {issued.digest}\n")
    return 0


def _in_its_looks(carried: Carried, copy: SealCopy, issued: Issued, filed: bytes | None) -> bytes:
    """Return the document made again in the looks that its file has, or where that is gone in those of what was issued."""
    if filed is not None and digest(filed) == issued.digest:
        looks = json.loads(opened(filed).files[DRAWING])["schema"]
        return made_again(replace(carried, schema=looks if looks in DRAWN else LOOKS), copy)
    made = [made_again(replace(carried, schema=looks), copy) for looks in reversed(DRAWN)]
    return next((one for one in made if digest(one) == issued.digest), made[0])


def _unequal(number: str, again: bytes, filed: bytes | None, issued: Issued, copy: SealCopy) -> int:
    others, out = differing(copy.tools), sys.stdout
    if filed is not None and digest(filed) == issued.digest and (outdated := read_carried(opened(filed).files).outdated):
        out.write(f"{number}: the file is as issued; it cannot be made again here: {outdated}\n")
    elif not others:
        out.write(
            f"{number}: made again from its record, it is NOT what was issued. Record, evidence or originals were changed, "
            "or another version of this software drew it\n"
        )
    elif filed is None or digest(filed) != issued.digest:
        out.write(f"{number}: cannot be made again here{others}; use those versions\n")
    elif unlike := difference(again, filed):
        out.write(f"{number}: made again{others}, it differs: {unlike}\n")
    else:
        out.write(f"{number}: the file is as issued, and made again{others} its decoded content is equal\n")
        return 0
    return 1
