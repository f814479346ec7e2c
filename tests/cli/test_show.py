"""What shows a tray can break, and never what it shows."""

import io
import json

import pytest

from station.cli.modes import Mode
from station.cli.show import JsonLines, Sturdy
from station.cli.summary import print_outcomes
from station.core.events import Event, RunEnded
from station.core.verdict import Verdict
from station.line.line import Outcome

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
