from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.framing import BUFFER_LIMIT, MESSAGE_LIMIT
from tests.simulator.fakes import Talk, lamp_device

STREAM = (
    b'*IDN?\r\n\nVOLT:NPLC 1;RANG 100 mV;NPLC?\n:CHAN2:SCAL?;FOO;BAR\nDISP:TEXT "a;""\\#12";TEXT?\nSYST:ERR?;*STB?\n'
    b"BLOC?\nDISP:TEXT #15a\nb\nc\n*OPC?;*ESR?\nSYST:ERR?\n"
)


def talk() -> Talk:
    return Talk(lamp_device())


def test_queries_of_one_message_answer_in_one_line() -> None:
    assert talk().ask("SYST:ERR?;*IDN?;*OPC?;:SYST:VERS?") == '+0,"No error";MAKER,LAMP,1,1.0;1;1999.0'


def test_a_command_error_ends_its_message_and_an_execution_error_does_not() -> None:
    client = talk()

    client.send("SAMP:COUN 1000;:SAMP:COUN 9;FOO 1;:SAMP:COUN 10")

    assert client.value("SAMP:COUN?") == 9
    assert [client.error(), client.error(), client.error()] == [-222, -113, 0]


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


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_any_split_of_the_stream_gives_the_same_replies(places: list[int]) -> None:
    whole, split = lamp_device(), lamp_device()
    cuts = [0, *sorted(places), len(STREAM)]

    whole.receive(STREAM, 0.0)
    for start, end in pairwise(cuts):
        split.receive(STREAM[start:end], 0.0)

    assert split.poll(0.0) == whole.poll(0.0)


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_engine(data: bytes) -> None:
    device = lamp_device()

    device.receive(data, 0.0)
    device.receive(b"\n" * 2 + b"*CLS\n", 1.0)
    device.closed(2.0)
    device.receive(b"*IDN?\n", 10.0)

    assert device.poll(20.0).endswith(b"MAKER,LAMP,1,1.0\n")


def test_an_error_says_its_number_and_text() -> None:
    assert str(ScpiError(-222)) == "-222,Data out of range"


def test_a_flood_of_empty_lines_holds_nobody_up() -> None:
    client = talk()

    client.device.receive(b"\n" * 60_000, client.now)  # it was counted anew for each line: minutes

    assert client.ask("SYST:ERR?") == '+0,"No error"'


def test_what_waits_behind_a_busy_instrument_is_counted_down_as_it_is_obeyed() -> None:
    client = talk()
    padding = " " * (BUFFER_LIMIT // 32 - 20)

    for _ in range(3):  # three quarters of the buffer each time
        client.send("SLOW?")
        for _ in range(24):
            client.send(f"SAMP:COUN 5{padding}")
        assert b"done\n" == client.reply()

    assert client.error() == 0
