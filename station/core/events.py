"""Tell a run as a stream of frozen events of base types: record, database, page and certificate are made from nothing else."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import TypeVar, get_args, get_origin, get_type_hints

from station.core.canonical import Json
from station.core.instruments import Equipment
from station.core.limit import Limit, Value
from station.core.measurement import Evidence
from station.core.uncertainty import Part

SCHEMA = 1
_T = TypeVar("_T")


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
_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind for kind in (RunStarted, StepStarted, Measured, Prompted, Waiting, StepEnded, RunEnded)
}
_PARTS: tuple[type, ...] = (Row, Skip, Controlled, Part, Equipment, Evidence)
_UNSAID = {one.name: one.default for one in fields(Part) if one.default is not MISSING}
_HINTS = {kind: get_type_hints(kind) for kind in (*_KINDS.values(), *_PARTS)}  # worked out once: a record has hundreds of events
_NAMES = {kind: tuple(one.name for one in fields(kind)) for kind in (*_KINDS.values(), *_PARTS)}
_PLAIN = frozenset((str, int, float, bool, type(None)))


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
    return tuple(as_row(limit) for limit in limits.values())


def to_json(event: Event) -> dict[str, Json]:
    """Return `event` as a JSON object of base types with its `kind`."""
    content = {name: _plain(getattr(event, name)) for name in _NAMES[type(event)]}
    return {"kind": type(event).__name__, "schema": SCHEMA, **content}


def _plain(value: object) -> Json:
    """Return `value` in base types that share nothing with it; what is no JSON is left for the writer to refuse."""
    if type(value) in _PLAIN:
        return value  # type: ignore[return-value]  # the look just made says so
    if isinstance(value, Part):
        return plain_part(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value  # type: ignore[return-value]  # base types are left


def plain_row(row: Row) -> dict[str, Json]:
    """Return a row of the limits in base types."""
    return {name: _plain(getattr(row, name)) for name in _NAMES[Row]}


def plain_part(part: Part) -> dict[str, Json]:
    """Return a line of a budget in base types; what it does not say is not written, for there are hundreds in a run."""
    said: dict[str, Json] = {name: getattr(part, name) for name in _NAMES[Part]}
    return {name: content for name, content in said.items() if name not in _UNSAID or content != _UNSAID[name]}


def from_json(content: Mapping[str, Json]) -> Event:
    """Return the event that `to_json` made; raises ValueError for anything else."""
    kind = _KINDS.get(str(content.get("kind")))
    if kind is None or content.get("schema") != SCHEMA:
        raise ValueError(f"not an event of schema {SCHEMA}: {str(content)[:80]}")
    return _made(kind, {key: value for key, value in content.items() if key not in ("kind", "schema")})


def _made(kind: type[_T], content: Mapping[str, Json]) -> _T:
    hints = _HINTS[kind]
    if unknown := set(content) - set(hints):
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    try:
        return kind(**{name: _value(hints[name], value) for name, value in content.items()})
    except (TypeError, OverflowError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the type of a field asks for: a tuple of `item`, an object that is a `part`, or one of `kinds`."""

    item: object
    part: type | None
    kinds: tuple[type, ...]


@cache  # a record has thousands of values of a few dozen types
def _shape(hint: object) -> _Shape:
    origin = get_origin(hint)
    item = get_args(hint)[0] if origin is tuple else None
    part = hint if isinstance(hint, type) and is_dataclass(hint) else None
    return _Shape(item, part, get_args(hint) if origin is UnionType else (origin or hint,))


def _value(hint: object, value: Json) -> object:
    """Return `value` as the type `hint` of a field; raises TypeError when it is of another."""
    shape = _shape(hint)
    if shape.item is not None and isinstance(value, list | tuple):
        return tuple(_value(shape.item, item) for item in value)
    if shape.part is not None and isinstance(value, Mapping):
        return _made(shape.part, value)
    kinds = shape.kinds
    if type(value) is int and float in kinds and int not in kinds:
        return float(value)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError(f"{value!r:.40} is no {hint}")
    return value
