"""Read a controlled TOML document strictly: every problem with file, line, key, what is wrong and what to do."""

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Protocol, TypeVar

from station.core.errors import StationError
from station.core.finite import finite
from station.core.lines import Lines

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MEANT = {
    "Illegal character '\\n'": "a text has no closing quote",
    "Unclosed inline table": "a row has no closing }, or holds a value that is none, like 090, 90. or 4_",
    "Exceeds the limit": "a number has too many digits",
}
_LARGEST = 1_000_000
_DEEPEST = 4_000  # names in one key: the TOML reader's work grows with their square
_ABSENT = object()
_T = TypeVar("_T")


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


class Source(Protocol):
    """What tables are read from, a TOML text or a sheet: it collects what is wrong, and refuses at the end."""

    @property
    def root(self) -> "Table":
        """Return the outermost table."""
        ...

    def problem(self, path: tuple[str, ...], what: str, remedy: str) -> None:
        """Note that what stands at `path` is wrong."""
        ...

    def finish(self) -> None:
        """Raise the source's error with every problem noted so far, if there is one."""
        ...


class Table:
    """One table of a document, read key by key; `done` refuses the keys that nobody asked for.

    A reader that meets a problem notes it and goes on with a harmless value, so that one look shows all that is wrong;
    the document as a whole is refused at the end by `Document.finish`.
    """

    def __init__(self, document: Source, content: Mapping[str, object], path: tuple[str, ...] = ()) -> None:
        self._document = document
        self._content = content
        self.path = path
        self.faulty = False
        self._hushed = False
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Return whether the document gives `key` here."""
        return key in self._content

    def keys(self) -> tuple[str, ...]:
        """Return the keys given here, in the order of the document."""
        return tuple(self._content)

    def problem(self, key: str, what: str, remedy: str) -> None:
        """Note that `key` here is wrong."""
        self.faulty = True
        if not self._hushed:
            self._document.problem((*self.path, key) if key else self.path, what, remedy)

    def hush(self) -> None:
        """Note nothing more about this table: what decides how the rest of it is read is wrong, and more would mislead."""
        self._hushed = True

    def raw(self, key: str) -> object:
        """Return what stands at `key`, whatever it is, or None."""
        self._asked.add(key)
        return self._content.get(key)

    def _typed(self, key: str, kind: type[_T], said: str, default: object) -> _T | None:
        self._asked.add(key)
        value = self._content.get(key, _ABSENT)
        if value is _ABSENT:
            if default is _ABSENT:
                self.problem(key, "is missing", f"Give {said}")
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.problem(key, f"is {shown(value)}", f"Give {said}")
            return None
        return value

    def text(self, key: str, *, default: str | object = _ABSENT, choices: tuple[str, ...] = ()) -> str:
        """Return the text at `key`; with `choices`, one of them."""
        said = f"one of {', '.join(choices)}" if choices else "a text in quotes"
        value = self._typed(key, str, said, default)
        if value is None:
            return default if isinstance(default, str) else ""
        if _CONTROL.search(value):
            self.problem(key, f"is {shown(value)}, with a control character in it", "Give a text that can be read and printed")
            return choices[0] if choices else ""
        if choices and value not in choices:
            self.problem(key, f"is {shown(value)}", f"Give {said}")
            return choices[0]
        if not choices and default is _ABSENT and not value.strip():
            self.problem(key, "is empty", "Give a text in quotes")
        return value

    def number(self, key: str, *, default: float | object = _ABSENT, low: float = -math.inf, high: float = math.inf) -> float:
        """Return the finite number at `key`, between `low` and `high`."""
        said = "a number" + (f" between {low:g} and {high:g}" if math.isfinite(low) or math.isfinite(high) else "")
        value = self._typed(key, (int | float), said, default)  # type: ignore[arg-type]  # isinstance takes a union
        if value is None:
            return float(default) if isinstance(default, int | float) else max(low, 1.0)
        if not finite(value) or not low <= value <= high:
            self.problem(key, f"is {shown(value)}", f"Give {said}")
            return max(low, 1.0)
        return float(value)

    def whole(self, key: str, *, default: int | object = _ABSENT, low: int, high: int) -> int:
        """Return the whole number at `key`, between `low` and `high`."""
        said = f"a whole number between {low} and {high}"
        value = self._typed(key, int, said, default)
        if value is None:
            return default if isinstance(default, int) else low
        if not low <= value <= high:
            self.problem(key, f"is {shown(value)}", f"Give {said}")
            return low
        return value

    def flag(self, key: str, *, default: bool | object = _ABSENT) -> bool:
        """Return the true or false at `key`."""
        value = self._typed(key, bool, "true or false", default)
        return value if value is not None else default is True

    def day(self, key: str) -> date:
        """Return the date at `key` (written 2026-11-22, without quotes)."""
        said = "a date like 2026-11-22, without quotes"
        value = self._typed(key, date, said, _ABSENT)
        if isinstance(value, datetime):
            self.problem(key, f"is {value}, a date with a time", f"Give {said}")
        return value or date.min

    def texts(self, key: str, *, default: tuple[str, ...] | object = _ABSENT) -> tuple[str, ...]:
        """Return the list of texts at `key`."""
        said = 'a list of texts like ["a", "b"]'
        value = self._typed(key, list, said, default)
        if value is None:
            return default if isinstance(default, tuple) else ()
        if not all(isinstance(item, str) for item in value):
            self.problem(key, f"is {shown(value)}", f"Give {said}")
            return ()
        return tuple(value)

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """Return the text at `key` as the only one, or the texts of a list there, at least one."""
        if not isinstance(self._content.get(key), list):
            text = self.text(key)
            return (text,) if text else ()
        texts = self.texts(key)
        if not texts and self._content[key] == []:
            self.problem(key, "is an empty list", 'Give a text, or a list of texts like ["a", "b"]')
        return texts

    def table(self, key: str, *, optional: bool = False) -> "Table":
        """Return the table at `key`; an empty one when it is missing, which is a problem unless it is `optional`."""
        value = self._typed(key, dict, f"a table [{'.'.join((*self.path, key))}]", None if optional else _ABSENT)
        return Table(self._document, value or {}, (*self.path, key))

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return the tables [[key]], none when there is none."""
        value = self._typed(key, list, f"tables [[{key}]]", None)
        if value is None:
            return ()
        if not all(isinstance(item, dict) for item in value):
            self.problem(key, f"is {shown(value)}", f"Give tables [[{key}]]")
            return ()
        return tuple(Table(self._document, item, (*self.path, key, str(n))) for n, item in enumerate(value))

    def one_or_more(self, key: str, *, most: int) -> tuple["Table", ...]:
        """Return the table [key] as the only one, or the tables [[key]], 1 to `most` of them."""
        value = self._content.get(key)
        if not isinstance(value, list):
            return (self.table(key),)
        tables = self.tables(key)
        if not 1 <= len(value) <= most:
            name = ".".join((*self.path, key))
            self.problem(key, f"stands {len(value)} times", f"Give one table [{name}], or 2 to {most} tables [[{name}]]")
        return tables

    def children(self) -> dict[str, "Table"]:
        """Return every table in here by its name; what is not a table is a problem."""
        tables = {key: self.table(key) for key in self._content}
        return {key: table for key, table in tables.items() if isinstance(self._content[key], dict)}

    def done(self) -> None:
        """Refuse every key that was not asked for."""
        known = ", ".join(sorted(self._asked)) or "none"
        for key in self._content:
            if key not in self._asked:
                what = f"is not a key of this table{strange(key)}"
                self.problem(key, what, f"Remove it, or correct its spelling; known are: {known}")


