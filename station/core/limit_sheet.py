"""Read limits from a spreadsheet (CSV) by the checks of a limit file: each problem with file, line, column and remedy.

A sheet is lines `limits,KEY,VALUE` for the head, then a line of column names that begins with `id`, then a line for each row.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from station.core.limit_set import Status
from station.core.problems import LimitsError, Problem, shown
from station.core.sheet_cells import Trouble, column_name, day_of, flag_of, number_of, plain, text_of
from station.core.sheet_lines import Line, lines_of
from station.core.table import Table

HEAD = ("product", "revision", "effective", "author")
NUMBERS = ("nominal", "low", "high", "u_max", "range", "r")
COLUMNS = ("id", "title", "kind", "unit", "nominal", "low", "high", "expect", "u_max", "safety", "rule", "r", "sides", "range",
           "recipes", "method", "condition")  # fmt: skip
NEEDED = ("id", "title", "unit", "low", "high", "u_max", "method")
_SAID = (
    ('Add a row like "CUR.310" = { … }', "Add a line for each row below the names"),
    (", without quotes", ""),
    (" in quotes", ""),
    ('low = "none"', "none"),
    ('high = "none"', "none"),
)


@dataclass(slots=True)
class _Places:
    """Where things stand: the head's keys, the rows and the columns, and the cells that could not be understood."""

    head: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    header: int = 1
    troubles: dict[tuple[str, ...], Trouble] = field(default_factory=dict)


