import zlib

import numpy as np
import pytest

from tests.simulator.fakes import SETUP, payload, scope


@pytest.mark.parametrize(
    ("command", "query", "value"),
    [
        (":CHAN1:SCAL 0.1234", ":CHAN1:SCAL?", 0.123),
        (":CHAN1:RANG 4", ":CHAN1:SCAL?", 0.5),
        (":CHAN1:SCAL 100 mV", ":CHAN1:RANG?", 0.8),
        (":CHAN1:SCAL 0.2;PROB 10", ":CHAN1:SCAL?", 2.0),
        (":TIM:SCAL 2 ms", ":TIM:RANG?", 0.02),
        (":TIM:RANG 2.5", ":TIM:SCAL?", 0.25),
        (":TRIG:LEV 0.25,CHAN2", ":TRIG:EDGE:LEV? CHAN2", 0.25),
        (":TRIG:HOLD 1E-3", ":TRIG:HOLD?", 1e-3),
        (":ACQ:COUN 16", ":ACQ:COUN?", 16),
        (":CHAN1:PROB 10;SCAL 50", ":CHAN1:SCAL?", 50),
    ],
)
def test_what_was_set_reads_back_rounded(command: str, query: str, value: float) -> None:
    talk = scope()

    talk.send(command)

    assert talk.value(query) == pytest.approx(value)
    assert talk.error() == 0


@pytest.mark.parametrize("command", [":CHAN1:SCAL 11", ":CHAN1:SCAL 1E-4", ":TIM:RANG 600", ":ACQ:COUN 1", ":CHAN1:RANG 100"])
def test_what_cannot_be_set_is_refused(command: str) -> None:
    talk = scope()

    talk.send(command)

    assert talk.error() == -222


def test_whole_nodes_describe_themselves() -> None:
    channel, timebase = scope().ask(":CHAN1?"), scope().ask(":TIM?")

    assert channel.startswith(":CHAN1:RANG +4.00000E+00;OFFS +0.00000E+00;COUP DC;IMP ONEM;DISP 1;BWL 0;INV 0;")
    assert timebase == ":TIM:MODE MAIN;REF CENT;MAIN:RANG +5.00000E-02;POS +0.00000E+00"


def test_a_setup_block_brings_all_settings_back() -> None:
    talk = scope(setup=f'{SETUP};:CHAN2:LAB "a;b";DISP 1')
    setup = payload(talk.raw(":SYST:SET?"))

    talk.send("*RST")
    reset = talk.ask(":TIM:RANG?")
    talk.device.receive(b":SYST:SET #8%08d" % len(setup) + setup + b"\n", talk.now)

    assert float(reset) == 1e-3
    assert talk.ask(":TIM:RANG?;:TRIG:LEV?;:CHAN2:LAB?;DISP?") == '+5.00000E-02;+2.00000E-01;"a;b";1'


def test_the_screen_is_a_png_picture() -> None:
    talk = scope()
    talk.ask(":DIG;*OPC?")

    picture = payload(talk.raw(":DISP:DATA? PNG, COLor"))

    start = picture.index(b"IDAT") + 4
    pixels = np.frombuffer(zlib.decompress(picture[start:-16]), np.uint8).reshape(480, 801)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert np.all((pixels[:, 2:] == 2).any(axis=0))  # the yellow trace has a pixel in every column but the first
