"""Say what became of each row of the limits: its figures, its verdict, and where the value lies."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter

from station.certificates.facts import letters
from station.certificates.rounding import Bounds, Figures, figures
from station.certificates.template import Template
from station.charts.limit_bar import LimitBar
from station.core.events import Row
from station.core.record import RowResult, RunRecord
from station.core.witnesses import measured_with

_FIGURES = attrgetter(*(one.name for one in fields(Figures)))


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A row of the table of results.

    `said` stands in place of figures: a text or a flag that was read, or why there is no value. `bar` is None where there is no
    number to show. `decided` is None where the row was not judged, else whether it passed. `instruments` are the letters of those
    that measured it, empty where there was one of each.
    """

    id: str
    title: str
    note: str
    figures: Figures
    unit: str
    expected: str
    said: str
    word: str
    decided: bool | None
    safety: bool
    bar: LimitBar | None
    instruments: str = ""


def result_lines(record: RunRecord, template: Template) -> tuple[ResultLine, ...]:
    """Return one line for each row of the limits, in their order."""
    known = letters(record) if template.tells_instruments else {}
    return tuple(_line(result, template, _letters(record, result, known)) for result in record.rows)


def _letters(record: RunRecord, result: RowResult, known: Mapping[str, str]) -> str:
    """Return the letters of the instruments that measured a row, as the equipment's table has them: A, or A, B."""
    return ", ".join(known[serial] for serial in measured_with(record, result) if serial in known) if known else ""


def number(result: RowResult) -> float | int | None:
    """Return the row's value in its SI unit where it is a finite number, else None."""
    value = None if result.measured is None else result.measured.value
    if isinstance(value, bool | str) or value is None or not math.isfinite(value):
        return None
    return value


def row_figures(result: RowResult, template: Template) -> Figures:
    """Return the row's figures as they are printed, in the row's own unit and as the template's language writes numbers."""
    row, u = result.row, None if result.measured is None else result.measured.u
    bounds = Bounds(row.low, row.high, row.accept_low, row.accept_high)
    rounded = figures(number(result), None if u is None else 2 * u, bounds, row.scale)
    return Figures(*(template.number(one) for one in _FIGURES(rounded)))


def _line(result: RowResult, template: Template, instruments: str) -> ResultLine:
    row = result.row
    decided = {"PASS": True, "FAIL": False}.get(result.word)
    return ResultLine(
        id=row.id,
        title=template.term(row.title),
        note=" · ".join(template.term(part) for part in (row.condition, row.method) if part),
        figures=row_figures(result, template),
        unit=template.term(row.printed) if row.kind in ("number", "count") else "",
        expected=_expected(row, template),
        said=_said(result, template),
        word=template.words[result.word.lower()],
        decided=decided,
        safety=row.safety != "none",
        bar=_bar(result),
        instruments=instruments,
    )


def _expected(row: Row, template: Template) -> str:
    if row.expect is None:
        return ""
    return f"{template.label('expected')} {shown(row.expect, template)}"


def shown(value: object, template: Template) -> str:
    """Return a value that is no finite number, as it is read: a flag as yes or no, a text as it is."""
    if isinstance(value, bool):
        return template.word("yes" if value else "no")
    if isinstance(value, float):
        return template.word("not_a_number")
    return str(value)


def _said(result: RowResult, template: Template) -> str:
    if result.measured is None:
        return template.word("because", because=result.skipped) if result.skipped else template.word("not_measured")
    if number(result) is None and result.measured.value is not None:
        return shown(result.measured.value, template)
    unjudged = result.word not in ("PASS", "FAIL")
    told = template.reason(result.measured.reason) or template.word("not_measured")
    return told if unjudged or result.measured.value is None else ""


def _bar(result: RowResult) -> LimitBar | None:
    row, value = result.row, number(result)
    if value is None or row.kind not in ("number", "count") or (row.low is None and row.high is None):
        return None
    return LimitBar(row.low, row.high, row.accept_low, row.accept_high, value)
