"""Keep keys in files that nobody but the station's user can read, and refuse those that somebody else could."""

import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from station.certificates.signer import FileSigner
from station.core.errors import LockedError
from station.disk.durable import make_folder, sync_folder

_PRIVATE = 0o600
SHORTEST = 12  # characters of a passphrase


class KeysError(LockedError):
    """A key cannot be used, so nothing can be sealed; the message says why and what to do."""


class KeyFolder:
    """The keys of a station, in `folder`: its authority's certificate, its own key and certificate, those of people."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def authority(self) -> Path:
        """Return the file with the certificates of the authorities that this site trusts: all that a verifier needs."""
        return self.folder / "authority.pem"

    @property
    def authority_key(self) -> Path:
        """Return the file with the authority's key; it is best kept elsewhere, and only brought to certify."""
        return self.folder / "authority.key"

    def key(self, name: str = "") -> Path:
        """Return the file with the station's key and its certificate, or those of the person `name`."""
        if not name:
            return self.folder / "station.key"
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", name):
            raise KeysError(f"{name!r} cannot name a key: use letters, digits, point, hyphen and underscore")
        return self.folder / "people" / f"{name}.key"

    @property
    def certificate(self) -> Path:
        """Return the file with the station's certificate where its key is in a security module, and in no file."""
        return self.folder / "station.pem"

    def retired(self, certificate: x509.Certificate) -> Path:
        """Return where the certificate of a key that is used no more is kept."""
        return self.folder / "retired" / f"{certificate.serial_number:040x}.pem"


def write_key(path: Path, signer: FileSigner, passphrase: bytes, *, replace: bool = False) -> None:
    """Write a key with its certificate, locked by `passphrase` unless that is empty, readable by this user alone.

    Both in one file, so that no power cut parts them. Raises KeysError when there is one already, unless it is to be replaced.
    """
    lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    content = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    _write(path, content + signer.certificate.public_bytes(Encoding.PEM), _PRIVATE, replace=replace)


def write_certificates(path: Path, certificates: Iterable[x509.Certificate], *, replace: bool = False) -> None:
    """Write certificates, for everybody to read; raises KeysError when there are some already, unless they are to be replaced."""
    _write(path, b"".join(one.public_bytes(Encoding.PEM) for one in certificates), 0o644, replace=replace)


def _write(path: Path, content: bytes, mode: int, *, replace: bool = False) -> None:
    """Write a file whole, with its rights from the first moment on; only what is to be replaced is.

    A document outlives a power cut, and so must who vouches for its key.
    """
    try:
        make_folder(path.parent)
        handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)  # readable by this user alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                os.fchmod(file.fileno(), mode)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path) if replace else path.hardlink_to(temporary)
        finally:
            Path(temporary).unlink(missing_ok=True)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise KeysError(f"{path} is there already, and is not replaced. Move it away, or say `station keys rotate`") from error
    except OSError as error:
        raise KeysError(f"{path} cannot be written: {error}. Let the station's user write there") from error


def read_key(path: Path, passphrase: bytes) -> FileSigner:
    """Return the key in `path`; raises KeysError when somebody else can read it, or `passphrase` does not open it."""
    content = read_private(path)
    try:
        key = load_pem_private_key(content, passphrase or None)
        (certificate,) = x509.load_pem_x509_certificates(content)
    except TypeError as error:
        why = "has no passphrase, and one was given" if passphrase else "needs a passphrase"
        raise KeysError(f"the key {path} {why}") from error
    except ValueError as error:
        raise KeysError(f"the key {path} cannot be opened: the passphrase is wrong, or the file is damaged") from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise KeysError(f"the key {path} is not on P-256. Make one with `station keys init`")
    if key.public_key() != certificate.public_key():
        raise KeysError(f"the key {path} is not the one that its certificate names")
    return FileSigner(key, certificate)


def read_private(path: Path, remedy: str = "Make keys with `station keys init`") -> bytes:
    """Return what is in `path`; raises KeysError when others may read or change it, and with the `remedy` when we may not."""
    try:
        mode = path.stat().st_mode & 0o777
        content = path.read_bytes()
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}. {remedy}") from error
    if mode & 0o077:
        raise KeysError(f"{path} can be read or changed by others (its rights are {mode:04o}). Say: chmod 600 {path}")
    return content


def locked(path: Path) -> bool:
    """Return whether the key in `path` needs a passphrase."""
    return b"BEGIN ENCRYPTED PRIVATE KEY" in read_private(path)


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates in `path`; raises KeysError when there are none."""
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError as error:
        raise KeysError(
            f"{path} cannot be read: {error.strerror}. It is the site's authority file, or made by `keys init`"
        ) from error
    except ValueError as error:
        raise KeysError(f"{path} holds no certificate in PEM. It is a file like authority.pem, that `keys init` makes") from error
