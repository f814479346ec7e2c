import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.fakes import SETUP, Sine, Steps, payload, preamble, scope, steady, trace


@given(st.integers(0, 1000), st.floats(0.05, 2.0), st.floats(-1.0, 1.0), st.floats(-0.9, 0.9))
@settings(deadline=None, max_examples=30)
def test_samples_are_inside_the_specification(seed: int, scale: float, offset: float, part: float) -> None:
    volts = offset + part * 4 * scale
    talk = scope(steady(volts), f":CHAN1:SCAL {scale:.3g};OFFS {offset:.4f};:TRIG:SWE AUTO", seed)
    talk.ask(":DIG;*OPC?")

    _, samples = trace(talk)

    noise_and_code = 8 * scale * (0.003 + 1 / 256)
    limit = 0.02 * abs(volts) + 0.1 * scale + 2e-3 + 0.01 * abs(offset) + noise_and_code
    assert abs(samples.mean() - volts) < limit


@pytest.mark.parametrize(("form", "unsigned", "bits"), [("BYTE", 1, 8), ("BYTE", 0, 8), ("WORD", 1, 16), ("WORD", 0, 16)])
def test_every_format_means_the_same_volts(form: str, unsigned: int, bits: int) -> None:
    talk = scope()
    talk.ask(":DIG;*OPC?")
    _, expected = trace(talk)

    talk.send(f":WAV:FORM {form};UNS {unsigned};BYT MSBF")
    fields = preamble(talk)
    kind = np.dtype({8: "u1", 16: ">u2"}[bits] if unsigned else {8: "i1", 16: ">i2"}[bits])
    codes = np.frombuffer(payload(talk.raw(":WAV:DATA?")), kind)

    assert (codes - fields[9]) * fields[7] + fields[8] == pytest.approx(expected, abs=1e-6)
    assert fields[0] == {"BYTE": 0, "WORD": 1}[form]
    assert fields[9] == (1 << (bits - 1)) * unsigned


def test_text_holds_the_same_volts() -> None:
    talk = scope()
    talk.ask(":DIG;*OPC?")
    _, expected = trace(talk)

    talk.send(":WAV:FORM ASC")
    volts = [float(text) for text in payload(talk.raw(":WAV:DATA?")).decode().split(",")]

    assert volts == pytest.approx(expected, abs=1e-6)
    assert preamble(talk)[0] == 4


def test_codes_beyond_the_screen_stick_at_its_ends() -> None:
    talk = scope(setup=f"{SETUP};:CHAN1:SCAL 0.1")
    talk.ask(":DIG;*OPC?")

    codes = np.frombuffer(payload(talk.raw(":WAV:DATA?")), np.uint8)

    assert set(codes) == {0, 255}


def test_a_byte_record_has_eight_bits_and_high_resolution_twelve() -> None:
    coarse, fine = scope(Sine(1.0, 50.0)), scope(Sine(1.0, 50.0), f"{SETUP};:ACQ:TYPE HRES")
    codes = []
    for talk in (coarse, fine):
        talk.ask(":DIG;*OPC?")
        talk.send(":WAV:FORM WORD;BYT LSBF")
        codes.append(np.frombuffer(payload(talk.raw(":WAV:DATA?")), "<u2"))

    assert np.all(codes[0] % 256 == 0)
    assert np.all(codes[1] % 16 == 0)
    assert len(set(codes[1])) > 1.5 * len(set(codes[0]))
    assert preamble(fine)[1] == 3


def test_raw_memory_has_a_million_points_and_needs_a_stopped_scope() -> None:
    talk = scope()

    talk.send(":RUN;:WAV:POIN:MODE RAW;:WAV:POIN 1000000;:WAV:DATA?")
    refused = talk.error()
    talk.ask(":TIM:RANG 0.05;:DIG;*OPC?")
    points = preamble(talk)[2]

    assert refused == -221
    assert 500_000 <= points <= 1_000_000
    assert len(payload(talk.raw(":WAV:DATA?"))) == points


@given(st.integers(100, 70_000))
@settings(deadline=None, max_examples=20)
def test_points_asked_for_are_never_exceeded_and_nearly_given(points: int) -> None:
    talk = scope()
    talk.ask(f":DIG;:WAV:POIN {points};*OPC?")

    fields = preamble(talk)

    assert min(points, 62_500) / 2 <= fields[2] <= min(points, 62_500)
    assert fields[2] * fields[4] == pytest.approx(0.05, rel=0.01)
    assert talk.value(":WAV:POIN?") == fields[2]


def test_too_few_points_are_refused() -> None:
    talk = scope()

    talk.send(":WAV:POIN 50")

    assert talk.error() == -222


def test_each_preamble_field_can_be_asked_alone() -> None:
    talk = scope()
    talk.ask(":DIG;*OPC?")

    alone = talk.ask(":WAV:XINC?;XOR?;XREF?;YINC?;YOR?;YREF?;TYPE?;COUN?").split(";")

    assert ",".join(alone[:6]) == talk.ask(":WAV:PRE?").split(",", 4)[4]
    assert alone[6:] == ["NORM", "+1"]


def test_peak_records_keep_pulses_that_thinning_would_lose() -> None:
    narrow = Steps(((0.0001, 1.0), (0.0499, 0.0)))
    talk = scope(narrow, f"{SETUP};:TIM:RANG 0.5;:ACQ:TYPE PEAK;:WAV:POIN 100")
    talk.ask(":DIG;*OPC?")

    codes = np.frombuffer(payload(talk.raw(":WAV:DATA?")), np.uint8)

    assert (codes > 180).sum() >= 9
    assert preamble(talk)[1] == 1


def test_high_resolution_points_are_means_of_their_stretches() -> None:
    narrow = Steps(((2.5e-6, 1.0), (97.5e-6, 0.0)), edges=[0.1 * k for k in range(100)])
    talk = scope(narrow, ":CHAN1:SCAL 0.5;:TIM:RANG 1;:TRIG:SOUR EXT;:ACQ:TYPE HRES;:WAV:POIN:MODE RAW;:WAV:POIN 250000")
    talk.ask(":DIG;*OPC?")

    times, volts = trace(talk)

    flat = np.median(volts)
    assert times[1] - times[0] == pytest.approx(5e-6)  # more than a pulse is long
    assert volts.mean() - flat == pytest.approx(0.025, rel=0.05)
    assert volts.max() - flat < 0.6
