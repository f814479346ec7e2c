"""Verify documents on a terminal: one sentence for each thing that was looked at."""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography import x509

from station.certificates.authority import is_demonstration
from station.certificates.findings import Finding, Report, broken
from station.certificates.fingerprint import code, fingerprint
from station.certificates.keys import KeyFolder, KeysError, read_certificates
from station.certificates.store_check import OnRecord, Store
from station.certificates.typeface import Typefaces, no_typefaces
from station.certificates.verify import verify
from station.cli.home import find, read
from station.cli.plain import plain
from station.cli.seals import demonstration_folder
from station.cli.sources import kept_typefaces, originals_of
from station.core.canonical import digest
from station.core.config import StationConfig
from station.core.errors import StationError, UsageError
from station.store.archive import Archive
from station.store.shelves import RELEASED

_UNREAD = "file"
_log = logging.getLogger(__name__)
_SIGNS = {True: "✔", False: "✘", None: "–"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What to verify by: the authority's file, the code on paper, whether to draw again, and files with typefaces."""

    authority: Path | None
    code: str
    redraw: bool
    typefaces: tuple[Path, ...] = ()


def verify_files(files: list[Path], home: Path | None, asked: Asked) -> int:
    """Verify each file, and the code on paper where it is given; 0 all hold, 1 one does not, 2 one cannot be read."""
    text, authority = asked.code, asked.authority
    if not files and not text:
        raise UsageError("name a file to verify, or give the code on the paper: --code TEXT")
    config = _config(home, needed=authority is None or bool(text and not files))
    trusted = _named(authority) if authority is not None else _trusted(config) if files else ()
    store = _store(config) if config is not None else None
    verified = partial(verify, trusted=trusted, redraw=asked.redraw, store=store, typefaces=_typefaces(config, asked.typefaces))
    reports = [(str(file), _verified(file, verified, text)) for file in files]
    if not files:
        reports.append((f"code {text}", Report((_code_on_record(text, store),))))
    for name, report in reports:
        _print(name, report)
    broke = [report for _, report in reports if not report.holds]
    if not broke:
        return 0
    return 2 if all(report.findings[0].what == _UNREAD for report in broke) else 1


def _config(home: Path | None, *, needed: bool) -> StationConfig | None:
    """Return what is known of the station at hand; None where there is none and none is needed."""
    try:
        return read(find(home)).config
    except StationError:
        if needed or home is not None:
            raise
        return None


def _named(authority: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates in the file that the command names."""
    try:
        return read_certificates(authority)
    except KeysError as error:
        raise UsageError(f"--authority: {error}") from error


def _trusted(config: StationConfig | None) -> tuple[x509.Certificate, ...]:
    """Return the authorities of the station at hand; in the demonstration's folder, open to everybody, only those marked so."""
    own, shown = ((), ()) if config is None else map(_in, (KeyFolder(config.keys.folder), demonstration_folder(config)))
    found = (*own, *filter(is_demonstration, shown))
    if not found:
        raise UsageError("no authority is known here: name the file with the site's certificate: --authority FILE")
    return found


def _in(folder: KeyFolder) -> tuple[x509.Certificate, ...]:
    return read_certificates(folder.authority) if folder.authority.exists() else ()


def _typefaces(config: StationConfig | None, files: tuple[Path, ...]) -> Typefaces:
    """Return what finds a typeface: among `files`, and among the originals of the station at hand."""
    try:
        named = {digest(content): content for content in (file.read_bytes() for file in files)}
    except OSError as error:
        raise UsageError(f"the typeface cannot be read: {error}") from error
    kept = kept_typefaces(originals_of(config)) if config is not None else no_typefaces
    return lambda name: named.get(name) or kept(name)


def _verified(file: Path, verified: Callable[[bytes], Report], text: str) -> Report:
    try:
        content = file.read_bytes()
    except OSError as error:
        return broken(_UNREAD, f"cannot be read: {error.strerror}")
    try:
        report = verified(content)
    except Exception as error:
        _log.debug("%s cannot be checked", file, exc_info=True)  # a crafted file must not keep the next ones from being checked
        return broken("document", f"cannot be checked: {type(error).__name__}: {error}")
    if not text or not report.code:
        return report
    same = text == report.code
    said = "is the one of this document" if same else f"is of another document: this one's is {report.code}"
    return report.also(Finding("code", same, f"the code on the paper {said}"))


def _store(config: StationConfig) -> Store | None:
    """Return how to look a number up in the store at hand; None where there is no store."""
    if not config.store.exists():
        return None
    archive = Archive(config.store)

    def known(number: str) -> OnRecord | None:
        found = next((one for one in archive.issued() if one.number == number), None)
        if found is None:
            return None
        released = next((one.digest for one in archive.released() if one.number == number + RELEASED), "")
        return OnRecord(found.digest, archive.record(found.run_id), found.superseded_by, found.revoked, released)

    return Store(config.id, known)


def _code_on_record(text: str, store: Store | None) -> Finding:
    """Return whether the code on a paper is that of a document on record."""
    parts = text.split("|")
    if len(parts) != 4 or parts[0] != "EOL1":
        return Finding("code", False, "it is not like EOL1|number|serial|sixteen hexadecimal digits")
    known = store.find(parts[1]) if store is not None else None
    if known is None:
        return Finding("code", False, f"no {parts[1]} is on record here")
    if text != code(parts[1], known.record.started.serial, fingerprint(known.record)):
        return Finding("code", False, f"{parts[1]} is on record with another serial or record")
    gone = known.gone
    return Finding("code", not gone, gone or f"{parts[1]} is on record for {parts[2]}: {known.record.verdict.name}")


def _print(name: str, report: Report) -> None:
    out = sys.stdout
    out.write(f"{plain(name)}\n")
    if report.number:
        out.write(f"   {plain(report.number)}  {plain(report.serial)}  {plain(report.verdict)}\n")
    for finding in report.findings:
        out.write(f" {_SIGNS[finding.holds]} {finding.what}: {plain(finding.said)}\n")
    for note in report.notes:
        out.write(f"   {plain(note)}\n")
    out.write(f" {'VALID' if report.holds else 'NOT VALID'}\n")
