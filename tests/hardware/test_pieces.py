"""However the bytes of an answer are cut on their way, it is the same answer; and what stands for no number is none."""

from collections import deque
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from station.core.errors import InstrumentError, LinkError
from station.hardware.stream import StreamWire
from tests.hardware.fakes import HandClock, Transcript, scpi_on
from tests.hardware.test_scpi import NO_NUMBERS


class Pieces:
    """A stream that hands out its pieces one by one."""

    def __init__(self, clock: HandClock, pieces: list[bytes]) -> None:
        self._clock = clock
        self.pieces = deque(piece for piece in pieces if piece)

    def write(self, data: bytes, seconds: float) -> None:
        pytest.fail("nothing is sent here")

    def read_into(self, buffer: memoryview, seconds: float) -> int:
        if not self.pieces:
            self._clock.pass_by(seconds)
            return 0
        piece = self.pieces.popleft()
        got = min(len(piece), len(buffer))
        buffer[:got] = piece[:got]
        if rest := piece[got:]:
            self.pieces.appendleft(rest)
        return got

    def close(self) -> None:
        return None


def cut(data: bytes, at: list[int]) -> list[bytes]:
    places = [0, *sorted(place % (len(data) + 1) for place in at), len(data)]
    return [data[start:end] for start, end in pairwise(places)]


PLACES = st.lists(st.integers(0, 400), max_size=30)


@given(data=st.binary(max_size=300), at=PLACES)
@example(data=b"\n" * 300, at=list(range(320)))
@pytest.mark.hazard("TR-05", "TR-06")
def test_a_line_and_a_block_are_the_same_however_they_are_cut(data: bytes, at: list[int]) -> None:
    clock = HandClock()
    wire = StreamWire(Pieces(clock, cut(b"+1.5\r\n" + data + b"\nlast\n", at)), clock)

    assert b"+1.5" == wire.line(1.0)
    assert data == wire.exactly(len(data), 1.0)
    assert b"" == wire.line(1.0)
    assert b"last" == wire.line(1.0)
    assert b"" == wire.leftover()


@given(data=st.binary(max_size=300), missing=st.integers(1, 50), at=PLACES)
@pytest.mark.hazard("TR-06", "TR-11")
def test_a_block_that_stays_behind_is_a_link_error_and_no_shorter_block(data: bytes, missing: int, at: list[int]) -> None:
    clock = HandClock()
    wire = StreamWire(Pieces(clock, cut(data, at)), clock)

    with pytest.raises(LinkError, match="in time"):
        wire.exactly(len(data) + missing, 1.0)

    assert 1.0 == clock.now()


@pytest.mark.parametrize("said", [word for word in NO_NUMBERS if word.strip()])
@pytest.mark.hazard("TR-07")
def test_a_question_that_is_answered_by_what_stands_for_no_number_gives_none(said: str) -> None:
    scpi, _ = scpi_on(HandClock(), Transcript([(b":MEAS:FREQ?\n", said.encode() + b"\n")] * 2))

    with pytest.raises(InstrumentError, match="which is not a number"):
        scpi.number(":MEAS:FREQ?")
