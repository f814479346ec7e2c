"""Make, show and change the keys that seal documents."""

import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from station.certificates.authority import (
    PERSON,
    STATION,
    Authority,
    Holder,
    certified,
    common_name,
    is_demonstration,
    new_authority,
    new_key,
)
from station.certificates.fit import refuse_unfit
from station.certificates.keys import (
    SHORTEST,
    KeyFolder,
    KeysError,
    read_certificates,
    read_private,
    write_certificates,
    write_key,
)
from station.certificates.signer import FileSigner
from station.cli.home import find, read, shown
from station.cli.seals import PASSPHRASE, as_usage, demonstration_folder, module_of, opened_key, own_signer, refuse_unfit_person
from station.core.config import StationConfig
from station.core.errors import StationError


@as_usage()
def make_keys(home_option: Path | None, person: str, authority_key: Path | None, passphrase_file: Path | None) -> int:
    """Make the station's key, or a person's, and have the site's authority certify it; the authority too where there is none."""
    config = read(find(home_option)).config
    folder = KeyFolder(config.keys.folder)
    path = _place(config, person)
    if person == config.id:
        raise KeysError(f"{person} is this station, and no person: leave --for out, or name who is to release")
    if path.exists():
        raise KeysError(f"{path} is there already. `station keys rotate` puts a new key in its place")
    authority = _authority(folder, config, authority_key, passphrase_file)
    certificate = _certified(config, authority, person, path, passphrase_file, replace=False)
    who, by = common_name(certificate), common_name(authority.certificate)
    _say(f"{shown(path, config.home)} made: the key of {who}, certified by {by}")
    if folder.authority_key.exists():
        _say(
            f"Keep {shown(folder.authority_key, config.home)} off this computer from now on: whoever has it can certify any key."
        )
    _say(f"Give {shown(folder.authority, config.home)} to everybody who is to verify documents.")
    return 0


@as_usage()
def rotate_keys(home_option: Path | None, person: str, authority_key: Path | None, passphrase_file: Path | None) -> int:
    """Put a new key in the place of the station's, or a person's; what the old one sealed stays valid."""
    config = read(find(home_option)).config
    folder = KeyFolder(config.keys.folder)
    path = _place(config, person)
    old = _certificate_of(path)
    authority = _authority(folder, config, authority_key, passphrase_file)
    if not folder.retired(old).exists():
        write_certificates(folder.retired(old), [old])
    certificate = _certified(config, authority, person, path, passphrase_file, replace=True)
    until = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
    _say(f"{shown(path, config.home)} changed: {common_name(certificate)} has a new key until {until}")
    return 0


def show_keys(home_option: Path | None) -> int:
    """Print whose keys there are, who certified them and until when, and whether the station could seal now."""
    config = read(find(home_option)).config
    folder = KeyFolder(config.keys.folder)
    found = [one for one in (folder.authority, demonstration_folder(config).authority) if one.exists()]
    for path in found:
        for one in read_certificates(path):
            _say(_described("authority", one, path, config))
    for path in (*sorted(folder.folder.glob("people/*.key")), _place(config, ""), demonstration_folder(config).key()):
        if path.exists():
            _say(_described("key", _certificate_of(path), path, config))
    _say_unfit(config)
    try:
        signer = own_signer(config) if config.keys.module or folder.key().exists() else None
    except StationError as error:
        _say(f"The station cannot seal real documents: {error}")
        return 4
    if signer is None:
        _say("The station has no key of its own: only simulated documents are sealed. Say: station keys init")
        return 4
    _say(f"The station can seal, as {common_name(signer.certificate)}.")
    return 0


def _say_unfit(config: StationConfig) -> None:
    """Say of each person who has a key here, and could not release with it now, why not."""
    for path in sorted(config.keys.folder.glob("people/*.key")):
        try:
            refuse_unfit_person(path.stem, _certificate_of(path), config)
        except KeysError as error:
            _say(f"{path.stem} cannot release: {error}")


