"""Say whose key may sign what: a station's seals its own documents, a person's releases them, the demonstration's nothing."""

from collections.abc import Iterator, Sequence

from cryptography import x509

from station.certificates.authority import PERSON, STATION, common_name, is_demonstration, name_in_certificate, role_of
from station.certificates.findings import Finding


def unfit_to_seal(certificate: x509.Certificate, stations: Sequence[str]) -> str | None:
    """Return why the key of `certificate` seals nothing real of `stations`, None when it may: it is of one of them."""
    name = common_name(certificate)
    if is_demonstration(certificate):
        return "a key of the demonstration seals nothing real"
    if role_of(certificate) not in (STATION, ""):
        return f"the key is of {name}, {role_of(certificate)}, and only a station's seals"
    if name not in map(name_in_certificate, stations):
        return f"the key is of {name}, and the document of {', '.join(stations) or 'no station'}"
    return None


def unfit_to_release(certificate: x509.Certificate, stations: Sequence[str]) -> str | None:
    """Return why the key of `certificate` releases nothing real of `stations`, None when it may: it is a person's.

    A certificate of the time before there were roles is a person's when it names none of the stations.
    """
    name, role = common_name(certificate), role_of(certificate)
    if is_demonstration(certificate):
        return "a key of the demonstration releases nothing real"
    if role not in (PERSON, "") or (not role and name in map(name_in_certificate, stations)):
        return f"the key is of {name}, {role or STATION}, and only a person's releases"
    return None


def holder_findings(
    sealer: x509.Certificate | None, releaser: x509.Certificate | None, stations: Sequence[str]
) -> Iterator[Finding]:
    """Yield whether who sealed and who released a document of `stations` that is not simulated were the ones to do it."""
    if sealer is not None:
        why = unfit_to_seal(sealer, stations)
        yield Finding("seal: holder", why is None, why or f"{common_name(sealer)} is the station that tested")
    if releaser is not None:
        why = unfit_to_release(releaser, stations)
        yield Finding("release: holder", why is None, why or f"{common_name(releaser)} is a person")
