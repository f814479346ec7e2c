"""Read the electronic record that travels inside a document, and judge it again; nothing in it is believed."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from station.certificates.fingerprint import canonical_record
from station.certificates.moments import untold
from station.core.canonical import Json
from station.core.event_json import SCHEMA, from_json
from station.core.events import Event, Measured, Prompted, RunEnded, RunStarted
from station.core.proof import doubt, misplaced
from station.core.record import RowResult, RunRecord
from station.core.story import StepResult
from station.core.verdict import Verdict

_T = TypeVar("_T", bound=Event)


def read_record(content: bytes) -> RunRecord:
    """Return the record whose canonical form is `content`, byte for byte; raises ValueError when there is none."""
    try:
        told = json.loads(content)
        record = _record(told)
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeError, OverflowError) as error:
        raise ValueError(f"it is no record of ours: {error}") from error
    if why := untold(record):
        raise ValueError(why)
    if canonical_record(record) != content:
        raise ValueError("it is not in the canonical form of a record")
    return record


def _record(told: Mapping[str, Json]) -> RunRecord:
    started = _event(RunStarted, told["started"])
    rows = [_row(one) for one in _list(told["rows"])]
    if len(rows) != len(started.rows):
        raise ValueError("it does not have one result for each row of the limits")
    return RunRecord(
        started=started,
        ended=None if told["ended"] is None else _event(RunEnded, told["ended"]),
        verdict=Verdict[str(told["verdict"])],
        reason=str(told["reason"]),
        first_fail=str(told["first_fail"]),
        rows=tuple(RowResult(row, *result) for row, result in zip(started.rows, rows, strict=True)),
        steps=tuple(StepResult(**_mapping(one)) for one in _list(told["steps"])),  # type: ignore[arg-type]  # compared with the canonical form
        prompts=tuple(_event(Prompted, one) for one in _list(told["prompts"])),
    )


def _row(told: Json) -> tuple[Measured | None, str]:
    content = _mapping(told)
    measured = content["measured"]
    return None if measured is None else _event(Measured, measured), str(content.get("skipped", ""))


def _event(kind: type[_T], told: Json) -> _T:
    event = from_json({"kind": kind.__name__, "schema": SCHEMA, **_mapping(told)})
    if not isinstance(event, kind):
        raise ValueError(f"{kind.__name__} is a {type(event).__name__}")  # noqa: TRY004 - a fault of the record, not of a caller
    return event


def _mapping(told: Json) -> dict[str, Json]:
    if not isinstance(told, dict):
        raise TypeError(f"{told!r:.40} is not an object")
    return told


def _list(told: Json) -> list[Json]:
    if not isinstance(told, list):
        raise TypeError(f"{told!r:.40} is not a list")
    return told


def unfounded(record: RunRecord) -> str | None:
    """Return why the rows of `record` do not bear out its verdict, PASS or FAIL, judged again one by one; None when they do."""
    doubts = _doubts_of_pass(record) if record.verdict is Verdict.PASS else _doubts_of_fail(record)
    return next(doubts, None)


def _doubts_of_pass(record: RunRecord) -> Iterator[str]:
    ended = record.ended
    if ended is None or ended.verdict != "PASS" or ended.struck or ended.skipped:
        yield "the run did not end as a PASS with every row measured"
    if not record.rows:
        yield "no row was judged"
    yield from misplaced(record.started)
    yield from (f"{row_id} stands {times} times among the rows" for row_id, times in _times(record).items() if times > 1)
    for result in record.rows:
        fault = _fault(result, record.started.run_id)
        if fault is not None:
            yield f"{result.row.id} {fault}"
    yield from (f"step {step.name!r} is {step.verdict}" for step in record.steps if step.verdict != "PASS")


def _times(record: RunRecord) -> Counter[str]:
    return Counter(result.row.id for result in record.rows)


def _fault(result: RowResult, run_id: str) -> str | None:
    measured = result.measured
    if measured is None or result.skipped:
        return "was not measured"
    if measured.id != result.row.id or measured.run_id != run_id:
        return "holds the measurement of another row or run"
    return doubt(result.row, measured)


def _doubts_of_fail(record: RunRecord) -> Iterator[str]:
    if record.verdict is not Verdict.FAIL:
        yield f"its verdict is {record.verdict.name}"
    if record.ended is not None and record.ended.struck:
        yield "its measurements were struck out"
    failed = [result for result in record.rows if result.word == "FAIL"]
    if not failed:
        yield "no row failed"
    for result in failed:
        if result.measured is not None and doubt(result.row, replace(result.measured, verdict="PASS")) is None:
            yield f"{result.row.id} claims FAIL, and its value passes"
