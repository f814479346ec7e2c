"""The doctor tries the fixture's watchdog: one that does not trip is a fault of the fixture, however it was found."""

from collections.abc import Callable

import pytest

from station.clocks.virtual import VirtualClock
from station.core.clock import Clock
from station.core.errors import InstrumentError, LinkError
from station.hardware.watchdog import tried
from station.simulator.frames import encode
from station.simulator.rig import rig

NONCE = b"\x01\x02\x03\x04"


class Line:
    """The simulator's fixture at the end of a line that loses the first `lost` of what is sent; its watchdog lives by `time`."""

    def __init__(self, clock: Clock, time: Callable[[], float], lost: int = 0) -> None:
        self.clock, self.lost = clock, lost
        self.fixture = rig(time).fixture
        self.said = bytearray()

    def write(self, data: bytes, seconds: float) -> None:
        self.lost -= 1
        self.said += self.fixture.poll(self.clock.now())  # it looks all the time, and has looked before this comes
        if self.lost < 0:
            self.fixture.receive(data, self.clock.now())

    def read_into(self, buffer: memoryview, seconds: float) -> int:
        self.said += self.fixture.poll(self.clock.now())
        if not self.said:
            self.clock.wait(seconds, self.clock.stop())
        got = min(len(self.said), len(buffer))
        buffer[:got], self.said = self.said[:got], self.said[got:]
        return got

    def close(self) -> None:
        pass


def test_a_watchdog_that_trips_is_told_and_so_is_that_nobody_had_talked_yet() -> None:
    clock = VirtualClock()

    said = tried(Line(clock, clock.now), clock, NONCE)

    assert "trips after 2.2 s of silence; before that, no station had talked to the fixture since its start" == said


@pytest.mark.parametrize(("ago", "found"), [(0.5, "it had not tripped"), (5.0, "it had tripped: whoever talked last had fallen")])
@pytest.mark.parametrize("last", [(0xFD, "PING"), (0xFE, "PING"), (0xFE, "SAFE all")])
def test_how_it_was_found_is_told_whatever_the_last_request_was(ago: float, found: str, last: tuple[int, str]) -> None:
    clock = VirtualClock()
    line = Line(clock, clock.now)
    for seq, body in ((0, "HELLO 1 00000001"), last):
        line.fixture.receive(encode(">", seq, body), clock.now())
    line.fixture.poll(clock.now())
    clock.wait(ago, clock.stop())

    assert f"before that, {found}" in tried(line, clock, NONCE)


def test_a_watchdog_that_does_not_trip_takes_the_fixture_out_of_service() -> None:
    clock = VirtualClock()

    with pytest.raises(InstrumentError, match=r"has not tripped after 2\.2 s of silence.*wdt=ok.*out of service"):
        tried(Line(clock, lambda: 0.0), clock, NONCE)


def test_a_request_that_was_lost_is_sent_again_and_a_fixture_that_is_silent_is_told() -> None:
    clock = VirtualClock()

    assert tried(Line(clock, clock.now, lost=3), clock, NONCE).startswith("trips after")
    with pytest.raises(LinkError, match="did not answer 'PING' within 1 s; is it switched on"):
        tried(Line(clock, clock.now, lost=1000), clock, NONCE)
