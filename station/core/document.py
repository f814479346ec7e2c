"""Read a controlled TOML document strictly: every problem with file, line, key, what is wrong and what to do."""

import re
import tomllib
from collections.abc import Mapping
from functools import cached_property, lru_cache

from station.core.lines import Lines
from station.core.problems import DocumentError, Problem, named_at
from station.core.table import Table

_MEANT = {
    "Illegal character '\\n'": "a text has no closing quote",
    "Unclosed inline table": "a row has no closing }, or holds a value that is none, like 090, 90. or 4_",
    "Exceeds the limit": "a number has too many digits",
}
_DAY = re.compile(r"[^=]*=[ \t]*(\d{1,4}([./-])\d{1,2}\2\d{1,4})[ \t]*(?:#|\r?$)")  # a day as people write one
_LARGEST = 1_000_000
_REMEMBERED = 32  # texts: a home has half a dozen of them, and each document that it issued carries the same again
SMALL = 100_000  # characters of a text that is remembered: no crafted one may fill the memory
_DEEPEST = 4_000  # names in one key: the TOML reader's work grows with their square


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
        self._problems.append(Problem(self.file, self._lines.of(path), named_at(path), what, remedy))

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

    def _load(self, decoded: str) -> Mapping[str, object]:
        if sum(map(decoded.count, ".[{")) >= _DEEPEST and self._lines.depth > _DEEPEST:  # each level needs one of these signs
            raise self._too_deep()
        try:
            return _remembered(decoded) if len(decoded) <= SMALL else tomllib.loads(decoded)
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
        day = _DAY.match(self._text.split("\n")[line - 1])
        if self._lines.unclosed is not None and (found is None or said == "Unclosed array"):
            line, said = self._lines.unclosed, f"{said}: what begins here never ends"
            remedy = "Correct this line: close the quotes or brackets that it opens"
        elif said.startswith(("Cannot", "Duplicate")) and (again := self._lines.twice(line)) is not None:
            line, said = again[0], f"{named_at(again[2])} stands in line {again[1]} already"
            remedy = "Remove one of the two, or correct its name: a key may stand only once"
        elif day is not None:
            said, remedy = f"{day[1]} is no date", "Give a date like 2026-11-22 (year, month, day), without quotes"
        else:
            said = next((ours for theirs, ours in _MEANT.items() if said.startswith(theirs)), said[:120]) + where
        return self._refuse(line, f"is not valid TOML: {said}", remedy)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(text: str) -> Mapping[str, object]:
    """Return what a TOML text says; whoever reads the same text again is given the same tables, which nobody writes into."""
    return tomllib.loads(text)
