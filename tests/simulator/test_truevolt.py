import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.simulator.meter.accuracy import Accuracy
from station.simulator.meter.functions import FUNCTIONS
from station.simulator.ports import Terminals
from station.simulator.truevolt import Truevolt
from tests.simulator.fakes import Sine, Steps, Talk, steady

BIPHASIC = ((0.005, 0.8), (0.0005, 0.0), (0.005, -0.8), (0.0895, 0.0))  # 10 Hz, the shape of the product
OVERLOAD = 9.9e37


def meter(terminals: Terminals | None = None, seed: int = 1, mains_hz: int = 50) -> Talk:
    return Talk(Truevolt(terminals or steady(0.5), np.random.default_rng(seed), mains_hz=mains_hz))


def within(reading: float, true: float, of_reading: float, of_range: float, full_scale: float) -> bool:
    """Return whether a reading is inside a specification in percent, with the noise and last digit of ten cycles."""
    limit = abs(true) * of_reading / 100 + full_scale * (of_range / 100 + 3e-6)
    return abs(reading - true) <= limit


def test_it_says_who_it_is_with_its_serial() -> None:
    talk = Talk(Truevolt(steady(0), np.random.default_rng(1), serial="MY12345678"))

    assert talk.ask("*IDN?") == "Keysight Technologies,34461A,MY12345678,A.02.17-02.40-02.17-00.52-04-01"


def test_readings_are_printed_with_nine_digits_and_a_sign() -> None:
    reply = meter().ask("READ?")

    assert reply[0] == "+"
    assert len(reply) == len("+1.23456789E-04")
    assert reply[-4:-2] == "E-"


@given(st.integers(0, 10_000), st.sampled_from([-9.0, -0.5, 0.0, 0.07, 0.9, 5.0]))
@settings(deadline=None, max_examples=30)
def test_a_dc_reading_is_inside_the_one_year_specification(seed: int, volts: float) -> None:
    talk = meter(steady(volts), seed)

    reading = talk.value("CONF:VOLT:DC 10;:READ?")

    assert within(reading, volts, 0.0035, 0.0005, 10)


def test_two_meters_differ_and_one_seed_is_one_meter() -> None:
    first, again, other = (Accuracy(np.random.default_rng(seed)) for seed in (1, 1, 2))
    function = FUNCTIONS[0]

    shown = [each.shown(9.0, function, function.ranges[2], 100.0) for each in (first, again, other)]

    assert shown[0] == shown[1]
    assert shown[0] != shown[2]


def test_a_reading_is_the_mean_over_its_aperture() -> None:
    wave = Steps(((0.03, 1.0), (0.07, 0.0)))
    talk = meter(wave)
    talk.send("CONF:VOLT:DC 10;:VOLT:NPLC 1;:TRIG:DEL 0;:SAMP:COUN 3")

    readings = [float(text) for text in talk.ask("READ?").split(",")]

    assert readings[0] == pytest.approx(wave.mean(0.0, 0.02), abs=1e-3)
    step = 0.04 + 4e-4  # an aperture, its zero, and the turnaround
    assert readings[1:] == pytest.approx([wave.mean(k * step, k * step + 0.02) for k in (1, 2)], abs=1e-3)


@pytest.mark.parametrize(
    ("cycles", "autozero", "seconds"), [(0.02, "ON", 0.0008), (1, "OFF", 0.02), (1, "ON", 0.04), (100, "ON", 4.0)]
)
def test_a_reading_takes_its_aperture_twice_with_autozero(cycles: float, autozero: str, seconds: float) -> None:
    talk = meter()
    talk.send(f"CONF:VOLT:DC 10;:VOLT:NPLC {cycles};ZERO:AUTO {autozero};:SAMP:COUN 10;:TRIG:DEL 0")

    talk.ask("READ?")

    assert talk.now == pytest.approx(10 * (seconds + 4e-4), rel=1e-6)


def test_sixty_hertz_mains_make_shorter_apertures() -> None:
    talk = meter(mains_hz=60)
    talk.send("CONF:VOLT:DC 10;:VOLT:NPLC 6")

    assert talk.ask("SYST:LFR?") == "+60"
    talk.ask("READ?")

    assert talk.now == pytest.approx(2 * 10 / 60, rel=0.01)


@pytest.mark.parametrize(("band", "seconds"), [(3, 2.5), (20, 0.625), (200, 0.025)])
def test_an_ac_reading_takes_what_its_filter_needs(band: int, seconds: float) -> None:
    talk = meter(Sine(1.0, 1000.0))
    talk.send(f"CONF:VOLT:AC 10;:VOLT:AC:BAND {band}")

    talk.ask("READ?")

    assert talk.now == pytest.approx(seconds, abs=0.001)


