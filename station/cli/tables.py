"""Write a table of results: drawn on a terminal, in aligned columns elsewhere, one object a line for programs."""

import json
import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from station.core.canonical import Json

WIDE = 160  # columns, where nobody looks at a terminal


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[str]], *, drawn: bool, title: str = "") -> None:
    """Print `rows` under their `columns`; numbers (what begins with a digit, a sign or a dash) stand to the right.

    Where a terminal is too narrow for a drawn table, each row is a paragraph: a line for each cell that is not empty.
    """
    if drawn:
        _draw(Console(width=None if sys.stdout.isatty() else WIDE), columns, rows, title)
        return
    wide = [max(len(cell) for cell in column) for column in zip(columns, *rows, strict=True)]
    sys.stdout.write(f"{title}\n" if title else "")
    for row in (columns, *rows):
        cells = (
            cell.rjust(width) if _numeric(number, rows) else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, wide, strict=True))
        )  # fmt: skip
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _draw(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> None:
    table = Table(title=title or None, title_justify="left", header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if _numeric(number, rows) else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    if Measurement.get(console, console.options.update(max_width=WIDE * 10), table).minimum <= console.width:
        console.print(table)
        return
    console.print(Text(title))
    wide = max(map(len, columns))
    for row in rows:
        console.print(Text(f"\n{row[0]}", style="bold"))
        for column, cell in zip(columns[1:], row[1:], strict=True):
            if cell:
                console.print(Text(f"  {column.ljust(wide)}  {cell}"))


def print_json(kind: str, content: Mapping[str, Json]) -> None:
    """Print one object on a line of its own, in ASCII, which every terminal and program takes."""
    sys.stdout.write(json.dumps({"kind": kind, **content}, allow_nan=False) + "\n")


def _numeric(number: int, rows: Sequence[Sequence[str]]) -> bool:
    return bool(rows) and all(row[number][:1].isdigit() or row[number][:1] in "-–+<" for row in rows if row[number])
