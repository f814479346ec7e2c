"""Make sample records the way the line does: events, folded by `replay`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from station.certificates.template import Template, parse_template
from station.core.canonical import Json, digest
from station.core.equipment import Equipment
from station.core.events import Controlled, Event, Measured, Row, RunEnded, RunStarted, Skip, StepEnded, StepStarted, as_row
from station.core.limit import Kind, Limit, Rule, Sides, Value
from station.core.measurement import Evidence
from station.core.record import RunRecord, replay
from station.core.uncertainty import Uncertainty
from station.core.units import unit
from station.core.waveform import Waveform
from tests.certificates.mc100 import NUMBERS

HOME = Path(__file__).parents[2]
RUN = "019aab3c-1f00-7000-8000-000000000001"
SOFT = Evidence("sha256:" + "a" * 64, "Soft start, 500 Ω", "application/x-npz", 120_000)
PULSES = Evidence("sha256:" + "b" * 64, "Output pulses at level 3 into 2 kΩ", "application/x-npz", 800_000)


@dataclass(frozen=True, slots=True)
class Sample:
    """A row, the value that was read for it in SI, and its standard uncertainty; no value: the row is not measured."""

    limit: Limit
    value: Value | None
    u: float | None
    detail: Mapping[str, Json] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    verdict: str = ""
    reason: str = ""


def number_row(
    row_id: str = "CUR.310", title: str = "Peak current, level 3", symbol: str = "uA", low: float | None = 368.0,
    high: float | None = 432.0, *, value: float = 400.0, u: float = 0.5, u_max: float = 2.0, safety: str = "none",
    nominal: float | None = None, method: str = "DMM", condition: str = "L3, 2 kΩ",
) -> Sample:  # fmt: skip
    """Return a row of numbers; everything but the id is in the row's own unit."""
    of = unit(symbol)
    sides = Sides(safety)
    rule = Rule() if sides is Sides.NONE else Rule("guarded", 1.0, sides)
    middle, least, most = (None if one is None else of.to_si(one) for one in (nominal, low, high))
    limit = Limit(
        row_id, title, Kind.NUMBER, of, middle, least, most, None, rule, of.to_si(u_max), sides, None, method, condition
    )
    return Sample(limit, of.to_si(value), of.to_si(u))


def exact_row(row_id: str, title: str, expect: str | bool, value: Value, safety: str = "high", condition: str = "") -> Sample:
    """Return a row of a text or a flag."""
    kind = Kind.FLAG if isinstance(expect, bool) else Kind.TEXT
    limit = Limit(row_id, title, kind, unit("1"), None, None, None, expect, Rule(), None, Sides(safety), None, "UART", condition)
    return Sample(limit, value, None)


def count_row(row_id: str, title: str, low: int, high: int, value: int) -> Sample:
    """Return a row of a count."""
    bounds = (float(low), float(high))
    limit = Limit(
        row_id,
        title,
        Kind.COUNT,
        unit("pulses"),
        None,
        *bounds,
        None,
        Rule(),
        None,
        Sides.HIGH,
        None,
        "fixture",
        "10 s after off",
    )
    return Sample(limit, value, None)


def mc100() -> list[Sample]:
    """Return a good unit's rows, as the MC-100 has them."""
    rows = [number_row(i, t, s, lo, hi, value=v, u=u, u_max=um, safety=sf, nominal=n, method=m, condition=c)
            for i, t, s, n, lo, hi, um, sf, m, c, v, u in NUMBERS]  # fmt: skip
    identity = exact_row("ID.020", "Firmware version and CRC", "1.4.2 / 9A41F00C", "1.4.2 / 9A41F00C")
    samples = [identity, *rows]
    silent = count_row("TIM.040", "Pulses in the 10 s after shut-off", 0, 0, 0)
    samples.insert(-1, silent)
    samples.append(exact_row("SVC.010", "Service mode left, normal boot", expect=True, value=True))
    return [_told(sample) for sample in samples]


def _told(sample: Sample) -> Sample:
    value = sample.value
    match sample.limit.id:
        case "TIM.010":
            assert isinstance(value, float)
            return replace(sample, detail={"first": 0.0, "last": value, "count": 11700, "after": 0, "off_seen": value + 0.5})
        case "CUR.350":
            return replace(sample, evidence=(SOFT,))
        case "WAV.010" | "WAV.020" | "WAV.021" | "WAV.030":
            return replace(sample, evidence=(PULSES,))
        case "BAT.010" | "LEK.010":
            return replace(sample, detail={"temperature": 23.4 if sample.limit.id == "BAT.010" else 23.9})
        case _:
            return sample


def changed(samples: Iterable[Sample], row_id: str, value: Value, **more: object) -> list[Sample]:
    """Return `samples` with the row `row_id` reading `value` in SI."""
    return [replace(one, value=value, **more) if one.limit.id == row_id else one for one in samples]  # type: ignore[arg-type]  # fields by name


def stopped_after(samples: list[Sample], row_id: str) -> list[Sample]:
    """Return `samples` with no value for any row after `row_id`."""
    last = [one.limit.id for one in samples].index(row_id)
    return [one if number <= last else replace(one, value=None) for number, one in enumerate(samples)]