def _described(what: str, one: x509.Certificate, path: Path, config: StationConfig) -> str:
    mark = "  DEMONSTRATION, NOT VALID" if is_demonstration(one) else ""
    until = f"{one.not_valid_before_utc:%Y-%m-%d} to {one.not_valid_after_utc:%Y-%m-%d}"
    digest = one.fingerprint(SHA256()).hex()
    return (
        f"{what:<9}  {common_name(one)}{mark}\n           {shown(path, config.home)}, valid {until}\n           SHA-256 {digest}"
    )


def _authority(folder: KeyFolder, config: StationConfig, key: Path | None, passphrase_file: Path | None) -> Authority:
    """Return the site's authority: from `key`, from the station's folder, or a new one where the site has none yet."""
    path = key or folder.authority_key
    if path.exists():
        signer = opened_key(path, passphrase_file)
        if not folder.authority.exists():
            write_certificates(folder.authority, [signer.certificate])
        if signer.certificate not in read_certificates(folder.authority):
            raise KeysError(f"{path} is not the key of an authority in {folder.authority}: append its certificate there first")
        return Authority(signer.key, signer.certificate)
    if key is not None or folder.authority.exists():
        raise KeysError(f"the authority's key {path} is not here. Bring it, and name it: --authority-key FILE")
    made = new_authority(Holder(f"{config.maker} documents, {config.site}", config.maker, config.site), datetime.now(UTC))
    write_key(
        path, FileSigner(made.key, made.certificate), _new_passphrase(f"the site's authority ({path.name})", passphrase_file)
    )
    write_certificates(folder.authority, [made.certificate])
    return made


def _certified(
    config: StationConfig, authority: Authority, person: str, path: Path, passphrase_file: Path | None, *, replace: bool
) -> x509.Certificate:
    """Certify a new key, or the one in the security module, write what is to be written, and return the certificate."""
    role, now = PERSON if person else STATION, datetime.now(UTC)
    holder, folder = Holder(person or config.id, config.maker, config.site, role=role), KeyFolder(config.keys.folder)
    if config.keys.module and not person:
        certificate = certified(authority, module_of(config).public_key(), holder, now)
        refuse_unfit(certificate, folder.authority, now)
        write_certificates(folder.certificate, [certificate], replace=replace)
        return certificate
    key = new_key()
    signer = FileSigner(key, certified(authority, key.public_key(), holder, now))
    refuse_unfit(signer.certificate, folder.authority, now)
    write_key(path, signer, _new_passphrase(f"the key of {holder.name} ({path.name})", passphrase_file), replace=replace)
    return signer.certificate


def _place(config: StationConfig, person: str) -> Path:
    """Return the file with the station's or a person's key, or with the certificate of the key in the security module."""
    folder = KeyFolder(config.keys.folder)
    return folder.certificate if config.keys.module and not person else folder.key(person)


def _certificate_of(path: Path) -> x509.Certificate:
    if path.suffix == ".key":
        read_private(path)
    return read_certificates(path)[0]


def _new_passphrase(what: str, file: Path | None) -> bytes:
    """Return a new passphrase: from a file, or typed twice at the terminal; raises KeysError when it is too short."""
    if file is not None:
        chosen = read_private(file, PASSPHRASE).rstrip(b"\r\n")
    elif sys.stdin.isatty():
        chosen = getpass.getpass(f"New passphrase of {what}: ").encode()
        if chosen != getpass.getpass("The same again: ").encode():
            raise KeysError("the two passphrases differ: nothing was written")
    else:
        raise KeysError(f"{what} needs a passphrase, and nobody is here to ask. Name a file with it: --passphrase-file FILE")
    if len(chosen.decode(errors="replace")) < SHORTEST:
        raise KeysError(f"the passphrase of {what} is shorter than {SHORTEST} characters: nothing was written")
    return chosen


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
