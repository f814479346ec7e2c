"""Find or add what runs refer to: product, unit, limits, station, instruments; a thing that reads differently is a new row."""

import sqlite3
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from station.core.canonical import canonical, digest
from station.core.events import Row, RunStarted, plain_row
from station.core.instruments import Equipment
from station.store.ids import to_bytes

Cell = None | int | float | str | bytes


class Catalogue:
    """The tables of things, seen through the writer's `connection`; new rows get ids of `new_id`."""

    def __init__(self, connection: sqlite3.Connection, new_id: Callable[[], str]) -> None:
        self._connection = connection
        self._new_id = new_id

    def product(self, started: RunStarted) -> bytes:
        """Return the id of the product revision under test."""
        return self._entry("product", part_number=started.product, revision=started.product_revision)

    def process(self, started: RunStarted) -> bytes:
        """Return the id of the process: the sequence and the recipe it was run by."""
        return self._entry("process", code=started.sequence, name=started.recipe)

    def unit(self, started: RunStarted) -> bytes:
        """Return the id of the unit: one serial of one product."""
        return self._entry("unit", part_number=started.product, serial=started.serial)

    def station(self, started: RunStarted) -> bytes:
        """Return the id of the station as it describes itself."""
        return self._entry(
            "station",
            code=started.station_id,
            name=started.station_name,
            site=started.site,
            maker=started.maker,
            timezone=started.timezone,
        )

    def fixture_slot(self, started: RunStarted) -> bytes:
        """Return the id of the slot of this fixture at this station."""
        station = self.station(started)
        return self._entry("fixture_slot", station_id=station, slot=started.slot, fixture_serial=started.fixture_serial)

    def operator(self, started: RunStarted) -> bytes | None:
        """Return the id of the operator, None when nobody was named."""
        return self._entry("operator", name=started.operator) if started.operator else None

    def instrument(self, one: Equipment) -> bytes:
        """Return the id of a piece of equipment."""
        return self._entry("instrument", maker=one.maker, model=one.model, serial=one.serial)

    def calibration(self, one: Equipment) -> bytes:
        """Return the id of the calibration that this piece of equipment showed."""
        instrument = self.instrument(one)
        return self._entry(
            "calibration", instrument_id=instrument, certificate_no=one.certificate, done_at=one.calibrated, due_at=one.due
        )

    def limit_set(self, started: RunStarted) -> bytes:
        """Return the id of the limits as they were applied, with their rows."""
        documents = started.documents
        content: dict[str, Cell] = {
            "part_number": documents.limits_product,
            "revision": documents.limits_revision,
            "sha256": documents.limits_digest,
            "rows_sha256": _digest_of_rows(started.rows),
            "unreleased": documents.limits_unreleased,
        }
        found = self._find("limit_set", content)
        return found if found is not None else self._limit_set(content, started.rows)

    def _limit_set(self, content: dict[str, Cell], rows: Iterable[Row]) -> bytes:
        key = self._add("limit_set", content)
        for number, row in enumerate(rows):
            insert(self._connection, "limit_item", limit_item(key, number, row))
        return key

    def _entry(self, table: str, **content: Cell) -> bytes:
        found = self._find(table, content)
        return found if found is not None else self._add(table, content)

    def _find(self, table: str, content: dict[str, Cell]) -> bytes | None:
        same = " AND ".join(f"{column} = :{column}" for column in content)
        row = self._connection.execute(f"SELECT {table}_id FROM {table} WHERE {same}", content).fetchone()
        return None if row is None else bytes(row[0])

    def _add(self, table: str, content: dict[str, Cell]) -> bytes:
        key = to_bytes(self._new_id())
        insert(self._connection, table, {f"{table}_id": key, **content})
        return key


def insert(connection: sqlite3.Connection, table: str, content: dict[str, Cell]) -> None:
    """Add one row to `table`; its columns are the keys of `content`."""
    connection.execute(_insertion(table, tuple(content)), content)


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    places = ", ".join(f":{column}" for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"


def limit_item(limit_set_id: bytes, number: int, row: Row) -> dict[str, Cell]:
    """Return the columns of a row of the limits, in the row's SI unit."""
    head: dict[str, Cell] = {"limit_set_id": limit_set_id, "number": number, "test_key": row.id, "scale": row.scale}
    return {**head, **applied(row), "method": row.method, "condition": row.condition}


def applied(row: Row) -> dict[str, Cell]:
    """Return what a row allows, as columns that limits and measurements share; numbers in the row's SI unit."""
    return {
        "title": row.title,
        "kind": row.kind,
        "comparator": comparator(row),
        "lo": row.low,
        "hi": row.high,
        "accept_lo": row.accept_low,
        "accept_hi": row.accept_high,
        "nominal": row.nominal,
        "expect": text_of(row.expect),
        "unit": row.printed,
        "si": row.si,
        "rule": row.rule,
        "u_max": row.u_max,
        "safety": row.safety,
    }


def comparator(row: Row) -> str:
    """Return how a value is compared with the row: GELE, GE, LE, EQ, or LOG for a row that only records."""
    if row.expect is not None:
        return "EQ"
    sides = ("GE" if row.low is not None else "") + ("LE" if row.high is not None else "")
    return sides or "LOG"


def text_of(value: str | bool | None) -> str | None:
    """Return a text or a flag as it stands in a column: flags as `true` and `false`."""
    return str(value).lower() if isinstance(value, bool) else value


@lru_cache(maxsize=16)  # the units of a shift are judged by the same rows
def _digest_of_rows(rows: tuple[Row, ...]) -> str:
    return digest(canonical([plain_row(row) for row in rows]))
