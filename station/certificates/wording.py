"""Say in words what failed, so that nobody has to read a table to learn it."""

from station.certificates.results import number, row_figures, shown
from station.certificates.rounding import Figures
from station.certificates.template import Template
from station.core.record import RowResult, RunRecord
from station.core.verdict import Verdict


def failures(record: RunRecord, template: Template) -> tuple[str, ...]:
    """Return one sentence for each row that failed, the first failure first; none when the unit passed."""
    if record.verdict is Verdict.PASS:
        return ()
    failing = sorted(record.failing, key=lambda result: result.row.id != record.first_fail)
    counted = template.word("counted", failed=len(failing), rows=len(record.rows))
    told = [_sentence(result, template) for result in failing] or [record.reason]
    safety = any(result.row.safety != "none" for result in failing)
    return (counted, *told, *([template.word("safety_row")] if safety else []))


def _sentence(result: RowResult, template: Template) -> str:
    row = result.row
    condition = f" ({template.term(row.condition)})" if row.condition else ""
    return f"{row.id}  {template.term(row.title)}{condition}: {_why(result, template)}"


def _why(result: RowResult, template: Template) -> str:
    measured = result.measured
    if measured is None or measured.value is None:
        return (template.reason(measured.reason) if measured else "") or template.word("not_measured")
    if result.row.expect is not None:
        read, wanted = shown(measured.value, template), shown(result.row.expect, template)
        return template.word("differs", value=read, expect=wanted)
    return _number_failed(result, row_figures(result, template), template) or template.reason(measured.reason)


def _number_failed(result: RowResult, printed: Figures, template: Template) -> str:
    row, value = result.row, number(result)
    if value is None:
        return ""
    unit = template.term(row.printed).strip("–")  # a plain number has a dash where others have a unit
    said = f"{printed.value}\u00a0{unit}".strip()
    tests = (
        ("below", row.low is not None and value < row.low, printed.low),
        ("above", row.high is not None and value > row.high, printed.high),
        ("guard", row.accept_low is not None and value < row.accept_low, printed.accept_low),
        ("guard", row.accept_high is not None and value > row.accept_high, printed.accept_high),
    )
    return next((template.word(key, value=said, limit=f"{limit}\u00a0{unit}".strip()) for key, met, limit in tests if met), "")
