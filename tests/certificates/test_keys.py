"""Keys are readable by nobody else, certificates say who may do what, and each fault has a sentence."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256K1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from station.certificates.authority import Holder, certified, common_name, distrust, is_demonstration, new_key
from station.certificates.keys import KeyFolder, KeysError, locked, read_certificates, read_key, write_certificates, write_key
from station.certificates.signer import FileSigner, loaded, lower, verified
from tests.certificates.sealing import AT, authority, trusted

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141  # of secp256k1
KEY = new_key()
SIGNER = FileSigner(KEY, certified(authority(), KEY.public_key(), Holder("EOL-01", "Example", "Hall 2"), AT))


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


def test_a_key_is_written_with_its_certificate_for_its_owner_alone(folder: KeyFolder) -> None:
    write_key(folder.key(), SIGNER, b"correct horse battery")

    assert 0o600 == folder.key().stat().st_mode & 0o777
    assert locked(folder.key())
    assert SIGNER.certificate == read_key(folder.key(), b"correct horse battery").certificate


@pytest.mark.parametrize(("passphrase", "said"), [(b"", "needs a passphrase"), (b"wrong", "the passphrase is wrong")])
def test_a_key_opens_with_its_passphrase_alone(folder: KeyFolder, passphrase: bytes, said: str) -> None:
    write_key(folder.key(), SIGNER, b"correct horse battery")

    with pytest.raises(KeysError, match=said):
        read_key(folder.key(), passphrase)


def test_a_passphrase_for_a_key_that_has_none_is_a_mistake_that_is_named(folder: KeyFolder) -> None:
    write_key(folder.key(), SIGNER, b"")

    with pytest.raises(KeysError, match="has no passphrase, and one was given"):
        read_key(folder.key(), b"correct horse battery")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o644])
def test_a_key_that_somebody_else_could_read_or_change_is_refused(folder: KeyFolder, mode: int) -> None:
    write_key(folder.key(), SIGNER, b"")
    folder.key().chmod(mode)

    with pytest.raises(KeysError, match=f"can be read or changed by others \\(its rights are {mode:04o}\\). Say: chmod 600"):
        read_key(folder.key(), b"")


def test_a_key_is_never_replaced_unless_it_is_to_be(folder: KeyFolder) -> None:
    write_key(folder.key(), SIGNER, b"")

    with pytest.raises(KeysError, match="is there already"):
        write_key(folder.key(), SIGNER, b"")
    write_key(folder.key(), SIGNER, b"correct horse battery", replace=True)
    assert locked(folder.key())
    assert ["station.key"] == [path.name for path in folder.folder.iterdir()]


def test_a_key_and_a_certificate_that_do_not_belong_together_are_refused(folder: KeyFolder) -> None:
    write_key(folder.key(), FileSigner(new_key(), SIGNER.certificate), b"")

    with pytest.raises(KeysError, match="is not the one that its certificate names"):
        read_key(folder.key(), b"")


def test_a_key_that_is_not_there_or_is_none_is_named(folder: KeyFolder) -> None:
    with pytest.raises(KeysError, match="Make keys with `station keys init`"):
        read_key(folder.key(), b"")
    folder.folder.mkdir()
    folder.key().write_text("hello")
    folder.key().chmod(0o600)
    with pytest.raises(KeysError, match="the file is damaged"):
        read_key(folder.key(), b"")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "x" * 65, "a b"])
def test_no_name_of_a_person_leads_out_of_the_folder(folder: KeyFolder, name: str) -> None:
    if not name:
        assert folder.folder / "station.key" == folder.key(name)
        return
    with pytest.raises(KeysError, match="cannot name a key"):
        folder.key(name)


def test_certificates_are_for_everybody_and_several_may_stand_in_one_file(folder: KeyFolder) -> None:
    both = (authority().certificate, authority("Another").certificate)
    write_certificates(folder.authority, both)

    assert both == read_certificates(folder.authority)
    assert 0o644 == folder.authority.stat().st_mode & 0o777


def test_a_file_that_holds_no_certificate_is_named(folder: KeyFolder) -> None:
    with pytest.raises(KeysError, match="It is the site's authority file"):
        read_certificates(folder.authority)
    folder.folder.mkdir()
    folder.authority.write_text("hello")
    with pytest.raises(KeysError, match="holds no certificate"):
        read_certificates(folder.authority)


def test_a_station_s_certificate_may_sign_and_not_certify() -> None:
    usage = SIGNER.certificate.extensions.get_extension_for_class(x509.KeyUsage)

    assert usage.critical
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    assert "EOL-01" == common_name(SIGNER.certificate)
    assert not is_demonstration(SIGNER.certificate)
    assert distrust(SIGNER.certificate, trusted(), AT) is None


def test_an_authority_may_not_sign_documents_and_a_station_may_not_certify() -> None:
    root = authority().certificate

    assert "is not for signing documents" in (distrust(root, (root,), AT) or "")
    assert "certified by none" in (distrust(SIGNER.certificate, (SIGNER.certificate,), AT) or "")


@pytest.mark.parametrize("days", [-1, 731, 8000])
def test_a_certificate_holds_for_its_two_years_and_no_longer(days: int) -> None:
    assert "is valid 20" in (distrust(SIGNER.certificate, trusted(), AT + timedelta(days=days)) or "")


def test_an_authority_whose_certificate_was_renewed_vouches_by_the_one_that_was_valid() -> None:
    (now,) = trusted()
    made = x509.CertificateBuilder(now.issuer, now.subject, now.public_key(), 1, extensions=list(now.extensions))
    made = made.not_valid_before(AT - timedelta(days=9999)).not_valid_after(AT - timedelta(days=1))
    old = made.sign(authority().key, SHA256())

    assert [None, None] == [distrust(SIGNER.certificate, both, AT) for both in ((old, now), (now, old))]


def test_a_name_longer_than_a_certificate_takes_is_cut() -> None:
    made = certified(authority(), new_key().public_key(), Holder("E" * 80, "", "S" * 80), AT)

    assert "E" * 64 == common_name(made)


def test_a_signature_is_the_same_each_time_and_in_the_lower_half() -> None:
    signature = SIGNER.sign(b"hello")

    assert signature == SIGNER.sign(b"hello") == lower(signature)
    assert verified(SIGNER.certificate, b"hello", signature)
    assert not verified(SIGNER.certificate, b"hullo", signature)
    assert not verified(SIGNER.certificate, b"hello", b"\x30\x00")


def test_a_signature_on_another_curve_than_p_256_is_none() -> None:
    key = generate_private_key(SECP256K1())
    certificate = certified(authority(), key.public_key(), Holder("EOL-01", "Example", "Hall 2"), AT)

    r, s = decode_dss_signature(key.sign(b"hello", ECDSA(SHA256())))
    lowest = encode_dss_signature(r, min(s, ORDER - s))

    assert lowest == lower(lowest)
    assert not verified(certificate, b"hello", lowest)


def test_a_certificate_is_read_whole_or_not_at_all() -> None:
    content = bytearray(SIGNER.certificate.public_bytes(Encoding.DER))
    assert SIGNER.certificate == loaded(bytes(content))
    content[12] = 9  # its version

    with pytest.raises(ValueError, match="its certificate cannot be read"):
        loaded(bytes(content))
