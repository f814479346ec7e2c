"""The fixture's frames: checksums, markers, and whatever noise a line can make of them."""

from binascii import crc_hqx

from hypothesis import given
from hypothesis import strategies as st

from station.simulator.frames import Reader, Request, checksum, encode

WORDS = st.lists(
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="<>!*"), min_size=1, max_size=12),
    min_size=1,
    max_size=8,
)
REQUESTS = st.builds(lambda sequence, words: Request(sequence, " ".join(words)), st.integers(0, 255), WORDS)


def frame(request: Request) -> bytes:
    return encode(">", request.sequence, request.body)


def test_the_checksum_has_its_check_value() -> None:
    assert checksum(b"123456789") == 0x29B1 == crc_hqx(b"123456789", 0xFFFF)


def test_frames_are_those_of_the_example() -> None:
    assert encode(">", 0, "HELLO 1 9F3A11C0") == b">00 HELLO 1 9F3A11C0*3591\n"
    assert encode("<", 1, "OK load=2000 t=81402377") == b"<01 OK load=2000 t=81402377*AED5\n"


@given(st.lists(REQUESTS, max_size=5), st.lists(st.integers(1, 30), min_size=1, max_size=50))
def test_any_split_of_the_stream_means_the_same(requests: list[Request], sizes: list[int]) -> None:
    data = b"".join(frame(request) for request in requests)
    reader, seen = Reader(), []
    for size in [*sizes, len(data)]:
        seen += reader.feed(data[:size])
        data = data[size:]

    assert seen == requests


@given(st.binary(max_size=600))
def test_noise_never_makes_a_request_out_of_nothing(noise: bytes) -> None:
    Reader().feed(noise)  # it must not raise; whatever it returns had a sound checksum


@given(REQUESTS, st.data())
def test_one_changed_byte_makes_no_other_request(request: Request, data: st.DataObject) -> None:
    sound = frame(request)
    place = data.draw(st.integers(0, len(sound) - 1))
    changed = bytearray(sound)
    changed[place] ^= data.draw(st.integers(1, 255))

    seen = Reader().feed(bytes(changed))

    assert seen in ([], [request])


@given(st.binary(max_size=300), REQUESTS)
def test_a_marker_restarts_whatever_came_before(noise: bytes, request: Request) -> None:
    assert Reader().feed(noise + frame(request))[-1:] == [request]


@given(REQUESTS)
def test_a_carriage_return_before_the_end_is_ignored(request: Request) -> None:
    assert Reader().feed(frame(request)[:-1] + b"\r\n") == [request]


def test_replies_and_events_are_no_requests() -> None:
    assert Reader().feed(encode("<", 0, "OK") + encode("!", 0, "LID open")) == []


def test_what_is_wrong_in_form_is_dropped() -> None:
    wrong = [b">0g PING", b">00PING", b">00 ", b">00  PING", b">00 PING ", b">00 A*B", b">00 " + b"x" * 201, b">ab PING"]

    for head in wrong:
        assert Reader().feed(head + b"*%04X\n" % checksum(head)) == [], head
    assert Reader().feed(b">00 PING*" + b"%04x\n" % checksum(b">00 PING")) == []  # lower case


def test_a_body_of_200_characters_is_taken_and_an_endless_frame_is_dropped() -> None:
    longest = Request(7, "x" * 200)

    assert Reader().feed(frame(longest)) == [longest]
    assert Reader().feed(b">00 " + b"x" * 5000 + b"\n" + frame(longest)) == [longest]
