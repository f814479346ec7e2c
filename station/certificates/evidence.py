"""Say which pictures a document shows: the waveforms that rows were measured from, and the shut-off as a time line."""

from dataclasses import dataclass

from station.certificates.results import number, row_figures
from station.certificates.template import Template
from station.charts.limit_bar import LimitBar
from station.charts.shut_off import ShutOff, seconds
from station.core.limit import SHUT_OFF_CEILING
from station.core.record import RowResult, RunRecord

_SILENCE = 10.0  # s: the product's shut-off counts only when nothing came for so long after it


@dataclass(frozen=True, slots=True)
class Figure:
    """A waveform to show: the digest of its bytes, its title, and the rows measured from it."""

    digest: str
    title: str
    rows: tuple[str, ...]


def figures(record: RunRecord, template: Template) -> tuple[Figure, ...]:
    """Return each waveform of the run once, in the order of the rows that used it first."""
    titles: dict[str, str] = {}
    rows: dict[str, list[str]] = {}
    for result in record.rows:
        for evidence in result.measured.evidence if result.measured is not None else ():
            if evidence.mimetype in ("application/x-npz", "application/x-npy"):
                titles.setdefault(evidence.digest, evidence.title)
                rows.setdefault(evidence.digest, []).append(result.row.id)
    return tuple(Figure(digest, template.term(title), tuple(rows[digest])) for digest, title in titles.items())


def shut_off(record: RunRecord, template: Template) -> ShutOff | None:
    """Return the time line of the automatic shut-off in real time, or None when it was not measured."""
    row_id = template.rows.shut_off
    timed = next((result for result in record.rows if row_id and result.row.id == row_id), None)
    if timed is None or timed.measured is None:
        return None
    value = number(timed)
    return None if value is None or value < 0 else _line(record, timed, value, template)


def _line(record: RunRecord, timed: RowResult, value: float, template: Template) -> ShutOff:
    row, detail = timed.row, timed.measured.detail if timed.measured is not None else {}
    off = detail.get("off_seen", 0.0) is not None and detail.get("forced") is not True
    after = _after(record, template, detail.get("after"))
    at = f"{row_figures(timed, template).value} {template.term(row.printed)}"
    silence = (
        template.label("silence", silence=template.number(seconds(_SILENCE)), pulses=after) if off and after is not None else ""
    )
    return ShutOff(
        limits=LimitBar(row.low, row.high, row.accept_low, row.accept_high, value),
        ceiling=SHUT_OFF_CEILING,
        silence=_SILENCE if silence else 0.0,
        quiet=after == 0,
        start=template.label("first_pulse"),
        last=template.label("last_pulse" if off else "still_on", at=at),
        ceiling_name=template.label("ceiling", at=template.number(seconds(SHUT_OFF_CEILING))),
        silence_name=silence,
        decimal=template.decimal,
    )


def _after(record: RunRecord, template: Template, counted: object) -> int | None:
    silent = next((number(result) for result in record.rows if result.row.id == template.rows.silence), None)
    found = silent if silent is not None else counted
    return found if isinstance(found, int) and not isinstance(found, bool) else None
