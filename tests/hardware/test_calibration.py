"""What is past due is told, and what comes due soon, louder as the day comes near."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from station.core.config import parse_station
from station.core.equipment import Certificate
from station.core.fixture_file import parse_fixture
from station.hardware.calibration import certificates, due

HOME = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)


def certificate(days: int) -> Certificate:
    return Certificate(f"C{days}", date(2025, 11, 22), TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "warning", "past"),
    [(-1, 0, True), (-400, 0, True), (0, 1, False), (1, 1, False), (2, 7, False), (7, 7, False), (14, 14, False)],
)
def test_warnings_grow_louder_until_the_day_is_past(days: int, warning: int, past: bool) -> None:
    (found,) = due([("dmm", certificate(days))], TODAY)

    assert (found.warning, found.past, found.days) == (warning, past, days)


def test_what_is_due_later_is_not_told() -> None:
    assert due([("dmm", certificate(15))], TODAY) == ()


def test_the_most_urgent_comes_first() -> None:
    found = due([("a", certificate(10)), ("b", certificate(-3)), ("c", certificate(1))], TODAY)

    assert [one.what for one in found] == ["b", "c", "a"]


@pytest.mark.hazard("EQ-01", "EQ-02", "EQ-03")
def test_every_certificate_of_the_station_is_looked_at() -> None:
    config = parse_station((HOME / "station.toml").read_text(), "station.toml", HOME)
    file = parse_fixture((HOME / "fixtures/eol8.toml").read_bytes(), "eol8.toml")
    late = replace(file, timer=replace(file.timer, certificate=certificate(-1)))

    assert len(list(certificates(config, file))) == 3 + 8 * (5 + 2)
    assert [one.what for one in due(certificates(config, late), TODAY)] == ["timer of fixture SIMFX-0001"]
