"""What a 34461A makes of readings after they are taken, and in which form they leave it."""

import math
import struct

import numpy as np
import pytest

from station.simulator.ports import Floats
from tests.simulator.fakes import SQUARE, Sine, Steps, meter, steady


def test_statistics_are_those_of_the_readings_that_were_read() -> None:
    talk = meter()
    talk.send("CONF:VOLT:DC 1;:VOLT:NPLC 1;:SAMP:COUN 7;:CALC:AVER ON")

    readings = [float(text) for text in talk.ask("READ?").split(",")]

    mean = sum(readings) / 7
    deviation = math.sqrt(sum((reading - mean) ** 2 for reading in readings) / 6)
    given = [float(text) for text in talk.ask("CALC:AVER:ALL?").split(",")]
    assert given == pytest.approx([mean, deviation, min(readings), max(readings)], rel=1e-7, abs=1e-12)
    assert "+7" == talk.ask("CALC:AVER:COUN?")
    assert talk.value("CALC:AVER:PTP?") == pytest.approx(max(readings) - min(readings), abs=1e-12)


def test_statistics_without_readings_are_not_a_number() -> None:
    talk = meter()
    talk.send("CALC:AVER ON")

    assert ["+9.91000000E+37"] * 4 == talk.ask("CALC:AVER:ALL?").split(",")
    assert "+0" == talk.ask("CALC:AVER:COUN?")


@pytest.mark.parametrize("order", ["CALC:AVER:CLE", "CALC:CLE", "CONF:VOLT:DC", "FUNC 'VOLT:AC'", "*RST"])
def test_statistics_are_cleared_by_what_makes_them_meaningless(order: str) -> None:
    talk = meter()
    talk.send("CALC:AVER ON")
    talk.ask("READ?")

    talk.send(order)

    assert "+0" == talk.ask("CALC:AVER:COUN?")
    assert 0 == talk.error()


def test_an_overload_is_no_part_of_the_statistics() -> None:
    talk = meter(steady(5.0))
    talk.send("CONF:VOLT:DC 1;:CALC:AVER ON")

    assert 9.9e37 == talk.value("READ?")
    assert "+0" == talk.ask("CALC:AVER:COUN?")


def test_a_passed_limit_is_a_questionable_event_until_it_is_cleared() -> None:
    talk = meter()
    talk.send("CONF:VOLT:DC 1;:CALC:LIM:LOW 0.6;UPP 1;STAT ON")

    talk.ask("READ?")

    assert "+2048" == talk.ask("STAT:QUES:COND?")
    talk.send("CALC:LIM:CLE")
    assert "+0" == talk.ask("STAT:QUES:COND?")
    talk.send("CALC:LIM:LOW 0;UPP 0.1")
    talk.ask("READ?")
    assert "+4096" == talk.ask("STAT:QUES:COND?")


def test_decibels_are_against_a_milliwatt_or_against_the_first_reading() -> None:
    talk = meter(steady(0.7745966692414834))  # one milliwatt in 600 ohms
    talk.send("CONF:VOLT:DC 1;:CALC:SCAL:FUNC DBM;STAT ON")
    assert 0 == pytest.approx(talk.value("READ?"), abs=0.01)

    talk.send("CALC:SCAL:FUNC DB")

    assert 0 == talk.value("READ?")
    assert 0 == pytest.approx(talk.value("CALC:SCAL:DB:REF?"), abs=0.01)


def test_a_histogram_counts_every_reading_once() -> None:
    talk = meter()
    talk.send("CONF:VOLT:DC 1;:VOLT:NPLC 0.02;:SAMP:COUN 200;:CALC:TRAN:HIST:POIN 10;STAT ON")

    readings = [float(text) for text in talk.ask("READ?").split(",")]

    low, high, count, *bins = talk.ask("CALC:TRAN:HIST:ALL?").split(",")
    assert (min(readings), max(readings), 200) == (float(low), float(high), int(count))
    assert (12, 200, "+0", "+0") == (len(bins), sum(map(int, bins)), bins[0], bins[-1])
    talk.send("CALC:TRAN:HIST:RANG:LOW 0.6;UPP 0.7")
    assert "+200" == talk.ask("CALC:TRAN:HIST:DATA?").split(",")[0]


