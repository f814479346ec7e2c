"""The InfiniiVision driver: its wire transcript, its arming, and records that are not what they should be."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from station.core.errors import InstrumentError, LinkError, NoTriggerError, SequenceError
from station.hardware.infiniivision import InfiniiVision
from station.hardware.record import Asked, parse_preamble, waveform
from tests.hardware.fakes import CHECK, FakeInstrument, HandClock, HandStop, Transcript, checked, scpi_on

SETTING_UP = (
    b":CHAN1:DISP 1;:CHAN1:PROB 1;:CHAN1:COUP DC;:CHAN1:BWL 1;:CHAN1:INV 0;:CHAN1:OFFS 0;:ACQ:TYPE HRES;"
    b":TIM:MODE MAIN;:TIM:REF CENT;:TRIG:MODE EDGE;:TRIG:EDGE:SOUR EXT;:TRIG:EDGE:LEV 1.5;:TRIG:EDGE:SLOP POS;:TRIG:SWE NORM;"
    b":WAV:SOUR CHAN1;:WAV:FORM WORD;:WAV:BYT LSBF;:WAV:UNS 1;:WAV:POIN:MODE RAW"
)
HELD = b"1;+1.0E+00;DC;1;0;+0.0E+00;HRES;MAIN;CENT;EDGE;EXT;+1.5E+00;POS;NORM;CHAN1;WORD;LSBF;1;RAW"
SCREEN = b";:CHAN1:SCAL?;:TIM:SCAL?;:TIM:POS?"
SCREEN_HELD = b";+2.0E-01;+2.0E-01;+9.0E-01"
PREAMBLE = b"+1,+3,+200,+1,+1.00000000E-002,-1.00000000E-001,+0,+2.44140625E-005,+0.00000000E+000,+32768"


def questions(settings: bytes) -> bytes:
    return b";".join(setting.split(b" ")[0] + b"?" for setting in settings.split(b";"))


def scope_on(answer: Callable[[bytes], bytes]) -> tuple[InfiniiVision, HandClock]:
    clock = HandClock()
    scpi, _ = scpi_on(clock, answer, "scope")
    return InfiniiVision(scpi, clock), clock


def test_the_wire_transcript_of_setting_up_and_of_one_record() -> None:
    words = np.full(200, 32768 + 4096, "<u2")
    asked = questions(SETTING_UP)
    transcript = Transcript([
        (b"*RST;*OPC?\n", b"1\n"), (b"*CLS;*ESR?\n", b"+0\n"),
        (SETTING_UP + b"\n", b""), checked(asked, HELD),
        (b":CHAN1:SCAL 0.2;:TIM:SCAL 0.2;:TIM:POS 0.9\n", b""), checked(SCREEN[1:], SCREEN_HELD[1:]),
        (b":TER?;:AER?\n", b"+0;+0\n"),
        (b":SING\n", b""), CHECK,
        (b":AER?\n", b"+0\n"), (b":AER?\n", b"+1\n"),
        (b":OPER:COND?\n", b"+40\n"), (b":OPER:COND?\n", b"+32\n"),
        (b":TER?\n", b"+1\n"),
        (b":WAV:POIN 200\n", b""), checked(b":WAV:PRE?;:WAV:PRE?", PREAMBLE + b";" + PREAMBLE),
        *[(b":WAV:DATA?\n", b"#800000400" + words.tobytes() + b"\n")] * 2,
        checked(asked + SCREEN, HELD + SCREEN_HELD),
    ])  # fmt: skip
    scope, _ = scope_on(transcript)

    scope.configure()
    scope.arm(HandStop(), span=2.0, peak=0.6, before=0.1, points=200)
    wave = scope.read(HandStop(), patience=3.0)

    assert not transcript.pairs
    assert wave.volts == pytest.approx(np.full(200, 0.1))
    assert (wave.dt, wave.start, wave.clipped) == (0.01, -0.1, False)


class FakeScope(FakeInstrument):
    """An oscilloscope of which a test says when it arms, runs and is triggered, and what it recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.words: NDArray[np.uint16] = np.full(1000, 32768, "<u2")
        self.answers |= {":AER?": lambda: "1", ":TER?": lambda: "1", ":OPER:COND?": lambda: "32"}
        self.answers |= {":WAV:PRE?": lambda: "1,3,1000,1,1E-3,0,0,1E-5,0,32768"}

    def __call__(self, sent: bytes) -> bytes:
        if sent == b":WAV:DATA?\n":
            data = self.words.tobytes()
            return b"#8%08d" % len(data) + data + b"\n"
        return super().__call__(sent)


