"""Find the line of each key of a TOML text, which the standard library's reader does not tell."""

import re
import tomllib
from dataclasses import dataclass

_TOKEN = re.compile(
    r'"""(?:[^"\\]+|\\.|"(?!""))*+(?:"{3,5}|(\Z))'  # the empty group takes part when a text of many lines has no end
    r"|'''(?:[^']+|'(?!''))*+(?:'{3,5}|(\Z))"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*"
    r"|[A-Za-z0-9_-]+"
    r"|[^ \t\r]",
    re.DOTALL,
)
LEVELS = 6  # no document nests deeper


@dataclass(slots=True)
class _Open:
    """What is open while the text is read: the document, a header, an inline table or a list; with its path and its line."""

    sign: str
    path: tuple[str, ...]
    line: int
    value: tuple[str, ...] = ()
    commas: int = 0


class Lines:
    """Where in the text each key stands, inside inline tables and lists too; texts and comments that look like keys are none.

    `unclosed` is the line of the first text, list or table that never ends; `depth` is the deepest nesting, and `deepest`
    the first line that nests deeper than any document here.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        self._given: dict[tuple[str, ...], int] = {}
        self._counts: dict[tuple[str, ...], int] = {}
        self._twice: list[tuple[int, int, tuple[str, ...]]] = []
        self._open = [_Open("", (), 1)]
        self._key: list[str] | None = []  # the parts of a key so far; None while its value is read
        self.depth = 1
        self.deepest = 1
        self.unclosed: int | None = None
        number = 1
        for token in _TOKEN.finditer(text):
            if token.lastindex:
                self.unclosed = number
            if token[0][0] != "#":
                self._take(token[0], number)
            number += token[0].count("\n")
        self._take("\n", number)
        if len(self._open) > 1 and self.unclosed is None:
            self.unclosed = self._open[1].line

    def of(self, path: tuple[str, ...]) -> int:
        """Return the line (from 1) of `path`, or of the nearest table around it."""
        for length in range(min(len(path), LEVELS), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1

    def twice(self, line: int) -> tuple[int, int, tuple[str, ...]] | None:
        """Return the last key up to `line` that was given before: its line, its first line, and its path."""
        return max(
            (again for again in self._twice if again[0] <= line), key=lambda again: (again[0], -len(again[2])), default=None
        )

    def _take(self, token: str, line: int) -> None:
        inside = self._open[-1]
        if token == "\n":
            self._end_line(inside)
        elif self._key is None:
            self._take_value(token, line, inside)
        elif token == "=" and self._key:
            self._measure(len(self._key), line)
            inside.value = (inside.path + tuple(self._key))[:LEVELS]
            self._give(inside.value, line)
            self._key = None
        elif token == "[" and inside.sign in ("", "header"):
            inside.commas += inside.sign == "header"  # the second bracket: one of several tables
            if not inside.sign:
                self._enter("header", (), line)
        elif token == "}":
            self._leave()
        elif token not in (".", "]"):
            self._key.append(_plain(token))

    def _take_value(self, token: str, line: int, inside: _Open) -> None:
        if token == ",":
            inside.commas += 1
            self._key = [] if inside.sign == "{" else None
        elif token in ("}", "]"):
            self._leave()
        else:
            here = (*inside.path, str(inside.commas))[:LEVELS] if inside.sign == "[" else inside.value
            self._note(here, line)
            if token in ("{", "["):
                self._enter(token, here, line)

    def _enter(self, sign: str, path: tuple[str, ...], line: int) -> None:
        self._open.append(_Open(sign, path, line))
        self._key = None if sign == "[" else []
        self._measure(len(self._open), line)

    def _measure(self, depth: int, line: int) -> None:
        if depth > LEVELS >= self.depth:
            self.deepest = line
        self.depth = max(self.depth, depth)

    def _leave(self) -> None:
        self._key = None
        if len(self._open) > 1:
            self._open.pop()

    def _end_line(self, inside: _Open) -> None:
        if inside.sign == "header" and self._key is not None:
            self._open.pop()
            self._open[0].path = self._header(tuple(self._key), inside)
        if len(self._open) == 1:
            self._key = []

    def _header(self, parts: tuple[str, ...], header: _Open) -> tuple[str, ...]:
        self._measure(len(parts), header.line)
        path: tuple[str, ...] = ()
        for part in parts[:-1]:
            path = self._latest((*path, part))
        path = (*path, *parts[-1:])[:LEVELS]
        if header.commas:
            self._counts[path] = self._counts.get(path, 0) + 1
        path = self._latest(path)
        self._give(path, header.line)
        return path

    def _latest(self, path: tuple[str, ...]) -> tuple[str, ...]:
        count = self._counts.get(path)
        return path[:LEVELS] if count is None else (*path, str(count - 1))[:LEVELS]

    def _give(self, path: tuple[str, ...], line: int) -> None:
        if path in self._given and len(path) < LEVELS:  # longer ones are cut, and alike without being the same
            self._twice.append((line, self._given[path], path))
        self._given.setdefault(path, line)
        self._note(path, line)

    def _note(self, path: tuple[str, ...], line: int) -> None:
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], line)


def _plain(token: str) -> str:
    """Return the part of a key that `token` is, without its quotes and with its escapes read."""
    if token[0] not in "\"'":
        return token
    if "\\" not in token:
        return token[1:-1]
    try:
        return next(iter(tomllib.loads(f"{token} = 0")))
    except ValueError:
        return token
