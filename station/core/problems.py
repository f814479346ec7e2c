"""Say what is wrong in a controlled document: file, line, key, what it is, and what to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time

from station.core.errors import StationError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a document, and what to do about it."""

    file: str
    line: int
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Say it in one line, as compilers do: file:line: key: what. What to do."""
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {key}{self.what}. {self.remedy}."


class DocumentError(StationError):
    """A document cannot be used; `problems` lists everything that is wrong in it, in the order of its lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class LimitsError(DocumentError):
    """A limit file cannot be used."""


def strange(text: str) -> str:
    """Return how `text` is spelled when it may look like another: a Cyrillic C, a full-width point, a blank of no width."""
    return "" if text.isascii() else f" (its characters are {shown(text, ascii)})"


def named_at(path: tuple[str, ...]) -> str:
    """Return how the place `path` is called in a problem, in at most 80 characters."""
    name = ".".join(path)
    name = name if name.isprintable() else repr(name)[1:-1]
    return name if len(name) <= 80 else name[:77] + "..."


def shown(value: object, spell: Callable[[object], str] = repr) -> str:
    """Return `value` as people read it, in at most 40 characters."""
    if isinstance(value, date | time):
        return value.isoformat()
    try:
        said = spell(value)
    except (ValueError, RecursionError):  # thousands of digits, or of levels
        return "something too large to show"
    return said if len(said) <= 40 else said[:37] + "..."