def test_an_edge_that_does_not_come_is_a_trigger_error_and_stops_the_scope() -> None:
    instrument = FakeScope()
    scope, _ = scope_on(instrument)
    scope.arm(HandStop(), span=1.0, peak=0.5, before=0.0, points=1000)
    instrument.answers |= {":OPER:COND?": lambda: "40", ":TER?": lambda: "0"}

    with pytest.raises(NoTriggerError, match="no edge on SYNC within 3 s"):
        scope.read(HandStop(), patience=3.0)

    assert ":STOP" in instrument.told


@pytest.mark.hazard("TR-11")
def test_a_scope_that_hangs_after_its_trigger_is_an_instrument_error() -> None:
    instrument = FakeScope()
    scope, _ = scope_on(instrument)
    scope.arm(HandStop(), span=1.0, peak=0.5, before=0.0, points=1000)
    instrument.answers[":OPER:COND?"] = lambda: "40"

    with pytest.raises(InstrumentError, match="does not finish"):
        scope.read(HandStop(), patience=3.0)


def test_a_scope_that_was_stopped_by_hand_gives_no_record() -> None:
    instrument = FakeScope()
    scope, _ = scope_on(instrument)
    scope.arm(HandStop(), span=1.0, peak=0.5, before=0.0, points=1000)
    instrument.answers[":TER?"] = lambda: "0"

    with pytest.raises(InstrumentError, match="front panel"):
        scope.read(HandStop(), patience=3.0)


@pytest.mark.hazard("TR-10")
def test_a_record_that_somebody_turned_upside_down_is_void() -> None:
    """Its pulses would begin with the negative phase, and a good unit would fail by its gap."""
    instrument = FakeScope()
    scope, _ = scope_on(instrument)
    scope.arm(HandStop(), span=1.0, peak=0.5, before=0.0, points=1000)
    instrument.settings[":CHAN1:INV"] = "1"

    with pytest.raises(InstrumentError, match=r"'1' to :CHAN1:INV\?, not 0"):
        scope.read(HandStop(), patience=3.0)


@pytest.mark.hazard("TR-11")
def test_a_scope_that_does_not_arm_is_an_instrument_error() -> None:
    instrument = FakeScope()
    instrument.answers[":AER?"] = lambda: "0"
    scope, _ = scope_on(instrument)

    with pytest.raises(InstrumentError, match="does not arm"):
        scope.arm(HandStop(), span=1.0, peak=0.5, before=0.0, points=1000)


def test_a_record_is_read_once_and_only_if_it_was_armed() -> None:
    scope, _ = scope_on(FakeScope())
    scope.arm(HandStop(), span=1.0, peak=0.5, before=0.0, points=1000)
    scope.read(HandStop(), patience=1.0)

    with pytest.raises(SequenceError, match="nobody armed"):
        scope.read(HandStop(), patience=1.0)


def test_a_look_forces_what_was_armed() -> None:
    instrument = FakeScope()
    scope, _ = scope_on(instrument)

    scope.look(HandStop(), span=1.0, peak=0.5, points=1000)

    order = [told for told in instrument.told if told in (":AER?", ":SING", ":TRIG:FORC")]
    assert order == [":AER?", ":SING", ":AER?", ":TRIG:FORC"]


def test_the_offset_is_worse_on_a_finer_scale() -> None:
    scope, _ = scope_on(FakeScope())
    scope.arm(HandStop(), span=1.0, peak=1.0, before=0.0, points=1000)
    coarse = scope.offset_accuracy
    scope.arm(HandStop(), span=1.0, peak=0.018, before=0.0, points=1000)

    assert scope.offset_accuracy > coarse


def a_record(words: NDArray[np.uint16], asked: Asked, preamble: str = "1,3,1000,1,1E-3,-1E-1,0,1E-5,0,32768") -> bytearray:
    parsed = parse_preamble(preamble, "scope")
    assert parsed.points == 1000
    return bytearray(words.tobytes())


