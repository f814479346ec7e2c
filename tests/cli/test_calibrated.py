"""A home in which only serials were edited rests on examples: nothing real is tested by them, and the doctor names each."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from station.cli.assemble import papers, sequence_of, unlocked
from station.cli.bench_process import Addresses
from station.cli.calibrated import calibration_findings
from station.cli.elsewhere import simulated
from station.cli.home import Home, make, read
from station.core.equipment import Equipment
from station.core.errors import LockedError
from tests.store.stories import ids

TODAY = date(2026, 12, 1)
BENCH = Addresses(("a",), ("b",), "c", "d")
REAL = (("SIM34461A1", "MY60001234"), ("SIMDSOX1204G1", "CN60005678"))
CERTIFIED = (('"SIM-CAL-0001"', '"K-1"'), ('"SIM-CAL-0002"', '"K-2"'))


def edited(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A starter home with real serials in it, and nothing else changed."""
    make(tmp_path)
    edited(tmp_path / "station.toml", *REAL)
    edited(tmp_path / "fixtures/eol8.toml", ("SIMFX-0001", "FX-0007"))
    return tmp_path


def findings(home: Home, *, simulate: bool = False) -> list[tuple[str, str]]:
    return [(one.state, one.said) for one in calibration_findings(home, simulate)]


@pytest.mark.hazard("EQ-01", "EQ-02", "EQ-03")
def test_real_serials_with_the_example_certificates_lock_the_station_and_are_named(folder: Path) -> None:
    home = read(folder)

    with pytest.raises(LockedError, match="calibration by an example: dmm 34461A, serial MY60001234") as locked:
        unlocked(home, 1.0, TODAY)
    (state, said), *rest = findings(home)

    for words in ("certificate SIM-CAL-0001", "SIM-CAL-0002", "SIM-TIM-0001", "SIM-SR-1000500", "and 54 more"):
        assert words in str(locked.value)
        assert words in said
    assert ("fault", True, []) == (state, said.endswith("into station.toml and fixtures/eol8.toml"), rest)


def test_one_real_instrument_with_an_example_certificate_is_enough(folder: Path) -> None:
    edited(folder / "station.toml", CERTIFIED[0])
    edited(folder / "fixtures/eol8.toml", ("SIM-", "K-"))

    with pytest.raises(LockedError, match=r"example: scope DSOX1204G, serial CN60005678 \(certificate SIM-CAL-0002\)\. Write"):
        unlocked(read(folder), 1.0, TODAY)


def test_own_certificates_lock_nothing(folder: Path) -> None:
    edited(folder / "station.toml", *CERTIFIED)
    edited(folder / "fixtures/eol8.toml", ("SIM-", "K-"))
    home = read(folder)

    unlocked(home, 1.0, TODAY)

    assert [("ok", "nothing comes due within 14 days")] == findings(home)


@pytest.mark.parametrize(("file", "number"), [("station.toml", "K-1"), ("fixtures/eol8.toml", "K-TIM-0001")])
def test_a_calibration_of_a_day_to_come_locks_a_real_station_and_is_named(folder: Path, file: str, number: str) -> None:
    edited(folder / "station.toml", *CERTIFIED)
    edited(folder / "fixtures/eol8.toml", ("SIM-", "K-"))
    unlocked(read(folder), 1.0, TODAY)
    edited(folder / file, (f'"{number}"\ncalibrated = 2026-11-01', f'"{number}"\ncalibrated = 2098-11-01'))
    home = read(folder)

    with pytest.raises(LockedError, match=rf"calibration on a day after 2026-12-01: .*{number}\). Correct the date calibrated"):
        unlocked(home, 1.0, TODAY)
    ((state, said),) = findings(home)
    ((trial, _),) = findings(home, simulate=True)

    assert ("fault", True) == (state, number in said)
    assert "warning" == trial
    unlocked(simulated(home, BENCH), 40.0, TODAY)


def test_a_simulated_home_may_rest_on_examples(tmp_path: Path) -> None:
    make(tmp_path)
    home = read(tmp_path)

    unlocked(home, 40.0, TODAY)

    assert [("ok", "nothing comes due within 14 days")] == findings(home)


def test_a_date_past_due_is_said_in_days_with_what_to_do(folder: Path) -> None:
    edited(folder / "station.toml", *CERTIFIED)
    edited(folder / "fixtures/eol8.toml", ("SIM-", "K-"))
    home = read(folder)
    past, today = home.today - timedelta(days=2159), home.today
    edited(
        folder / "fixtures/eol8.toml",
        ('"K-TIM-0001"\ncalibrated = 2026-11-01\ndue = 2099-12-31', f'"K-T"\ncalibrated = 2019-01-01\ndue = {past}'),
    )
    edited(
        folder / "station.toml",
        ('"K-1"\ncalibrated = 2026-11-01\ndue = 2099-12-31', f'"K-1"\ncalibrated = 2019-01-01\ndue = {today}'),
    )
    home = read(folder)

    late, close = findings(home)
    trial, _ = findings(home, simulate=True)

    said = "timer of fixture FX-0007, certificate K-T: past due for 2159 days: have it calibrated, or correct the date"
    assert ("fault", said) == late
    assert ("warning", f"dmm 34461A, serial MY60001234, certificate K-1: due on {today}, today") == close
    assert ("warning", f"{said}; `run --simulate` tests all the same") == trial


@pytest.mark.parametrize("due", [date(2020, 1, 1), date(2099, 12, 31)])
def test_a_simulated_bench_tests_whatever_the_calibrations_of_the_home_say(folder: Path, due: date) -> None:
    edited(folder / "station.toml", ("due = 2099-12-31", f"due = {due}"))
    edited(folder / "fixtures/eol8.toml", ("due = 2099-12-31", f"due = {due}"), ('"SIM-SR-1000500"', '"K-500"'))

    home = simulated(read(folder), BENCH)

    unlocked(home, 40.0, TODAY)
    numbers = [home.fixture.sense[1, load].certificate.number for load in (500.0, 2000.0)]
    assert ["SIM K-500", "SIM-SR-1002000"] == numbers


@pytest.mark.hazard("LF-01")
@pytest.mark.parametrize(("is_simulated", "run_type"), [(True, "production"), (False, "debug")])
def test_the_example_approval_of_the_starter_limits_earns_certificates_for_simulated_units_alone(
    folder: Path, is_simulated: bool, run_type: str
) -> None:
    home = read(folder)
    equipment = Equipment("dmm", "", "34461A", "MY60001234", "", "K-1", "2026-11-01", "2027-11-01", is_simulated)

    written = papers(home, sequence_of(home), "", "", ids(1), 1.0)
    head = written.started("run", "SN26-1", 1, 1, (equipment,), "2026-12-01T08:00:00.000000Z", 0.0)

    assert "only Q. Example, the example of the starter documents, has approved it" in str(home.unreleased)
    assert run_type == head.run_type
    assert (not is_simulated) == head.documents.limits_unreleased.startswith("only Q. Example")