def test_readings_leave_as_a_block_of_floats_when_asked_to() -> None:
    talk = meter()
    talk.send("CONF:VOLT:DC 1;:SAMP:COUN 3;:FORM REAL,64")

    block = talk.raw("READ?")
    as_text = talk.ask("FORM ASC;:FETC?")

    assert b"#224" == block[:4]
    assert as_text == ",".join(f"{value:+.8E}" for value in struct.unpack(">3d", block[4:-1]))
    talk.send("FORM REAL;:FORM:BORD SWAP")
    assert struct.unpack("<3d", talk.raw("FETC?")[4:-1]) == struct.unpack(">3d", block[4:-1])
    assert talk.raw("R? 1") == b"#18" + talk.device.poll(talk.now) + block[4:12][::-1] + b"\n"


def test_a_frequency_is_counted_over_its_gate_and_the_period_is_its_inverse() -> None:
    talk = meter(Sine(0.5, 440.0))

    assert 440 == pytest.approx(talk.value("MEAS:FREQ?"), rel=1e-4)
    assert 1 / 440 == pytest.approx(talk.value("MEAS:PER?"), rel=1e-4)
    assert 0 == talk.error()


class Hissing(Steps):
    """Pulses to both sides of a middle in which they mostly rest, with a hiss on them."""

    def volts(self, times: Floats) -> Floats:
        return super().volts(times) + 0.005 * np.sin(2 * np.pi * 43_210.0 * times)


def test_a_hiss_between_pulses_is_not_counted() -> None:
    talk = meter(Hissing(((0.002, 0.4), (0.002, -0.4), (0.046, 0.0))))
    talk.send("CONF:FREQ;:FREQ:APER 1")

    assert 20 == pytest.approx(talk.value("READ?"), rel=1e-3)


def test_a_steady_voltage_has_no_frequency() -> None:
    talk = meter(steady(0.5))

    assert 0 == talk.value("MEAS:FREQ?")
    assert 0 == talk.value("MEAS:PER?")


@pytest.mark.parametrize("word", ["CONT", "DIOD", "TEMP", "TEMP? RTD,85", "VOLT:DC:RAT", "RES", "FRES"])
def test_with_nothing_that_conducts_across_the_terminals_each_such_function_overloads(word: str) -> None:
    talk = meter(SQUARE)
    head, _, parameters = word.partition("?")

    assert 9.9e37 == talk.value(f"MEAS:{head}?{parameters}")
    assert 0 == talk.error()


def test_what_a_meter_has_learnt_brings_its_settings_back() -> None:
    talk = meter()
    talk.send(
        "CONF:VOLT:DC 10;:VOLT:NPLC 1;ZERO:AUTO OFF;:VOLT:IMP:AUTO ON;:SAMP:COUN 5;:FORM REAL;:TRIG:COUN INF;DEL 0.25;SOUR EXT"
    )
    talk.send("DISP:TEXT 'two; words';:CURR:RANG 1E-3")
    learnt = talk.ask("*LRN?")
    talk.send("*RST")

    talk.send(learnt)

    assert learnt == talk.ask("*LRN?")
    assert ["+1.00000000E+00", "0", "+9.90000000E+37", "+2.50000000E-01", "EXT", '"two; words"'] == [
        talk.ask(query) for query in ("VOLT:NPLC?", "VOLT:ZERO:AUTO?", "TRIG:COUN?", "TRIG:DEL?", "TRIG:SOUR?", "DISP:TEXT?")
    ]
    assert 0 == talk.error()


def test_the_screen_is_a_picture_in_a_block() -> None:
    talk = meter()
    talk.ask("READ?")

    block = talk.raw("HCOP:SDUM:DATA?")

    digits = int(block[1:2])
    assert len(block) == 2 + digits + int(block[2 : 2 + digits]) + 1
    assert b"\x89PNG" == block[2 + digits : 6 + digits]


def test_the_interval_of_timed_samples_is_kept_and_its_least_is_what_a_reading_needs() -> None:
    talk = meter()
    talk.send("CONF:VOLT:DC 1;:VOLT:NPLC 10")

    assert 0.4 == pytest.approx(talk.value("SAMP:TIM? MIN"), abs=0.01)  # 10 cycles of 50 Hz, and the zero after them
    talk.send("SAMP:TIM 2")
    assert 2 == talk.value("SAMP:TIM?")
    assert 0 == talk.error()


def test_a_memory_is_valid_once_it_was_filled() -> None:
    talk = meter()

    talk.send("*SAV 2")

    assert ["0", "1"] == [talk.ask(f"MEM:STAT:VAL? {place}") for place in (1, 2)]


def test_a_date_is_set_and_read_back() -> None:
    talk = meter()

    talk.send("SYST:DATE 2027,3,14;TIME 15,9,26")

    assert ["+2027,+3,+14", "+15,+9,+26"] == [talk.ask("SYST:DATE?"), talk.ask("SYST:TIME?")]
    talk.send("SYST:DATE 2027,3")
    assert -109 == talk.error()
