"""A tray ends safely, whoever ends it and whatever is left of the terminal; a clock set back opens no lock."""

import signal
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Never

import pytest

from station.cli.home import Home, make, read
from station.cli.modes import Mode
from station.cli.summary import print_outcomes
from station.cli.tray import mind_the_clock, stopping
from station.clocks.steady import SteadyClock
from station.core.errors import LockedError
from station.core.events import RunStarted
from station.core.record import replay
from station.line.line import Outcome
from tests.core.samples import story


class Gone:
    """A terminal that was closed."""

    def write(self, text: str) -> Never:
        raise OSError(5, "Input/output error")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    make(tmp_path)
    return read(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.hazard("SP-04")
def test_a_signal_stops_the_line_even_when_nobody_can_be_told(monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
    monkeypatch.setattr(sys, "stderr", Gone())
    reasons: list[str] = []

    with stopping(reasons.append, SteadyClock().stop()):
        signal.raise_signal(number)

    assert ["Ctrl-C" if number == signal.SIGINT else number.name] == reasons


def test_a_second_ctrl_c_ends_the_wait_and_a_third_does_no_harm() -> None:
    reasons: list[str] = []
    at_once = SteadyClock().stop()

    with stopping(reasons.append, at_once):
        signal.raise_signal(signal.SIGINT)
        assert at_once.reason is None
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    assert ["Ctrl-C"] * 3 == reasons
    assert "Ctrl-C twice" == at_once.reason


@pytest.mark.hazard("EQ-04")
def test_a_clock_that_is_behind_the_last_record_is_told_and_lifts_no_calibration(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = replace(home.config.dmms[0].certificate, due=date(2030, 6, 1))
    late = replace(home, config=replace(home.config, dmms=(replace(home.config.dmms[0], certificate=certificate),)))

    mind_the_clock(home, 1.0, "2030-06-02T08:00:00.000000Z", "2030-05-02T08:00:00.000000Z")
    with pytest.raises(LockedError, match="calibration past due"):
        mind_the_clock(late, 1.0, "2030-06-02T08:00:00.000000Z", "2030-05-02T08:00:00.000000Z")

    assert 2 == capsys.readouterr().err.count("set the clock right")


def test_a_clock_that_is_right_is_not_spoken_of(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    mind_the_clock(home, 1.0, "", "2030-05-02T08:00:00.000000Z")
    mind_the_clock(home, 1.0, "2030-05-01T08:00:00.000000Z", "2030-05-02T08:00:00.000000Z")

    assert "" == capsys.readouterr().err


@pytest.mark.hazard("EQ-10")
def test_a_bench_with_one_simulated_instrument_is_a_simulated_bench(home: Home) -> None:
    mixed = replace(home, fixture=replace(home.fixture, serial="FX-1"))
    real = replace(
        mixed,
        config=replace(
            home.config,
            dmms=(replace(home.config.dmms[0], serial="MY1"),),
            scopes=(replace(home.config.scopes[0], serial="CN1"),),
        ),
    )

    assert (True, True, False) == (home.simulated, mixed.simulated, real.simulated)


def test_a_pass_by_limits_that_nobody_released_says_that_it_earns_no_certificate(capsys: pytest.CaptureFixture[str]) -> None:
    start, *rest = story()
    assert isinstance(start, RunStarted)
    documents = replace(start.documents, limits_unreleased="it was changed after its approval")
    records = [replay([start, *rest]), replay([replace(start, run_type="debug", documents=documents), *rest])]

    print_outcomes([Outcome(1, "SN1", one.verdict, one.reason, one) for one in records], Mode.PLAIN)

    released, unreleased = capsys.readouterr().out.splitlines()
    assert released.endswith("SN1  PASS")
    assert "PASS  engineering mode, no certificate: the limits are not released" in unreleased