class Document:
    """A TOML text on its way to become frozen values; collects problems and refuses at the end."""

    def __init__(self, text: str | bytes, file: str, error: type[DocumentError] = DocumentError) -> None:
        self.file = file
        self._error = error
        self._problems: list[Problem] = []
        self._text = self._decode(text)
        self.root = Table(self, self._load(self._text))

    @cached_property
    def _lines(self) -> Lines:
        """Return the line of each key; only a document with a fault needs to know."""
        return Lines(self._text)

    def problem(self, path: tuple[str, ...], what: str, remedy: str) -> None:
        """Note that what stands at `path` is wrong."""
        self._problems.append(Problem(self.file, self._lines.of(path), _named(path), what, remedy))

    def finish(self) -> None:
        """Raise the document's error with every problem noted so far, if there is one."""
        if self._problems:
            raise self._error(self._problems)

    def _refuse(self, line: int, what: str, remedy: str) -> DocumentError:
        return self._error([Problem(self.file, line, "", what, remedy)])

    def _decode(self, text: str | bytes) -> str:
        if len(text) > _LARGEST:
            raise self._refuse(1, f"is larger than {_LARGEST:,} characters", "Split it, or check that it is the right file")
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        try:
            decoded = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise self._refuse(line, "is not UTF-8 text", "Save the file as UTF-8") from error
        if decoded.startswith("\ufeff"):
            raise self._refuse(1, "begins with a byte order mark", "Save the file as UTF-8 without BOM")
        return decoded

    def _load(self, decoded: str) -> dict[str, object]:
        if sum(map(decoded.count, ".[{")) >= _DEEPEST and self._lines.depth > _DEEPEST:  # each level needs one of these signs
            raise self._too_deep()
        try:
            return tomllib.loads(decoded)
        except ValueError as error:  # TOMLDecodeError, or Python's own about a number of thousands of digits
            raise self._broken(str(error), decoded.count("\n") + 1) from error
        except RecursionError as error:
            raise self._too_deep() from error

    def _too_deep(self) -> DocumentError:
        remedy = "Flatten it; no document here needs more than three levels"
        return self._refuse(self._lines.deepest, "is nested too deeply", remedy)

    def _broken(self, told: str, last: int) -> DocumentError:
        """Return the refusal of what is no TOML, in the line that must be changed: often not where the reader gave up."""
        said = told.rpartition(" (at ")[0] or told
        found = re.search(r"\(at line (\d+), (column \d+)\)$", told)
        line, where = (int(found[1]), f" ({found[2]})") if found else (last, "")
        remedy = "Correct this line"
        if self._lines.unclosed is not None and (found is None or said == "Unclosed array"):
            line, said = self._lines.unclosed, f"{said}: what begins here never ends"
            remedy = "Correct this line: close the quotes or brackets that it opens"
        elif said.startswith(("Cannot", "Duplicate")) and (again := self._lines.twice(line)) is not None:
            line, said = again[0], f"{_named(again[2])} stands in line {again[1]} already"
            remedy = "Remove one of the two, or correct its name: a key may stand only once"
        else:
            said = next((ours for theirs, ours in _MEANT.items() if said.startswith(theirs)), said[:120]) + where
        return self._refuse(line, f"is not valid TOML: {said}", remedy)


def strange(text: str) -> str:
    """Return how `text` is spelled when it may look like another: a Cyrillic C, a full-width point, a blank of no width."""
    return "" if text.isascii() else f" (its characters are {shown(text, ascii)})"


def _named(path: tuple[str, ...]) -> str:
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
