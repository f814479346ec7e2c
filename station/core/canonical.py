"""Write values in one canonical form and digest it, so that layout never matters and content always does."""

import hashlib
import json

_WRITER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)  # made once: a run has hundreds of events
Json = None | bool | int | float | str | list["Json"] | tuple["Json", ...] | dict[str, "Json"]


def canonical(value: Json) -> bytes:
    """Return `value` as JSON with sorted keys, no white space, UTF-8; raises ValueError on NaN and infinity."""
    return _WRITER.encode(value).encode()


def detached(value: Json) -> Json:
    """Return `value` as it will be read back from the record, sharing nothing with it; raises ValueError or TypeError."""
    copied: Json = json.loads(canonical(value))
    return copied


def digest(data: bytes) -> str:
    """Return `sha256:` and 64 hex digits of `data`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
