"""What shows a tray can break, and never what it shows."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from station.cli.bars import Bars
from station.cli.modes import Mode
from station.cli.show import JsonLines, PlainLines, Sturdy
from station.cli.summary import print_outcomes
from station.clocks.virtual import VirtualClock
from station.core.events import Event, RunEnded, StepStarted, Waiting, as_row
from station.core.limit import Sides
from station.core.record import replay
from station.core.verdict import Verdict
from station.line.line import Outcome
from tests.core.samples import ended, head, measured, number, numbered, step_of

ENDED = RunEnded("run", 0, "2026-11-22T08:00:00.000000Z", 0.0, "FAIL", "CUR.310: 433 µA into 2 kΩ – above", "CUR.310", (), "")


def test_a_display_that_breaks_is_told_of_once_and_hears_no_more(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Event] = []

    def breaks(event: Event) -> None:
        heard.append(event)
        raise BrokenPipeError

    listener = Sturdy(breaks)

    listener(ENDED)
    listener(ENDED)

    assert [ENDED] == heard
    assert ["what shows the test has broken and shows no more; the test goes on and is kept"] == caplog.messages


@pytest.mark.parametrize(("error", "traced"), [(BrokenPipeError(), False), (ValueError("a bug"), True)])
def test_a_reader_that_left_is_no_bug_with_a_traceback(caplog: pytest.LogCaptureFixture, error: Exception, traced: bool) -> None:
    def breaks(_: Event) -> None:
        raise error

    Sturdy(breaks)(ENDED)

    assert [traced] == [bool(one.exc_info) for one in caplog.records]


WAITS = [Waiting("run", 3, "2026-11-22T08:00:00.000000Z", 10.0, seconds) for seconds in (40.0, 0.0)]
BEGUN = replace(head(), run_id="run", monotonic=0.0)
STEP = StepStarted("run", 1, "2026-11-22T08:00:00.000000Z", 5.0, "Soft start", 13, ("CUR.350",))


def test_a_start_that_waits_is_said_in_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    lines = PlainLines(22)
    events: list[Event] = [BEGUN, STEP, *WAITS]
    for event in events:
        lines.event(event)

    assert ["step 13/22  Soft start", "waits for the instruments: starts in about 40 s", "starts now"] == [
        line.split("SN1  ")[1] for line in capsys.readouterr().err.splitlines()
    ]


def test_a_start_that_waits_counts_down_on_the_terminal() -> None:
    clock = VirtualClock()
    bars = Bars(clock, 22)
    seen: list[str] = []
    for event in (BEGUN, STEP, WAITS[0]):
        bars.event(event)
    for wait in (12.0, 30.0, 10.0):
        clock.wait(wait, clock.stop())
        seen.append(shown(bars))
    bars.event(WAITS[1])
    seen.append(shown(bars))

    assert "… waiting" in seen[0]
    assert "starts in about 38 s" in seen[0]
    assert "starts in about 8 s" in seen[1]
    assert "starts any moment" in seen[2]
    assert "▶ running" in seen[3]
    assert "13/22 Soft start" in seen[3]


def shown(bars: Bars, width: int = 140, height: int = 25) -> str:
    """Return what stands on the terminal."""
    console = Console(file=io.StringIO(), width=width, height=height)
    console.print(bars)
    return str(console.file.getvalue())  # type: ignore[attr-defined]  # it is the StringIO above


LONG = "ABCDEFGHIJKLMNOPQRST"  # as long as a GS1 serial may be
VALUE = measured(number(), value=4e-4, u=2e-8)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_a_serial_and_its_verdict_are_whole_at_any_width_and_no_line_breaks(width: int) -> None:
    bars = Bars(VirtualClock(), 22)
    for event in (
        replace(BEGUN, serial=LONG),
        replace(STEP, step="Accelerated shut-off with a level change"),
        replace(VALUE, run_id="run"),
    ):
        bars.event(event)
    running = shown(bars, width)
    bars.event(replace(ENDED, verdict="INCONCLUSIVE"))
    over = shown(bars, width)

    assert f"{LONG} ▶ running" in running
    assert f"{LONG} ? INCONCLUSIVE" in over
    assert all(1 == len(one.splitlines()) and len(one.splitlines()[0].rstrip()) <= width for one in (running, over))
    assert (width >= 80) == ("13/22 Accelerated shut-off" in running)
    assert (width >= 100) == (VALUE.id in running)


def test_a_terminal_with_too_few_lines_shows_what_needs_a_person_first_and_counts_the_rest() -> None:
    bars = Bars(VirtualClock(), 22)
    for slot in range(1, 33):
        bars.event(replace(BEGUN, run_id=f"run {slot}", slot=slot, serial=f"SN{slot:02}"))
    for slot, verdict in {**dict.fromkeys(range(1, 6), "PASS"), 31: "FAIL", 32: "ERROR"}.items():
        bars.event(replace(ENDED, run_id=f"run {slot}", verdict=verdict))

    lines = shown(bars, 80, 12).splitlines()

    assert 10 == len(lines)
    assert ["SN06", "SN07", "SN08", "SN09", "SN10", "SN11", "SN12", "SN31", "SN32"] == [line.split()[1] for line in lines[:-1]]
    assert "and 23 more: 18 ▶ running, 5 ✔ PASS" == lines[-1].strip()


def test_events_as_json_can_be_written_whatever_the_terminals_character_set(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))

    JsonLines().event(ENDED)

    assert ENDED.reason == json.loads(raw.getvalue())["reason"]


def test_a_table_shows_what_a_unit_said_as_it_said_it_and_not_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(1, "SN1", Verdict.ERROR, "", trouble="the unit says '[/red]', correct [instruments.dmm]")

    print_outcomes([outcome], Mode.RICH)

    shown = " ".join(capsys.readouterr().out.split())
    assert "[/red]" in shown
    assert "[instruments.dmm]" in shown


@pytest.mark.parametrize(("amps", "shown"), [(431.70004e-6, "431.70004"), (367.99e-6, "367.990"), (-2e-6, "-2.000")])
def test_a_value_that_failed_is_never_rounded_into_what_is_allowed(
    amps: float, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    limit = number(safety=Sides.BOTH, u_max=0.15)
    failed = measured(limit, value=amps, u=2e-8, verdict="FAIL")
    record = replay(numbered([head([as_row(limit)]), *step_of(failed, verdict="FAIL"), ended("FAIL")]))

    print_outcomes([Outcome(1, "SN1", Verdict.FAIL, "", record)], Mode.PLAIN)

    assert f": {shown} µA; allowed 368.3 to 431.7\n" in capsys.readouterr().out
