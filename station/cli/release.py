"""Release a certificate: a person signs it, behind the station's seal, in a second file."""

import sys
from pathlib import Path

from station.certificates.fit import refuse_broken
from station.certificates.issue import file_name
from station.certificates.keys import KeyFolder, read_certificates
from station.certificates.release import released
from station.certificates.seal import Sealing
from station.certificates.seal_copy import copied_release
from station.certificates.verify import verify
from station.cli.documents import now
from station.cli.home import find, read
from station.cli.on_record import content_of, on_record, sayable, standing, writing
from station.cli.seals import as_usage, opened_key, refuse_unfit_person
from station.cli.sources import kept_typefaces, originals_of
from station.clocks.steady import SteadyClock
from station.core.canonical import digest
from station.core.config import StationConfig
from station.core.errors import StationError, UsageError
from station.store.archive import Archive
from station.store.shelves import RELEASED, Issued


def release(home_option: Path | None, number: str, person: str, reason: str, passphrase_file: Path | None) -> int:
    """Sign certificate `number` with a person's key, in a second file `-R`, and put its digest on record."""
    sayable(by=person, reason=reason)
    home = read(find(home_option))
    with as_usage():
        path = KeyFolder(home.config.keys.folder).key(person)
        if not path.exists():
            raise UsageError(f"{person} has no key here, in {path}. Make one: `station keys init --for {person}`")
        signer = opened_key(path, passphrase_file)
        refuse_unfit_person(person, signer.certificate, home.config)
    with writing(home) as store:
        issued = _releasable(store.archive, number)
        filed = store.filing.find(number)
        if filed is None or digest(content := content_of(filed)) != issued.digest:
            raise StationError(f"the file of {number} is gone or was changed. Say `station reissue {number}` first")
        second = released(content, Sealing(signer), now(SteadyClock()), reason)
        _prove(second, home.config)
        name = file_name(store.archive.record(issued.run_id), number + RELEASED)
        originals_of(home.config).keep_seal(number + RELEASED, copied_release(second).dump())
        store.filing.draft(name, second)
        store.journal.release(number, person, reason, digest(second))
        sys.stdout.write(f"{number} is released by {person}: {store.filing.publish(name)}\n")
    return 0


def _prove(second: bytes, config: StationConfig) -> None:
    """Raise KeysError when a verifier would not take the released file; the drawing was proven when it was issued."""
    site = KeyFolder(config.keys.folder).authority
    report = verify(second, read_certificates(site), redraw=False, typefaces=kept_typefaces(originals_of(config)))
    refuse_broken(report.findings, site)


def _releasable(archive: Archive, number: str) -> Issued:
    """Return the certificate `number`; raises UsageError where there is none to release, or it was released already."""
    issued = standing(on_record(archive, number))
    if issued.kind != "certificate":
        raise UsageError(f"{number} is a nonconformance report: there is nothing to release. Name a certificate")
    if issued.simulated:
        raise UsageError(f"{number} is simulated: no device was tested, and a person's key releases nothing simulated")
    earlier = next((one for one in archive.released() if one.number == number + RELEASED), None)
    if earlier is not None:
        raise UsageError(f"{number} was released by {earlier.author} at {earlier.released_at} already. Nothing is left to do")
    return issued
