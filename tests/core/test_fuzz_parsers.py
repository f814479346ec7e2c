"""Whatever comes from a file, a wire or a scanner is read, or refused with the error that its reader promises."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.certificates.template import parse_template
from station.core.config import parse_station
from station.core.errors import InstrumentError, LinkError
from station.core.fixture_file import parse_fixture
from station.core.gs1 import GS, ScanError, parse_scan
from station.core.limit import Kind
from station.core.limit_file import LimitSet, parse
from station.core.limit_writing import from_sheet, to_sheet
from station.core.problems import DocumentError, LimitsError
from station.core.serial import serial_fault
from station.hardware.frames import EVENT, REPLY, REQUEST, Deframer, decode, encode
from station.hardware.link import Link
from station.hardware.record import parse_preamble
from station.hardware.replies import parse_event, parse_reply
from station.hardware.scpi import Scpi
from station.hardware.scpi_text import is_empty, parse_identity, parse_number, parse_reading, split, text_of, whole
from station.hardware.stream import StreamWire
from tests.corpus.limit_files import CASES
from tests.corpus.making import HOME, Case
from tests.hardware.fakes import HandClock, MemoryStream

LIMITS = (HOME / "limits" / "mc100-b.toml").read_bytes()
FIXTURE = (HOME / "fixtures" / "eol8.toml").read_bytes()
STATION = (HOME / "station.toml").read_bytes()
TEMPLATE = (HOME / "reports" / "certificate.toml").read_bytes()
FEW_ROWS = b"".join(line for line in LIMITS.splitlines(keepends=True) if not line.startswith((b'"CUR.1', b'"CUR.2', b'"WAV.0')))
SHEET = to_sheet(FEW_ROWS, "f")
WORDS = b'" \' """ [ ] [[ ]] { } = , . # \\ \\u0000 \\ud800 nan -inf 1e999 -0.0 0x10 1_0 true 2026-02-30 08:00:00 none 1200.1 -1'
LINES = [b"[rows]\n", b"[[approval]]\n", b"high = 'none'\n", b'"../.."', b'"Europe"', b'"\\u0000"', b"a.b.c.d.e.f.g = 1"]
BYTES = [
    b"\n",
    b"\r",
    b"\r\n",
    b"\t",
    b"\x00",
    b"\x1b",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    "Ω".encode(),
    b"[" * 60,
    b"9" * 400,
]
STRANGE = [*WORDS.split(), *LINES, *BYTES]
IDENTITY, PREAMBLE = b"Keysight Technologies,34461A,SIM1,A.03.02", b"1,0,62500,1,+8.0E-06,-0.25,0,+1.0E-03,0,32768"
READINGS = [b"+1.23456789E-04", b"-9.90000000E+37", b"+9.91E37,****", b'-113,"Undefined; header"', b'0,"No error";128']
BLOCKS = [b"#800000004ab\ncd\n", b"#15\x00\n;,\xff\n", b"#0", b"#9999999999"]
ANSWERS = [IDENTITY, PREAMBLE, *READINGS, *BLOCKS]
SPOKEN = [
    encode(REPLY, 0, "OK proto=1 model=EOL8 serial=FX-0001 fw=1.2.0 slots=8 buses=D1,S1 boots=17 reset=power t=81230011"),
    encode(REPLY, 1, "OK load=2000 t=81402377 ev=- last=-"),
    encode(REPLY, 2, "ERR 23 no unit in slot 3"),
    encode(EVENT, 255, "PRESENT 3 1"),
    encode(REQUEST, 1, "LOAD 3 2000"),
]
SCANNED = f"]d20109501101530003112611222110L-7{GS}21SN-0042"
modestly = settings(max_examples=200, deadline=None)
freely = settings(max_examples=400, deadline=None)


