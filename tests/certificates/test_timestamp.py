"""A time stamp (PAdES B-T) is asked for, kept inside the seal, and believed only when an authority vouches for its server."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import cms, keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from station.certificates.authority import Authority, Holder, new_authority
from station.certificates.container import taken_apart
from station.certificates.der import SEQUENCE, integer, tlv
from station.certificates.issue import issue
from station.certificates.opened import Signature, opened, unpadded
from station.certificates.release import released
from station.certificates.seal import ANY_STAMP, Sealing, padded
from station.certificates.signer import FileSigner, der
from station.certificates.stamp_check import stamped_at
from station.certificates.stamp_form import plain
from station.certificates.timestamp import TimeServer, answer, imprint
from station.certificates.verify import verify
from station.core.errors import StationError
from tests.certificates.sealing import AT, authority, carried, sealing, trusted
from tests.certificates.validators import pdfsig, tool, verapdf

TIME_STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
Key = EllipticCurvePrivateKey | rsa.RSAPrivateKey
OPENSSL = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/leaf.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
"""
STAMPED = datetime(2026, 11, 22, 8, 40, 7, tzinfo=UTC)


def leaf_of(key: Key, root: Authority, at: datetime, purpose: x509.ObjectIdentifier = TIME_STAMPING) -> x509.Certificate:
    """Return the certificate of a time-stamp server, by the authority `root`."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Plant time")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(root.certificate.subject).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=99))
    made = made.add_extension(sealing().signer.certificate.extensions.get_extension_for_class(x509.KeyUsage).value, critical=True)
    return made.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True).sign(root.key, SHA256())


@cache
def server(purpose: x509.ObjectIdentifier = TIME_STAMPING) -> DummyTimeStamper:
    """Return a time-stamp server of somebody else's making."""
    key = rsa.generate_private_key(65537, 2048)
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
    return DummyTimeStamper(
        asn1.Certificate.load(der(leaf_of(key, authority(), AT, purpose))),
        keys.PrivateKeyInfo.load(plain),
        store,
        fixed_dt=STAMPED,
    )


def asking(signature: bytes) -> tsp.TimeStampReq:
    return tsp.TimeStampReq({"version": "v1", "message_imprint": imprint(signature), "nonce": 7, "cert_req": True})


@cache
def token(signature: bytes) -> bytes:
    return answer(server().request_tsa_response(asking(signature)).dump(), asking(signature))


@cache
def by_curve(signature: bytes) -> bytes:
    """Return a stamp by a server whose key is on an elliptic curve, in the other signature that holds for the same bytes."""
    key = generate_private_key(SECP384R1())
    certificate = asn1.Certificate.load(der(leaf_of(key, authority(), AT)))
    made = cms.ContentInfo.load(token(signature))
    signed, signer = made["content"], made["content"]["signer_infos"][0]
    signed["certificates"] = [cms.CertificateChoices(name="certificate", value=certificate)]
    named = cms.CMSAttribute({"type": "signing_certificate_v2", "values": [{"certs": [{"cert_hash": certificate.sha256}]}]})
    kept = [one for one in signer["signed_attrs"] if one["type"].native != "signing_certificate_v2"]
    signer["signed_attrs"] = cms.CMSAttributes([*kept, named])
    r, s = decode_dss_signature(key.sign(signer["signed_attrs"].untag().dump(), ECDSA(SHA256())))
    signer["signature"] = encode_dss_signature(r, max(s, SECP384R1().group_order - s))
    signer["signature_algorithm"] = cms.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    signer["sid"] = cms.SignerIdentifier({"issuer_and_serial_number": {"issuer": certificate.issuer, "serial_number": 7}})
    return bytes(made.dump(force=True))


def test_a_stamp_says_when_the_signature_existed() -> None:
    assert STAMPED == stamped_at(token(b"signature"), b"signature", trusted())


