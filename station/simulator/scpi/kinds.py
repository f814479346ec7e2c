"""Kinds of parameters: each reads what was typed, prints what is kept, and knows its MINimum, MAXimum and DEFault."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.numbers import number, quoted, real, whole
from station.simulator.scpi.words import short, spellings

T = TypeVar("T")

_LEAST, _MOST, _USUAL = (frozenset(spellings(word)) for word in ("MINimum", "MAXimum", "DEFault"))


class Kind(Protocol[T]):
    """How one setting's values are typed and printed."""

    @property
    def default(self) -> T:
        """The value after a reset."""
        ...

    def read(self, text: str) -> T:
        """Return the value that `text` means, or raise a ScpiError."""
        ...

    def show(self, value: T) -> str:
        """Print a value as the reply to a query."""
        ...


def _same(value: float) -> float:
    return value


@dataclass(frozen=True, slots=True)
class Real:
    """A real number between `low` and `high`, brought to a value the instrument has by `snap`; `words` name others."""

    default: float
    low: float
    high: float
    unit: str = ""
    snap: Callable[[float], float] = _same
    words: Mapping[str, float] = field(default_factory=dict)
    decimals: int = 8

    def read(self, text: str) -> float:
        """Return the number that was typed, or that MIN, MAX, DEF or a word stands for; -222 outside the bounds."""
        named = self._named(text.upper())
        value = number(text, self.unit) if named is None else named
        if value in self.words.values():
            return value  # what a word stands for may be typed as the number that the query prints
        if named is None and not self.low <= value <= self.high:
            raise ScpiError(-222)
        return self.snap(value) if value <= self.high else value

    def show(self, value: float) -> str:
        """Print the number in scientific form with its sign."""
        return real(value, self.decimals)

    def _named(self, word: str) -> float | None:
        for names, value in ((_LEAST, self.low), (_MOST, self.high), (_USUAL, self.default)):
            if word in names:
                return value
        return next((value for name, value in self.words.items() if word in spellings(name)), None)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between `low` and `high`; a fraction is rounded."""

    default: int
    low: int
    high: int

    def read(self, text: str) -> int:
        """Return the number that was typed, or that MIN, MAX or DEF stands for; -222 outside the bounds."""
        return round(Real(self.default, self.low, self.high).read(text))

    def show(self, value: int) -> str:
        """Print the number with its sign."""
        return whole(value)


@dataclass(frozen=True, slots=True)
class Switch:
    """ON, OFF or a number, of which 0 is off; printed as 1 or 0; `also` lists words that mean off after one action."""

    default: bool
    also: tuple[str, ...] = ()

    def read(self, text: str) -> bool:
        """Return whether `text` means on."""
        word = text.upper()
        if word in {"ON", "OFF"}:
            return word == "ON"
        if any(word in spellings(name) for name in self.also):
            return False
        return abs(number(text)) >= 0.5

    def show(self, value: bool) -> str:
        """Print 1 or 0."""
        return str(int(value))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words in the manual's spelling, kept and printed in its short form."""

    default: str
    options: tuple[str, ...]

    def read(self, text: str) -> str:
        """Return the short form of the word that was typed; -224 when it is none of them."""
        for option in self.options:
            if text.upper() in spellings(option):
                return short(option)
        raise ScpiError(-224)

    def show(self, value: str) -> str:
        """Print the short form."""
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text of at most `longest` letters."""

    default: str = ""
    longest: int = 40

    def read(self, text: str) -> str:
        """Return what stands between the quotes."""
        if len(text) < 2 or text[0] not in "\"'" or text[-1] != text[0]:
            raise ScpiError(-151 if text[:1] in {'"', "'"} else -104)
        inner = text[1:-1].replace(text[0] * 2, text[0])
        if len(inner) > self.longest:
            raise ScpiError(-223)
        return inner

    def show(self, value: str) -> str:
        """Print the text in double quotes."""
        return quoted(value)
