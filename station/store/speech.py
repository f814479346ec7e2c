"""Turn events into the text that is kept, and back; nothing that a unit or an instrument says can keep a run off the record."""

import math
from dataclasses import replace

from station.core.canonical import Json
from station.core.event_json import from_json, to_json
from station.core.event_text import written
from station.core.events import Event, Measured


def spoken(event: Event) -> tuple[Event, str]:
    """Return `event` as it can be kept, and its canonical JSON.

    JSON has no NaN and no infinity, UTF-8 no half characters: a value that is one is kept as its text, an uncertainty as none.
    So is whatever is no JSON at all: a run with a gap in its events could not be kept.
    """
    try:
        return event, written(event)
    except (ValueError, TypeError):
        finite = _finite(event) if isinstance(event, Measured) else event
        content = _clean(to_json(finite))
        if not isinstance(content, dict):
            raise
        kept = from_json(content)
        return kept, written(kept)


def _finite(event: Measured) -> Measured:
    value = event.value if not isinstance(event.value, float) or math.isfinite(event.value) else str(event.value)
    u = event.u if event.u is not None and math.isfinite(event.u) else None
    parts = tuple(part for part in event.parts if math.isfinite(part.u))
    return replace(event, value=value, u=u, parts=parts)


def _clean(value: object) -> Json:
    match value:
        case dict():
            return {str(_clean(key)): _clean(item) for key, item in value.items()}
        case list() | tuple():
            return [_clean(item) for item in value]
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case None | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case _:
            return str(value)
