"""A key whose signature no verifier would take signs nothing: no document, no release, no report, and no number is used up."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256

from station.certificates.authority import PERSON, STATION, Authority, Holder, certified, new_authority, new_key
from station.certificates.keys import KeyFolder, KeysError, read_key, write_certificates, write_key
from station.certificates.signer import FileSigner
from station.cli.home import read
from station.clocks.steady import SteadyClock
from station.store.archive import Archive
from tests.cli.certified import PASSPHRASE, certify, home_in, opened
from tests.cli.test_documents import NUMBER, invoke

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a station's and a person's keys, from which each test is given one of its own."""
    home = home_in(tmp_path_factory.mktemp("ready"))
    for words in ((), ("--for", "quinn")):
        assert 0 == invoke(home, "keys", "init", *words, "--passphrase-file", str(home / "secret")).exit_code
    return home


@pytest.fixture
def home(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready, tmp_path, dirs_exist_ok=True))


def recertify(home: Path, person: str, at: datetime, by: Authority | None = None) -> None:
    """Put a key in the place of the station's, or a person's: certified at `at` by the site's authority, or by another."""
    folder = KeyFolder(home / "keys")
    if by is None:
        signer = read_key(folder.authority_key, PASSPHRASE.encode())
        by = Authority(signer.key, signer.certificate)
    key, holder = new_key(), Holder(person or "EOL-01", "Example Devices GmbH", "Hall 2", role=PERSON if person else STATION)
    write_key(folder.key(person), FileSigner(key, certified(by, key.public_key(), holder, at)), PASSPHRASE.encode(), replace=True)


def expired(home: Path, person: str = "") -> None:
    recertify(home, person, NOW - timedelta(days=3 * 365))


def strange(home: Path, person: str = "") -> None:
    recertify(home, person, NOW, new_authority(Holder("Somebody", "Example Devices GmbH", "Hall 2"), NOW))


def forgotten(home: Path, person: str = "") -> None:
    other = new_authority(Holder("Somebody", "Example Devices GmbH", "Hall 2"), NOW)
    write_certificates(KeyFolder(home / "keys").authority, [other.certificate], replace=True)


class Later(SteadyClock):
    """A clock that is two years on: the station's key has run out, and the site's authority has not."""

    def utc(self) -> str:
        return (datetime.fromisoformat(super().utc()) + timedelta(days=2 * 365 + 1)).isoformat()


UNFIT = [(expired, "is valid 20"), (strange, "certified by none"), (forgotten, "certified by none")]
Break = Callable[[Path], None]


@pytest.mark.parametrize(("broken", "said"), UNFIT)
def test_a_document_that_nobody_could_verify_is_not_issued_and_its_number_stays_free(
    home: Path, broken: Break, said: str
) -> None:
    kept = {path: path.read_bytes() for path in (home / "keys").iterdir() if path.is_file()}
    broken(home)

    with pytest.raises(KeysError, match=said) as refused:
        certify(home, simulated=False)

    for path, content in kept.items():
        path.write_bytes(content)
    assert "Say `station keys rotate`" in str(refused.value)
    assert () == Archive(read(home).config.store).issued()
    assert [] == [path for path in (home / "reports" / "issued").rglob("*") if path.is_file()]
    with opened(home) as store:
        (late,) = store.desk.issue_owed()
    assert NUMBER in late


def test_the_day_is_looked_at_for_every_document_and_not_when_the_key_is_opened_alone(home: Path) -> None:
    certify(home, "SN26-100401", simulated=False)
    certify_unissued(home)

    with opened(home) as store:
        (owed,) = store.archive.owed()
        record = store.archive.record(owed)
        store.desk.seals.ready(simulated=False)
        midnight = replace(store.desk, clock=Later())
        with pytest.raises(KeysError, match="is valid 20"):
            midnight.issue(record)

        assert [NUMBER] == [one.number for one in store.archive.issued()]


def certify_unissued(home: Path) -> None:
    """Put a run on record whose document is owed: its key was of no use when it ended."""
    good = (home / "keys" / "station.key").read_bytes()
    strange(home)
    with pytest.raises(KeysError):
        certify(home, "SN26-100402", simulated=False, seed=2)
    (home / "keys" / "station.key").write_bytes(good)


