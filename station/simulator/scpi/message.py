"""Take a program message apart: units at `;`, headers, parameters at `,`, not inside quotes, brackets or blocks."""

import re
from dataclasses import dataclass
from functools import lru_cache

from station.simulator.scpi.errors import ScpiError

_HEADER = re.compile(r"(\*[A-Za-z]+|:?[A-Za-z]\w*(?::[A-Za-z]\w*)*)(\?)?")
_REMEMBERED = 1024  # messages: a program asks the same again and again
_OPENERS = {'"': '"', "'": "'", "(": ")"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One command of a message: its nodes in upper case as typed, whether it asks, and its parameters as text."""

    nodes: tuple[str, ...]
    absolute: bool
    query: bool
    parameters: tuple[str, ...]

    @property
    def common(self) -> bool:
        """The header is one of IEEE 488.2, such as `*IDN`."""
        return self.nodes[0].startswith("*")


@lru_cache(maxsize=_REMEMBERED)
def units(message: bytes) -> tuple[str, ...]:
    """Split a message into the texts of its commands; empty ones are left out, as instruments do."""
    text = message.decode("latin-1")
    return tuple(part.strip() for part in split(text, ";") if part.strip())


@lru_cache(maxsize=_REMEMBERED)
def parse(text: str) -> Unit:
    """Take one command apart, or raise what the instrument would queue."""
    match = _HEADER.match(text)
    if match is None:
        raise ScpiError(-101 if not text[0].isalpha() else -102)
    rest = text[match.end() :]
    if rest and not rest[0].isspace():
        raise ScpiError(-103 if rest[0] in ",;" else -101)
    header = match.group(1).upper()
    return Unit(tuple(header.lstrip(":").split(":")), header.startswith(":"), bool(match.group(2)), _parameters(rest))


def _parameters(rest: str) -> tuple[str, ...]:
    rest = rest.strip()
    if not rest:
        return ()
    found = tuple(part.strip() for part in split(rest, ","))
    if not all(found):
        raise ScpiError(-103)
    return found


def split(text: str, separator: str) -> list[str]:
    """Split `text` at each `separator` that stands outside quotes, brackets and definite blocks."""
    parts, start, position = [], 0, 0
    while position < len(text):
        if text[position] == separator:
            parts.append(text[start:position])
            start = position + 1
        position = _step_over(text, position)
    return [*parts, text[start:]]


def _step_over(text: str, position: int) -> int:
    """Return the place after the quoted text, bracket, block or single letter that begins at `position`."""
    closer = _OPENERS.get(text[position])
    if closer is not None:
        end = text.find(closer, position + 1)
        return end + 1 if end >= 0 else position + 1
    if text[position] == "#" and (block := re.match(r"#([1-9])", text[position : position + 2])):
        return _after_block(text, position + 2, int(block.group(1)))
    return position + 1


def _after_block(text: str, start: int, digits: int) -> int:
    length = text[start : start + digits]
    return start + digits + int(length) if len(length) == digits and length.isascii() and length.isdigit() else start
