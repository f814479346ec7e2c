"""Get at the keys that seal: the station's own for real runs, the demonstration's for simulated ones, never the other way."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from station.certificates.authority import STATION, Holder, certified, common_name, new_authority, new_key
from station.certificates.holders import unfit_to_seal
from station.certificates.keys import (
    KeyFolder,
    KeysError,
    locked,
    read_certificates,
    read_key,
    read_private,
    write_certificates,
    write_key,
)
from station.certificates.seal import Sealing
from station.certificates.security_module import Module, ModuleSigner
from station.certificates.signer import FileSigner, Signer
from station.certificates.timestamp import TimeServer
from station.core.config import StationConfig
from station.core.errors import UsageError
from station.core.record import RunRecord

PASSPHRASE = "Name a file with the passphrase, and let the station's user read it"


class Seals:
    """The keys of the station that `config` describes; each is opened once, when it is first needed."""

    def __init__(self, config: StationConfig) -> None:
        self._config = config
        self._own: Sealing | None = None
        self._demonstration: Sealing | None = None

    def ready(self, *, simulated: bool) -> None:
        """Open the key that simulated or real runs need; raises KeysError when it cannot be had."""
        if simulated:
            self._demonstrating()
        else:
            self._real()

    def of(self, record: RunRecord) -> Sealing:
        """Return who seals the document about `record`; raises KeysError when the key cannot be had."""
        return self.sealing(simulated=record.started.simulated)

    def sealing(self, *, simulated: bool) -> Sealing:
        """Return who seals what is about simulated or real runs; raises KeysError when the key cannot be had."""
        return self._demonstrating() if simulated else self._real()

    def _real(self) -> Sealing:
        if self._own is None:
            keys = self._config.keys
            signer = own_signer(self._config)
            self._own = Sealing(signer, TimeServer(keys.timestamp) if keys.timestamp else None)
        return self._own

    def _demonstrating(self) -> Sealing:
        if self._demonstration is None:
            folder = demonstration_folder(self._config)
            if not folder.key().exists():
                _make_demonstration(folder, self._config)
            self._demonstration = Sealing(read_key(folder.key(), b""))
        return self._demonstration


def own_signer(config: StationConfig) -> Signer:
    """Return the station's own key, from its file or its security module; raises KeysError when none is good for today."""
    folder = KeyFolder(config.keys.folder)
    signer: Signer
    if config.keys.module:
        signer = ModuleSigner(module_of(config), read_certificates(folder.certificate)[0])
    else:
        signer = opened_key(folder.key(), config.keys.passphrase)
    _check(signer.certificate, config)
    return signer


def own_certificate(config: StationConfig) -> x509.Certificate:
    """Return the certificate of the station's own key, which is not opened; raises KeysError when none is good for today."""
    folder = KeyFolder(config.keys.folder)
    path = folder.certificate if config.keys.module else folder.key()
    if path.suffix == ".key":
        read_private(path)
    certificate = read_certificates(path)[0]
    _check(certificate, config)
    return certificate


def module_of(config: StationConfig) -> Module:
    """Return the security module that station.toml names, with its PIN."""
    keys = config.keys
    return Module(keys.module, keys.token, keys.label, passphrase(keys.passphrase, f"the token {keys.token}"))


@contextmanager
def as_usage() -> Iterator[None]:
    """Make of a key that a person named, and that cannot be used, what it is: wrong usage, and not a station that is locked."""
    try:
        yield
    except KeysError as error:
        raise UsageError(str(error)) from error


def opened_key(path: Path, passphrase_file: Path | None) -> FileSigner:
    """Return the key in `path`, its passphrase from a file or from the person at the terminal; raises KeysError."""
    return read_key(path, passphrase(passphrase_file, str(path)) if locked(path) else b"")


def passphrase(file: Path | None, what: str) -> bytes:
    """Return the passphrase of `what`; raises KeysError when there is neither a file with it nor a terminal to ask at."""
    if file is not None:
        return read_private(file, PASSPHRASE).rstrip(b"\r\n")
    if not sys.stdin.isatty():
        raise KeysError(
            f"{what} needs a passphrase, and nobody is here to ask. Name a file with it: passphrase in [keys] of station.toml "
            "for the station's own key, --passphrase-file for another"
        )
    return getpass.getpass(f"Passphrase of {what}: ").encode()


def demonstration_folder(config: StationConfig) -> KeyFolder:
    """Return the keys of the demonstration, which seal what a simulator made."""
    return KeyFolder(config.keys.folder / "demonstration")


def _make_demonstration(folder: KeyFolder, config: StationConfig) -> None:
    now = datetime.now(UTC)
    authority = new_authority(Holder("Demonstration authority", config.maker, config.site, demonstration=True), now)
    key = new_key()
    holder = Holder(config.id, config.maker, config.site, demonstration=True, role=STATION)
    write_certificates(folder.authority, [authority.certificate])
    write_key(folder.key(), FileSigner(key, certified(authority, key.public_key(), holder, now)), b"")


def _check(one: x509.Certificate, config: StationConfig) -> None:
    """Raise KeysError where a certificate is not this station's, or not for today."""
    if (why := unfit_to_seal(one, (config.id,))) is not None:
        raise KeysError(f"the station's key cannot seal: {why}. Say `station keys rotate`")
    now = datetime.now(UTC)
    if not one.not_valid_before_utc <= now <= one.not_valid_after_utc:
        until = f"{one.not_valid_before_utc:%Y-%m-%d} to {one.not_valid_after_utc:%Y-%m-%d}"
        raise KeysError(f"the certificate of {common_name(one)} is valid {until}, and today is not. Say `station keys rotate`")
