"""Write events as JSON and read them back: the one form in which they are kept, sent and shown."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from operator import attrgetter
from types import UnionType
from typing import TypeVar, get_args, get_origin, get_type_hints

from station.core.canonical import Json
from station.core.equipment import Equipment
from station.core.events import (
    Controlled,
    Event,
    Measured,
    Prompted,
    Row,
    RunEnded,
    RunStarted,
    Skip,
    StepEnded,
    StepStarted,
    Waiting,
)
from station.core.measurement import Evidence
from station.core.uncertainty import Part

SCHEMA = 1
_T = TypeVar("_T")
_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind for kind in (RunStarted, StepStarted, Measured, Prompted, Waiting, StepEnded, RunEnded)
}
_PARTS: tuple[type, ...] = (Row, Skip, Controlled, Part, Equipment, Evidence)
_OURS: tuple[type, ...] = (*_KINDS.values(), *_PARTS)
FIELDS = {kind: tuple(one.name for one in fields(kind)) for kind in _OURS}
"""What an event says, and what it is made of, by type: the names in their order."""
TITLES: dict[type, dict[str, Json]] = {kind: {"kind": name, "schema": SCHEMA} for name, kind in _KINDS.items()}
"""What each kind of event says beside its fields."""
UNSAID = {one.name: one.default for one in fields(Part)}
"""What a line of a budget does not say, by name; of what has no default, something that is equal to nothing."""
_PART = attrgetter(*UNSAID)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the type `hint` of a field asks for: a tuple of `item`, an object that is a `part`, or one of `kinds`.

    What is of a `plain` type is taken as it is.
    """

    hint: object
    item: "_Shape | None"
    part: type | None
    kinds: tuple[type, ...]
    plain: frozenset[type]


def _shape(hint: object) -> _Shape:
    origin = get_origin(hint)
    item = _shape(get_args(hint)[0]) if origin is tuple else None
    part = hint if isinstance(hint, type) and is_dataclass(hint) else None
    kinds = get_args(hint) if origin is UnionType else (origin or hint,)
    return _Shape(hint, item, part, kinds, frozenset(kinds if item is None and part is None else ()))


# Worked out once: a record has thousands of values of a few dozen types.
_SHAPES = {kind: {name: _shape(hint) for name, hint in get_type_hints(kind).items()} for kind in _OURS}


def to_json(event: Event) -> dict[str, Json]:
    """Return `event` as a JSON object of base types with its `kind`; it shares nothing with the event.

    What is no JSON is left as it is, for the writer to refuse.
    """
    return {name: _plain(value) for name, value in _content(event).items()}


def plain_row(row: Row) -> dict[str, Json]:
    """Return a row of the limits in base types."""
    return {name: _plain(value) for name, value in _content(row).items()}


def plain_part(part: Part) -> dict[str, Json]:
    """Return a line of a budget in base types; what it does not say is not written, for there are hundreds in a run."""
    said = zip(UNSAID.items(), _PART(part), strict=True)
    return {name: value for (name, unsaid), value in said if value != unsaid}


def _content(value: object) -> dict[str, Json]:
    """Return what `value`, of one of our types, says by itself: its fields, and an event its kind too."""
    if isinstance(value, Part):
        return plain_part(value)
    kind = type(value)
    return TITLES.get(kind, {}) | {name: getattr(value, name) for name in FIELDS[kind]}


def _plain(value: object) -> Json:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if type(value) in FIELDS:
        return {name: _plain(item) for name, item in _content(value).items()}
    return value  # type: ignore[return-value]  # base types are left, and what is none


def from_json(content: Mapping[str, Json]) -> Event:
    """Return the event that `to_json` made; raises ValueError for anything else."""
    kind = _KINDS.get(str(content.get("kind")))
    if kind is None or content.get("schema") != SCHEMA:
        raise ValueError(f"not an event of schema {SCHEMA}: {str(content)[:80]}")
    return _made(kind, {key: value for key, value in content.items() if key not in ("kind", "schema")})


def _made(kind: type[_T], content: Mapping[str, Json]) -> _T:
    shapes = _SHAPES[kind]
    if unknown := content.keys() - shapes.keys():
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    try:
        return kind(**{name: _value(shapes[name], value) for name, value in content.items()})
    except (TypeError, OverflowError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error


def _value(shape: _Shape, value: Json) -> object:
    """Return `value` as a field of `shape` takes it; raises TypeError when it is of another type."""
    if type(value) in shape.plain:
        return value
    if shape.item is not None and isinstance(value, list | tuple):
        item = shape.item
        return tuple(_value(item, one) for one in value)
    if shape.part is not None and isinstance(value, Mapping):
        return _made(shape.part, value)
    kinds = shape.kinds
    if type(value) is int and float in kinds and int not in kinds:
        return float(value)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError(f"{value!r:.40} is no {shape.hint}")
    return value
