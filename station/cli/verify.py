"""Verify documents on a terminal: one sentence for each thing that was looked at."""

import errno
import logging
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography import x509

from station.certificates.authority import is_demonstration
from station.certificates.findings import Finding, Report, broken
from station.certificates.keys import KeyFolder, KeysError, read_certificates
from station.certificates.store_check import Unasked
from station.certificates.typeface import Typefaces, no_typefaces
from station.certificates.verify import verify
from station.cli.memory import MORE, within
from station.cli.paper_code import code_on_record
from station.cli.plain import plain
from station.cli.seals import demonstration_folder
from station.cli.sources import kept_typefaces, originals_of
from station.cli.store_at_hand import station_at_hand, store_of
from station.core.canonical import digest
from station.core.config import StationConfig
from station.core.errors import UsageError

_UNREAD = "file"
_LARGEST = 2**28  # bytes: three thousand times what a certificate takes
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
    found = _at_hand(home, authority, files)
    config = found if isinstance(found, StationConfig) else None
    trusted = _named(authority) if authority is not None else _trusted(config) if files else ()
    store = store_of(found, named=home is not None) if isinstance(found, StationConfig) else found
    verified = partial(verify, trusted=trusted, redraw=asked.redraw, store=store, typefaces=_typefaces(config, asked.typefaces))
    reports = [(str(file), _verified(file, verified, text)) for file in files]
    if not files:
        reports.append((f"code {text}", code_on_record(text, store)))
    for name, report in reports:
        _print(name, report)
    broke = [report for _, report in reports if not report.holds]
    if not broke:
        return 0
    return 2 if all(report.findings[0].what == _UNREAD for report in broke) else 1


def _at_hand(home: Path | None, authority: Path | None, files: list[Path]) -> StationConfig | Unasked | None:
    """Return the station at hand; where it alone could vouch for `files` and there is none, the error names what vouches too."""
    try:
        return station_at_hand(home, needed=authority is None or not files)
    except UsageError as error:
        if home is not None or not files:
            raise
        why = f"no station.toml in {Path.cwd()} or above, so no authority is known here"
        raise UsageError(
            f"{why}. Name the file with the site's certificate, --authority FILE, or its station, --home DIR"
        ) from error


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
        raise UsageError(f"--typeface {error.filename} cannot be read: {error.strerror}. Name a file with a typeface") from error
    kept = kept_typefaces(originals_of(config)) if config is not None else no_typefaces
    return lambda name: named.get(name) or kept(name)


def _verified(file: Path, verified: Callable[[bytes], Report], text: str) -> Report:
    try:
        content = _content(file)
    except OSError as error:
        return broken(_UNREAD, f"cannot be read: {error.strerror}")
    try:
        with within(MORE):
            report = verified(content)
    except Exception as error:
        _log.debug("%s cannot be checked", file, exc_info=True)  # a crafted file must not keep the next ones from being checked
        return broken("document", f"cannot be checked: {type(error).__name__}: {error}")
    if not text or not report.code:
        return report
    same = text == report.code
    said = "is the one of this document" if same else f"is of another document: this one's is {report.code}"
    return report.also(Finding("code", same, f"the code on the paper {said}"))


def _content(file: Path) -> bytes:
    """Return what is in `file`; raises OSError where that is none: a pipe may never end, and a device fills the memory."""
    found = file.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, os.strerror(errno.EISDIR) if stat.S_ISDIR(found.st_mode) else "It is no plain file")
    if found.st_size > _LARGEST:
        raise OSError(errno.EFBIG, f"It has more than {_LARGEST // 2**20} MiB, and no document is so large")
    return file.read_bytes()


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
