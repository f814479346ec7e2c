"""Write a time stamp in one way: of what its server did not sign, nothing may be changed unseen.

A server signs when it saw which signature, and which certificate is its own. The rest of its token follows from that: the names
of the digest and of the way to sign, the certificates up to its authority, the way that lengths are written. RFC 3161, RFC 5652.
"""

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from station.certificates.authority import has_issued
from station.certificates.der import OCTETS, OID, SEQUENCE, SET, content_of, integer, set_of, tlv
from station.certificates.signer import der, loaded

_IMPLICIT_0 = 0xA0
_SIGNED_DATA = tlv(OID, bytes.fromhex("2a864886f70d010702"))
_TOKEN = tlv(OID, bytes.fromhex("2a864886f70d0109100104"))
_DIGESTS = {name: bytes.fromhex(f"60864801650304020{last}") for name, last in (("sha256", 1), ("sha384", 2), ("sha512", 3))}
_ECDSA = {name: bytes.fromhex(f"2a8648ce3d04030{last}") for name, last in (("sha256", 2), ("sha384", 3), ("sha512", 4))}
_RSA = tlv(SEQUENCE, tlv(OID, bytes.fromhex("2a864886f70d010101")), b"\x05\x00")
_UNREADABLE = (LookupError, TypeError, AttributeError, OverflowError, RecursionError)


def plain(token: bytes) -> bytes:
    """Return the time stamp `token` (CMS) as a station writes it; raises ValueError when it is none."""
    try:
        return _plain(cms.ContentInfo.load(token, strict=True)["content"])
    except _UNREADABLE as error:
        raise ValueError(f"it is no time stamp that can be read: {error!r}") from error


def _plain(signed: cms.SignedData) -> bytes:
    (signer,) = signed["signer_infos"]
    told = tlv(_IMPLICIT_0, tlv(OCTETS, bytes(signed["encap_content_info"]["content"])))
    carried = [loaded(bytes(one.chosen.dump())) for one in signed["certificates"]]
    serial = signer["sid"].chosen["serial_number"].native
    leaf = next((one for one in carried if one.serial_number == serial), None)
    if leaf is None:
        raise ValueError("the server's certificate is not in it")
    name = signer["digest_algorithm"]["algorithm"].native
    digest = tlv(SEQUENCE, tlv(OID, _DIGESTS[name]))
    certificates = sorted(map(der, _path(leaf, carried)))
    whole = tlv(
        SEQUENCE, integer(3), set_of(digest), tlv(SEQUENCE, _TOKEN, told), tlv(_IMPLICIT_0, *certificates),
        set_of(_signer(signer, leaf, name, digest)),
    )  # fmt: skip
    return tlv(SEQUENCE, _SIGNED_DATA, tlv(_IMPLICIT_0, whole))


def _signer(signer: cms.SignerInfo, leaf: x509.Certificate, name: str, digest: bytes) -> bytes:
    who = tlv(SEQUENCE, leaf.issuer.public_bytes(), integer(leaf.serial_number))
    attributes = tlv(_IMPLICIT_0, content_of(signer["signed_attrs"].untag().dump(), SET))
    key, signature = leaf.public_key(), bytes(signer["signature"].native)
    way = _RSA
    if isinstance(key, EllipticCurvePublicKey):
        r, s = decode_dss_signature(signature)
        way = tlv(SEQUENCE, tlv(OID, _ECDSA[name]))
        signature = encode_dss_signature(r, min(s, key.curve.group_order - s))
    return tlv(SEQUENCE, integer(1), who, digest, attributes, way, tlv(OCTETS, signature))


def _path(leaf: x509.Certificate, carried: list[x509.Certificate]) -> list[x509.Certificate]:
    """Return the certificates from `leaf` upwards, without the one on top: whoever verifies must have that already."""
    path = [leaf]
    while above := next((one for one in carried if one not in path and has_issued(one, path[-1])), None):
        path.append(above)
    return [one for one in path if one is leaf or not has_issued(one, one)]
