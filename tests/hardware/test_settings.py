"""Settings are written once, read back, and compared as instruments spell them."""

import pytest

from station.core.errors import InstrumentError
from station.hardware.settings import Settings, same
from station.hardware.steps import step_up
from tests.hardware.fakes import FakeInstrument, HandClock, scpi_on


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (1.0, "+1.00000000E+00"),
        (1, "1"),
        ("EXT", "EXT"),
        ("EXT", "EXTernal"),
        ("CHAN1", "CHANnel1"),
        ('"VOLT"', '"VOLT"'),
        ("dc", "DC"),
        (0.0, "+0.0E+00"),
    ],
)
def test_the_same_setting_in_another_spelling_is_the_same(value: float | str, answer: str) -> None:
    assert same(value, answer)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (1.0, "+1.01E+00"),
        (1.0, ""),
        (1, "9.9E37"),
        ('"VOLT"', '"VOLT:AC"'),
        ("EXT", "IMM"),
        ("DC", "DCX"),
        (0.0, "1E-3"),
        ("CHAN1", "CHANnel2"),
        ("CHAN1", "CHANnel10"),
        ("CHAN1", "CHAN"),
    ],
)
def test_another_setting_is_another(value: float | str, answer: str) -> None:
    assert not same(value, answer)


def test_only_what_changes_is_written() -> None:
    instrument = FakeInstrument()
    settings = Settings(scpi_on(HandClock(), instrument)[0])
    settings.hold({":A": 1.0, ":B": "EXT"})
    instrument.told.clear()

    settings.hold({":A": 1.0, ":B": "IMM"})
    settings.hold({":A": 1.0, ":B": "IMM"})

    assert [told for told in instrument.told if " " in told] == [":B IMM"]


@pytest.mark.hazard("TR-10")
def test_a_value_that_the_instrument_rounded_is_refused() -> None:
    settings = Settings(scpi_on(HandClock(), FakeInstrument({":A?": lambda: "2.0"}))[0])

    with pytest.raises(InstrumentError, match=r"'2\.0' to :A\?, not 1\.5"):
        settings.hold({":A": 1.5})


def test_what_is_no_longer_wanted_is_forgotten() -> None:
    instrument = FakeInstrument()
    settings = Settings(scpi_on(HandClock(), instrument)[0])

    settings.hold({":TRIG:DEL": 0.1})
    settings.hold({":TRIG:DEL:AUTO": 1})
    settings.hold({":TRIG:DEL": 0.1})

    assert instrument.told.count(":TRIG:DEL 0.1") == 2


@pytest.mark.parametrize(
    ("value", "step"), [(0.2, 0.2), (0.11, 0.2), (0.0049500001, 0.005), (1.0, 1.0), (5.1, 10.0), (1e-3, 1e-3), (0.3, 0.5)]
)
def test_steps_are_one_two_five_and_never_below(value: float, step: float) -> None:
    assert step_up(value) == step


@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), float("nan")])
def test_there_is_no_step_for_what_no_knob_can_be(value: float) -> None:
    with pytest.raises(ValueError, match="no step"):
        step_up(value)
