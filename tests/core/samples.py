"""Rows, limits and events to test with: every one may be changed by name."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from station.core.equipment import Equipment
from station.core.event_json import from_json, to_json
from station.core.events import Controlled, Event, Measured, Row, RunEnded, RunStarted, StepEnded, StepStarted, as_row
from station.core.limit import Kind, Limit, Rule, Sides
from station.core.uncertainty import Part, Uncertainty
from station.core.units import unit

RUN = "019aab3c-1f00-7000-8000-000000000001"
AT = "2026-11-22T08:00:00.000000Z"
METER = Equipment("dmm", "Keysight", "34461A", "MY1", "A.03", "CAL-1", "2026-01-01", "2027-01-01", simulated=False)


def number(
    row_id: str = "CUR.310",
    *,
    symbol: str = "uA",
    low: float | None = 368.0,
    high: float | None = 432.0,
    u_max: float = 1.0,
    safety: Sides = Sides.NONE,
    r: float = 1.0,
) -> Limit:
    """Return a row of numbers, its bounds and `u_max` in the unit `symbol`; a safety row is guarded with `r`."""
    of = unit(symbol)
    least, most = (None if bound is None else of.to_si(bound) for bound in (low, high))
    rule = Rule() if safety is Sides.NONE else Rule("guarded", r, safety)
    return Limit(
        row_id, f"Row {row_id}", Kind.NUMBER, of, None, least, most, None, rule, of.to_si(u_max), safety, None, "DMM", "2 kΩ"
    )  # fmt: skip


def count(row_id: str = "TIM.040", *, low: float | None = 0.0, high: float | None = 0.0, safety: Sides = Sides.NONE) -> Limit:
    """Return a row that takes a count."""
    return Limit(
        row_id, f"Row {row_id}", Kind.COUNT, unit("pulses"), None, low, high, None, Rule(), None, safety, None, "fixture", ""
    )  # fmt: skip


def exact(row_id: str = "ID.020", expect: str | bool = "1.4.2", *, safety: Sides = Sides.NONE) -> Limit:
    """Return a row that takes exactly the text or the flag `expect`."""
    kind = Kind.FLAG if isinstance(expect, bool) else Kind.TEXT
    return Limit(
        row_id, f"Row {row_id}", kind, unit("1"), None, None, None, expect, Rule(), None, safety, None, "UART", ""
    )  # fmt: skip


def microamps(u: float = 0.5, budget: str = "test") -> Uncertainty:
    """Return a standard uncertainty of `u` µA."""
    return Uncertainty(u * 1e-6, "A", budget)


def head(rows: Iterable[Row] = (), **changes: object) -> RunStarted:
    """Return the event that begins a run over `rows`."""
    documents = Controlled("MC-100", "A", "sha256:1", "", "eol8.toml", "sha256:2", "sha256:3", "sha256:4")
    event = RunStarted(
        run_id=RUN, seq=0, at=AT, monotonic=100.0, serial="SN1", slot=3, attempt=1, execution_id="E1", run_type="production",
        recipe="real-time", product="MC-100", product_revision="A", sequence="mc100", sequence_version="1.0.0",
        station_id="EOL-01", station_name="Final test 1", site="Works", maker="Example", timezone="Europe/Berlin",
        tz_offset_min=60, operator="ana", lot="L7", simulated=False, speed=1.0, software={"station": "0.1.0"},
        documents=documents, fixture_serial="FX1", equipment=(METER,), rows=tuple(rows),
    )  # fmt: skip
    return replace(event, **changes)  # type: ignore[arg-type]  # fields by name


GOOD: Mapping[str, float | int | str | bool] = {
    "CUR.310": 4e-4,
    "CUR.311": 4.1e-4,
    "TIM.040": 0,
    "ID.020": "1.4.2",
    "ID.010": True,
}
LIMITS = (number("CUR.310", safety=Sides.HIGH), number("CUR.311"), count(), exact(), exact("ID.010", expect=True))


def measured(limit: Limit, **changes: object) -> Measured:
    """Return a row measured as a good unit measures it."""
    is_number = limit.kind is Kind.NUMBER
    event = Measured(
        RUN, 0, AT, 101.0, f"Step {limit.id}", limit.id, GOOD[limit.id], 1e-6 if is_number else None, limit.unit.si,
        "budget" if is_number else "", (Part("meter", 1e-6),) if is_number else (), "PASS", "",
    )  # fmt: skip
    return replace(event, **changes)  # type: ignore[arg-type]  # fields by name


def ended(verdict: str = "PASS", **changes: object) -> RunEnded:
    """Return the event that ends a run with the claim `verdict`."""
    return replace(RunEnded(RUN, 0, AT, 200.0, verdict, "as told", "", ()), **changes)  # type: ignore[arg-type]  # by name


def step_of(*rows: Measured, verdict: str = "PASS") -> list[Event]:
    """Return the events of a step that measured `rows`."""
    title = rows[0].step
    begun = StepStarted(RUN, 0, AT, 101.0, title, 1, tuple(row.id for row in rows))
    return [begun, *rows, StepEnded(RUN, 0, AT, 102.0, title, verdict)]


def numbered(events: Iterable[Event]) -> list[Event]:
    """Return `events` with their numbers from 0."""
    return [replace(event, seq=seq) for seq, event in enumerate(events)]


Changes = Mapping[str, Mapping[str, object]]


def story(limits: Iterable[Limit] = LIMITS, *, claim: RunEnded | None = None, changed: Changes | None = None) -> list[Event]:
    """Return a run that passes, one step a row; `changed` says by row id what differs."""
    limits = tuple(limits)
    told: list[Event] = [head(as_row(limit) for limit in limits)]
    for limit in limits:
        row = measured(limit, **(changed or {}).get(limit.id, {}))
        told += step_of(row, verdict=row.verdict)
    return numbered([*told, claim or ended()])


def through_json(event: Event) -> Event:
    """Return `event` written as JSON text and read back."""
    return from_json(json.loads(json.dumps(to_json(event), allow_nan=False)))
