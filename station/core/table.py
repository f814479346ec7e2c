"""Read one table of a controlled document key by key, noting all that is wrong."""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol, TypeVar

from station.core.finite import finite
from station.core.problems import shown, strange

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ABSENT = object()
_T = TypeVar("_T")


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
        """Return the table at `key`; an empty one when it is missing, which is a problem unless it is `optional`.

        Nothing is noted of what such a table lacks: whoever is told that it is missing knows.
        """
        value = self._typed(key, dict, f"a table [{'.'.join((*self.path, key))}]", None if optional else _ABSENT)
        table = Table(self._document, value or {}, (*self.path, key))
        if value is None and not optional:
            table.hush()
        return table

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
