"""Tell a run as a stream of frozen events of base types: record, database, page and certificate are made from nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from station.core.canonical import Json
from station.core.equipment import Equipment
from station.core.limit import KEPT, Limit, Value
from station.core.measurement import Evidence
from station.core.uncertainty import Part


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the limit file as it was applied; numbers in the row's SI unit, `unit` and `scale` say how people read them."""

    id: str
    title: str
    kind: str
    unit: str
    si: str
    scale: str
    printed: str
    nominal: float | None
    low: float | None
    high: float | None
    accept_low: float | None
    accept_high: float | None
    expect: str | bool | None
    rule: str
    u_max: float | None
    safety: str
    method: str
    condition: str
    recipes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """A row that was not reached, and the row or reason it was skipped for."""

    id: str
    because: str


@dataclass(frozen=True, slots=True)
class Controlled:
    """The controlled documents of a run: what each was, and the digest of its content."""

    limits_product: str
    limits_revision: str
    limits_digest: str
    limits_unreleased: str
    fixture_file: str
    fixture_digest: str
    station_digest: str
    certificate_digest: str


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A unit's test begins: who, where, with what, against which `rows`.

    `omitted` are the rows that its recipe does not measure, `unseen` the faults that it cannot see, in the product's words.
    `equipment` is all that may measure; of those that are lent, each step tells at its end which it had.
    """

    run_id: str
    seq: int
    at: str
    monotonic: float
    serial: str
    slot: int
    attempt: int
    execution_id: str
    run_type: str
    recipe: str
    product: str
    product_revision: str
    sequence: str
    sequence_version: str
    station_id: str
    station_name: str
    site: str
    maker: str
    timezone: str
    tz_offset_min: int
    operator: str
    lot: str
    simulated: bool
    speed: float
    software: Mapping[str, str]
    documents: Controlled
    fixture_serial: str
    equipment: tuple[Equipment, ...]
    rows: tuple[Row, ...]
    parent_run_id: str = ""
    retest_reason: str = ""
    omitted: tuple[Row, ...] = ()
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step begins; `ids` are the rows it declares."""

    run_id: str
    seq: int
    at: str
    monotonic: float
    step: str
    number: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A row was measured: `value` and `u` in the row's SI unit, `value` None where none could be had."""

    run_id: str
    seq: int
    at: str
    monotonic: float
    step: str
    id: str
    value: Value | None
    u: float | None
    si: str
    budget: str
    parts: tuple[Part, ...]
    verdict: str
    reason: str
    detail: Mapping[str, Json] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompted:
    """A person was asked something, and what they answered."""

    run_id: str
    seq: int
    at: str
    monotonic: float
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A unit waits to be started, for about `seconds` s of the line's time; 0 says that the wait is over."""

    run_id: str
    seq: int
    at: str
    monotonic: float
    seconds: float


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step is over; `error` says what of ours went wrong in it, `instruments` the serials of those that were lent to it."""

    run_id: str
    seq: int
    at: str
    monotonic: float
    step: str
    verdict: str
    error: str = ""
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run is over with this verdict; `reason` names the row or the fault that decided.

    `struck` says why all its measurements were struck out, when a fault of ours made them worthless (else it is empty).
    """

    run_id: str
    seq: int
    at: str
    monotonic: float
    verdict: str
    reason: str
    first_fail: str
    skipped: tuple[Skip, ...]
    struck: str = ""


Event = RunStarted | StepStarted | Measured | Prompted | Waiting | StepEnded | RunEnded


@lru_cache(maxsize=KEPT)
def as_row(limit: Limit) -> Row:
    """Return `limit` as it goes on record."""
    accept_low, accept_high = limit.acceptance
    rule = limit.rule.name if limit.rule.name == "simple" else f"guarded r={limit.rule.r:g} {limit.rule.sides}"
    return Row(
        limit.id, limit.title, limit.kind.value, limit.unit.symbol, limit.unit.si, str(limit.unit.scale), limit.unit.printed,
        limit.nominal, limit.low, limit.high, accept_low, accept_high, limit.expect, rule, limit.u_max,
        limit.safety.value, limit.method, limit.condition, limit.recipes,
    )  # fmt: skip


def as_rows(limits: Mapping[str, Limit]) -> tuple[Row, ...]:
    """Return `limits` as they go on record, in their order."""
    return tuple(map(as_row, limits.values()))
