"""Read a controlled TOML document strictly: every problem with file, line, key, what is wrong and what to do."""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from station.core.errors import StationError
from station.core.finite import finite

_HEADER = re.compile(r"^\s*\[\[?([^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*((?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_LARGEST = 1_000_000
_LEVELS = 6  # no document nests deeper
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


class Lines:
    """Where in the text each key stands: the line of a header, of a plain key, or of the row that holds an inline table."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        self._counts: dict[tuple[str, ...], int] = {}
        prefix: tuple[str, ...] = ()
        for number, line in enumerate(text.split("\n"), 1):
            if header := _HEADER.match(line):
                prefix = self._header(line, _parts(header[1]))
                self._note(prefix, number)
            elif key := _KEY.match(line):
                self._note(prefix + _parts(key[1]), number)

    def _note(self, path: tuple[str, ...], number: int) -> None:
        for length in range(1, min(len(path), _LEVELS) + 1):
            self._lines.setdefault(path[:length], number)

    def _header(self, line: str, parts: tuple[str, ...]) -> tuple[str, ...]:
        if not line.lstrip().startswith("[["):
            return parts
        count = self._counts.get(parts, 0)
        self._counts[parts] = count + 1
        return (*parts, str(count))

    def of(self, path: tuple[str, ...]) -> int:
        """Return the line (from 1) of `path`, or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(next(group for group in match if group) for match in _PART.findall(dotted) if any(match))


class Table:
    """One table of a document, read key by key; `done` refuses the keys that nobody asked for.

    A reader that meets a problem notes it and goes on with a harmless value, so that one look shows all that is wrong;
    the document as a whole is refused at the end by `Document.finish`.
    """

    def __init__(self, document: "Document", content: Mapping[str, object], path: tuple[str, ...] = ()) -> None:
        self._document = document
        self._content = content
        self.path = path
        self.faulty = False
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
        self._document.problem((*self.path, key) if key else self.path, what, remedy)

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
            self.problem(key, f"is {_shown(value)}", f"Give {said}")
            return None
        return value

    def text(self, key: str, *, default: str | object = _ABSENT, choices: tuple[str, ...] = ()) -> str:
        """Return the text at `key`; with `choices`, one of them."""
        said = f"one of {', '.join(choices)}" if choices else "a text in quotes"
        value = self._typed(key, str, said, default)
        if value is None:
            return default if isinstance(default, str) else ""
        if choices and value not in choices:
            self.problem(key, f"is {_shown(value)}", f"Give {said}")
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
            self.problem(key, f"is {_shown(value)}", f"Give {said}")
            return max(low, 1.0)
        return float(value)

    def whole(self, key: str, *, default: int | object = _ABSENT, low: int, high: int) -> int:
        """Return the whole number at `key`, between `low` and `high`."""
        said = f"a whole number between {low} and {high}"
        value = self._typed(key, int, said, default)
        if value is None:
            return default if isinstance(default, int) else low
        if not low <= value <= high:
            self.problem(key, f"is {_shown(value)}", f"Give {said}")
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
            self.problem(key, f"is {_shown(value)}", f"Give {said}")
            return ()
        return tuple(value)

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
            self.problem(key, f"is {_shown(value)}", f"Give tables [[{key}]]")
            return ()
        return tuple(Table(self._document, item, (*self.path, key, str(n))) for n, item in enumerate(value))

    def children(self) -> dict[str, "Table"]:
        """Return every table in here by its name; what is not a table is a problem."""
        tables = {key: self.table(key) for key in self._content}
        return {key: table for key, table in tables.items() if isinstance(self._content[key], dict)}

    def done(self) -> None:
        """Refuse every key that was not asked for."""
        known = ", ".join(sorted(self._asked)) or "none"
        for key in self._content:
            if key not in self._asked:
                self.problem(key, "is not a key of this table", f"Remove it, or correct its spelling; known are: {known}")


class Document:
    """A TOML text on its way to become frozen values; collects problems and refuses at the end."""

    def __init__(self, text: str | bytes, file: str, error: type[DocumentError] = DocumentError) -> None:
        self.file = file
        self._error = error
        self._problems: list[Problem] = []
        decoded = self._decode(text)
        self.root = Table(self, self._load(decoded))
        self._lines = Lines(decoded)

    def problem(self, path: tuple[str, ...], what: str, remedy: str) -> None:
        """Note that what stands at `path` is wrong."""
        self._problems.append(Problem(self.file, self._lines.of(path), ".".join(path), what, remedy))

    def finish(self) -> None:
        """Raise the document's error with every problem noted so far, if there is one."""
        if self._problems:
            raise self._error(self._problems)

    def _refuse(self, line: int, what: str, remedy: str) -> DocumentError:
        return self._error([Problem(self.file, line, "", what, remedy)])

    def _decode(self, text: str | bytes) -> str:
        if len(text) > _LARGEST:
            raise self._refuse(1, f"is larger than {_LARGEST:,} characters", "Split it, or check that it is the right file")
        if isinstance(text, str):
            decoded = text
        else:
            try:
                decoded = text.decode("utf-8")
            except UnicodeDecodeError as error:
                line = text[: error.start].count(b"\n") + 1
                raise self._refuse(line, "is not UTF-8 text", "Save the file as UTF-8") from error
        if decoded.startswith("\ufeff"):
            raise self._refuse(1, "begins with a byte order mark", "Save the file as UTF-8 without BOM")
        return decoded

    def _load(self, decoded: str) -> dict[str, object]:
        try:
            return tomllib.loads(decoded)
        except ValueError as error:  # TOMLDecodeError, or Python's own about a number of thousands of digits
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else decoded.count("\n") + 1
            what = f"is not valid TOML: {str(error).split(' (at')[0]}"
            raise self._refuse(line, what, "Correct this line; a key may stand only once") from error
        except RecursionError as error:
            raise self._refuse(1, "is nested too deeply", "Flatten it; no document here needs more than three levels") from error


def _shown(value: object) -> str:
    try:
        shown = repr(value)
    except (ValueError, RecursionError):  # thousands of digits, or of levels
        return "something too large to show"
    return shown if len(shown) <= 40 else shown[:37] + "..."
