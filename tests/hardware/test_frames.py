"""The fixture's frames: the README's examples, and laws about garbage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.hardware.frames import EVENT, REPLY, REQUEST, Deframer, Frame, crc, decode, encode

BODIES = st.text(st.sampled_from([chr(code) for code in range(0x20, 0x7F) if chr(code) not in "><!*"]), min_size=1, max_size=200)
FRAMES = st.builds(Frame, st.sampled_from([REQUEST, REPLY, EVENT]), st.integers(0, 255), BODIES)


def test_the_check_value_of_the_checksum() -> None:
    assert crc(b"123456789") == 0x29B1


@pytest.mark.parametrize(
    "line",
    [
        b">00 HELLO 1 9F3A11C0*3591",
        b"<00 OK proto=1 model=EOL8 serial=FX-0001 fw=1.2.0 slots=8 buses=D1,S1 boots=17 reset=power t=81230011*0DDC",
        b">01 LOAD 3 2000*4968",
        b"<01 OK load=2000 t=81402377*AED5",
    ],
)
def test_the_examples_of_the_protocol_page(line: bytes) -> None:
    frame = decode(line)

    assert frame is not None
    assert encode(frame.marker, frame.seq, frame.body) == line + b"\n"


@given(FRAMES)
def test_decoding_inverts_encoding(frame: Frame) -> None:
    assert decode(encode(frame.marker, frame.seq, frame.body).rstrip(b"\n")) == frame


@given(FRAMES, st.integers(0, 300), st.integers(1, 255))
def test_a_frame_with_one_changed_byte_is_dropped(frame: Frame, place: int, change: int) -> None:
    line = bytearray(encode(frame.marker, frame.seq, frame.body).rstrip(b"\n"))
    line[place % len(line)] ^= change

    assert decode(bytes(line)) is None


@given(st.binary(max_size=300), st.lists(FRAMES, max_size=5), st.data())
def test_frames_come_through_after_any_garbage_and_in_any_pieces(
    garbage: bytes, frames: list[Frame], data: st.DataObject
) -> None:
    stream = garbage + b"".join(encode(frame.marker, frame.seq, frame.body) for frame in frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    deframer = Deframer()

    heard = [
        frame for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True) for frame in deframer.feed(stream[start:end])
    ]

    assert heard[len(heard) - len(frames) :] == frames


def test_a_carriage_return_before_the_end_is_ignored() -> None:
    assert list(Deframer().feed(b">01 LOAD 3 2000*4968\r\n")) == [Frame(REQUEST, 1, "LOAD 3 2000")]


def test_a_marker_inside_a_frame_starts_afresh() -> None:
    deframer = Deframer()

    assert list(deframer.feed(b">00 HEL>01 LOAD 3 2000*4968\n")) == [Frame(REQUEST, 1, "LOAD 3 2000")]
    assert deframer.dropped == 1


def test_an_endless_line_is_dropped() -> None:
    deframer = Deframer()

    assert list(deframer.feed(b">" + b"x" * 100_000 + b"\n")) == []
    assert deframer.dropped == 1


@pytest.mark.parametrize("body", ["", "a>b", "a<b", "a!b", "a*b", "ä", "a\nb", "x" * 201])
def test_what_the_line_cannot_carry_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        encode(REQUEST, 0, body)


@pytest.mark.parametrize("line", [b"", b">", b">0 A*1234", b">0g A*1234", b">00 A*12g4", b">00 A", b">00  *0000"])
def test_what_is_no_frame_is_dropped(line: bytes) -> None:
    assert decode(line) is None
