"""Sign with a station's or a person's key: ECDSA over P-256, each signature the same whenever the same is signed."""

import warnings
from dataclasses import dataclass
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

_UNREADABLE = (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256's base point, FIPS 186-5


class Signer(Protocol):
    """Who signs: a certificate, and the key that it names."""

    @property
    def certificate(self) -> x509.Certificate:
        """Return the certificate."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message` in DER, its s in the lower half; raises StationError when it cannot be had."""
        ...


@dataclass(frozen=True, slots=True)
class FileSigner:
    """A key that was read from a file. Its signatures are deterministic (RFC 6979): the same document gets the same bytes."""

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message` in DER."""
        return lower(self.key.sign(message, ECDSA(SHA256(), deterministic_signing=True)))


def lower(signature: bytes) -> bytes:
    """Return `signature` (DER) with its s in the lower half: of two that hold for the same message the one that we write."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _ORDER - s))


def verified(certificate: x509.Certificate, message: bytes, signature: bytes) -> bool:
    """Return whether `signature` (DER, as we write it) is over `message` by the key on P-256 that `certificate` names."""
    key = certificate.public_key()
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        return False
    try:
        key.verify(signature, message, ECDSA(SHA256()))
        return lower(signature) == signature
    except (InvalidSignature, ValueError):
        return False


def loaded(content: bytes) -> x509.Certificate:
    """Return the certificate `content` (DER), every part of it read; raises ValueError when one cannot be."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what is tolerated today, with a warning, is not for documents
            found = x509.load_der_x509_certificate(content)
            parts = (found.version, found.subject, found.issuer, found.public_key(), found.extensions, found.not_valid_after_utc)
    except (ValueError, TypeError, Warning, UnsupportedAlgorithm, *_UNREADABLE) as error:
        raise ValueError(f"its certificate cannot be read: {error}") from error
    if not all(parts):
        raise ValueError("its certificate lacks a part")
    return found


def der(certificate: x509.Certificate) -> bytes:
    """Return `certificate` in DER."""
    return certificate.public_bytes(Encoding.DER)
