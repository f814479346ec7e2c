"""Hold what was measured for one row, and the evidence behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from station.core.canonical import Json
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
    """Judge `value` by `limit` and return the measurement; what is not a value of the row's kind is kept as its text."""
    verdict, reason = limit.judge(value, u)
    kept = value if isinstance(value, float | int | str | bool) else repr(value)
    return Measurement(limit, kept, u, verdict, reason, detail, evidence)
