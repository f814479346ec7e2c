"""Check what a time-stamp server said about a signature, by nothing but its token and the authorities that are trusted."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256, sha384, sha512

from asn1crypto import algos, cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID

from station.certificates.authority import common_name, has_issued
from station.certificates.signer import loaded
from station.certificates.timestamp import imprint

_HASHES = {"sha256": (sha256, hashes.SHA256()), "sha384": (sha384, hashes.SHA384()), "sha512": (sha512, hashes.SHA512())}


def stamped_at(token: bytes, signature: bytes, trusted: tuple[x509.Certificate, ...]) -> datetime:
    """Return when, by `token`, `signature` existed (UTC); raises ValueError when it proves nothing to `trusted`."""
    try:
        return _stamped_at(token, signature, trusted)
    except (LookupError, TypeError, AttributeError, OverflowError, RecursionError, x509.ExtensionNotFound) as error:
        raise ValueError(f"it is no time stamp that can be read: {error!r}") from error


def _stamped_at(token: bytes, signature: bytes, trusted: tuple[x509.Certificate, ...]) -> datetime:
    signed = cms.ContentInfo.load(token, strict=True)["content"]
    (signer,) = signed["signer_infos"]
    told = signed["encap_content_info"]["content"]
    said = told.parsed
    certificates = [loaded(bytes(one.chosen.dump())) for one in signed["certificates"]]
    if said["message_imprint"].native != imprint(signature).native:
        raise ValueError("it is about another signature")
    leaf = _leaf(certificates, signer)
    moment: datetime = said["gen_time"].native
    _check_shape(signed, signer)
    _check_attributes(signer, bytes(told), leaf)
    _check_signature(signer, leaf)
    _check_chain(leaf, certificates, trusted, moment)
    return moment


def _leaf(certificates: list[x509.Certificate], signer: cms.SignerInfo) -> x509.Certificate:
    named = signer["sid"].chosen
    found = [
        one
        for one in certificates
        if one.serial_number == named["serial_number"].native and one.issuer.public_bytes() == named["issuer"].dump()
    ]
    if len(found) != 1:
        raise ValueError("the server's certificate is not in it")
    return found[0]


def _check_shape(signed: cms.SignedData, signer: cms.SignerInfo) -> None:
    """Refuse what nothing signs and nothing needs: there a byte could be changed unseen."""
    if signed["crls"].native or signer["unsigned_attrs"].native:
        raise ValueError("it carries what nobody signed")
    if [one.native for one in signed["digest_algorithms"]] != [signer["digest_algorithm"].native]:
        raise ValueError("it names digests that it does not use")
    if (signed["version"].native, signer["version"].native) != ("v3", "v1"):
        raise ValueError("it is not of the version that RFC 3161 asks for")


def _check_attributes(signer: cms.SignerInfo, told: bytes, leaf: x509.Certificate) -> None:
    digest, _ = _HASHES[signer["digest_algorithm"]["algorithm"].native]
    values = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    if values["content_type"][0].native != "tst_info" or values["message_digest"][0].native != digest(told).digest():
        raise ValueError("what it says is not what was signed")
    named = values.get("signing_certificate_v2") or values.get("signing_certificate")
    if named is None or not _names(named[0]["certs"][0], leaf):
        raise ValueError("it names another certificate than the one it carries")


def _names(named: core.Sequence, leaf: x509.Certificate) -> bool:
    given = named["hash_algorithm"]["algorithm"].native if "hash_algorithm" in named else "sha1"
    kind = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[given]
    return bool(named["cert_hash"].native == leaf.fingerprint(kind))


def _check_signature(signer: cms.SignerInfo, leaf: x509.Certificate) -> None:
    name = signer["digest_algorithm"]["algorithm"].native
    attributes, signature, key = signer["signed_attrs"].untag().dump(), signer["signature"].native, leaf.public_key()
    kind, ways = _HASHES[name][1], [f"{name}_ecdsa"]
    if isinstance(key, RSAPublicKey):
        ways = ["rsassa_pkcs1v15", f"{name}_rsa"]
    if signer["signature_algorithm"].dump() not in [form for way in ways for form in _forms(way)]:
        raise ValueError("it names a way to sign that is not the server's")
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, attributes, PKCS1v15(), kind)
        elif isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, attributes, ECDSA(kind))
        else:
            raise ValueError("its key is neither RSA nor on an elliptic curve")  # noqa: TRY004 - a fault of the token, not of a caller
    except InvalidSignature as error:
        raise ValueError("its signature does not hold") from error


def _forms(way: str) -> tuple[bytes, bytes]:
    """Return the two ways in which a way to sign is written: with parameters that say nothing, and without."""
    return (
        bytes(algos.SignedDigestAlgorithm({"algorithm": way}).dump()),
        bytes(algos.SignedDigestAlgorithm({"algorithm": way, "parameters": core.Null()}).dump()),
    )


def _check_chain(
    leaf: x509.Certificate, carried: list[x509.Certificate], trusted: tuple[x509.Certificate, ...], at: datetime
) -> None:
    if ExtendedKeyUsageOID.TIME_STAMPING not in leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value:
        raise ValueError(f"{common_name(leaf)} is no time-stamp server")
    unused = [one for one in carried if one not in (leaf, *trusted)]
    for one in _path(leaf, unused, trusted):
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            raise ValueError(f"the certificate of {common_name(one)} was not valid at {at}")
    if unused:
        raise ValueError("it carries certificates that nothing needs")


def _path(
    leaf: x509.Certificate, unused: list[x509.Certificate], trusted: tuple[x509.Certificate, ...]
) -> Iterator[x509.Certificate]:
    """Yield the certificates from `leaf` up to one that somebody `trusted` issued, and take them out of `unused`."""
    here = leaf
    while True:
        yield here
        if any(has_issued(one, here) for one in trusted):
            return
        issuer = next((one for one in unused if has_issued(one, here)), None)
        if issuer is None:
            raise ValueError(f"{common_name(here)} is certified by none of the authorities in the file")
        unused.remove(issuer)
        here = issuer
