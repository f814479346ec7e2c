import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.fakes import Talk, lamp_device

HEADERS = ("SENS:VOLT:DC:NPLC", "sense:voltage:nplc", "Volt:NPLC", ":VOLTAGE:DC:NPLC", "sens:volt:nplc")


def talk() -> Talk:
    return Talk(lamp_device())


@pytest.mark.parametrize("header", HEADERS)
def test_a_short_and_a_long_header_mean_the_same(header: str) -> None:
    client = talk()

    client.send(f"{header} 0.2")

    assert client.value("VOLT:NPLC?") == 0.2


@pytest.mark.parametrize("header", ["VOLTA:NPLC", "VOLT:NPL", "VOL:NPLC", "DC:NPLC", "SENS:NPLC", "FOO", "*FOO"])
def test_a_header_that_is_neither_short_nor_long_is_undefined(header: str) -> None:
    client = talk()

    client.send(f"{header} 1")

    assert client.error() == -113


def test_a_number_of_one_may_be_left_out_and_a_number_out_of_range_is_named() -> None:
    client = talk()

    client.send("CHAN:SCAL 2;:CHAN2:SCAL 3")
    values = client.ask("CHANNEL1:SCALE?;:CHAN2:SCAL?")
    client.send("CHAN7:SCAL 2")

    assert [float(value) for value in values.split(";")] == [2.0, 3.0]
    assert client.error() == -114


def test_a_relative_header_stays_on_the_path_and_a_colon_leaves_it() -> None:
    client = talk()

    client.send("SENS:VOLT:DC:NPLC 1;RANG 0.1;*ESE 4;NPLC 100;:SAMP:COUN 7")

    assert client.ask("VOLT:NPLC?;RANG?;:SAMP:COUN?;*ESE?") == "+1.00000000E+02;+1.00000000E-01;+7;+4"


def test_a_relative_header_that_is_not_on_the_path_is_undefined() -> None:
    client = talk()

    client.send("VOLT:NPLC 1;SAMP:COUN 7")

    assert client.error() == -113
    assert client.ask("SAMP:COUN?") == "+1"


@given(st.text(alphabet=st.sampled_from("volt:ncpVOLTNPLC?; 10.2eE*id\"'#,()"), max_size=60), st.data())
def test_case_never_matters(text: str, data: st.DataObject) -> None:
    cased = "".join(data.draw(st.sampled_from((letter.lower(), letter.upper()))) for letter in text)
    plain, mixed = talk(), talk()

    plain.send(text.lower() + "\n*ESR?;:SYST:ERR?")
    mixed.send(cased + "\n*ESR?;:SYST:ERR?")

    assert plain.device.poll(9.0).lower() == mixed.device.poll(9.0).lower()
