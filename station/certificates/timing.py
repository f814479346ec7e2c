"""Choose the paragraph that says how the shut-off was timed, and by whom, from what is on record."""

from station.certificates.template import RowIds
from station.core.record import RowResult, RunRecord

STATEMENTS = REAL_TIME, BY_LOOKS, ACCELERATED, FAILED = "real_time", "real_time_by_looks", "accelerated", "accelerated_failed"
_LOOKS, _CLOCK = "looks", "host's clock"  # the origin of a budget's line, and the role of what times where a fixture has no timer


def shut_off(record: RunRecord, rows: RowIds) -> str:
    """Return which of STATEMENTS holds of a run, empty where none does: a row that failed without a value was tried too."""
    real, hurried = _tried(record, rows.shut_off), _tried(record, rows.accelerated)
    if real is not None:
        return BY_LOOKS if _by_looks(record, real) else REAL_TIME
    if hurried is None:
        return ""
    return ACCELERATED if hurried.word == "PASS" else FAILED


def as_it_was_told(record: RunRecord, rows: RowIds) -> str:
    """Return which one a document of the first three looks has: it asked neither who timed nor what it came to."""
    measured = {result.row.id for result in record.rows if result.measured is not None and result.measured.value is not None}
    if rows.shut_off in measured:
        return REAL_TIME
    return ACCELERATED if rows.accelerated in measured else ""


def _tried(record: RunRecord, row_id: str) -> RowResult | None:
    found = next((result for result in record.rows if row_id and result.row.id == row_id), None)
    if found is None or found.measured is None:
        return None
    return found if found.measured.value is not None or found.word == "FAIL" else None


def _by_looks(record: RunRecord, timed: RowResult) -> bool:
    parts = timed.measured.parts if timed.measured is not None else ()
    return any(part.origin == _LOOKS for part in parts) or any(one.role == _CLOCK for one in record.equipment)
