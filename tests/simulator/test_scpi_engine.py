from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.simulator.scpi.common import Common, Identity
from station.simulator.scpi.device import ScpiDevice
from station.simulator.scpi.engine import Engine
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.framing import MESSAGE_LIMIT
from station.simulator.scpi.kinds import Choice, Real, Switch, Text, Whole
from station.simulator.scpi.numbers import block
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.status import Status
from station.simulator.scpi.table import Call, Table, pause
from tests.simulator.fakes import Talk


@dataclass
class Lamp:
    """A machine that is busy until a moment."""

    until: float = 0.0
    now: float = 0.0
    resets: list[float] = field(default_factory=list)

    def advance(self, now: float) -> None:
        self.now = now

    def wake(self) -> float | None:
        return self.until if self.until > self.now else None


def lamp_device() -> ScpiDevice:
    """A small instrument with one command of each sort."""
    table, status, lamp = Table(), Status(queue_depth=4), Lamp()
    settings = Settings(table, lambda: None)
    settings.add("[SENSe]:VOLTage[:DC]:NPLC", Real(10, 0.02, 100))
    settings.add("[SENSe]:VOLTage[:DC]:RANGe", Real(10, 0.1, 1000, "V"))
    settings.add("CHANnel1:SCALe", Real(1, 0, 10, "V"))
    settings.add("CHANnel2:SCALe", Real(1, 0, 10, "V"))
    settings.add("SAMPle:COUNt", Whole(1, 1, 100))
    settings.add("OUTPut[:STATe]", Switch(False))
    settings.add("TRIGger:SOURce", Choice("IMM", ("IMMediate", "BUS", "EXTernal")))
    settings.add("DISPlay:TEXT", Text())
    table.ask("BLOCk", lambda: block(bytes(range(256))))
    table.add("SLOW", query=lambda call: pause(call.now + 3.0, "done"))

    def shine(call: Call) -> None:
        lamp.until = call.now + 5.0

    table.add("SHINe", order=shine)
    common = Common(status, settings.reset, lambda: lamp.now >= lamp.until)
    common.install(table, Identity("MAKER,LAMP,1,1.0", "1999.0"))
    return ScpiDevice(Engine(table, status), common, lamp)


def talk() -> Talk:
    return Talk(lamp_device())


HEADERS = ("SENS:VOLT:DC:NPLC", "sense:voltage:nplc", "Volt:NPLC", ":VOLTAGE:DC:NPLC", "sens:volt:nplc")


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


def test_queries_of_one_message_answer_in_one_line() -> None:
    assert talk().ask("SYST:ERR?;*IDN?;*OPC?;:SYST:VERS?") == '+0,"No error";MAKER,LAMP,1,1.0;1;1999.0'


def test_a_command_error_ends_its_message_and_an_execution_error_does_not() -> None:
    client = talk()

    client.send("SAMP:COUN 1000;:SAMP:COUN 9;FOO 1;:SAMP:COUN 10")

    assert client.value("SAMP:COUN?") == 9
    assert [client.error(), client.error(), client.error()] == [-222, -113, 0]


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


def test_a_block_in_a_reply_may_hold_any_byte() -> None:
    assert talk().raw("BLOC?;*OPC?") == b"#3256" + bytes(range(256)) + b";1\n"


def test_a_command_that_takes_time_holds_later_ones_back() -> None:
    client = talk()

    client.send("SLOW?;*OPC?")
    client.send("*IDN?")
    early = client.pass_time(2.9)
    late = client.pass_time(0.2)

    assert early == b""
    assert late == b"done;1\nMAKER,LAMP,1,1.0\n"


def test_operation_complete_waits_for_the_operation() -> None:
    client = talk()
    client.ask("*ESR?")

    client.send("SHIN;*OPC")
    before = client.ask("*ESR?")
    reply = client.ask("*OPC?")
    after = client.ask("*ESR?")

    assert (before, reply, after) == ("+0", "1", "+1")
    assert client.now == pytest.approx(5.0)


def test_wai_waits_without_a_word() -> None:
    client = talk()

    assert client.ask("SHIN;*WAI;*IDN?").startswith("MAKER")
    assert client.now == pytest.approx(5.0)


