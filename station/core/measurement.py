"""Hold what was measured for one row, and the evidence behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from station.core.canonical import Json
from station.core.finite import finite
from station.core.limit import Limit, Value
from station.core.uncertainty import Uncertainty
from station.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of raw evidence kept beside the record, found by the digest of its bytes: a waveform, for instance."""

    digest: str
    title: str
    mimetype: str
    size: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """One row's value in SI units, judged; `value` is None where no value could be had, and `reason` says why it is not PASS."""

    limit: Limit
    value: Value | None
    u: Uncertainty | None
    verdict: Verdict
    reason: str = ""
    detail: Mapping[str, Json] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


def judged(
    limit: Limit, value: Value, u: Uncertainty | None, detail: Mapping[str, Json], evidence: tuple[Evidence, ...]
) -> Measurement:
    """Judge `value` by `limit` and return the measurement; what no record can hold is kept as its text, a useless `u` as none."""
    plain = float(value) if isinstance(value, float) else value  # a float64 of numpy is a float, and becomes an ordinary one
    known = u if u is not None and u.usable else None
    verdict, reason = limit.judge_known(plain, known)
    return Measurement(limit, _kept(plain), known, verdict, reason, detail, evidence)


def _kept(value: object) -> Value:
    """Return `value` as every record can hold it: a finite number, true, false or a text of whole characters."""
    if isinstance(value, bool) or finite(value):
        return value
    return value.encode("utf-8", "backslashreplace").decode() if type(value) is str else repr(value)
