import numpy as np
import pytest

from station.simulator.truevolt import Truevolt
from tests.simulator.fakes import Talk, meter, steady

OVERLOAD = 9.9e37


def test_configure_returns_everything_that_measures_to_its_default() -> None:
    talk = meter()
    talk.send("VOLT:NPLC 1;ZERO:AUTO OFF;:TRIG:SOUR BUS;COUN 5;DEL 1;:SAMP:COUN 9;:VOLT:AC:BAND 3")

    talk.send("CONF:VOLT:DC")

    assert talk.ask("VOLT:NPLC?;ZERO:AUTO?;:TRIG:SOUR?;:TRIG:DEL:AUTO?;:SAMP:COUN?;:VOLT:AC:BAND?") == (
        "+1.00000000E+01;1;IMM;1;+1;+2.00000000E+01"
    )


@pytest.mark.parametrize(
    ("typed", "full_scale"), [("0.09", 0.1), ("100 mV", 0.1), ("0.11", 1), ("-3", 10), ("12", 100), ("MAX", 1000), ("MIN", 0.1)]
)
def test_a_range_is_rounded_up_to_the_next(typed: str, full_scale: float) -> None:
    talk = meter()

    talk.send(f"VOLT:RANG {typed}")

    assert talk.value("VOLT:RANG?") == full_scale
    assert talk.ask("VOLT:RANG:AUTO?") == "0"


def test_a_range_beyond_all_is_refused() -> None:
    talk = meter()

    talk.send("VOLT:RANG 5000")

    assert talk.error() == -222


def test_current_is_zero_and_resistance_is_open_in_this_wiring() -> None:
    talk = meter()

    assert abs(talk.value("MEAS:CURR:DC?")) < 1e-6
    assert talk.value("MEAS:RES?") == OVERLOAD
    assert talk.ask("FUNC?") == '"RES"'


@pytest.mark.parametrize(
    ("typed", "name"), [("", "VOLT"), (":DC", "VOLT"), (":AC", "VOLT:AC"), (":VOLT", "VOLT"), (":RAT", "VOLT:RAT")]
)
def test_configure_and_measure_know_voltage_without_its_word(typed: str, name: str) -> None:
    talk = meter()

    for order in (f"CONF{typed}", f"MEAS{typed}?"):
        talk.send(f"FUNC 'RES';:{order}")
        talk.pass_time(10.0)

        assert (f'"{name}"', 0) == (talk.ask("FUNC?").rpartition("\n")[2], talk.error())


@pytest.mark.parametrize(
    ("typed", "name"),
    [("VOLT", "VOLT"), ("VOLT:DC", "VOLT"), ("voltage:ac", "VOLT:AC"), ("CURRent:DC", "CURR"), ("FRES", "FRES")],
)
def test_functions_have_several_spellings_and_one_name(typed: str, name: str) -> None:
    talk = meter()

    talk.send(f'FUNC "{typed}"')

    assert talk.ask("SENSe:FUNCtion?") == f'"{name}"'


@pytest.mark.parametrize(("typed", "cycles"), [("0.001", None), ("0.05", 0.2), ("1", 1), ("6", 10), ("100", 100), ("101", None)])
def test_integration_is_rounded_up_to_what_there_is(typed: str, cycles: float | None) -> None:
    talk = meter()

    talk.send(f"VOLT:NPLC {typed}")

    assert talk.error() == (0 if cycles else -222)
    assert talk.value("VOLT:NPLC?") == (cycles or 10)


def test_resolution_is_another_way_to_choose_the_integration() -> None:
    talk = meter()

    talk.send("CONF:VOLT:DC 1,0.00001")

    assert talk.ask("VOLT:NPLC?;RES?;:CONF?") == '+2.00000000E-01;+1.00000000E-05;"VOLT +1.00000000E+00,+1.00000000E-05"'


def test_null_takes_the_next_reading_off_all_later_ones() -> None:
    talk = meter(steady(0.5))
    talk.send("CONF:VOLT 1;:VOLT:NULL ON;:SAMP:COUN 3")

    caught = [float(text) for text in talk.ask("READ?").split(",")]
    talk.send("VOLT:NULL:VAL 0.1")

    assert caught == pytest.approx([0.0] * 3, abs=1e-5)
    assert talk.value("SAMP:COUN 1;:READ?") == pytest.approx(0.4, abs=1e-3)


def test_the_input_resistance_follows_range_and_setting() -> None:
    device = Truevolt(steady(0), np.random.default_rng(1))
    talk = Talk(device)

    talk.send("VOLT:RANG 1")
    megohms = device.input_resistance
    talk.send("VOLT:IMP:AUTO ON")
    gigohms = device.input_resistance
    talk.send("VOLT:RANG 100")

    assert (megohms, gigohms, device.input_resistance) == (10e6, 10e9, 10e6)


def test_a_power_cycle_loses_settings_readings_and_input_and_says_so() -> None:
    device = Truevolt(steady(0.5), np.random.default_rng(1))
    talk = Talk(device)
    talk.ask("*ESR?;:VOLT:NPLC 1;:READ?")
    talk.send("*ESE 4;:TRIG:SOUR EXT;:READ?")
    device.receive(b"*ID", talk.now)

    device.power_cycle(talk.now)

    assert talk.ask("*ESR?;*ESE?;:VOLT:NPLC?;:TRIG:SOUR?") == "+128;+0;+1.00000000E+01;IMM"
    talk.send("FETC?")
    assert talk.error() == -230


def test_what_is_saved_is_recalled() -> None:
    talk = meter()
    talk.send('FUNC "VOLT:AC";:VOLT:AC:BAND 3;:VOLT:NPLC 1;*SAV 2;*RST')

    talk.send("*RCL 2;*RCL 3")

    assert talk.ask("VOLT:AC:BAND?;:VOLT:NPLC?") == "+3.00000000E+00;+1.00000000E+00"
    assert talk.error() == -221


@pytest.mark.parametrize(
    ("query", "reply"),
    [
        ("ROUT:TERM?", "FRON"),
        ("SYST:LFR?", "+50"),
        ("SYST:VERS?", "1994.0"),
        ("*OPT?", "0"),
        ("DISP?", "1"),
        ("SAMP:COUN? MAX", "+1000000"),
        ("TRIG:COUN INF;COUN?", "+9.90000000E+37"),
        ("ZERO:AUTO?;:INP:IMP:AUTO?", "1;0"),
        ("SYST:BEEP;:SYST:LOC;:SYST:REM;:SYST:ERR?", '+0,"No error"'),
        ('DISP:TEXT "TESTING";TEXT?', '"TESTING"'),
        ("CURR:DC:TERM?", "+3"),
    ],
)
def test_the_small_questions_have_answers(query: str, reply: str) -> None:
    assert meter().ask(query) == reply
