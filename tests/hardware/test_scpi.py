"""SCPI over a link: what is sent, what is believed, and what never becomes a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.errors import InstrumentError, LinkError, RefusedError
from station.hardware.scpi_text import parse_identity, parse_number, parse_reading, split
from tests.hardware.fakes import CHECK, KEYSIGHT_DMM, OK, HandClock, Transcript, checked, scpi_on

NO_NUMBERS = ["+9.90000000E+37", "9.9E37", "-9.9E37", "9.91E37", "9.0e37", "****", "", " ", "nan", "inf", "-inf"]
NOT_QUITE = ["1,5", "0x10", "1e", "5.00E-01V", "1 2", "--1", "\N{ARABIC-INDIC DIGIT ONE}"]


@pytest.mark.parametrize("word", NO_NUMBERS + NOT_QUITE)
@pytest.mark.hazard("TR-07")
def test_what_stands_for_no_number_never_becomes_one(word: str) -> None:
    assert parse_number(word) is None


@given(st.floats(min_value=-1e30, max_value=1e30))
def test_a_number_is_read_as_it_was_written(value: float) -> None:
    assert parse_number(f"{value:+.17E}") == value


@pytest.mark.parametrize("word", ["+1.2345", "+1.23456789E-0", "+1.23456789", "1.23456789E-04", "+1.23456789E-04;"])
@pytest.mark.hazard("TR-06")
def test_a_reading_that_may_have_been_cut_off_is_refused(word: str) -> None:
    with pytest.raises(LinkError, match="whole reading"):
        parse_reading(word)


@pytest.mark.hazard("TR-07")
def test_an_overload_is_no_reading() -> None:
    assert parse_reading("+9.90000000E+37") is None


@pytest.mark.hazard("TR-07")
@pytest.mark.parametrize("word", ["+9.91000000E+37", "-9.91000000E+37", "+9.99000000E+37", "+1.00000000E+38"])
def test_not_a_number_is_an_error_and_no_overload_that_another_range_would_cure(word: str) -> None:
    with pytest.raises(LinkError, match="not a number"):
        parse_reading(word)


def test_an_answer_that_stops_half_way_is_told_with_how_much_of_it_came() -> None:
    scpi, _ = scpi_on(HandClock(), Transcript([(b":WAV:DATA?\n", b"#800002000half")]))
    with pytest.raises(LinkError, match=r"no answer in time \(4 of 2000 bytes came\), last asked ':WAV:DATA\?'"):
        scpi.block(":WAV:DATA?")

    scpi, _ = scpi_on(HandClock(), Transcript([(b"*IDN?\n", b"Keysight")]))
    with pytest.raises(LinkError, match="8 bytes of it came, no line feed"):
        scpi.identify()


@pytest.mark.parametrize("head", [b"#0", b"#A", b"C1", b"\n#"])
def test_a_block_without_a_length_is_refused_at_once(head: bytes) -> None:
    scpi, _ = scpi_on(HandClock(), Transcript([(b":WAV:DATA?\n", head + bytes(100))]))

    with pytest.raises(LinkError, match="does not begin a block"):
        scpi.block(":WAV:DATA?")


def test_a_compound_answer_is_not_split_inside_quotes() -> None:
    assert split('+1;-113,"Undefined header;FOO"') == ["+1", '-113,"Undefined header;FOO"']


@pytest.mark.parametrize("answer", ['1;2;"', '128";0;+0,"No error"', '+1;-113,"Undefined;+0,"No error"'])
@pytest.mark.hazard("TR-06")
def test_a_compound_answer_with_a_quote_left_open_is_refused(answer: str) -> None:
    with pytest.raises(LinkError, match="quote that is not closed"):
        split(answer)


@pytest.mark.hazard("TR-06")
def test_an_empty_field_is_not_dropped_so_that_answers_do_not_move_to_other_questions() -> None:
    scpi, _ = scpi_on(HandClock(), lambda _: b'1;;0;+0,"No error"\n')

    with pytest.raises(LinkError, match="asks for 3 things"):
        scpi.ask_and_check([":TRIG:COUN?"], "a garbled 12;0")


@pytest.mark.parametrize("answer", ["", "Keysight", "a,b,c", ",,,", "a,,c,d"])
def test_what_is_no_identity_is_refused(answer: str) -> None:
    with pytest.raises(LinkError):
        parse_identity(answer)


@pytest.mark.hazard("TR-08")
def test_a_group_travels_as_one_message_and_the_error_queue_is_read_after_it() -> None:
    scpi, stream = scpi_on(HandClock(), Transcript([(b':FUNC "VOLT";:VOLT:RANG 1\n', b""), CHECK]))

    scpi.command(':FUNC "VOLT"', ":VOLT:RANG 1")

    assert len(stream.written) == 2


@pytest.mark.hazard("TR-08")
def test_errors_name_the_group_that_made_them() -> None:
    transcript = Transcript([
        (b":VOLT:RANG 7E9\n", b""),
        (b"*ESR?;:SYST:ERR?\n", b'+16;-222,"Data out of range"\n'),
        (b":SYST:ERR?\n", b'-113,"Undefined header; here"\n'),
        (b":SYST:ERR?\n", b'+0,"No error"\n'),
    ])  # fmt: skip
    scpi, _ = scpi_on(HandClock(), transcript)

    with pytest.raises(RefusedError, match=r"RANG 7E9.*-222.*-113"):
        scpi.command(":VOLT:RANG 7E9")

    assert not transcript.pairs


@pytest.mark.hazard("TR-11")
def test_an_endless_error_queue_is_read_twenty_times_at_most() -> None:
    sent: list[bytes] = []

    def full(message: bytes) -> bytes:
        sent.append(message)
        return b'-350,"Queue overflow"\n' if message == b":SYST:ERR?\n" else b'0;-350,"Queue overflow"\n'

    scpi, _ = scpi_on(HandClock(), full)

    with pytest.raises(RefusedError):
        scpi.check("anything")

    assert len(sent) == 20


@pytest.mark.hazard("TR-09")
def test_an_instrument_that_was_switched_off_and_on_is_noticed() -> None:
    scpi, _ = scpi_on(HandClock(), Transcript([(b"*ESR?;:SYST:ERR?\n", b'128;+0,"No error"\n')]))

    with pytest.raises(InstrumentError, match="switched off and on"):
        scpi.check("reading")


@pytest.mark.parametrize("answer", [b"\n", b"+0\n", b"\xff\xfe;0\n", b"1;2;3\n"])
def test_an_answer_with_the_wrong_number_of_fields_leaves_the_link_dirty(answer: bytes) -> None:
    scpi, _ = scpi_on(HandClock(), lambda _: answer)

    with pytest.raises(LinkError):
        scpi.numbers(":A?", ":B?")

    assert scpi.dirty is not None


@pytest.mark.parametrize("data", [b"\n" * 1000, b"", b"\r\n", bytes(range(256)) * 7, b"#15hello"])
@pytest.mark.parametrize("digits", [4, 8, 9])
@pytest.mark.hazard("TR-05")
def test_a_block_is_read_exactly_whatever_bytes_it_holds(data: bytes, digits: int) -> None:
    head = b"#%d%0*d" % (digits, digits, len(data))
    scpi, _ = scpi_on(HandClock(), Transcript([(b":WAV:DATA?\n", head + data + b"\n"), (b"*OPC?\n", b"1\n")]))

    assert scpi.block(":WAV:DATA?") == data
    assert scpi.ask("*OPC?") == "1"


@pytest.mark.parametrize(
    "answer",
    [
        b"#0abc\n",
        b"#12abc\n",
        b"#13abcd\n",
        b"x13abc\n",
        b"#2-1ab\n",
        b"#3 12abc\n",
        b"#9999999999abc\n",
        b"#13ab",
        b"+9.9E37\n",
        b"#A\n",
    ],
)
@pytest.mark.hazard("TR-06")
def test_a_block_that_is_not_what_it_says_never_becomes_data(answer: bytes) -> None:
    scpi, _ = scpi_on(HandClock(), lambda _: answer)

    with pytest.raises(LinkError):
        scpi.block(":WAV:DATA?")

    assert scpi.dirty is not None


def test_what_takes_long_on_a_hurried_line_is_waited_for_in_the_hosts_seconds() -> None:
    clock = HandClock(speed=10.0)
    scpi, _ = scpi_on(clock, lambda _: b"")

    with pytest.raises(LinkError):
        scpi.ask("*OPC?", takes=30.0)

    assert clock.now() == pytest.approx(2.0 + 3.0)


@pytest.mark.hazard("TR-04")
def test_after_a_time_out_the_late_answer_is_dropped_and_never_believed() -> None:
    clock = HandClock()
    scpi, stream = scpi_on(clock, Transcript([
        (b"*IDN?\n", KEYSIGHT_DMM),
        (b":FETC?;:FETC?;*ESR?;:SYST:ERR?\n", b""),
        (b"*ESE 1;*ESE?;*IDN?\n", b"+1.00000000E-03\n+1;" + KEYSIGHT_DMM),
        checked(b":FETC?;:FETC?", b"+2.00000000E-03;+2.00000000E-03"),
    ]))  # fmt: skip
    scpi.identify()

    with pytest.raises(LinkError, match="in time"):
        scpi.readings_twice(":FETC?", 1, ())
    with pytest.raises(LinkError, match="not to be believed"):
        scpi.readings_twice(":FETC?", 1, ())
    scpi.resync()

    assert scpi.readings_twice(":FETC?", 1, ()) == ([0.002], ())
    assert stream.inbox == b""


@pytest.mark.parametrize("between", [b"; ", b" ;"])
def test_an_instrument_that_writes_a_blank_at_the_semicolon_is_resynchronised_too(between: bytes) -> None:
    pairs = [(b"*IDN?\n", KEYSIGHT_DMM), (b":A?\n", b""), (b"*ESE 1;*ESE?;*IDN?\n", b"1" + between + KEYSIGHT_DMM)]
    scpi, _ = scpi_on(HandClock(), Transcript(pairs))
    scpi.identify()
    with pytest.raises(LinkError):
        scpi.ask(":A?")

    scpi.resync()

    assert scpi.dirty is None


@pytest.mark.hazard("TR-04")
def test_a_late_identity_does_not_pass_for_the_answer_to_a_resynchronisation() -> None:
    clock = HandClock()
    late, tagged = b"*ESE 1;*ESE?;*IDN?\n", b"*ESE 2;*ESE?;*IDN?\n"
    pairs = [(b"*IDN?\n", KEYSIGHT_DMM), (b":A?\n", b""), (late, KEYSIGHT_DMM), (tagged, b"1;" + KEYSIGHT_DMM)]
    scpi, _ = scpi_on(clock, Transcript(pairs))
    scpi.identify()
    with pytest.raises(LinkError):
        scpi.ask(":A?")

    for _ in range(2):
        with pytest.raises(LinkError):
            scpi.resync()

    assert scpi.dirty is not None


@pytest.mark.hazard("TR-04")
def test_a_reply_left_over_is_found_before_the_next_question() -> None:
    scpi, stream = scpi_on(HandClock(), Transcript([(b":A?\n", b"1\n1\n")]))
    assert scpi.ask(":A?") == "1"

    with pytest.raises(LinkError, match="nobody asked for"):
        scpi.ask(":B?")

    assert stream.written == [b":A?\n"]


@pytest.mark.hazard("TR-03")
def test_a_closed_peer_is_seen_before_anything_is_sent() -> None:
    scpi, stream = scpi_on(HandClock(), lambda _: OK)
    stream.gone = "the peer closed the connection"

    with pytest.raises(LinkError, match="closed"):
        scpi.command(":A 1")

    assert stream.written == []


@pytest.mark.hazard("TR-11")
def test_one_deadline_holds_for_a_whole_line_that_drips() -> None:
    clock = HandClock()
    scpi, stream = scpi_on(clock, lambda _: b"1")

    def drip() -> None:
        stream.inbox += b"1"
        clock.alarms.append((clock.time + 0.3, drip))

    drip()
    stream.inbox.clear()
    with pytest.raises(LinkError, match="in time"):
        scpi.ask(":A?")

    assert clock.now() < 2.5


@pytest.mark.parametrize(("answer", "count"), [(b"+1.00000000E+00", 2), (b"+1.00000000E+00,+2.00000000E+00", 1), (b"", 1)])
def test_another_number_of_readings_than_asked_for_is_refused(answer: bytes, count: int) -> None:
    scpi, _ = scpi_on(HandClock(), lambda _: answer + b";" + answer + b";" + OK)

    with pytest.raises(LinkError):
        scpi.readings_twice(":FETC?", count, ())

    assert scpi.dirty is not None


@pytest.mark.parametrize(
    "entry", ['+0,"Nz error"', "+0", "+0,", '0;"No error"', '+0,"No erro', '+O,"No error"', "-113,Undefined"]
)
def test_an_answer_of_the_error_queue_that_was_garbled_is_no_all_clear(entry: str) -> None:
    scpi, _ = scpi_on(HandClock(), Transcript([(b":A 1\n", b""), (b"*ESR?;:SYST:ERR?\n", b"+0;" + entry.encode() + b"\n")]))

    with pytest.raises(LinkError, match="test the unit again"):
        scpi.command(":A 1")
