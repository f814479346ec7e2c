import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.fakes import Talk, lamp_device


def talk() -> Talk:
    return Talk(lamp_device())


@pytest.mark.parametrize(
    ("typed", "volts"),
    [
        ("100 mV", 0.1),
        ("100MV", 0.1),
        ("1E-1", 0.1),
        (".5 KV", 500.0),
        ("2.5E+0 v", 2.5),
        ("MAX", 1000.0),
        ("min", 0.1),
        ("DEFault", 10.0),
        ("#H1F", 31.0),
        ("1 MAV", None),
        ("1 S", None),
        ("10 Volts", None),
        ('"1"', None),
    ],
)
def test_numbers_are_typed_with_prefixes_and_units(typed: str, volts: float | None) -> None:
    client = talk()

    client.send("VOLT:RANG " + typed)

    if volts is None:
        assert client.error() < -100
    else:
        assert client.value("VOLT:RANG?") == pytest.approx(volts)


def test_a_query_with_min_max_or_def_tells_what_they_would_set() -> None:
    assert talk().ask("VOLT:RANG? MAX;RANG? MIN;RANG? DEF;RANG?") == (
        "+1.00000000E+03;+1.00000000E-01;+1.00000000E+01;+1.00000000E+01"
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("VOLT:RANG", -109),
        ("VOLT:RANG 1,2", -108),
        ("*CLS 1", -108),
        ("VOLT:RANG 1,,2", -103),
        ("VOLT:RANG abc", -224),
        ("VOLT:RANG 1..2", -121),
        ("TRIG:SOUR INT", -224),
        ("OUTP MAYBE", -224),
        ("SAMP:COUN 3 V", -138),
        ("DISP:TEXT hello", -104),
        ('DISP:TEXT "hello', -151),
        ("VOLT::NPLC 1", -101),
        ("?", -101),
        ("*IDN", -113),
        ("SLOW", -113),
        ("VOLT:RANG 5000", -222),
    ],
)
def test_each_mistake_has_its_number(command: str, code: int) -> None:
    client = talk()

    client.send(command)

    assert client.error() == code


@pytest.mark.parametrize(("typed", "kept"), [("ON", "1"), ("0", "0"), ("off", "0"), ("2", "1"), ("1.000000e+00", "1")])
def test_a_switch_takes_words_and_numbers(typed: str, kept: str) -> None:
    client = talk()

    client.send(f"OUTP {typed}")

    assert client.ask("OUTP?") == kept


def test_a_quoted_text_may_hold_separators_and_quotes() -> None:
    client = talk()

    client.send('DISP:TEXT "a;b,c #15 ""d"" :x"')

    assert client.ask("DISP:TEXT?") == '"a;b,c #15 ""d"" :x"'


@given(st.floats(0.02, 100))
def test_a_number_that_was_set_reads_back(value: float) -> None:
    client = talk()

    client.send(f"VOLT:NPLC {value!r}")

    assert client.value("VOLT:NPLC?") == pytest.approx(value, rel=1e-8)
