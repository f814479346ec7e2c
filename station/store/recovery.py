"""Close the runs that a station left open when it was cut off, so that each has an end and says why."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from station.core.errors import StoreError
from station.core.event_json import from_json
from station.core.events import Event, RunEnded, Skip, StepEnded, StepStarted
from station.core.record import RunRecord, replay
from station.store.ids import to_bytes, to_text
from station.store.ledger import Ledger, Told
from station.store.speech import spoken

_CUT_OFF = "the station was cut off"
_OPEN = """
SELECT run_id FROM event WHERE kind = 'RunStarted'
AND NOT EXISTS (SELECT 1 FROM event AS ending WHERE ending.run_id = event.run_id AND ending.kind = 'RunEnded')
ORDER BY run_id
"""
_CLOSED = """
SELECT run_id FROM run WHERE instr(reason, :why) AND ended_at = (
    SELECT ended_at FROM run WHERE instr(reason, :why) ORDER BY ended_at > :now, ended_at DESC LIMIT 1
)
ORDER BY slot, run_id
"""


def open_runs(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the runs that have begun and not ended: they are alive, or their station was cut off and has not started since."""
    return tuple(to_text(row["run_id"]) for row in connection.execute(_OPEN))


def last_closed(connection: sqlite3.Connection, now: str) -> tuple[str, ...]:
    """Return the runs that the last start before `now` (UTC) closed which found any cut off; empty when none ever was.

    What is stamped later than now was closed under a wrong clock: it is the last only where there is nothing else.
    """
    return tuple(to_text(row["run_id"]) for row in connection.execute(_CLOSED, {"why": _CUT_OFF, "now": now}))


def recover(connection: sqlite3.Connection, path: Path, at: str, new_id: Callable[[], str]) -> tuple[RunRecord, ...]:
    """Close every open run in the database at `path`, each in one transaction stamped `at` (UTC); return their records."""
    ledger = Ledger(connection, new_id)
    return tuple(record for run_id in open_runs(connection) for record in _close(connection, path, at, ledger, run_id))


def _close(connection: sqlite3.Connection, path: Path, at: str, ledger: Ledger, run_id: str) -> tuple[RunRecord, ...]:
    told = events_of(connection, path, run_id)
    ledger.resume(told)
    try:
        word = last_word(told, at)
    except ValueError as error:
        raise unreadable(path, run_id, error) from error
    return ledger.keep([Told(*spoken(word))])


def unreadable(path: Path, run_id: str, error: ValueError) -> StoreError:
    """Return that the events of run `run_id` in the database at `path` tell no run, and what to do."""
    return StoreError(f"run {run_id} in {path} cannot be read: {error}. What to do: restore the backup")


def events_of(connection: sqlite3.Connection, path: Path, run_id: str) -> tuple[Event, ...]:
    """Return the events of run `run_id` in order; raises StoreError when there are none or they cannot be read."""
    query = "SELECT body FROM event WHERE run_id = ? ORDER BY seq"
    try:
        key = to_bytes(run_id)
    except ValueError as error:
        raise StoreError(f"{path} knows no run {run_id}: that is no id of a run") from error
    try:
        told = tuple(from_json(json.loads(row["body"])) for row in connection.execute(query, (key,)))
    except ValueError as error:
        raise unreadable(path, run_id, error) from error
    if not told:
        raise StoreError(f"{path} knows no run {run_id}")
    return told


def last_word(told: tuple[Event, ...], at: str) -> RunEnded:
    """Return the end of a run that was cut off after `told`: ABORTED, or FAIL when a row had failed; said at `at` (UTC).

    Its monotonic time is the last that is known: the run lasted at least that long, and the clock of then is gone.
    """
    record, last = replay(told), told[-1]
    cut = f"{_CUT_OFF} {_place(told)}, last heard of at {last.at}"
    failed = record.failing[0].row if record.failing else None
    reason = f"{failed.id} {failed.title} had failed when {cut}" if failed else cut
    skipped = tuple(Skip(result.row.id, cut) for result in record.rows if result.measured is None)
    at = max(at, last.at)  # a wall clock that was set back meanwhile must not end a run before it began
    return RunEnded(last.run_id, last.seq + 1, at, last.monotonic, record.verdict.name, reason, record.first_fail, skipped)


def _place(told: tuple[Event, ...]) -> str:
    for event in reversed(told):
        if isinstance(event, StepEnded):
            return f"after step {event.step!r}"
        if isinstance(event, StepStarted):
            return f"in step {event.step!r}"
    return "before its first step"
