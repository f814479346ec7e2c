"""Say what was tested, when, where, by whom and with what."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from station.certificates import moments
from station.certificates.template import Template
from station.core.equipment import Equipment
from station.core.record import RunRecord


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with its caption, what is said about it in small print, and how many of four columns it takes."""

    label: str
    value: str
    note: str = ""
    columns: int = 1


def unit_facts(record: RunRecord, template: Template) -> tuple[Fact, ...]:
    """Return the facts of the run, in the order of the page: the unit, the time, the place, the documents."""
    return (*_unit(record, template), *_time(record, template), *_place(record, template), *_documents(record, template))


def _unit(record: RunRecord, template: Template) -> tuple[Fact, ...]:
    started, unknown = record.started, template.word("not_recorded")
    product = f"{started.product} / {started.product_revision}"
    return (
        Fact(template.label("serial"), started.serial),
        Fact(template.label("product"), product),
        Fact(template.label("lot"), started.lot or unknown),
        Fact(template.label("firmware"), _firmware(record, template)),
    )


def _firmware(record: RunRecord, template: Template) -> str:
    for result in record.rows:
        if result.row.id == template.rows.firmware and result.measured is not None:
            value = result.measured.value
            return value if isinstance(value, str) else template.word("not_measured")
    return template.word("not_measured")


def _time(record: RunRecord, template: Template) -> tuple[Fact, ...]:
    begin, end, unknown = moments.started_at(record), moments.ended_at(record), template.word("not_recorded")
    local = template.label("local")
    cut = template.word("cut_off") if record.ended is None else moments.utc(end)
    duration = unknown if record.duration is None else template.number(moments.lasted(record.duration))
    return (
        Fact(template.label("started"), moments.utc(begin), f"{local} {moments.local(begin, record)}"),
        Fact(template.label("ended"), cut, f"{local} {moments.local(end, record)}" if record.ended else ""),
        Fact(template.label("duration"), duration, _attempt(record, template)),
        Fact(template.label("temperature"), template.number(_temperature(record)) or unknown),
    )


def _attempt(record: RunRecord, template: Template) -> str:
    started = record.started
    said, clock = str(started.attempt), ""
    if started.speed != 1:
        clock = " · " + template.word("hurried", speed=template.number(f"{started.speed:g}"))
    if started.parent_run_id or started.retest_reason:
        said = template.word("retest", attempt=said, run=started.parent_run_id, reason=started.retest_reason)
    return f"{template.label('attempt')} {said}{clock}"


def _temperature(record: RunRecord) -> str:
    details = [result.measured.detail.get("temperature") for result in record.rows if result.measured is not None]
    seen = [one for one in details if isinstance(one, float | int) and not isinstance(one, bool) and math.isfinite(one)]
    if not seen:
        return ""
    low, high = f"{min(seen):.1f}".replace("-", "−"), f"{max(seen):.1f}".replace("-", "−")
    return f"{low} °C" if low == high else f"{low} … {high} °C"


def _place(record: RunRecord, template: Template) -> tuple[Fact, ...]:
    started = record.started
    sequence = f"{started.sequence} / {started.sequence_version}"
    software = [f"{name} {version}" for name, version in sorted(started.software.items(), key=_station_first)]
    return (
        Fact(template.label("station"), f"{started.station_id} / {started.slot}", started.timezone),
        Fact(template.label("operator"), started.operator or template.word("not_recorded")),
        Fact(template.label("sequence"), sequence, f"{template.label('recipe')} {started.recipe}"),
        Fact(template.label("software"), software[0] if software else template.word("not_recorded"), ", ".join(software[1:])),
    )


def _station_first(item: tuple[str, str]) -> tuple[bool, str]:
    return item[0] != "station", item[0]


def _documents(record: RunRecord, template: Template) -> tuple[Fact, ...]:
    documents, label = record.started.documents, template.label("digest")
    limits = f"{documents.limits_product} / {documents.limits_revision}"
    return (
        Fact(template.label("limits"), limits, _digest(label, documents.limits_digest), columns=2),
        Fact(template.label("fixture"), record.started.fixture_serial, _digest(label, documents.fixture_digest), columns=2),
    )


def _digest(label: str, digest: str) -> str:
    return f"{label} {digest.removeprefix('sha256:')}"


def instruments(record: RunRecord, template: Template) -> tuple[tuple[str, ...], ...]:
    """Return one line for each piece of equipment: role, what it is, serial, firmware, certificate, calibrated, due.

    Behind the role of one of several of its kind stands its letter, where the language has words for who measured what.
    """
    known = letters(record) if template.tells_instruments else {}
    return tuple(_instrument(one, template, known.get(one.serial, "")) for one in record.equipment)


def letters(record: RunRecord) -> Mapping[str, str]:
    """Return a letter for each instrument of a kind of which several measured, by its serial; none for one alone."""
    roles = Counter(one.role for one in record.equipment if one.lent)
    several = [one.serial for one in record.equipment if one.lent and roles[one.role] > 1]
    return dict(zip(several, ascii_uppercase, strict=False))


def _instrument(one: Equipment, template: Template, letter: str) -> tuple[str, ...]:
    named = f"{one.maker} {one.model}".strip()
    return (
        f"{template.term(one.role)} {letter}".strip(),
        named,
        one.serial,
        one.firmware,
        one.certificate,
        one.calibrated,
        one.due,
    )


def calibrated(record: RunRecord) -> bool:
    """Return whether every piece of equipment was calibrated before the run and not yet due again at its end."""
    begin, end = f"{moments.started_at(record):%Y-%m-%d}", f"{moments.ended_at(record):%Y-%m-%d}"
    equipment = record.equipment
    return bool(equipment) and all(one.calibrated <= begin and end <= one.due for one in equipment)
