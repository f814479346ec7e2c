"""Mint ids that sort by time: UUIDv7 (RFC 9562), 16 bytes in tables, the usual text elsewhere."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from station.core.clock import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TAIL = 74  # random bits of a UUIDv7: 12 beside the version, 62 beside the variant


class Ids:
    """A source of UUIDv7: milliseconds of the clock's UTC, then bits of `random_bits(count)`; each is above the one before."""

    def __init__(self, clock: Clock, random_bits: Callable[[int], int]) -> None:
        self._clock = clock
        self._bits = random_bits
        self._monitor = clock.monitor()
        self._last = 0

    def new(self) -> str:
        """Return a new id as text, above every id that this source minted before, whatever the wall clock does."""
        milliseconds = unix_ms(self._clock.utc())
        with self._monitor:
            fresh = milliseconds << _TAIL | self._bits(_TAIL)
            self._last = fresh if fresh > self._last else self._last + 1 + self._bits(32)
            return str(uuid.UUID(int=_laid_out(self._last)))


def _laid_out(number: int) -> int:
    """Return 48 bits of time and 74 of chance with RFC 9562's version (7) and variant (0b10) put between them."""
    time, high, low = number >> _TAIL, number >> 62 & 0xFFF, number & (1 << 62) - 1
    return time << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low


def unix_ms(utc: str) -> int:
    """Return the moment `utc` (ISO 8601) in whole ms since 1970."""
    return (datetime.fromisoformat(utc) - _EPOCH) // timedelta(milliseconds=1)


def moment(run_id: str) -> int:
    """Return when `run_id` was minted, in ms since 1970."""
    return uuid.UUID(run_id).int >> 80


@lru_cache(maxsize=1024)  # each event of a run names it
def to_bytes(text: str) -> bytes:
    """Return the id `text` as 16 bytes; raises ValueError when it is not one in its canonical form."""
    found = uuid.UUID(text)
    if str(found) != text:
        raise ValueError(f"{text!r} is not an id in canonical form")
    return found.bytes


def to_text(raw: bytes) -> str:
    """Return the 16 bytes `raw` as an id's text."""
    return str(uuid.UUID(bytes=raw))
