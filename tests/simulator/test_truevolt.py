import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.simulator.meter.accuracy import Accuracy
from station.simulator.meter.functions import FUNCTIONS
from station.simulator.truevolt import Truevolt
from tests.simulator.fakes import Sine, Steps, Talk, meter, steady, within

BIPHASIC = ((0.005, 0.8), (0.0005, 0.0), (0.005, -0.8), (0.0895, 0.0))  # 10 Hz, the shape of the product
OVERLOAD = 9.9e37


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


def test_a_misadjusted_meter_reads_too_much_on_every_range_of_that_function_alone() -> None:
    accuracy, function, other = Accuracy(np.random.default_rng(1)), FUNCTIONS[0], FUNCTIONS[1]
    before = [accuracy.shown(0.09, function, each, 100.0) for each in function.ranges[:2]]
    aside = accuracy.shown(0.09, other, other.ranges[0], 100.0)

    accuracy.misadjust(function.name, 0.01)

    after = [accuracy.shown(0.09, function, each, 100.0) for each in function.ranges[:2]]
    assert [value + 0.0009 for value in before] == pytest.approx(after, abs=5e-6)
    assert aside == pytest.approx(accuracy.shown(0.09, other, other.ranges[0], 100.0), abs=5e-6)


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


def test_ranging_once_finds_a_range_and_stays_there() -> None:
    talk = meter(steady(0.5))
    talk.pass_time(1.0)

    talk.send("VOLT:RANG:AUTO ONCE")

    assert talk.ask("VOLT:RANG:AUTO?;:VOLT:RANG?") == "0;+1.00000000E+00"


def test_noise_shrinks_with_integration() -> None:
    spreads = []
    for cycles in (0.02, 1, 100):
        talk = meter()
        talk.send(f"CONF:VOLT 10;:VOLT:NPLC {cycles};:SAMP:COUN 50")
        spreads.append(np.std([float(text) for text in talk.ask("READ?").split(",")]))

    assert spreads[0] > 10 * spreads[1] > 10 * spreads[2]


def test_switching_range_before_a_reading_takes_relay_time() -> None:
    talk = meter()
    talk.ask("CONF:VOLT 1;:VOLT:NPLC 1;:READ?")
    start = talk.now

    talk.ask("VOLT:RANG 10;:READ?")

    assert talk.now - start == pytest.approx(0.02 + 0.04 + 1.6e-4 + 4e-4, rel=1e-3)


def test_late_polls_change_nothing_but_the_moment_of_the_reply() -> None:
    wave = Sine(1.0, 3.3)
    prompt, late = meter(wave), meter(wave)
    for talk in (prompt, late):
        talk.send("CONF:VOLT:DC 10;:VOLT:NPLC 1;:SAMP:COUN 5;:READ?")
        talk.send("VOLT:NPLC 10;:READ?")

    expected = prompt.reply() + prompt.reply()

    assert late.pass_time(60.0) == expected