def test_a_seal_that_does_not_hold_is_found_before_anything_is_on_record(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = new_key()
    monkeypatch.setattr(FileSigner, "sign", lambda _, message: other.sign(message, ECDSA(SHA256())))

    with pytest.raises(KeysError, match=r"whoever verifies it would be told seal: was not made with the key of EOL-01"):
        certify(home, simulated=False)

    assert () == Archive(read(home).config.store).issued()


@pytest.mark.parametrize(("broken", "said"), UNFIT)
def test_keys_show_says_that_the_station_cannot_seal_and_why(home: Path, broken: Break, said: str) -> None:
    broken(home)

    shown = invoke(home, "keys", "show")

    assert 4 == shown.exit_code
    assert "The station cannot seal real documents: the " in shown.output
    assert said in shown.output
    assert "station keys rotate" in shown.output


def test_keys_show_names_who_cannot_release(home: Path) -> None:
    expired(home, "quinn")

    shown = invoke(home, "keys", "show")

    assert 0 == shown.exit_code
    assert "quinn cannot release: the certificate of quinn is valid 20" in shown.output
    assert "The station can seal, as EOL-01." in shown.output


@pytest.mark.parametrize("broken", [expired, strange])
def test_a_release_by_a_key_that_nobody_would_take_is_refused(home: Path, broken: Callable[[Path, str], None]) -> None:
    certify(home, simulated=False)
    good = (home / "keys" / "people" / "quinn.key").read_bytes()
    broken(home, "quinn")

    refused = invoke(home, "release", NUMBER, "--by", "quinn", "--passphrase-file", str(home / "secret"))

    (home / "keys" / "people" / "quinn.key").write_bytes(good)
    assert (2, True) == (refused.exit_code, "Say `station keys rotate --for quinn`" in refused.output), refused.output
    assert () == Archive(read(home).config.store).released()
    assert [] == list((home / "reports" / "issued").rglob("*-R_*"))
    assert 0 == invoke(home, "release", NUMBER, "--by", "quinn", "--passphrase-file", str(home / "secret")).exit_code


def test_a_release_of_a_certificate_whose_authority_is_not_in_the_file_any_more_is_refused(home: Path) -> None:
    certify(home, simulated=False)
    other = new_authority(Holder("Somebody", "Example Devices GmbH", "Hall 2"), NOW)
    write_certificates(KeyFolder(home / "keys").authority, [other.certificate], replace=True)
    recertify(home, "quinn", NOW, other)

    refused = invoke(home, "release", NUMBER, "--by", "quinn", "--passphrase-file", str(home / "secret"))

    assert 4 == refused.exit_code, refused.output
    assert "would be told seal: chain: the key of EOL-01 is certified by none" in refused.output
    assert () == Archive(read(home).config.store).released()


def test_a_report_on_a_lot_is_not_written_with_a_key_that_nobody_would_take(home: Path) -> None:
    certify(home, simulated=False)
    lot = Archive(read(home).config.store)
    named = next(iter(lot.runs())).lot
    expired(home)

    refused = invoke(home, "lot", named)

    assert 4 == refused.exit_code, refused.output
    assert not (home / "reports" / "lots").exists()


def test_no_key_is_certified_by_an_authority_that_has_run_out(home: Path) -> None:
    folder = KeyFolder(home / "keys")
    old = new_authority(Holder("Old authority", "Example Devices GmbH", "Hall 2"), NOW - timedelta(days=30 * 365))
    write_key(folder.authority_key, FileSigner(old.key, old.certificate), PASSPHRASE.encode(), replace=True)
    write_certificates(folder.authority, [old.certificate], replace=True)
    before = folder.key().read_bytes()

    rotated = invoke(home, "keys", "rotate", "--passphrase-file", str(home / "secret"))

    assert 2 == rotated.exit_code
    assert "the certificate of Old authority is valid 19" in rotated.output
    assert before == folder.key().read_bytes()