def equipment(*, simulated: bool) -> tuple[Equipment, ...]:
    """Return what measured."""
    sim = "SIM" if simulated else ""
    spring, summer = ("2026-03-02", "2027-03-02"), ("2026-06-11", "2027-06-11")
    return (
        Equipment("DMM", "Keysight", "34461A", f"{sim}MY60041873", "A.03.03", "DKD-26-11873", *spring, simulated),
        Equipment("Oscilloscope", "Keysight", "DSOX1204G", f"{sim}CN61230144", "02.12", "DKD-26-11874", *spring, simulated),
        Equipment("Fixture timer", "Example Devices", "EOL8", f"{sim}FX-0007", "1.4.0", "T-26-0031", *summer, simulated),
        Equipment("Sense 2 kΩ, slot 3", "Vishay", "Z201 1 kΩ", "slot 3 / 2k", "", "R-26-0107", *summer, simulated),
    )


def start(rows: tuple[Row, ...], *, simulated: bool = True, **changes: object) -> RunStarted:
    """Return the event that starts a run over `rows`."""
    limits, fixture, station, certificate = (digest(name) for name in (b"limits", b"fixture", b"station", b"certificate"))
    documents = Controlled("MC-100", "A", limits, "", "eol8", fixture, station, certificate)
    event = RunStarted(
        run_id=RUN, seq=0, at="2026-11-22T08:14:05.250000Z", monotonic=100.0, serial="SN26-100401", slot=3, attempt=1,
        execution_id="E-1", run_type="production", recipe="real-time", product="MC-100", product_revision="A", sequence="mc100",
        sequence_version="1.0.0", station_id="EOL-01", station_name="Final test 1", site="Example Works, Hall 2",
        maker="Example Devices GmbH", timezone="Europe/Berlin", tz_offset_min=60, operator="0417", lot="L26-0930",
        simulated=simulated, speed=1.0, software={"station": "0.1.0", "python": "3.11.7", "reportlab": "5.1.0"},
        documents=documents, fixture_serial="FX-0007", equipment=equipment(simulated=simulated), rows=rows,
    )  # fmt: skip
    return replace(event, **changes)  # type: ignore[arg-type]  # fields by name


def events(
    samples: Iterable[Sample], *, simulated: bool = True, because: str = "", verdict: str = "", **changes: object
) -> list[Event]:
    """Return the events of a run that read `samples`; a row without a value is skipped `because` of a row, where one is named."""
    told = list(samples)
    stream: list[Event] = [start(tuple(as_row(one.limit) for one in told), simulated=simulated, **changes)]
    stream.append(StepStarted(RUN, 1, "2026-11-22T08:14:06Z", 101.0, "all", 1, tuple(one.limit.id for one in told)))
    measured = [one for one in told if one.value is not None or one.verdict]
    stream += [_measured(one, number) for number, one in enumerate(measured, 2)]
    words = [event.verdict for event in stream if isinstance(event, Measured)]
    end = verdict or ("FAIL" if "FAIL" in words else "PASS")
    first = next((event.id for event in stream if isinstance(event, Measured) and event.verdict == "FAIL"), "")
    skipped = tuple(Skip(one.limit.id, because) for one in told if one not in measured and because)
    stream.append(StepEnded(RUN, len(stream), "2026-11-22T08:34:20Z", 1315.0, "all", end))
    stream.append(RunEnded(RUN, len(stream), "2026-11-22T08:34:31.125000Z", 1326.0, end, first, first, skipped))
    return stream


def _measured(one: Sample, seq: int) -> Measured:
    u = None if one.u is None else Uncertainty(one.u, one.limit.unit.si, "test")
    verdict, reason = one.limit.judge(one.value, u)
    at = f"2026-11-22T08:{14 + seq // 4:02}:06Z"
    return Measured(
        RUN, seq, at, 100.0 + seq, "all", one.limit.id, one.value, one.u, one.limit.unit.si, "test", (),
        one.verdict or verdict.name, one.reason or reason, one.detail, one.evidence,
    )  # fmt: skip


def record(samples: Iterable[Sample], **how: object) -> RunRecord:
    """Return the record of a run that read `samples`."""
    return replay(events(samples, **how))  # type: ignore[arg-type]  # how `events` is called


def template(text: str | None = None) -> Template:
    """Return the template that the repository ships, or the one that `text` holds."""
    path = HOME / "reports" / "certificate.toml"
    return parse_template(path.read_text(encoding="utf-8") if text is None else text, "certificate.toml", path.parent)


def in_language(language: str) -> Template:
    """Return the template that the repository ships, with the words of `language`."""
    text = (HOME / "reports" / "certificate.toml").read_text(encoding="utf-8")
    return template(text.replace('language = "en"', f'language = "{language}"'))


def waveforms() -> dict[str, Waveform]:
    """Return the waveforms of a good unit: a soft start, and twenty pulses with noise that is always the same."""
    return {SOFT.digest: _pulses(0.9, 20_000, soft=True), PULSES.digest: _pulses(2.0, 100_000, soft=False)}


def _pulses(span: float, points: int, *, soft: bool) -> Waveform:
    dt = span / points
    t = dt * np.arange(points) - 0.05 * span
    phase, number = np.mod(t, 0.1), np.floor(t / 0.1)
    shape = np.where(phase < 0.005, 1.0, np.where((phase >= 0.0055) & (phase < 0.0105), -1.0, 0.0))
    grown = np.clip(0.25 + 0.15 * number, 0.0, 1.0) if soft else np.ones(points)
    volts = 0.4 * np.where(t >= 0, shape * grown, 0.0) + 0.004 * np.sin(997.0 * t) * np.sin(12345.678 * np.arange(points))
    return Waveform(volts.astype(np.float64), dt, float(t[0]), 0.004, False, "CH1")