@pytest.mark.parametrize("steady_volts", [0.0, 0.4])
def test_an_ac_reading_is_the_rms_of_a_sine_without_its_mean(steady_volts: float) -> None:
    reading = meter(Sine(1.0, 1000.0, steady_volts)).value("MEAS:VOLT:AC? 1")

    assert within(reading, 1 / math.sqrt(2), 0.06, 0.03, 1)


def test_the_rms_of_biphasic_pulses_is_amplitude_times_the_root_of_their_share() -> None:
    talk = meter(Steps(BIPHASIC))

    talk.send("CONF:VOLT:AC 1;:VOLT:AC:BAND 3")

    assert within(talk.value("READ?"), 0.8 * math.sqrt(0.1), 0.06, 0.03, 1)


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


def test_a_range_shows_a_fifth_more_than_its_name_and_then_overloads() -> None:
    fits, too_much = meter(steady(1.19)), meter(steady(-1.21))

    assert fits.value("MEAS:VOLT? 1") == pytest.approx(1.19, rel=1e-3)
    assert too_much.ask("MEAS:VOLT? 1") == "-9.90000000E+37"
    assert too_much.ask("STAT:QUES:COND?;:STAT:QUES?;:STAT:QUES?;*ESR?") == "+1;+1;+0;+136"


def test_pulses_overdrive_a_range_that_would_hold_their_mean() -> None:
    assert meter(Steps(BIPHASIC)).value("MEAS:VOLT:DC? 0.1") == OVERLOAD


def test_autorange_finds_the_range_and_takes_time_for_it() -> None:
    fixed, auto = meter(steady(0.05)), meter(steady(0.05))

    fixed.ask("MEAS:VOLT? 10")
    reading = auto.value("MEAS:VOLT?")

    assert within(reading, 0.05, 0.005, 0.0035, 0.1)
    assert auto.value("VOLT:RANG?") == 0.1
    assert auto.now > fixed.now + 0.02


def test_current_is_zero_and_resistance_is_open_in_this_wiring() -> None:
    talk = meter()

    assert abs(talk.value("MEAS:CURR:DC?")) < 1e-6
    assert talk.value("MEAS:RES?") == OVERLOAD
    assert talk.ask("FUNC?") == '"RES"'


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


def test_noise_shrinks_with_integration() -> None:
    spreads = []
    for cycles in (0.02, 1, 100):
        talk = meter()
        talk.send(f"CONF:VOLT 10;:VOLT:NPLC {cycles};:SAMP:COUN 50")
        spreads.append(np.std([float(text) for text in talk.ask("READ?").split(",")]))

    assert spreads[0] > 10 * spreads[1] > 10 * spreads[2]


def test_fetching_nothing_is_stale() -> None:
    talk = meter()

    talk.send("FETC?")

    assert talk.error() == -230


def test_a_change_of_settings_makes_readings_stale() -> None:
    talk = meter()
    talk.ask("READ?")

    talk.send("VOLT:NPLC 1;:FETC?")

    assert talk.error() == -230


def test_initiating_twice_is_ignored_and_named() -> None:
    talk = meter()

    talk.send("INIT;INIT")

    assert talk.error() == -213
    assert len(talk.ask("FETC?").split(",")) == 1


def test_a_change_of_settings_ends_the_wait_for_a_trigger() -> None:
    talk = meter()
    talk.send("TRIG:SOUR BUS;:INIT")
    waiting = talk.ask("STAT:OPER:COND?")

    talk.send("VOLT:NPLC 1")
    idle = talk.ask("STAT:OPER:COND?")
    talk.send("*TRG")

    assert (waiting, idle) == ("+48", "+0")
    assert talk.error() == -211


def test_the_bus_triggers_what_was_initiated() -> None:
    talk = meter()
    talk.send("TRIG:SOUR BUS;COUN 2;:SAMP:COUN 3;:INIT")
    talk.send("*TRG;*WAI")
    stuck = talk.pass_time(5.0)
    talk.device.closed(talk.now)  # *WAI waits for a second trigger that cannot come past it
    talk.send("*TRG")

    assert stuck == b""
    assert len(talk.ask("FETC?").split(",")) == 6


@pytest.mark.parametrize("query", ["READ?", "INIT;:FETC?"])
def test_a_query_that_would_wait_for_the_bus_is_a_deadlock(query: str) -> None:
    talk = meter()

    talk.send(f"TRIG:SOUR BUS;:{query}")

    assert talk.error() == -214