class Sheet:
    """A spreadsheet on its way to become frozen limits; collects problems and refuses at the end.

    What it holds is a draft that nobody has approved: status and approvals do not travel in spreadsheets.
    """

    def __init__(self, data: bytes, file: str, *, comma: bool = False) -> None:
        """Read `data`; with `comma` its numbers have decimal commas. Raises LimitsError when it is no sheet at all."""
        self.file = file
        self._comma = comma
        self._problems: list[Problem] = []
        self._places = _Places()
        self.content = self._content(lines_of(data, file))
        self.root = Table(self, self.content)

    def problem(self, path: tuple[str, ...], what: str, remedy: str) -> None:
        """Note that what stands at `path` is wrong, in the words of a sheet."""
        if path == ("rows",) and self._problems:  # there were rows: what is wrong with them is told already
            return
        trouble = self._places.troubles.pop(path, None)
        if trouble is not None:
            what, remedy = trouble.what, trouble.remedy
        for theirs, ours in _SAID:
            remedy = remedy.replace(theirs, ours)
        self._problems.append(Problem(self.file, self._line_of(path), self._named(path), what, remedy))

    def finish(self) -> None:
        """Raise LimitsError with every problem noted so far, if there is one."""
        for path in tuple(self._places.troubles):
            self.problem(path, "", "")
        if self._problems:
            raise LimitsError(self._problems)

    def _refuse(self, line: int, what: str, remedy: str) -> LimitsError:
        return LimitsError([Problem(self.file, line, "", what, remedy)])

    def _content(self, lines: list[Line]) -> dict[str, object]:
        at = next((at for at, line in enumerate(lines) if plain(line.cell(0)) == "id"), None)
        if at is None:
            raise self._refuse(lines[-1].number, "has no line of column names", f"Add one: {', '.join(COLUMNS)}")
        head = self._head(lines[:at])
        self._name_columns(lines[at])
        return {"limits": head, "rows": self._rows(lines[at + 1 :])}

    def _head(self, lines: list[Line]) -> dict[str, object]:
        head: dict[str, object] = {"status": Status.DRAFT.value}
        for line in lines:
            key = plain(line.cell(1)) or ""
            if plain(line.cell(0)) != "limits":
                self._note(line.number, "", f"begins with {shown(line.cell(0))}", "Begin with limits, or with id for the names")
            elif key in self._places.head:
                self._note(line.number, "B", f"gives {key} again", "Remove one of the two lines")
            elif key not in HEAD:
                self._note(line.number, "B", f"gives {shown(key)}, which is not of the head", f"Give {', '.join(HEAD)}")
            else:
                self._places.head[key] = line.number
                read: Callable[[str], str | date | Trouble] = day_of if key == "effective" else text_of
                self._put(head, key, ("limits", key), line.cell(2), read)
        return head

    def _name_columns(self, line: Line) -> None:
        places = self._places
        places.header = line.number
        for number, cell in enumerate(line.cells):
            name = plain(cell)
            if name in places.columns:
                self._note(line.number, column_name(number), f"is named {name} again", "Remove one of the two columns")
            elif name in COLUMNS:
                places.columns[name] = number
            elif name is not None:
                self._note(line.number, column_name(number), f"is named {shown(name)}", f"Name it one of: {', '.join(COLUMNS)}")
        missing = [name for name in NEEDED if name not in places.columns]
        if missing:  # each row would complain of it again
            self._note(line.number, "", f"has no column {' and no '.join(missing)}", "Add what is missing")
            raise LimitsError(self._problems)

    def _rows(self, lines: list[Line]) -> dict[str, object]:
        rows: dict[str, object] = {}
        for line in lines:
            row_id = plain(line.cell(self._places.columns["id"]))
            stray = [number for number, cell in enumerate(line.cells) if cell.strip() and number not in self._known]
            if row_id is None:
                self._note(line.number, column_name(self._places.columns["id"]), "has no id", "Give the row its id, like CUR.310")
            elif row_id in self._places.rows:
                what = f"is {row_id}, which stands in line {self._places.rows[row_id]} already"
                self._note(line.number, column_name(self._places.columns["id"]), what, "Remove one of the two rows")
            elif stray:
                self._note(
                    line.number, column_name(stray[0]), "stands in a column without a name", "Remove it, or name the column"
                )
            else:
                self._places.rows[row_id] = line.number
                rows[row_id] = self._row(row_id, line)
        return rows

    @property
    def _known(self) -> set[int]:
        return set(self._places.columns.values())

    def _row(self, row_id: str, line: Line) -> dict[str, object]:
        row: dict[str, object] = {}
        columns = self._places.columns
        kind = plain(line.cell(columns["kind"])) if "kind" in columns else None
        for key, number in columns.items():
            if key != "id":
                self._put(row, key, ("rows", row_id, key), line.cell(number), self._reader(key, kind))
        return row

    def _reader(self, key: str, kind: str | None) -> Callable[[str], object]:
        if key == "expect" and kind == "flag":
            return flag_of
        if key == "recipes":
            return lambda cell: re.split(r"[\s,;|]+", (plain(cell) or "").strip())
        return self._amount if key in NUMBERS else text_of

    def _amount(self, cell: str) -> str | float | Trouble:
        return "none" if plain(cell) == "none" else number_of(cell, comma=self._comma)

    def _put(self, content: dict[str, object], key: str, path: tuple[str, ...], cell: str, read: Callable[[str], object]) -> None:
        """Put what is in `cell` into `content`; an empty cell is a key left out, one not understood is told at its place."""
        if plain(cell) is None:
            return
        value = read(cell)
        if isinstance(value, Trouble):
            self._places.troubles[path] = value
            value = plain(cell)
        content[key] = value

    def _note(self, line: int, column: str, what: str, remedy: str) -> None:
        self._problems.append(Problem(self.file, line, f"column {column}" if column else "", what, remedy))

    def _line_of(self, path: tuple[str, ...]) -> int:
        match path:
            case ("limits", key, *_):
                return self._places.head.get(key, 1)
            case ("rows", row_id, *_):
                return self._places.rows.get(row_id, self._places.header)
        return self._places.header

    def _named(self, path: tuple[str, ...]) -> str:
        match path:
            case ("limits", key):
                return f"column C, {key} of the head" if key in self._places.head else f"{key} of the head"
            case ("rows", row_id, key):
                column = self._places.columns.get(key)
                return f"{key} of {row_id}" if column is None else f"column {column_name(column)}, {key} of {row_id}"
            case ("rows", row_id):
                return row_id
        return ""
