"""Make what a sealed sample needs: a site's authority, a station's key, a limit file that fits the record."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from cryptography import x509

from station.certificates.authority import Authority, Holder, certified, new_authority, new_key
from station.certificates.carried import Carried, Sources
from station.certificates.issue import issue, number_series, reduced_all
from station.certificates.seal import Sealing
from station.certificates.signer import FileSigner
from station.core.canonical import Json
from station.core.limit import Limit
from station.core.limit_file import parse
from tests.certificates.records import Sample, mc100, record, template, waveforms

AT = datetime(2026, 11, 22, 8, 40, 0, tzinfo=UTC)


SITE = "Site authority"


def authority(name: str = SITE) -> Authority:
    """Return a site's authority, the same for all tests."""
    return _authority(name)


@cache
def _authority(name: str) -> Authority:
    return new_authority(Holder(name, "Example Devices GmbH", "Hall 2"), AT)


def trusted() -> tuple[x509.Certificate, ...]:
    """Return what a verifier is given: the certificate of the site's authority."""
    return (authority().certificate,)


@cache
def sealing(name: str = "EOL-01", *, demonstration: bool = False, by: str = SITE, role: str = "") -> Sealing:
    """Return the key of a station or of a person, certified by the authority `by`; without a `role` as before there were any."""
    key = new_key()
    holder = Holder(name, "Example Devices GmbH", "Hall 2", demonstration=demonstration, role=role)
    return Sealing(FileSigner(key, certified(authority(by), key.public_key(), holder, AT)))


def limit_file(samples: Iterable[Sample]) -> bytes:
    """Return the released limit file that the rows of `samples` come from."""
    head = '[limits]\nproduct = "MC-100"\nrevision = "A"\neffective = 2026-11-01\nstatus = "released"\n'
    rows = "[rows]\n" + "".join(f"{json.dumps(one.limit.id)} = {_row(one.limit)}\n" for one in samples)
    draft = parse(head + rows, "limits.toml")
    approval = f'[[approval]]\nname = "Q. Example"\nrole = "quality"\ndate = 2026-11-01\ndigest = "{draft.digest}"\n'
    return (head + approval + rows).encode()


def _row(limit: Limit) -> str:
    content: dict[str, Json] = {
        "title": limit.title,
        "kind": str(limit.kind),
        "method": limit.method,
        "condition": limit.condition,
    }
    if limit.expect is not None:
        content["expect"] = limit.expect
    else:
        content |= {"unit": limit.unit.symbol, "low": _bound(limit, limit.low), "high": _bound(limit, limit.high)}
    if limit.nominal is not None:
        content["nominal"] = limit.unit.from_si(limit.nominal)
    if limit.u_max is not None:
        content["u_max"] = limit.unit.from_si(limit.u_max)
    content["safety"] = str(limit.safety)
    return "{ " + ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in content.items()) + " }"


def _bound(limit: Limit, value: float | None) -> float | str:
    return "none" if value is None else round(limit.unit.from_si(value), 9)


def carried(samples: Iterable[Sample] | None = None, number: str = "000042", **how: object) -> Carried:
    """Return what a document about a run that read `samples` (a good MC-100) is made from; limits and template fit the record."""
    told = list(samples) if samples is not None else mc100()
    words, limits = template(), limit_file(told)
    plain = record(told, **how)
    rows = parse(limits, "limits.toml")
    named = replace(plain.started.documents, limits_digest=rows.digest, certificate_digest=words.digest)
    kept = record(told, **{"documents": named, **how})
    return Carried(f"{number_series(kept)}-{number}", kept, reduced_all(waveforms()), Sources(words, limits))


@cache
def document(*, simulated: bool = False) -> bytes:
    """Return the sealed certificate of a good MC-100."""
    return issue(carried(simulated=simulated), sealing(), AT)
