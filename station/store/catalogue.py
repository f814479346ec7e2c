"""Find or add what runs refer to: product, unit, limits, station, instruments; a thing that reads differently is a new row."""

import sqlite3
from collections.abc import Callable

from station.core.equipment import Equipment
from station.core.events import Row, RunStarted
from station.store.applied import Applied
from station.store.columns import Cell, Content, insert
from station.store.ids import to_bytes


class Catalogue:
    """The tables of things, seen through the writer's `connection`; new rows get ids of `new_id`.

    It remembers what it found, so it must not outlive a transaction that was rolled back.
    """

    def __init__(self, connection: sqlite3.Connection, new_id: Callable[[], str]) -> None:
        self._connection = connection
        self._new_id = new_id
        self._known: dict[tuple[Cell, ...], bytes] = {}  # ids by table and content; units, of which there is no end, are not kept
        self._applied = Applied.of(())

    def product(self, started: RunStarted) -> bytes:
        """Return the id of the product revision under test."""
        return self._entry("product", part_number=started.product, revision=started.product_revision)

    def process(self, started: RunStarted) -> bytes:
        """Return the id of the process: the sequence and the recipe it was run by."""
        return self._entry("process", code=started.sequence, name=started.recipe)

    def unit(self, started: RunStarted) -> bytes:
        """Return the id of the unit: one serial of one product."""
        content: Content = {"part_number": started.product, "serial": started.serial}
        return self._find("unit", content) or self._add("unit", content)

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

    def applied(self, rows: tuple[Row, ...]) -> Applied:
        """Return `rows` as they are kept; worked out once for all units that are judged by the same, one after the other."""
        if rows != self._applied.rows:
            self._applied = Applied.of(rows)
        return self._applied

    def limit_set(self, started: RunStarted) -> bytes:
        """Return the id of the limits as they were applied, with their rows."""
        documents, applied = started.documents, self.applied(started.rows)
        content: Content = {
            "part_number": documents.limits_product,
            "revision": documents.limits_revision,
            "sha256": documents.limits_digest,
            "rows_sha256": applied.digest,
            "unreleased": documents.limits_unreleased,
        }
        return self._remembered("limit_set", content, lambda: self._limit_set(content, applied))

    def _limit_set(self, content: Content, applied: Applied) -> bytes:
        key = self._add("limit_set", content)
        items = (
            {
                "limit_set_id": key,
                "number": number,
                "scale": row.scale,
                "method": row.method,
                "condition": row.condition,
                **columns,
            }
            for number, (row, columns) in enumerate(zip(applied.rows, applied.columns, strict=True))
        )
        insert(self._connection, "limit_item", *items)
        return key

    def _entry(self, table: str, **content: Cell) -> bytes:
        return self._remembered(table, content, lambda: self._add(table, content))

    def _remembered(self, table: str, content: Content, add: Callable[[], bytes]) -> bytes:
        place = (table, *content.values())
        if place not in self._known:
            self._known[place] = self._find(table, content) or add()
        return self._known[place]

    def _find(self, table: str, content: Content) -> bytes | None:
        same = " AND ".join(f"{column} = :{column}" for column in content)
        row = self._connection.execute(f"SELECT {table}_id FROM {table} WHERE {same}", content).fetchone()
        return None if row is None else bytes(row[0])

    def _add(self, table: str, content: Content) -> bytes:
        key = to_bytes(self._new_id())
        insert(self._connection, table, {f"{table}_id": key, **content})
        return key
