"""Read what the fixture answers: `OK key=value ...` or `ERR code text`; times become s of the fixture's clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from station.core.errors import LinkError

_ERR = re.compile(r"ERR (\d+)(?: (.*))?")
NO_UNIT = 23


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: `code` 0 and `values`, or the code and text of a refusal.

    `sent` and `received` bracket the moment of its execution, in s of the line's clock. `events` is the number of the last event
    that came before it, None when none has come yet.
    """

    code: int
    text: str
    values: Mapping[str, str]
    sent: float
    received: float
    events: int | None

    def word(self, key: str) -> str:
        """Return the value of `key`."""
        try:
            return self.values[key]
        except KeyError:
            raise LinkError(f"the fixture left out {key}= in {self.text!r}") from None

    def whole(self, key: str, base: int = 10) -> int:
        """Return the whole number of `key`."""
        word = self.word(key)
        try:
            return int(word, base)
        except ValueError:
            raise LinkError(f"the fixture answered {key}={word}, which is not a whole number") from None

    def last_event(self) -> int | None:
        """Return the number of the last event that the fixture has sent, None when it has sent none."""
        return None if self.word("ev") == "-" else self.whole("ev", 16)

    def seconds(self, key: str) -> float:
        """Return the time of `key` in s of the fixture's clock; it comes in whole microseconds."""
        return self.whole(key) / 1e6

    def maybe_seconds(self, key: str) -> float | None:
        """Return the time of `key` in s of the fixture's clock, or None for `-`."""
        return None if self.word(key) == "-" else self.seconds(key)


def parse_reply(body: str, sent: float, received: float, events: int | None) -> Reply:
    """Read the body of a reply frame; raises LinkError when it is neither OK nor ERR."""
    if refusal := _ERR.fullmatch(body):
        return Reply(int(refusal[1]), refusal[2] or "", MappingProxyType({}), sent, received, events)
    word, *pairs = body.split(" ")
    if word != "OK":
        raise LinkError(f"the fixture answered {body[:60]!r}, which is neither OK nor ERR")
    values = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    return Reply(0, body, MappingProxyType(values), sent, received, events)


@dataclass(frozen=True, slots=True)
class FixtureEvent:
    """News from the fixture, never evidence: its name (`PRESENT`, `LID` ...), the words after it, and its number, 0 ... 255."""

    name: str
    words: tuple[str, ...]
    number: int


def parse_event(body: str, number: int) -> FixtureEvent:
    """Read the body of an event frame."""
    name, *words = body.split(" ")
    return FixtureEvent(name, tuple(words), number)
