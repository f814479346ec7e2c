"""Part a spreadsheet (CSV) into lines and cells, whichever delimiter, byte order mark and line ends it was saved with."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from station.core.problems import LimitsError, Problem

_BEGINS = re.compile(r"^[ \"']*(?:limits|id)[ \"]*([,;\t])", re.MULTILINE)
_SEPARATOR = re.compile(r"\"?sep=.\"?\r?\n", re.IGNORECASE)  # what one spreadsheet writes first to tell itself the delimiter
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the sheet: its number (from 1) in the text, and its cells."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """Return the cell in `column` (from 0), empty where the line ends before."""
        return self.cells[column] if column < len(self.cells) else ""


def lines_of(data: bytes, file: str) -> list[Line]:
    """Return the lines of the sheet `data` (its name is `file`) that are not blank; raises LimitsError when it is none."""
    text = _decoded(data, file)
    begins = _BEGINS.search(text)
    if begins is None:
        remedy = "Begin with the lines limits,product,… and a line of column names that begins with id"
        raise _refusal(file, 1, "is no sheet of limits: no line begins with limits or id", remedy)
    lines = _parted(text, begins[1], file)
    if _SEPARATOR.match(text):
        next(lines)
    return [line for line in lines if any(cell.strip() for cell in line.cells)]


def _decoded(data: bytes, file: str) -> str:
    if len(data) > _LARGEST:
        raise _refusal(file, 1, f"is larger than {_LARGEST:,} bytes", "Check that it is the right file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refusal(file, line, "is not UTF-8 text", "In the spreadsheet choose “CSV UTF-8” when you save it") from error


def _parted(text: str, delimiter: str, file: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield Line(number, tuple(cells))
            number = reader.line_num + 1
    except csv.Error as error:
        raise _refusal(file, number, f"is not valid CSV: {error}", "Correct the quotes of this line") from error


def _refusal(file: str, line: int, what: str, remedy: str) -> LimitsError:
    return LimitsError([Problem(file, line, "", what, remedy)])
