"""Certify keys: a site's authority says which key is a station's or a person's, for how long."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS, STATION_DAYS = 20 * 365, 2 * 365
DEMONSTRATION = "DEMONSTRATION - NOT VALID"
STATION, PERSON = "test station", "person who releases"  # the roles, as a certificate names them
_ALWAYS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
_LONGEST = 64  # characters that X.509 allows in a name


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose key it is: a station, a person or an authority, of which maker and site; `demonstration` keys seal nothing real.

    `role` is STATION or PERSON, and empty for an authority, as in certificates that were made before there were roles.
    """

    name: str
    maker: str
    site: str
    demonstration: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """A site's authority with its key, able to certify."""

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate


def new_key() -> EllipticCurvePrivateKey:
    """Return a new key on P-256."""
    return generate_private_key(SECP256R1())


def new_authority(holder: Holder, now: datetime) -> Authority:
    """Return a new authority, valid for twenty years from `now` (UTC), that may certify keys but no other authority."""
    key, name = new_key(), _name(holder)
    usage = _usage(certify=True)
    made = _builder(name, name, key.public_key(), key.public_key(), _span(holder, now, AUTHORITY_DAYS))
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).add_extension(usage, critical=True)
    return Authority(key, made.sign(key, SHA256()))


def certified(authority: Authority, key: EllipticCurvePublicKey, holder: Holder, now: datetime) -> x509.Certificate:
    """Return the authority's certificate for `key`, which may sign documents for two years from `now` (UTC) and nothing else."""
    issuer = authority.certificate
    made = _builder(_name(holder), issuer.subject, key, authority.key.public_key(), _span(holder, now, STATION_DAYS))
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return made.add_extension(_usage(certify=False), critical=True).sign(authority.key, SHA256())


def _span(holder: Holder, now: datetime, days: int) -> tuple[datetime, datetime]:
    """Return from when to when a certificate holds; one of the demonstration always does: its clocks are turned at will."""
    if holder.demonstration:
        return _ALWAYS
    return now - timedelta(hours=1), now + timedelta(days=days)  # another computer's clock may be an hour behind ours


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePublicKey,
    by: EllipticCurvePublicKey,
    span: tuple[datetime, datetime],
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(span[0])
        .not_valid_after(span[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by), critical=False)
    )


def _usage(*, certify: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certify, content_commitment=not certify, key_cert_sign=certify, crl_sign=certify,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(holder: Holder) -> x509.Name:
    parts = [(NameOID.ORGANIZATION_NAME, holder.maker), (NameOID.ORGANIZATIONAL_UNIT_NAME, holder.site)]
    marked = [(NameOID.ORGANIZATIONAL_UNIT_NAME, DEMONSTRATION)] if holder.demonstration else []
    texts = [*parts, *marked, (NameOID.TITLE, holder.role), (NameOID.COMMON_NAME, holder.name)]
    return x509.Name([x509.NameAttribute(kind, text[:_LONGEST]) for kind, text in texts if text])


def is_demonstration(certificate: x509.Certificate) -> bool:
    """Return whether a certificate, or who issued it, is of the demonstration: nothing that it sealed is valid."""
    return DEMONSTRATION in (one.value for one in (*certificate.subject, *certificate.issuer))


def role_of(certificate: x509.Certificate) -> str:
    """Return the role that a certificate names, empty where it names none: it is of the time before there were roles."""
    return next((str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.TITLE)), "")


def common_name(certificate: x509.Certificate) -> str:
    """Return the name of whom a certificate is about."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def name_in_certificate(name: str) -> str:
    """Return `name` as a certificate holds it: cut where it is longer than X.509 allows."""
    return name[:_LONGEST]


def distrust(certificate: x509.Certificate, trusted: tuple[x509.Certificate, ...], at: datetime) -> str | None:
    """Return why `certificate` may not sign documents at `at` (UTC) by the word of one of `trusted`, None when it may."""
    issuers = [one for one in trusted if one.subject == certificate.issuer and has_issued(one, certificate)]
    if not issuers:
        return f"the key of {common_name(certificate)} is certified by none of the authorities in the file"
    doubts = [_doubt(certificate, one, at) for one in issuers]  # several where an authority's certificate was renewed
    return None if None in doubts else doubts[0]


def _doubt(certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> str | None:
    for one in (certificate, issuer):
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            until = f"{one.not_valid_before_utc:%Y-%m-%d} to {one.not_valid_after_utc:%Y-%m-%d}"
            return f"the certificate of {common_name(one)} is valid {until}, and the signature is of {at:%Y-%m-%d}"
    return _unfit(certificate, issuer)


def has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Return whether `issuer` signed `certificate`."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _unfit(certificate: x509.Certificate, issuer: x509.Certificate) -> str | None:
    try:
        may_sign = certificate.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment
        may_certify = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        may_sign = may_certify = False
    if not may_certify:
        return f"{common_name(issuer)} is not an authority"
    if _is_time_server(certificate):
        return f"the key of {common_name(certificate)} is for time stamps, and not for signing documents"
    return None if may_sign else f"the key of {common_name(certificate)} is not for signing documents"


def _is_time_server(certificate: x509.Certificate) -> bool:
    """Return whether a key may do nothing but stamp the time (RFC 3161): its authority is trusted too, for that alone."""
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.TIME_STAMPING in purposes
