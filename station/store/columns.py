"""Add rows to tables, by the names of their columns."""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from operator import itemgetter

_AT_ONCE = 64  # rows in one statement, where there are so many: a thread that writes row by row asks for its turn after each
Cell = None | int | float | str | bytes
Content = Mapping[str, Cell]  # of a row, by column


def insert(connection: sqlite3.Connection, table: str, *rows: Content) -> None:
    """Add `rows` to `table`; each has the columns of the first, two at least."""
    if rows:
        columns = tuple(rows[0])
        insert_cells(connection, table, columns, list(map(itemgetter(*columns), rows)))


def insert_cells(connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> None:
    """Add `rows` to `table`; each has a cell for each of `columns`."""
    whole = len(rows) - len(rows) % _AT_ONCE
    for start in range(0, whole, _AT_ONCE):
        cells = tuple(chain.from_iterable(rows[start : start + _AT_ONCE]))
        connection.execute(_insertion(table, columns, _AT_ONCE), cells)
    connection.executemany(_insertion(table, columns, 1), rows[whole:])


@cache
def _insertion(table: str, columns: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"


def text_of(value: str | bool | None) -> str | None:
    """Return a text or a flag as it stands in a column: flags as `true` and `false`."""
    return str(value).lower() if isinstance(value, bool) else value
