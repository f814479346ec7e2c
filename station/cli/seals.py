"""Get at the keys that seal: the station's own for real runs, the demonstration's for simulated ones, never the other way."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from station.certificates.authority import STATION, Holder, certified, new_authority, new_key
from station.certificates.fit import refuse_unfit, refuse_unproven
from station.certificates.holders import unfit_to_release, unfit_to_seal
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

PASSPHRASE = "Name a file with the passphrase, and let the station's user read it"


class Seals:
    """The keys of the station that `config` describes; each is opened once, when it is first needed."""

    def __init__(self, config: StationConfig) -> None:
        self._config = config
        self._own: Sealing | None = None
        self._demonstration: Sealing | None = None

    def ready(self, *, simulated: bool) -> None:
        """Open the key that simulated or real runs need; raises KeysError when it cannot be had."""
        self.sealing(datetime.now(UTC), simulated=simulated)

    def sealing(self, at: datetime, *, simulated: bool) -> Sealing:
        """Return who seals at `at` (UTC) what is about simulated or real runs; raises KeysError when nobody may."""
        if simulated:
            sealing = self._demonstrating()
            refuse_unfit(sealing.signer.certificate, self._authority(simulated=True), at)
        else:
            sealing = self._real()
            _refuse_unfit(sealing.signer.certificate, self._config, at)
        return sealing

    def prove(self, document: bytes, *, simulated: bool) -> None:
        """Raise KeysError when the seal of a document about a simulated or real run would not hold for who verifies it."""
        refuse_unproven(document, self._authority(simulated=simulated))

    def _authority(self, *, simulated: bool) -> Path:
        """Return the file with the authorities that certify who seals simulated or real documents."""
        folder = demonstration_folder(self._config) if simulated else KeyFolder(self._config.keys.folder)
        return folder.authority

    def _real(self) -> Sealing:
        if self._own is None:
            keys = self._config.keys
            self._own = Sealing(own_signer(self._config), TimeServer(keys.timestamp) if keys.timestamp else None)
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
    _refuse_unfit(signer.certificate, config, datetime.now(UTC))
    return signer


def own_certificate(config: StationConfig) -> x509.Certificate:
    """Return the certificate of the station's own key, which is not opened; raises KeysError when none is good for today."""
    folder = KeyFolder(config.keys.folder)
    path = folder.certificate if config.keys.module else folder.key()
    if path.suffix == ".key":
        read_private(path)
    certificate = read_certificates(path)[0]
    _refuse_unfit(certificate, config, datetime.now(UTC))
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
    earlier = read_certificates(folder.authority) if folder.authority.exists() else ()  # its key is gone, or never came to be
    write_certificates(folder.authority, [*earlier, authority.certificate], replace=True)
    write_key(folder.key(), FileSigner(key, certified(authority, key.public_key(), holder, now)), b"")


def refuse_unfit_person(person: str, certificate: x509.Certificate, config: StationConfig) -> None:
    """Raise KeysError when the key of `person` can release nothing of this station now."""
    holder, rotate = unfit_to_release(certificate, (config.id,)), f"station keys rotate --for {person}"
    refuse_unfit(certificate, KeyFolder(config.keys.folder).authority, datetime.now(UTC), holder, rotate)


def _refuse_unfit(certificate: x509.Certificate, config: StationConfig, at: datetime) -> None:
    """Raise KeysError when a key cannot seal for this station at `at` (UTC)."""
    refuse_unfit(certificate, KeyFolder(config.keys.folder).authority, at, unfit_to_seal(certificate, (config.id,)))
