import itertools
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.simulator.infiniivision import InfiniiVision
from station.simulator.ports import Floats, Terminals
from tests.simulator.fakes import Sine, Steps, Talk, steady

SQUARE = Steps(((0.003, 1.0), (0.007, -1.0)), edges=[0.01 * k for k in range(2000)])  # 100 Hz, 30 % duty
BIPHASIC = Steps(((0.005, 0.8), (0.0005, 0.0), (0.005, -0.8), (0.0895, 0.0)), edges=[0.1 * k for k in range(1, 200)])
SETUP = ":CHAN1:SCAL 0.5;OFFS 0;:TIM:RANG 0.05;:TRIG:EDGE:SOUR CHAN1;LEV 0.2;SLOP POS;:TRIG:SWE NORM"


def scope(terminals: Terminals = SQUARE, setup: str = SETUP, seed: int = 1) -> Talk:
    talk = Talk(InfiniiVision(terminals, np.random.default_rng(seed)))
    talk.pass_time(1.0)
    talk.send(setup)
    return talk


def preamble(talk: Talk) -> list[float]:
    return [float(field) for field in talk.ask(":WAV:PRE?").split(",")]


def payload(reply: bytes) -> bytes:
    assert reply[:2] == b"#8"
    assert len(reply) == 10 + int(reply[2:10]) + 1
    return reply[10:-1]


def trace(talk: Talk) -> tuple[Floats, Floats]:
    """Read a record the way a driver does: preamble, block, formula. Returns seconds and volts."""
    talk.send(":WAV:FORM WORD;BYT LSBF;UNS 1")
    _, _, points, _, x_step, x_origin, x_reference, y_step, y_origin, y_reference = preamble(talk)
    codes = np.frombuffer(payload(talk.raw(":WAV:DATA?")), "<u2")
    assert len(codes) == points
    times: Floats = (np.arange(len(codes), dtype=np.float64) - x_reference) * x_step + x_origin
    return times, (codes - y_reference) * y_step + y_origin


def spent(talk: Talk, text: str) -> float:
    start = talk.now
    talk.ask(f"{text};*OPC?")
    return talk.now - start


def test_it_says_who_it_is() -> None:
    assert scope().ask("*IDN?") == "KEYSIGHT TECHNOLOGIES,DSOX1204G,SIMDSOX1204G1,02.12.2021071625"


def test_a_single_record_fills_its_pretrigger_waits_for_its_trigger_and_ends_with_the_screen() -> None:
    talk = scope(Steps(((0.1, 0.0), (100.0, 1.0))), f"{SETUP};:TIM:RANG 0.4;REF CENT")
    talk.now = 99.0
    talk.send("*CLS;:SING;:AER?")
    states = []
    for _ in range(400):
        talk.pass_time(0.01)
        states.append(tuple(int(text) for text in talk.ask(":OPER:COND?;:TER?;:AER?").split(";")))

    seen = [state for state, _ in itertools.groupby(states)]

    assert seen[:3] == [(8, 0, 0), (40, 0, 1), (40, 0, 0)]  # filling, armed (event once), waiting
    assert seen[3:] == [(8, 1, 0), (8, 0, 0), (0, 0, 0)]  # triggered (event once), the rest of the screen, stopped
    armed = sum(state[0] == 40 for state in states) * 0.01
    assert armed == pytest.approx(100.2 - 99.0 - 0.001 - 0.2, abs=0.03)


def test_the_trigger_is_at_time_zero_of_the_record() -> None:
    talk = scope()
    talk.ask(":DIG;*OPC?")

    times, volts = trace(talk)

    assert np.all(volts[(times > 1e-4) & (times < 2.9e-3)] > 0.9)
    assert np.all(volts[(times > -6.9e-3) & (times < -1e-4)] < -0.9)


@pytest.mark.parametrize(("reference", "left"), [("LEFT", -0.005), ("CENT", -0.025), ("RIGH", -0.045)])
def test_reference_and_position_place_the_trigger(reference: str, left: float) -> None:
    talk = scope(setup=f"{SETUP};:TIM:REF {reference}")

    talk.ask(":DIG;*OPC?")
    plain = preamble(talk)[5]
    talk.ask(":TIM:POS 0.01;:DIG;*OPC?")

    assert plain == pytest.approx(left)
    assert preamble(talk)[5] == pytest.approx(left + 0.01)


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


def test_averages_take_several_triggers_and_leave_less_noise() -> None:
    single, mean = scope(steady(0.0), f"{SETUP};:TRIG:SOUR EXT"), scope(SQUARE, f"{SETUP};:TRIG:SOUR EXT")
    mean.send(":ACQ:TYPE AVER;COUN 16")

    took_many = spent(mean, ":DIG")
    took_one = spent(scope(), ":DIG")
    _, volts = trace(mean)

    assert took_many > 10 * took_one
    assert preamble(mean)[1:4:2] == [2, 16]
    assert np.std(volts[400:440]) < 0.005
    assert single.error() == 0


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


