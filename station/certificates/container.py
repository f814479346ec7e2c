"""Put a signature into its container (CMS, as PAdES B-B wants it) and take it apart again; there is one way to write each.

Because everything but the signature, the certificate and a time stamp follows from the digest, a container that reads well but
differs in a byte from the one that we would write is refused: nothing can hide in it. RFC 5652, RFC 5035, ETSI EN 319 122-1.
"""

from dataclasses import dataclass
from hashlib import sha256

from station.certificates.der import OCTETS, OID, SEQUENCE, SET, content_of, elements, integer, set_of, tlv
from station.certificates.signer import loaded

LONGEST_SIGNATURE = 72  # bytes of an ECDSA signature over P-256 in DER
_IMPLICIT_0, _IMPLICIT_1 = 0xA0, 0xA1
_DATA = tlv(OID, bytes.fromhex("2a864886f70d010701"))
_SIGNED_DATA = tlv(OID, bytes.fromhex("2a864886f70d010702"))
_CONTENT_TYPE = tlv(OID, bytes.fromhex("2a864886f70d010903"))
_MESSAGE_DIGEST = tlv(OID, bytes.fromhex("2a864886f70d010904"))
_SIGNING_CERTIFICATE = tlv(OID, bytes.fromhex("2a864886f70d010910022f"))
_TIME_STAMP = tlv(OID, bytes.fromhex("2a864886f70d010910020e"))
_SHA256 = tlv(SEQUENCE, tlv(OID, bytes.fromhex("608648016503040201")))
_ECDSA_SHA256 = tlv(SEQUENCE, tlv(OID, bytes.fromhex("2a8648ce3d040302")))
_VERSION = integer(1)


@dataclass(frozen=True, slots=True)
class Container:
    """What was signed, `digest` (SHA-256), by whose certificate (DER), the signature (DER), and its time stamp (DER) or b""."""

    digest: bytes
    certificate: bytes
    signature: bytes
    stamp: bytes = b""

    def attributes(self) -> bytes:
        """Return what the signature is over: kind of content, digest and certificate, in DER."""
        named = tlv(SEQUENCE, tlv(OCTETS, sha256(self.certificate).digest()))
        return set_of(
            _attribute(_CONTENT_TYPE, _DATA),
            _attribute(_MESSAGE_DIGEST, tlv(OCTETS, self.digest)),
            _attribute(_SIGNING_CERTIFICATE, tlv(SEQUENCE, tlv(SEQUENCE, named))),
        )

    def dump(self) -> bytes:
        """Return the container in DER; raises ValueError when the certificate is none."""
        signed = tlv(
            SEQUENCE, _VERSION, set_of(_SHA256), tlv(SEQUENCE, _DATA), tlv(_IMPLICIT_0, self.certificate), set_of(self._signer())
        )
        return tlv(SEQUENCE, _SIGNED_DATA, tlv(_IMPLICIT_0, signed))

    def _signer(self) -> bytes:
        leaf = loaded(self.certificate)
        who = tlv(SEQUENCE, leaf.issuer.public_bytes(), integer(leaf.serial_number))
        told = tlv(_IMPLICIT_0, content_of(self.attributes(), SET))
        stamped = tlv(_IMPLICIT_1, _attribute(_TIME_STAMP, self.stamp)) if self.stamp else b""
        return tlv(SEQUENCE, _VERSION, who, _SHA256, told, _ECDSA_SHA256, tlv(OCTETS, self.signature), stamped)


def _attribute(kind: bytes, value: bytes) -> bytes:
    return tlv(SEQUENCE, kind, set_of(value))


def taken_apart(content: bytes) -> Container:
    """Return what the container `content` (DER) holds; raises ValueError when it is not written as we write it."""
    _, explicit = elements(content_of(content, SEQUENCE))
    _, _, _, certificates, signers = elements(content_of(content_of(explicit, _IMPLICIT_0), SEQUENCE))
    (signer,) = elements(content_of(signers, SET))
    _, _, _, told, _, signature, *unsigned = elements(content_of(signer, SEQUENCE))
    found = Container(
        _digest(content_of(told, _IMPLICIT_0)),
        content_of(certificates, _IMPLICIT_0),
        content_of(signature, OCTETS),
        _value(content_of(unsigned[0], _IMPLICIT_1)) if unsigned else b"",
    )
    if found.dump() != content:
        raise ValueError("it is not written as a station writes it")
    return found


def _digest(attributes: bytes) -> bytes:
    found = [one for one in elements(attributes) if content_of(one, SEQUENCE).startswith(_MESSAGE_DIGEST)]
    return content_of(_value(found[0]), OCTETS) if found else b""


def _value(attribute: bytes) -> bytes:
    _, values = elements(content_of(attribute, SEQUENCE))
    (value,) = elements(content_of(values, SET))
    return value