def test_a_level_trigger_is_refused() -> None:
    talk = meter()

    talk.send("TRIG:SOUR INT")

    assert talk.error() == -224


def test_external_triggers_start_readings_after_the_delay() -> None:
    wave = Steps(BIPHASIC, edges=[0.1 * k for k in range(1, 50)])
    talk = meter(wave)
    talk.send("CONF:VOLT:DC 1;:VOLT:NPLC 0.02;:TRIG:SOUR EXT;COUN 3;DEL 0.006")

    readings = [float(text) for text in talk.ask("READ?").split(",")]

    assert readings == pytest.approx([-0.8] * 3, abs=1e-3)
    assert talk.now == pytest.approx(0.3 + 0.006 + 0.0008, abs=0.006)


def test_edges_during_a_reading_are_ignored() -> None:
    talk = meter(Steps(BIPHASIC, edges=[0.1, 0.11, 0.15, 0.6, 0.61]))

    talk.send("CONF:VOLT:DC 1;:VOLT:NPLC 10;:TRIG:SOUR EXT;COUN INF;:INIT")
    talk.pass_time(2.0)

    assert talk.ask("DATA:POIN?") == "+2"


def test_without_edges_a_read_waits_and_a_new_client_is_heard() -> None:
    talk = meter(steady(1.0))
    talk.send("TRIG:SOUR EXT;:READ?")

    silence = talk.pass_time(60.0)
    talk.device.closed(talk.now)
    talk.send("*CLS;:ABOR")

    assert silence == b""
    assert talk.ask("STAT:OPER:COND?") == "+0"


def test_auto_delay_comes_back_when_the_integration_changes() -> None:
    talk = meter()

    talk.send("TRIG:DEL 0.5")
    before = talk.ask("TRIG:DEL:AUTO?")
    talk.send("VOLT:NPLC 1")

    assert (before, talk.ask("TRIG:DEL:AUTO?")) == ("0", "1")


def test_reading_out_takes_a_block_of_text_and_never_waits() -> None:
    talk = meter()
    talk.send("CONF:VOLT 1;:VOLT:NPLC 1;:SAMP:COUN 4;:INIT")

    early = talk.raw("R?")
    talk.pass_time(1.0)
    two = talk.raw("R? 2").decode()

    assert early == b"#10\n"
    assert two.startswith("#231")
    assert len(two[4:-1].split(",")) == 2
    assert talk.ask("DATA:POIN?") == "+2"


def test_removing_waits_when_told_to_and_is_refused_otherwise() -> None:
    talk = meter()
    talk.send("CONF:VOLT 1;:VOLT:NPLC 1;:SAMP:COUN 4;:INIT")

    talk.send("DATA:REM? 2")
    refused = talk.error()
    waited = talk.ask("DATA:REM? 2,WAIT").split(",")

    assert refused == -222
    assert len(waited) == 2
    assert 0.08 < talk.now < 0.1


def test_the_last_reading_carries_its_unit() -> None:
    talk = meter()

    nothing = talk.ask("DATA:LAST?")
    talk.ask("READ?")

    assert nothing == "+9.91000000E+37"
    assert talk.ask("DATA:LAST?").endswith(" VDC")


def test_the_memory_keeps_ten_thousand_and_overwrites_the_oldest() -> None:
    talk = meter()
    talk.send("CONF:VOLT 1;:VOLT:NPLC 0.02;ZERO:AUTO OFF;:SAMP:COUN 10010;:INIT")

    talk.pass_time(20.0)

    assert talk.ask("DATA:POIN?;:STAT:QUES?") == "+10000;+16384"


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


def test_switching_range_before_a_reading_takes_relay_time() -> None:
    talk = meter()
    talk.ask("CONF:VOLT 1;:VOLT:NPLC 1;:READ?")
    start = talk.now

    talk.ask("VOLT:RANG 10;:READ?")

    assert talk.now - start == pytest.approx(0.02 + 0.04 + 1.6e-4 + 4e-4, rel=1e-3)


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


def test_late_polls_change_nothing_but_the_moment_of_the_reply() -> None:
    wave = Sine(1.0, 3.3)
    prompt, late = meter(wave), meter(wave)
    for talk in (prompt, late):
        talk.send("CONF:VOLT:DC 10;:VOLT:NPLC 1;:SAMP:COUN 5;:READ?")
        talk.send("VOLT:NPLC 10;:READ?")

    expected = prompt.reply() + prompt.reply()

    assert late.pass_time(60.0) == expected


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
