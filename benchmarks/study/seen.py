"""Say what the study saw of one unit: what is true of it, what was measured, and what it came to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypeVar

from station.core.canonical import Json
from station.core.events import Measured
from station.core.finite import finite
from station.core.record import RowResult
from station.line.line import Outcome

_T = TypeVar("_T")
NO_OUTPUT = "no output"
"""What a row is called in the matrix that failed because nothing was there to measure, whichever row it was."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One unit that was tested; numbers in the row's own unit, as the limit file has them.

    `failing` are the rows that failed, in the order of the table, with `first` the one that came first in time; of a row that
    failed for want of output the name is NO_OUTPUT. `undecided` are the rows that allowed no verdict, with their reasons.
    `measured` maps a row to value and standard uncertainty, `rejected` names those of them that failed.
    """

    seed: int
    serial: str
    kind: str
    deserves: str
    because: str
    verdict: str
    reason: str
    first: str
    failing: tuple[str, ...]
    undecided: Mapping[str, str]
    true: Mapping[str, float]
    measured: Mapping[str, tuple[float, float]]
    rejected: tuple[str, ...]


def seen(seed: int, kind: str, outcome: Outcome, truth: Mapping[str, Json]) -> Seen:
    """Return what was seen of the unit of `outcome`, beside what the simulator says about it."""
    record = outcome.record
    rows = {} if record is None else {result.row.id: result for result in record.rows if result.measured is not None}
    failing = {} if record is None else {result.row.id: _name(result) for result in record.failing}
    values = truth["values"]
    numbers = {row_id: value for row_id, result in rows.items() if (value := _number(result)) is not None}
    return Seen(
        seed, outcome.serial, kind, str(truth["deserves"]), str(truth["because"]), outcome.verdict.name, outcome.reason,
        failing.get(record.first_fail, "") if record else "", tuple(dict.fromkeys(failing.values())),
        {row_id: one.reason for row_id, one in _measurements(rows) if one.verdict not in ("PASS", "FAIL")},
        {row_id: float(true) for row_id, true in values.items() if finite(true)} if isinstance(values, dict) else {},
        numbers, tuple(row_id for row_id in failing if row_id in numbers),
    )  # fmt: skip


def to_json(one: Seen) -> dict[str, Json]:
    """Return `one` in base types, numbers to nine digits."""
    plain: dict[str, Json] = asdict(one)
    plain["measured"] = {row_id: [_short(value), _short(u)] for row_id, (value, u) in one.measured.items()}
    return plain


def from_json(plain: Mapping[str, Json]) -> Seen:
    """Return what `to_json` made plain; raises TypeError for lists and tables that are none."""
    given: dict[str, object] = dict(plain)
    for name in ("failing", "rejected"):
        given[name] = tuple(_of(plain[name], list, name))
    for name in ("undecided", "true", "measured"):
        given[name] = _of(plain[name], dict, name)
    given["measured"] = {row_id: tuple(pair) for row_id, pair in _of(plain["measured"], dict, "measured").items()}
    return Seen(**given)  # type: ignore[arg-type]  # our own file of this very run: its texts and numbers are what we wrote


def _of(value: Json, kind: type[_T], name: str) -> _T:
    if not isinstance(value, kind):
        raise TypeError(f"{name} of a unit that was seen is {value!r:.40}")
    return value


def _measurements(rows: Mapping[str, RowResult]) -> list[tuple[str, Measured]]:
    return [(row_id, result.measured) for row_id, result in rows.items() if result.measured is not None]


def _name(result: RowResult) -> str:
    return NO_OUTPUT if result.measured is not None and NO_OUTPUT in result.measured.reason else result.row.id


def _number(result: RowResult) -> tuple[float, float] | None:
    """Return value and standard uncertainty of a row that was measured as a number and judged, in its own unit."""
    one, scale = result.measured, float(result.row.scale)
    if one is None or one.u is None or not isinstance(one.value, float) or one.verdict not in ("PASS", "FAIL"):
        return None  # what allowed no verdict neither passes nor rejects
    return one.value / scale, one.u / scale


def _short(number: float) -> float:
    return float(f"{number:.9g}")