ASKED = Asked(span=0.5, before=0.05, division=0.1, points=500)
PRE = parse_preamble("1,3,1000,1,1E-3,-1E-1,0,1E-5,0,32768", "scope")


def test_a_record_is_cut_to_what_was_asked_for() -> None:
    words = np.arange(1000, dtype="<u2") + 32768

    wave = waveform(bytearray(words.tobytes()), PRE, ASKED, "scope")

    assert wave.start == pytest.approx(-0.05)
    assert wave.volts == pytest.approx(np.arange(50, 550) * 1e-5)
    assert wave.step == pytest.approx(1e-5)


@pytest.mark.parametrize("code", [0, 256, 0xFF00, 0xFFFF])
@pytest.mark.hazard("FC-14")
def test_a_clipped_sample_inside_the_span_is_told(code: int) -> None:
    words = np.full(1000, 32768, "<u2")
    words[100] = code

    assert waveform(bytearray(words.tobytes()), PRE, ASKED, "scope").clipped


def test_a_clipped_sample_outside_the_span_does_not_matter() -> None:
    words = np.full(1000, 32768, "<u2")
    words[[10, 900]] = 0xFFFF

    assert not waveform(bytearray(words.tobytes()), PRE, ASKED, "scope").clipped


def test_the_step_is_that_of_the_converter_and_not_of_the_format() -> None:
    words = (np.arange(1000, dtype="<u2") % 16) * 256 + 32768

    assert waveform(bytearray(words.astype("<u2").tobytes()), PRE, ASKED, "scope").step == pytest.approx(256e-5)


def test_a_record_of_another_size_than_announced_is_refused() -> None:
    with pytest.raises(InstrumentError, match="answered 1000 samples"):
        waveform(bytearray(1998), PRE, ASKED, "scope")


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (Asked(2.0, 0.05, 0.2, 500), "answered 1 s"),
        (Asked(0.5, 0.5, 0.1, 500), "answered 1 s"),
        (Asked(0.5, 0.05, 0.1, 5000), "500 samples"),
    ],
)
def test_a_record_that_does_not_hold_the_span_is_refused(asked: Asked, what: str) -> None:
    with pytest.raises(InstrumentError, match=what):
        waveform(bytearray(2000), PRE, asked, "scope")


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "1,3,1000,1,1E-3,0,0,1E-5,0",
        "0,3,1000,1,1E-3,0,0,1E-5,0,128",
        "1,3,1000,1,1E-3,0,0,1E-5,0,327",
        "1,3,1000,1,9.9E37,0,0,1E-5,0,32768",
        "1,3,1000,1,0,0,0,1E-5,0,32768",
    ],
)
def test_a_preamble_that_makes_no_sense_is_refused(answer: str) -> None:
    with pytest.raises(InstrumentError, match="makes no sense"):
        parse_preamble(answer, "scope")


@pytest.mark.hazard("TR-06")
def test_a_cut_off_block_is_a_link_error() -> None:
    instrument = FakeScope()
    scope, _ = scope_on(lambda sent: instrument(sent)[:500] if sent == b":WAV:DATA?\n" else instrument(sent))
    scope.arm(HandStop(), span=1.0, peak=0.5, before=0.0, points=1000)

    with pytest.raises(LinkError, match="in time"):
        scope.read(HandStop(), patience=1.0)


@pytest.mark.parametrize("bit", [0, 7])
def test_a_bit_that_flips_in_one_of_two_copies_of_a_record_is_noticed(bit: int) -> None:
    flips = [1 << bit, 0]

    class BadLine(FakeScope):
        def __call__(self, sent: bytes) -> bytes:
            answer = bytearray(super().__call__(sent))
            if sent == b":WAV:DATA?\n":
                answer[500] ^= flips.pop()
            return bytes(answer)

    scope, _ = scope_on(BadLine())
    scope.configure()
    scope.arm(HandStop(), span=1.0, peak=0.3, before=0.0, points=1000)

    with pytest.raises(InstrumentError, match=r":WAV:DATA\?.* differently when asked again: its line is bad"):
        scope.read(HandStop(), patience=3.0)
