import sqlite3
from contextlib import closing

import pytest

from station.store.columns import Content, insert


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
def test_any_number_of_rows_is_added_whole_and_in_its_order(count: int) -> None:
    rows: list[Content] = [{"number": number, "name": f"row {number}"} for number in range(count)]

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE thing (name TEXT, number INTEGER)")
        insert(connection, "thing", *rows)
        found = connection.execute("SELECT number, name FROM thing ORDER BY rowid").fetchall()

    assert [(row["number"], row["name"]) for row in rows] == found


def test_rows_that_the_table_refuses_are_refused_among_many_too() -> None:
    rows: list[Content] = [{"number": number % 150, "name": "row"} for number in range(200)]

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE thing (name TEXT, number INTEGER UNIQUE)")
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            insert(connection, "thing", *rows)
