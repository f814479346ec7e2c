import numpy as np
import pytest

from tests.simulator.fakes import SETUP, Sine, scope

CLOSED_FORMS = [
    ("FREQ?", 100.0, 1e-3),
    ("PER?", 0.01, 1e-3),
    ("PWID?", 0.003, 1e-3),
    ("NWID?", 0.007, 1e-3),
    ("DUTY?", 30.0, 1e-3),
    ("VAV? CYCL,CHAN1", -0.4, 0.2),
    ("VAV? DISP,CHAN1", -0.4, 0.2),
    ("VRMS? DISP,DC,CHAN1", 1.0, 0.05),
    ("VRMS? CYCL,AC", np.sqrt(1 - 0.16), 0.05),
    ("VTOP? CHAN1", 1.0, 0.06),
    ("VBAS?", -1.0, 0.06),
    ("VAMP?", 2.0, 0.04),
    ("VPP?", 2.0, 0.08),
    ("VMAX?", 1.0, 0.12),
    ("VMIN?", -1.0, 0.12),
]


@pytest.mark.parametrize(("query", "value", "tolerance"), CLOSED_FORMS)
def test_measurements_of_a_square_wave_are_its_closed_forms(query: str, value: float, tolerance: float) -> None:
    talk = scope()
    talk.ask(":DIG;*OPC?")

    assert talk.value(f":MEAS:{query}") == pytest.approx(value, rel=tolerance)


def test_the_frequency_of_a_sine_is_found() -> None:
    talk = scope(Sine(1.0, 123.4))
    talk.ask(":DIG;*OPC?")

    assert talk.value(":MEAS:FREQ?") == pytest.approx(123.4, rel=0.01)
    assert talk.value(":MEAS:VRMS? CYCL,AC,CHAN1") == pytest.approx(1 / np.sqrt(2), rel=0.04)


@pytest.mark.parametrize("query", ["FREQ?", "PER?", "DUTY?", "VAV? CYCL"])
def test_a_cycle_that_is_not_whole_on_the_screen_is_not_measured(query: str) -> None:
    talk = scope(setup=f"{SETUP};:TIM:RANG 0.01")
    talk.ask(":DIG;*OPC?")

    assert talk.ask(f":MEAS:{query}") == "+9.9E+37"


def test_an_unwired_channel_sees_only_noise() -> None:
    talk = scope(setup=f"{SETUP};:CHAN2:DISP 1;SCAL 0.5")
    talk.ask(":DIG CHAN1,CHAN2;*OPC?")

    assert talk.value(":MEAS:VPP? CHAN2") < 0.2
    assert talk.ask(":MEAS:FREQ? CHAN2") == "+9.9E+37"


def test_a_channel_that_is_off_has_no_record() -> None:
    talk = scope()
    talk.ask(":DIG;*OPC?")

    talk.send(":WAV:SOUR CHAN3;DATA?")

    assert talk.error() == -230
    assert talk.ask(":MEAS:VPP? CHAN3") == "+9.9E+37"


def test_a_probe_multiplies_what_is_shown() -> None:
    talk = scope(setup=f"{SETUP};:CHAN1:PROB 10;:TRIG:LEV 2")
    talk.ask(":DIG;*OPC?")

    assert talk.value(":MEAS:VAMP?") == pytest.approx(20.0, rel=0.05)


def test_an_inverted_channel_is_upside_down() -> None:
    talk = scope(setup=f"{SETUP};:CHAN1:INV 1")
    talk.ask(":DIG;*OPC?")

    assert talk.value(":MEAS:DUTY?") == pytest.approx(70.0, rel=1e-2)


def test_ac_coupling_takes_the_mean_off() -> None:
    talk = scope(Sine(0.5, 100.0, 1.5), f"{SETUP};:CHAN1:COUP AC;:TRIG:LEV 0")
    talk.ask(":DIG;*OPC?")

    assert abs(talk.value(":MEAS:VAV? DISP,CHAN1")) < 0.1
