"""Issue a document again and prove that it is the same; supersede it, revoke it, release it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from station.certificates.carried import DRAWING, Carried, read_carried
from station.certificates.issue import file_name
from station.certificates.keys import KeyFolder
from station.certificates.looks import DRAWN, LOOKS
from station.certificates.opened import opened
from station.certificates.regenerate import difference, differing
from station.certificates.release import released
from station.certificates.seal import Sealing
from station.certificates.seal_copy import SealCopy, made_again, read_copy
from station.cli import assemble
from station.cli.documents import now
from station.cli.home import Home, archive_of, find, read
from station.cli.seals import as_usage, opened_key
from station.cli.sources import carried_of, originals_of
from station.clocks.steady import SteadyClock
from station.core.canonical import digest
from station.core.errors import StationError, UsageError
from station.store.archive import Archive
from station.store.evidence import EvidenceFolder
from station.store.filing import Filing
from station.store.shelves import RELEASED, Issued

_RESTORE = "Restore the backup of the originals"


def reissue(home_option: Path | None, number: str) -> int:
    """Make document `number` again from its record, and compare; a file that is gone is restored. 0 when it is the same."""
    config = read(find(home_option)).config
    archive = archive_of(config)
    issued = on_record(archive, number)
    filing = Filing(config.issued)
    record = archive.record(issued.run_id)
    copy = _copy(originals_of(config).seal(number), number)
    carried = carried_of(record, number, EvidenceFolder(config.evidence), originals_of(config))
    path = filing.find(number)
    filed = _content(path) if path is not None else None
    try:
        again = _in_its_looks(replace(carried, tools=copy.tools), copy, issued, filed)
    except ValueError as error:
        raise StationError(f"{number} cannot be made again: {error}. {_RESTORE}") from error
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


def _copy(content: bytes | None, number: str) -> SealCopy:
    if content is None:
        raise StationError(f"no copy of the seal of {number} is kept. {_RESTORE}")
    try:
        return read_copy(content)
    except ValueError as error:
        raise StationError(f"the copy of the seal of {number} is damaged: {error}. {_RESTORE}") from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StationError(f"{path} cannot be read: {error.strerror}. Move it away, and `station reissue` restores it") from error


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


def on_record(archive: Archive, number: str) -> Issued:
    """Return what is on record about document `number`; raises UsageError when nothing is."""
    found = next((one for one in archive.issued() if one.number == number), None)
    if found is None:
        raise UsageError(f"no document {number} is on record here. A number is like EOL-01-2026-000042")
    return found


def _standing(issued: Issued) -> Issued:
    """Return a document that is still worth something; raises UsageError for one that is not: nothing more is built on it."""
    if issued.revoked_at:
        raise UsageError(f"{issued.number} was revoked at {issued.revoked_at}: {issued.revoked}. That is for good")
    if issued.superseded_by:
        raise UsageError(f"{issued.number} was superseded by {issued.superseded_by}. Name that one")
    return issued


def _releasable(archive: Archive, number: str) -> Issued:
    """Return the certificate `number`; raises UsageError where there is none to release, or it was released already."""
    issued = _standing(on_record(archive, number))
    if issued.kind != "certificate":
        raise UsageError(f"{number} is a nonconformance report: there is nothing to release. Name a certificate")
    if issued.simulated:
        raise UsageError(f"{number} is simulated: no device was tested, and a person's key releases nothing simulated")
    earlier = next((one for one in archive.released() if one.number == number + RELEASED), None)
    if earlier is not None:
        raise UsageError(f"{number} was released by {earlier.author} at {earlier.released_at} already. Nothing is left to do")
    return issued


@contextmanager
def _writing(home: Home) -> Iterator[assemble.Kept]:
    """Open the station's store for writing; raises StoreError while the station runs."""
    archive_of(home.config)  # else the store would be made, to say that nothing is in it
    clock = SteadyClock()
    with assemble.kept(home.config, clock, assemble.new_ids(clock), ()) as store:
        yield store


def supersede(home_option: Path | None, number: str, author: str, reason: str) -> int:
    """Issue a new document about the same run, under a new number, in place of `number`."""
    home = read(find(home_option))
    with _writing(home) as store:
        old = _standing(on_record(store.archive, number))
        made = store.desk.issue(store.archive.record(old.run_id), supersedes=number)
        store.journal.annotate("certificate", number, author, f"superseded: {reason}")
    if made is None:
        raise StationError(f"the run of {number} earns no document")
    sys.stdout.write(f"{number} is superseded by {made.number}: {made.path}\n")
    return 0


def revoke(home_option: Path | None, number: str, author: str, reason: str) -> int:
    """Put on record that document `number` is worth nothing any more."""
    home = read(find(home_option))
    with _writing(home) as store:
        if (old := on_record(store.archive, number)).revoked_at:
            _standing(old)
        store.journal.revoke(number, author, reason)
    sys.stdout.write(f"{number} is revoked: {reason}. The file stays; `station verify` where this store is at hand says so\n")
    return 0


def release(home_option: Path | None, number: str, person: str, reason: str, passphrase_file: Path | None) -> int:
    """Sign certificate `number` with a person's key, in a second file `-R`, and put its digest on record."""
    home = read(find(home_option))
    with as_usage():
        path = KeyFolder(home.config.keys.folder).key(person)
        if not path.exists():
            raise UsageError(f"{person} has no key here, in {path}. Make one: `station keys init --for {person}`")
        signer = opened_key(path, passphrase_file)
    with _writing(home) as store:
        issued = _releasable(store.archive, number)
        filed = store.filing.find(number)
        if filed is None or digest(content := _content(filed)) != issued.digest:
            raise StationError(f"the file of {number} is gone or was changed. Say `station reissue {number}` first")
        second = released(content, Sealing(signer), now(SteadyClock()), reason)
        name = file_name(store.archive.record(issued.run_id), number + RELEASED)
        store.filing.draft(name, second)
        store.journal.release(number, person, reason, digest(second))
        sys.stdout.write(f"{number} is released by {person}: {store.filing.publish(name)}\n")
    return 0
