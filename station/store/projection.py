"""Write the tables that are made from the events of one run: the run, its equipment, steps, measurements and attachments."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from station.core.canonical import canonical
from station.core.events import Event, Measured, RunEnded, StepStarted
from station.core.record import RowResult, RunRecord, replay
from station.store.catalogue import Catalogue
from station.store.columns import Cell, Content, insert, text_of
from station.store.ids import to_bytes

_NO_DETAIL = "{}"
_LARGEST = 1e308  # a REAL holds nothing larger; a longer integer is kept as text


def project(connection: sqlite3.Connection, told: tuple[Event, ...], catalogue: Catalogue) -> RunRecord:
    """Write all rows of the run that `told` tells to its end, inside the caller's transaction; return its record."""
    record = replay(told)
    ended = record.ended
    if ended is None:
        raise ValueError(f"run {record.started.run_id} has not ended")
    key = to_bytes(record.started.run_id)
    begun = [event for event in told if isinstance(event, StepStarted)]
    insert(connection, "run", _run(record, ended, catalogue))
    insert(connection, "run_instrument", *_equipment(key, record, catalogue))
    insert(connection, "step", *_steps(key, record, begun))
    insert(connection, "measurement", *_measurements(key, record, begun, catalogue))
    insert(connection, "attachment", *_attachments(key, record))
    return record


def simulated(record: RunRecord) -> bool:
    """Return whether anything in the run was simulated: then it never counts for a real one."""
    return record.started.simulated or any(one.simulated for one in record.started.equipment)


def _run(record: RunRecord, ended: RunEnded, catalogue: Catalogue) -> dict[str, Cell]:
    return {**_who(record, catalogue), **_how(record, ended), **_documents(record)}


def _who(record: RunRecord, catalogue: Catalogue) -> dict[str, Cell]:
    started = record.started
    return {
        "run_id": to_bytes(started.run_id),
        "unit_id": catalogue.unit(started),
        "product_id": catalogue.product(started),
        "process_id": catalogue.process(started),
        "station_id": catalogue.station(started),
        "fixture_slot_id": catalogue.fixture_slot(started),
        "limit_set_id": catalogue.limit_set(started),
        "operator_id": catalogue.operator(started),
        "slot": started.slot,
        "attempt": started.attempt,
        "execution_id": started.execution_id,
        "lot": started.lot,
        "run_type": started.run_type,
        "parent_run_id": to_bytes(started.parent_run_id) if started.parent_run_id else None,
        "retest_reason": started.retest_reason,
    }


def _how(record: RunRecord, ended: RunEnded) -> dict[str, Cell]:
    failed = (row.measured.step for row in record.rows if row.measured is not None and row.row.id == record.first_fail)
    return {
        "started_at": record.started.at,
        "ended_at": ended.at,
        "tz_offset_min": record.started.tz_offset_min,
        "monotonic_s": record.duration,
        "simulated": int(simulated(record)),
        "speed": record.started.speed,
        "outcome": record.verdict.name,
        "claimed": ended.verdict,
        "reason": record.reason,
        "first_fail": record.first_fail,
        "first_fail_step": next(failed, ""),
        "struck": ended.struck,
    }


def _documents(record: RunRecord) -> dict[str, Cell]:
    started, documents = record.started, record.started.documents
    return {
        "program_version": started.software.get("station", ""),
        "sequence_version": started.sequence_version,
        "fixture_file": documents.fixture_file,
        "fixture_sha256": documents.fixture_digest,
        "station_sha256": documents.station_digest,
        "certificate_sha256": documents.certificate_digest,
        "software_json": canonical(dict(started.software)).decode(),
    }


def _equipment(key: bytes, record: RunRecord, catalogue: Catalogue) -> Iterator[Content]:
    for number, one in enumerate(record.equipment):
        yield {
            "run_id": key,
            "number": number,
            "role": one.role,
            "instrument_id": catalogue.instrument(one),
            "calibration_id": catalogue.calibration(one),
            "firmware": one.firmware,
            "simulated": int(one.simulated),
        }


def _steps(key: bytes, record: RunRecord, begun: Iterable[StepStarted]) -> Iterator[Content]:
    for event, step in zip(begun, record.steps, strict=True):
        yield {
            "run_id": key,
            "seq": event.seq,
            "number": step.number,
            "name": step.name,
            "started_at": step.started_at,
            "duration_s": None if step.ended is None else step.ended - step.started,
            "outcome": step.verdict,
            "error_text": step.error,
        }


def _measurements(key: bytes, record: RunRecord, begun: Sequence[StepStarted], catalogue: Catalogue) -> Iterator[Content]:
    steps = {event.step: event.seq for event in reversed(begun)}
    applied = catalogue.applied(record.started.rows).columns
    for number, (result, columns) in enumerate(zip(record.rows, applied, strict=True)):
        found = _skipped(result) if result.measured is None else _measured(result.measured, steps)
        yield {**columns, **found, "run_id": key, "seq": number, "raw_scale": result.row.scale, "outcome": result.word}


def _skipped(result: RowResult) -> Content:
    return {
        "event_seq": None,
        "step_seq": None,
        "value": None,
        "text_value": None,
        "uncertainty": None,
        "budget": "",
        "reason": result.skipped,
        "detail_json": _NO_DETAIL,
    }


def _measured(measured: Measured, steps: Mapping[str, int]) -> Content:
    value, text = valued(measured)
    return {
        "event_seq": measured.seq,
        "step_seq": steps.get(measured.step),
        "value": value,
        "text_value": text,
        "uncertainty": measured.u,
        "budget": measured.budget,
        "reason": measured.reason,
        "detail_json": canonical(dict(measured.detail)).decode() if measured.detail else _NO_DETAIL,
    }


def valued(measured: Measured) -> tuple[float | None, str | None]:
    """Return the value as it stands in the columns of numbers and of texts."""
    value = measured.value
    if isinstance(value, bool | str) or value is None:
        return None, text_of(value)
    return (float(value), None) if abs(value) < _LARGEST else (None, repr(value))


def _attachments(key: bytes, record: RunRecord) -> Iterator[Content]:
    for seq, result in enumerate(record.rows):
        for number, evidence in enumerate(() if result.measured is None else result.measured.evidence):
            yield {
                "run_id": key,
                "seq": seq,
                "number": number,
                "sha256": evidence.digest,
                "title": evidence.title,
                "mimetype": evidence.mimetype,
                "bytes": evidence.size,
            }
