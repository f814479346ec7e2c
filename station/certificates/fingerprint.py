"""Digest a record, so that paper can be held against the electronic record."""

import math
from dataclasses import asdict

from station.core.canonical import Json, canonical, digest
from station.core.record import RunRecord

_SHOWN = 16  # hex digits on paper: 64 bits, no one finds a second record for them by trying


def canonical_record(record: RunRecord) -> bytes:
    """Return `record` whole as canonical JSON; a number that JSON cannot hold stands as its name ("nan", "inf")."""
    content: dict[str, Json] = asdict(record)
    return canonical(_plain({**content, "verdict": record.verdict.name}))


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def fingerprint(record: RunRecord) -> str:
    """Return the SHA-256 of the canonical record as 64 hex digits."""
    return digest(canonical_record(record)).removeprefix("sha256:")


def code(number: str, serial: str, whole: str) -> str:
    """Return what the code on the first page holds: EOL1|number|serial|first 16 hex digits of the fingerprint `whole`."""
    return f"EOL1|{number}|{serial}|{whole[:_SHOWN]}"