def test_power_on_is_told_once() -> None:
    client = talk()

    assert (client.ask("*ESR?"), client.ask("*ESR?")) == ("+128", "+0")


def test_errors_set_their_class_in_the_event_register() -> None:
    client = talk()
    client.ask("*ESR?")

    client.send("FOO")
    client.send("SAMP:COUN 0")

    assert client.ask("*ESR?") == "+48"


def test_the_status_byte_sums_up_queue_events_and_message() -> None:
    client = talk()

    client.send("*CLS;*ESE 32;*SRE 32;FOO")

    assert client.ask("*STB?") == "+100"
    assert client.ask("*OPC?;*STB?") == "1;+116"


def test_the_queue_is_bounded_and_its_newest_says_so() -> None:
    client = talk()

    for _ in range(9):
        client.send("FOO")

    assert [client.error() for _ in range(5)] == [-113, -113, -113, -350, 0]


def test_cls_forgets_errors_and_events() -> None:
    client = talk()
    client.send("FOO")

    client.send("*CLS")

    assert client.ask("SYST:ERR?;*ESR?") == '+0,"No error";+0'


def test_a_message_that_is_too_long_is_dropped_whole_and_named() -> None:
    client = talk()

    client.send("SAMP:COUN 5;" + "x" * MESSAGE_LIMIT)

    assert client.error() == -363
    assert client.value("SAMP:COUN?") == 1


def test_a_client_that_leaves_within_a_query_leaves_an_interrupted_query_behind() -> None:
    device = lamp_device()
    first = Talk(device)
    first.send("SLOW?")
    device.closed(1.0)

    second = Talk(device, 2.0)

    assert second.error() == -410
    assert second.reply() == b""


def test_a_client_that_leaves_before_the_line_feed_leaves_an_unterminated_query_behind() -> None:
    device = lamp_device()
    device.receive(b"*IDN?", 0.0)
    device.closed(1.0)

    assert Talk(device, 2.0).error() == -420


STREAM = (
    b'*IDN?\r\n\nVOLT:NPLC 1;RANG 100 mV;NPLC?\n:CHAN2:SCAL?;FOO;BAR\nDISP:TEXT "a;""\\#12";TEXT?\nSYST:ERR?;*STB?\n'
    b"BLOC?\nDISP:TEXT #15a\nb\nc\n*OPC?;*ESR?\nSYST:ERR?\n"
)


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_any_split_of_the_stream_gives_the_same_replies(places: list[int]) -> None:
    whole, split = lamp_device(), lamp_device()
    cuts = [0, *sorted(places), len(STREAM)]

    whole.receive(STREAM, 0.0)
    for start, end in pairwise(cuts):
        split.receive(STREAM[start:end], 0.0)

    assert split.poll(0.0) == whole.poll(0.0)


@given(st.text(alphabet=st.sampled_from("volt:ncpVOLTNPLC?; 10.2eE*id\"'#,()"), max_size=60), st.data())
def test_case_never_matters(text: str, data: st.DataObject) -> None:
    cased = "".join(data.draw(st.sampled_from((letter.lower(), letter.upper()))) for letter in text)
    plain, mixed = talk(), talk()

    plain.send(text.lower() + "\n*ESR?;:SYST:ERR?")
    mixed.send(cased + "\n*ESR?;:SYST:ERR?")

    assert plain.device.poll(9.0).lower() == mixed.device.poll(9.0).lower()


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_engine(data: bytes) -> None:
    device = lamp_device()

    device.receive(data, 0.0)
    device.receive(b"\n" * 2 + b"*CLS\n", 1.0)
    device.closed(2.0)
    device.receive(b"*IDN?\n", 10.0)

    assert device.poll(20.0).endswith(b"MAKER,LAMP,1,1.0\n")


@given(st.floats(0.02, 100))
def test_a_number_that_was_set_reads_back(value: float) -> None:
    client = talk()

    client.send(f"VOLT:NPLC {value!r}")

    assert client.value("VOLT:NPLC?") == pytest.approx(value, rel=1e-8)


def test_an_error_says_its_number_and_text() -> None:
    assert str(ScpiError(-222)) == "-222,Data out of range"