@st.composite
def mutated(draw: st.DrawFn, *good: bytes) -> bytes:
    """Draw a good input with one to four bytes flipped, pieces cut, doubled, put in from another, or strange ones added."""
    text = bytearray(draw(st.sampled_from(good)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        end = at + draw(st.integers(0, 60))
        match draw(st.sampled_from(["flip", "cut", "double", "splice", "strange"])):
            case "flip" if at < len(text):
                text[at] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del text[at:end]
            case "double":
                text[at:at] = text[at:end]
            case "splice":
                other = draw(st.sampled_from(good))
                start = draw(st.integers(0, len(other)))
                text[at:end] = other[start : start + draw(st.integers(0, 200))]
            case _:
                text[at:at] = draw(st.sampled_from(STRANGE))
    return bytes(text)


def documents(good: bytes) -> st.SearchStrategy[str | bytes]:
    """Return inputs for the reader of a document: anything, and mostly the good one made wrong."""
    wrong = mutated(good, LIMITS, FIXTURE, STATION, TEMPLATE)
    any_text = st.text(st.characters(), max_size=80)  # lone surrogates too: a caller may have read with surrogateescape
    return st.one_of(
        any_text, st.binary(max_size=80), mutated(good), mutated(good), wrong, wrong.map(lambda text: text.decode("latin-1"))
    )


def answers() -> st.SearchStrategy[str]:
    """Return what an instrument might say, as text."""
    return st.text(max_size=60) | mutated(*ANSWERS).map(lambda answer: answer.decode("latin-1"))


def assert_safe(limits: LimitSet) -> None:
    """Fail if a set that was read could do what no file may."""
    for limit in limits.limits.values():
        low, high = limit.acceptance
        assert limit.unit.si != "s" or all(bound is None or bound <= 1200.0 for bound in (limit.low, limit.nominal, limit.high))
        assert low is None or high is None or low <= high
        assert limit.kind is not Kind.NUMBER or not limit.is_safety or (limit.rule.r >= 1 and limit.guard > 0)
        assert limit.kind in (Kind.TEXT, Kind.FLAG) or (low, high) != (None, None)


@modestly
@given(documents(FEW_ROWS))
@pytest.mark.hazard("LF-08", "LF-04")
def test_a_limit_file_is_refused_or_safe(text: str | bytes) -> None:
    with suppress(LimitsError):
        assert_safe(parse(text, "f"))


@modestly
@given(st.one_of(st.binary(max_size=80), mutated(SHEET), mutated(SHEET, LIMITS)), st.booleans())
def test_a_spreadsheet_of_limits_is_refused_or_safe(data: bytes, comma: bool) -> None:
    with suppress(LimitsError):
        limits, text = from_sheet(data, "f", comma=comma)
        assert_safe(limits)
        assert limits.digest == parse(text, "g").digest


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_malformed_limit_file_of_the_corpus_is_refused_and_its_correction_is_safe(case: Case) -> None:
    with pytest.raises(LimitsError):
        parse(case.bad, "f")

    assert_safe(parse(case.mended, "f"))


@modestly
@given(documents(FIXTURE[: FIXTURE.index(b"[slot.3]")].replace(b"slots = 8", b"slots = 2")))
@pytest.mark.hazard("LF-08")
def test_a_fixture_file_is_read_or_refused(text: str | bytes) -> None:
    with suppress(DocumentError):
        fixture = parse_fixture(text, "f")
        assert fixture.slots * len(fixture.loads) == len(fixture.sense)


@freely
@given(documents(STATION))
@pytest.mark.hazard("LF-08")
def test_a_station_file_is_read_or_refused(text: str | bytes) -> None:
    with suppress(DocumentError):
        assert parse_station(text, "f", Path("home")).mains_hz in (50, 60)


@freely
@given(st.text(max_size=30) | st.sampled_from(["Europe", ".", "..", "a//b", "/", "x" * 300, "tzdata", "Europe/Berlin/", "a.b"]))
def test_a_time_zone_is_known_or_refused(name: str) -> None:
    text = STATION.replace(b"Europe/Berlin", "".join(f"\\U{ord(sign):08X}" for sign in name).encode())

    with suppress(DocumentError):
        parse_station(text, "f", Path("home"))


@modestly
@given(documents(TEMPLATE))
def test_a_certificate_template_is_read_or_refused(text: str | bytes) -> None:
    with suppress(DocumentError):
        parse_template(text, "f", HOME / "reports")


@pytest.mark.parametrize("logo", [r"\u0000.png", ".", "..", "certificate.toml", "x" * 300, "../station.toml"])
def test_a_logo_that_is_none_is_refused(logo: str) -> None:
    text = TEMPLATE.replace(b"[document]\n", f'[document]\nlogo = "{logo}"\n'.encode())

    with pytest.raises(DocumentError):
        parse_template(text, "f", HOME / "reports")


@pytest.mark.parametrize("key", ["limits", "certificate", "file", "store"])
def test_a_path_that_no_file_can_have_is_refused(key: str) -> None:
    at = STATION.index(f"\n{key} = ".encode()) + 1
    text = STATION[:at] + f'{key} = "a\\u0000b" # '.encode() + STATION[at:]

    with pytest.raises(DocumentError, match="control character"):
        parse_station(text, "f", Path("home"))


@pytest.mark.parametrize("loads", ["[500, 500]", "[500, 500.0]", "[1000000.1, 1000000.2]"])
def test_a_load_that_stands_twice_is_refused_without_a_word_on_its_tables(loads: str) -> None:
    text = FIXTURE.replace(b"[500, 2000, 10000, 30000, 200000]", loads.encode())

    with pytest.raises(DocumentError, match="names one load twice") as refusal:
        parse_fixture(text, "f")

    assert 1 == len(refusal.value.problems)


@freely
@given(answers())
@pytest.mark.hazard("LF-08")
def test_what_an_instrument_says_is_read_or_refused(answer: str) -> None:
    for reader in (parse_identity, parse_reading, whole, is_empty):
        with suppress(LinkError):
            reader(answer)
    with suppress(InstrumentError):
        assert parse_preamble(answer, "scope").xinc > 0
    number = parse_number(answer)
    assert number is None or abs(number) < 9.0e37
    with suppress(LinkError):
        assert "".join(";".join(split(answer)).split()) == "".join(answer.split())  # no field is lost, and none made up


@freely
@given(st.binary(max_size=60) | mutated(*ANSWERS))
@pytest.mark.hazard("LF-08")
def test_a_block_or_a_line_is_read_or_refused_whatever_the_bytes(data: bytes) -> None:
    clock = HandClock()
    scope = Scpi(Link(StreamWire(MemoryStream(clock, lambda _: data), clock), clock, "scope"), clock)

    with suppress(LinkError):
        assert len(scope.block(":WAV:DATA?")) < len(data)
    with suppress(LinkError):
        text_of(data)


@freely
@given(st.lists(st.binary(max_size=30) | st.sampled_from(SPOKEN) | mutated(*SPOKEN), max_size=6))
@pytest.mark.hazard("LF-08")
def test_frames_are_dropped_or_read_and_so_is_what_they_carry(pieces: list[bytes]) -> None:
    frames = list(Deframer().feed(b"".join(pieces)))

    for frame in frames:
        assert frame == decode(encode(frame.marker, frame.seq, frame.body).rstrip(b"\n"))
        assert parse_event(frame.body, frame.seq).number == frame.seq
        read_reply(frame.body)


@freely
@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=200)
    | mutated(*SPOKEN).map(lambda line: line.decode("latin-1")[4:204])
)
@pytest.mark.hazard("LF-08")
def test_a_reply_is_read_or_refused_and_so_are_its_words(body: str) -> None:
    read_reply(body)
    parse_event(body, 0)


def read_reply(body: str) -> None:
    """Read a reply and each of its words in every way."""
    with suppress(LinkError):
        reply = parse_reply(body, 0.0, 1.0, None)
        for key in (*reply.values, "t"):
            for reader in (reply.word, reply.whole, reply.seconds, reply.maybe_seconds):
                with suppress(LinkError):
                    reader(key)
        reply.last_event()


@freely
@given(
    st.text(max_size=60)
    | mutated(SCANNED.encode(), b"(01)09501101530003(21)SN(1)", b"SN-0042\r\n").map(lambda scan: scan.decode("latin-1"))
)
@pytest.mark.hazard("LF-08")
def test_a_scan_is_read_or_refused_and_never_gives_a_serial_that_is_none(text: str) -> None:
    with suppress(ScanError):
        assert serial_fault(parse_scan(text, gtin="09501101530003", replacement="|").serial) is None
