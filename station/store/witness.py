"""Hold what the tables say of a run against its events: the events are the truth, and the tables were made from them."""

import sqlite3
from pathlib import Path

from station.core.errors import StoreError
from station.core.record import RunRecord, replay
from station.store.columns import Cell
from station.store.ids import to_bytes
from station.store.projection import simulated, valued
from station.store.recovery import events_of, unreadable

_RUN = """
SELECT serial, part_number AS product, slot, started_at, ended_at, run_type, simulated, outcome, claimed, first_fail, struck
FROM run JOIN unit USING (unit_id) WHERE run_id = ?
"""
_ROWS = "SELECT test_key, outcome, value, text_value, uncertainty, safety FROM measurement WHERE run_id = ? ORDER BY seq"
_LATEST = "SELECT run_id FROM event WHERE kind = 'RunEnded' ORDER BY run_id DESC LIMIT ?"


def record_of(connection: sqlite3.Connection, path: Path, run_id: str) -> RunRecord:
    """Return the record of run `run_id` in the store at `path`; raises StoreError when its events tell none."""
    try:
        return replay(events_of(connection, path, run_id))
    except ValueError as error:
        raise unreadable(path, run_id, error) from error


def refuse_altered(connection: sqlite3.Connection, path: Path, run_id: str) -> None:
    """Raise StoreError when the tables do not say of the ended run `run_id` what its events do.

    An outcome may be what the runner claimed: an older station believed what this one would have proven.
    """
    record, key = record_of(connection, path, run_id), (to_bytes(run_id),)
    told = _told(record)
    found = connection.execute(_RUN, key).fetchone()
    if found is None:
        raise _altered(path, run_id, "it has ended, and is not in the table of runs")
    for column, value in told.items():
        if found[column] != value and (column, found[column]) != ("outcome", told["claimed"]):
            raise _altered(path, run_id, f"its {column} is {found[column]!r} in the table of runs, and {value!r} by its events")
    rows = [tuple(row) for row in connection.execute(_ROWS, key)]
    if rows != _rows(record):
        raise _altered(path, run_id, "its table of measurements is not what its events say")


def latest_ended(connection: sqlite3.Connection, most: int) -> tuple[bytes, ...]:
    """Return the ids of the latest runs that ended, `most` of them."""
    return tuple(row[0] for row in connection.execute(_LATEST, (most,)))


def _told(record: RunRecord) -> dict[str, Cell]:
    started, ended = record.started, record.ended
    if ended is None:
        return {"ended_at": None}
    return {
        "serial": started.serial, "product": started.product, "slot": started.slot, "started_at": started.at,
        "ended_at": ended.at, "run_type": started.run_type, "simulated": int(simulated(record)),
        "outcome": record.verdict.name, "claimed": ended.verdict, "first_fail": record.first_fail, "struck": ended.struck,
    }  # fmt: skip


def _rows(record: RunRecord) -> list[tuple[Cell, ...]]:
    return [
        (one.row.id, one.word, *((None, None) if one.measured is None else valued(one.measured)),
         None if one.measured is None else one.measured.u, one.row.safety)
        for one in record.rows
    ]  # fmt: skip


def _altered(path: Path, run_id: str, how: str) -> StoreError:
    return StoreError(
        f"run {run_id} in {path} was altered by another program: {how}. "
        "What to do: restore the backup, and keep this file for quality"
    )