@pytest.mark.process
def test_a_stamp_by_openssl_on_an_elliptic_curve_is_believed(tmp_path: Path) -> None:
    key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
    root = new_authority(Holder("Today's authority", "", ""), now - timedelta(days=9))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "leaf.pem").write_bytes(leaf_of(key, root, now).public_bytes(Encoding.PEM))
    (tmp_path / "asked").write_bytes(asking(b"signature").dump())
    (tmp_path / "serial").write_text("01")
    (tmp_path / "conf").write_text(OPENSSL.format(folder=tmp_path))

    command = [tool("openssl"), "ts", "-reply", "-config", "conf", "-queryfile", "asked", "-out", "reply"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    stamp = answer((tmp_path / "reply").read_bytes(), asking(b"signature"))
    assert abs(stamped_at(stamp, b"signature", (root.certificate,)) - now) < timedelta(minutes=10)


def test_a_stamp_about_another_signature_proves_nothing() -> None:
    with pytest.raises(ValueError, match="it is about another signature"):
        stamped_at(token(b"signature"), b"another", trusted())


def test_a_stamp_that_nobody_trusted_vouches_for_proves_nothing() -> None:
    with pytest.raises(ValueError, match="Plant time is certified by none of the authorities"):
        stamped_at(token(b"signature"), b"signature", (authority("Another").certificate,))


def test_a_stamp_of_a_key_for_another_purpose_proves_nothing() -> None:
    other = server(ExtendedKeyUsageOID.SERVER_AUTH).request_tsa_response(asking(b"signature"))["time_stamp_token"].dump()

    with pytest.raises(ValueError, match="Plant time is no time-stamp server"):
        stamped_at(other, b"signature", trusted())


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_any_changed_byte_of_a_stamp_is_detected(place: float, flip: int) -> None:
    content = bytearray(token(b"signature"))
    content[int(place * len(content))] ^= flip

    with pytest.raises(ValueError):  # noqa: PT011 - whichever check stumbles first says it
        stamped_at(bytes(content), b"signature", trusted())


def stamped() -> bytes:
    return issue(carried(), Sealing(sealing().signer, token), AT)


def test_a_stamped_document_holds_and_says_when() -> None:
    report = verify(stamped(), trusted())

    (stamp,) = [one for one in report.findings if one.what == "time stamp"]
    assert "the signature existed on 2026-11-22 08:40:07 UTC" == stamp.said
    assert report.holds


def test_a_stamped_document_by_an_unknown_server_does_not_hold() -> None:
    other = replace(sealing(), stamper=lambda signature: token(b"another"))

    report = verify(issue(carried(), other, AT), trusted(), redraw=False)

    assert [False] == [one.holds for one in report.findings if one.what == "time stamp"]


def without_stamp(content: bytes, signature: Signature) -> bytes:
    """Return the file `content` whose `signature` has lost its stamp, and nothing else."""
    bare = replace(taken_apart(unpadded(signature.container)), stamp=b"").dump()
    return content[: signature.begin] + padded(bare, signature.size) + content[signature.end :]


def test_a_stamp_that_was_cut_out_of_a_seal_or_a_release_is_missed() -> None:
    release = released(stamped(), replace(sealing("quinn"), stamper=token), AT, "Released by quality")
    cut = without_stamp(stamped(), opened(stamped()).seal)
    unreleased = opened(release).release
    assert unreleased is not None

    faults = [
        [one for one in verify(content, trusted()).findings if not one.holds]
        for content in (cut, without_stamp(release, unreleased))
    ]

    assert verify(release, trusted()).holds
    assert [["time stamp"]] * 2 == [[one.what for one in found] for found in faults]
    assert "it is gone: 13,1" in faults[0][0].said


def renamed(stamp: bytes) -> bytes:
    """Return `stamp` with the other name of the same way to sign."""
    made = cms.ContentInfo.load(stamp)
    made["content"]["signer_infos"][0]["signature_algorithm"] = cms.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
    return bytes(made.dump(force=True))


def laden(stamp: bytes) -> bytes:
    """Return `stamp` with the authority's certificate in it, which whoever verifies has."""
    made = cms.ContentInfo.load(stamp)
    made["content"]["certificates"].append(cms.CertificateChoices.load(der(authority().certificate)))
    return bytes(made.dump(force=True))


def lengthy(stamp: bytes) -> bytes:
    """Return `stamp` with its length written in a byte more than it needs."""
    return stamp[:1] + b"\x83\x00" + stamp[2:]


def with_stamp(content: bytes, stamp: bytes) -> bytes:
    seal = opened(content).seal
    changed = replace(taken_apart(unpadded(seal.container)), stamp=stamp).dump()
    return content[: seal.begin] + padded(changed, seal.size) + content[seal.end :]


@pytest.mark.parametrize("bend", [renamed, laden, lengthy])
def test_what_a_server_does_not_sign_cannot_be_changed_unseen(bend: Callable[[bytes], bytes]) -> None:
    stamp = taken_apart(unpadded(opened(stamped()).seal.container)).stamp

    report = verify(with_stamp(stamped(), bend(stamp)), trusted(), redraw=False)

    assert bend(stamp) != stamp == plain(bend(stamp)) == plain(stamp)
    assert [("time stamp", "it is written in another way than a station writes it")] == [
        (one.what, one.said) for one in report.findings if not one.holds
    ]


def test_of_the_two_signatures_of_a_server_on_a_curve_one_is_written() -> None:
    other = issue(carried(), replace(sealing(), stamper=by_curve), AT)
    stamp = taken_apart(unpadded(opened(other).seal.container)).stamp

    assert not verify(other, trusted(), redraw=False).holds
    assert verify(with_stamp(other, plain(stamp)), trusted(), redraw=False).holds


def test_a_stamp_of_the_time_when_it_was_kept_as_its_server_wrote_it_still_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.certificates.seal.STAMP", ANY_STAMP)

    earlier = issue(carried(), replace(sealing(), stamper=lambda signature: renamed(token(signature))), AT)

    assert verify(earlier, trusted()).holds


@pytest.mark.parametrize("stamp", [b"", b"\x30\x00", bytes(cms.ContentInfo({"content_type": "data", "content": b"x"}).dump())])
def test_what_is_no_stamp_has_no_form(stamp: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part is missed first says it
        plain(stamp)


def test_a_server_s_key_releases_nothing_though_its_authority_is_trusted() -> None:
    key = generate_private_key(SECP256R1())
    by = Sealing(FileSigner(key, leaf_of(key, authority("Time authority"), AT)))

    report = verify(released(stamped(), by, AT, "Released by quality"), (*trusted(), authority("Time authority").certificate))

    assert [("release: chain", "the key of Plant time is for time stamps, and not for signing documents")] == [
        (one.what, one.said) for one in report.findings if not one.holds
    ]


def test_a_seal_that_says_another_day_than_its_stamp_must_have_been_allowed_on_both() -> None:
    report = verify(issue(carried(), Sealing(sealing().signer, token), AT.replace(year=2031)), trusted(), redraw=False)

    assert ["seal: chain"] == [one.what for one in report.findings if not one.holds]


@pytest.mark.process
def test_independent_judges_accept_a_stamped_document(tmp_path: Path) -> None:
    file = tmp_path / "stamped.pdf"
    file.write_bytes(stamped())

    assert ["valid"] == pdfsig(file)
    assert [f"{file}: 146 rules, compliant"] == verapdf([file], tmp_path)


def test_a_stamp_larger_than_its_place_is_refused() -> None:
    large = bytes(cms.ContentInfo({"content_type": "data", "content": bytes(20_000)}).dump())

    with pytest.raises(StationError, match="the time-stamp server sends too much"):
        issue(carried(), replace(sealing(), stamper=lambda _: large), AT)


class _Desk(BaseHTTPRequestHandler):
    reply = b""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        content = self.reply or bytes(server().request_tsa_response(tsp.TimeStampReq.load(body)).dump())
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(reply: bytes = b"") -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), type("Desk", (_Desk,), {"reply": reply})) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/tsa"
        finally:
            http.shutdown()
            thread.join()


def test_a_server_is_asked_over_http() -> None:
    with serving() as url:
        stamp = TimeServer(url)(b"signature")

    assert STAMPED == stamped_at(stamp, b"signature", trusted())


def test_a_server_that_answers_nonsense_is_named() -> None:
    with serving(b"hello") as url, pytest.raises(StationError, match="answers what is no time stamp"):
        TimeServer(url)(b"signature")


def test_a_server_that_does_not_answer_is_named() -> None:
    with serving() as url:
        gone = url

    with pytest.raises(StationError, match="does not answer"):
        TimeServer(gone)(b"signature")


def test_an_answer_to_another_question_is_refused() -> None:
    asked, other = asking(b"a"), asking(b"b")

    with pytest.raises(StationError, match="answers another question"):
        answer(server().request_tsa_response(asked).dump(), other)
    with pytest.raises(StationError, match="refuses: rejection"):
        answer(tlv(SEQUENCE, tlv(SEQUENCE, integer(2))), asked)
