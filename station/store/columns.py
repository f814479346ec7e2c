"""Add rows to tables, by the names of their columns."""

import sqlite3
from collections.abc import Mapping
from functools import cache
from operator import itemgetter

Cell = None | int | float | str | bytes
Content = Mapping[str, Cell]  # of a row, by column


def insert(connection: sqlite3.Connection, table: str, *rows: Content) -> None:
    """Add `rows` to `table`; each has the columns of the first, two at least."""
    if rows:
        columns = tuple(rows[0])
        connection.executemany(_insertion(table, columns), map(itemgetter(*columns), rows))


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def text_of(value: str | bool | None) -> str | None:
    """Return a text or a flag as it stands in a column: flags as `true` and `false`."""
    return str(value).lower() if isinstance(value, bool) else value