def test_external_edges_trigger() -> None:
    talk = scope(BIPHASIC, f"{SETUP};:TIM:RANG 0.02;REF LEFT;:TRIG:SOUR EXT")
    talk.ask(":DIG;*OPC?")

    times, volts = trace(talk)

    assert volts[(times > 0.0002) & (times < 0.0048)].mean() == pytest.approx(0.8, abs=0.07)
    assert volts[(times > 0.0058) & (times < 0.0102)].mean() == pytest.approx(-0.8, abs=0.07)


@pytest.mark.parametrize(("slope", "after"), [("POS", 1.0), ("NEG", -1.0)])
def test_the_slope_chooses_the_edge(slope: str, after: float) -> None:
    talk = scope(setup=f"{SETUP};:TRIG:SLOP {slope}")
    talk.ask(":DIG;*OPC?")

    times, volts = trace(talk)

    assert volts[(times > 1e-4) & (times < 2e-3)].mean() == pytest.approx(after, abs=0.08)


def test_digitize_holds_the_next_command_back() -> None:
    talk = scope(setup=f"{SETUP};:TIM:REF LEFT")

    took = spent(talk, ":DIG CHAN1")

    assert 0.045 < took < 0.08


def test_a_digitize_without_trigger_waits_in_normal_and_comes_in_auto() -> None:
    normal, auto = scope(steady(0.0)), scope(steady(0.0), f"{SETUP};:TRIG:SWE AUTO")
    normal.send(":DIG;*OPC?")

    silence = normal.pass_time(60.0)

    assert silence == b""
    assert spent(auto, ":DIG") < 0.3


def test_single_leaves_the_sweep_at_normal_and_force_ends_the_wait() -> None:
    talk = scope(steady(0.0), f"{SETUP};:TRIG:SWE AUTO")
    talk.send(":SING")
    talk.pass_time(10.0)
    waiting = talk.ask(":OPER:COND?;:TRIG:SWE?")

    talk.send(":TRIG:FORC")
    talk.pass_time(0.1)

    assert waiting == "+40;NORM"
    assert talk.ask(":OPER:COND?;:TER?;:RST?") == "+0;+1;STOP"


def test_a_running_scope_shows_what_is_there_now() -> None:
    talk = scope()
    talk.send(":RUN")
    empty = talk.ask(":MEAS:VPP?")

    talk.pass_time(1.0)
    running = talk.value(":MEAS:FREQ?")
    talk.send(":STOP")

    assert empty == "+9.9E+37"
    assert running == pytest.approx(100.0, rel=1e-3)
    assert talk.ask(":OPER:COND?;:TER?;:TER?") == "+0;+1;+0"
    assert preamble(talk)[2] == 1000


def test_settings_changed_while_armed_begin_anew() -> None:
    talk = scope(Steps(((0.5, 0.0), (0.5, 1.0)), edges=[]))
    talk.send(":TIM:RANG 4;:SING")
    talk.pass_time(1.0)

    talk.send(":TIM:RANG 0.01")
    talk.pass_time(1.2)

    assert talk.ask(":OPER:COND?") == "+0"
    assert preamble(talk)[5] == pytest.approx(-0.005)


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


def test_a_power_cycle_loses_everything_and_says_so() -> None:
    device = InfiniiVision(SQUARE, np.random.default_rng(1))
    talk = Talk(device, 1.0)
    talk.ask(f"*ESR?;{SETUP};:DIG;*OPC?")

    device.power_cycle(talk.now)

    assert talk.ask("*ESR?;:TIM:RANG?;:OPER:COND?;:MEAS:VPP?") == "+128;+1.00000E-03;+8;+9.9E+37"


def test_reset_runs_with_an_automatic_sweep() -> None:
    talk = scope()

    talk.send("*RST;:SYST:LOCK ON")

    assert talk.ask(":OPER:COND?;:TRIG:SWE?;:SYST:LOCK?;:SYST:ERR?") == '+8;AUTO;1;+0,"No error"'


def test_late_polls_give_the_same_record() -> None:
    prompt, late = scope(), scope()
    prompt.ask(":DIG;*OPC?")
    late.send(":DIG;*OPC?")
    late.pass_time(30.0)

    assert np.array_equal(trace(prompt)[1], trace(late)[1])


def test_high_resolution_points_are_means_of_their_stretches() -> None:
    narrow = Steps(((2e-6, 1.0), (98e-6, 0.0)), edges=[0.1 * k for k in range(100)])
    talk = scope(narrow, ":CHAN1:SCAL 0.5;:TIM:RANG 1;:TRIG:SOUR EXT;:ACQ:TYPE HRES;:WAV:POIN:MODE RAW;:WAV:POIN 250000")
    talk.ask(":DIG;*OPC?")

    times, volts = trace(talk)

    flat = np.median(volts)
    assert times[1] - times[0] == pytest.approx(5e-6)  # more than a pulse is long
    assert volts.mean() - flat == pytest.approx(0.02, rel=0.05)
    assert volts.max() - flat < 0.6
