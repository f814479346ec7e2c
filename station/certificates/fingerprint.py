"""Digest a record, so that paper can be held against the electronic record."""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from station.core.canonical import Json, canonical, digest
from station.core.event_json import plain_part
from station.core.record import RunRecord
from station.core.uncertainty import Part
from station.core.verdict import Verdict

_AS_IT_IS = (str, int, bool, type(None))  # in JSON: most of what is on record, and not worth a call each
SHOWN = 16  # hex digits on paper: 64 bits, no one finds a second record for them by trying


def canonical_record(record: RunRecord) -> bytes:
    """Return `record` whole as canonical JSON; a number that JSON cannot hold stands as its name ("nan", "inf").

    A field that holds its default is left out: so a record of today has the same form, and the same digest, once later
    versions know fields that it does not have.
    """
    return canonical(_plain(record))


def _plain(value: object) -> Json:
    """Return `value` in base types: a verdict as its name, a record's parts as objects."""
    if value is None or isinstance(value, str | int):
        return value.name if isinstance(value, Verdict) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Part):
        value = plain_part(value)  # as it is on record: what it does not say changes no paper that was issued before
    if isinstance(value, Mapping):
        return {key: item if type(item) in _AS_IT_IS else _plain(item) for key, item in value.items()}
    names, held, unsaid = _fields(type(value))  # type: ignore[arg-type]  # a class is hashable, whatever its instances are
    said = zip(names, held(value), unsaid, strict=True)
    return {name: part if type(part) in _AS_IT_IS else _plain(part) for name, part, default in said if part != default}


@cache
def _fields(kind: type) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]], tuple[object, ...]]:
    """Return the fields of a part of a record, how to get what they hold, and what they hold when nothing was said."""
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not a part of a record")
    names = tuple(one.name for one in fields(kind))
    return names, attrgetter(*names), tuple(_default(one) for one in fields(kind))


def _default(one: Field[object]) -> object:
    return one.default if one.default_factory is MISSING else one.default_factory()


def fingerprint(record: RunRecord) -> str:
    """Return the SHA-256 of the canonical record as 64 hex digits."""
    return digest(canonical_record(record)).removeprefix("sha256:")


def code(number: str, serial: str, whole: str) -> str:
    """Return what the code on the first page holds: EOL1|number|serial|first 16 hex digits of the fingerprint `whole`."""
    return f"EOL1|{number}|{serial}|{whole[:SHOWN]}"
