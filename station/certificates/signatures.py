"""Check a signature of a document: is it over these bytes, who made it, and who vouches for them."""

from datetime import datetime

from cryptography import x509

from station.certificates.authority import common_name, distrust, is_demonstration
from station.certificates.container import Container, taken_apart
from station.certificates.findings import Finding
from station.certificates.opened import Signature, digest_of, unpadded
from station.certificates.seal import ANY_STAMP, padded, unstamped_size
from station.certificates.signer import loaded, verified
from station.certificates.stamp_check import stamped_at
from station.certificates.stamp_form import plain

Trusted = tuple[x509.Certificate, ...]


def signature_findings(
    content: bytes, signature: Signature, what: str, trusted: Trusted
) -> tuple[list[Finding], x509.Certificate | None]:
    """Return what holds of `signature` in the file `content`, and the certificate of whoever made it; None: it cannot be read."""
    try:
        container = taken_apart(unpadded(signature.container))
        certificate = loaded(container.certificate)
    except ValueError as error:
        return [Finding(what, False, f"cannot be read: {error}")], None
    findings = [_over(content, signature, container, certificate, what), _encoding(content, signature, what)]
    stamp, at = _stamp(container, signature, trusted)
    why = distrust(certificate, trusted, at) or distrust(certificate, trusted, signature.at)
    issuer = certificate.issuer.rfc4514_string()
    findings.append(Finding(f"{what}: chain", why is None, why or f"{common_name(certificate)} is certified by {issuer}"))
    return [*findings, *([stamp] if stamp else [])], certificate


def _over(content: bytes, signature: Signature, container: Container, certificate: x509.Certificate, what: str) -> Finding:
    if container.digest != digest_of(content, signature):
        return Finding(what, False, "the document is not the one that was signed: at least one byte differs")
    if not verified(certificate, container.attributes(), container.signature):
        return Finding(what, False, f"was not made with the key of {common_name(certificate)}")
    mark = " (DEMONSTRATION KEY)" if is_demonstration(certificate) else ""
    return Finding(what, True, f"by {common_name(certificate)}{mark}, dated {signature.at:%Y-%m-%d %H:%M:%S} UTC")


def _encoding(content: bytes, signature: Signature, what: str) -> Finding:
    same = content[signature.begin : signature.end] == padded(unpadded(signature.container), signature.size)
    said = f"each of {signature.last:,} bytes is signed, or is the signature as a station writes it"
    return Finding(f"{what}: bytes", same, said if same else "the signature is written in another way than a station writes it")


def _stamp(container: Container, signature: Signature, trusted: Trusted) -> tuple[Finding | None, datetime]:
    """Return what holds of the time stamp, and the moment of the signature; where a place was kept for one there must be one."""
    kept, needed = signature.size, unstamped_size(container.certificate)
    if not container.stamp:
        said = f"it is gone: {kept:,} bytes are kept where a signature without one takes {needed:,}"
        return (Finding("time stamp", False, said) if kept > needed else None), signature.at
    try:
        at = stamped_at(container.stamp, container.signature, trusted)
        said = f"the signature existed on {at:%Y-%m-%d %H:%M:%S} UTC"
        same = kept - needed == ANY_STAMP or plain(container.stamp) == container.stamp
    except ValueError as error:
        return Finding("time stamp", False, str(error)), signature.at
    return Finding("time stamp", same, said if same else "it is written in another way than a station writes it"), at
