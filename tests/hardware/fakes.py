"""Stand-ins for the host's clock and for what sits at the other end of a wire."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType

from station.clocks.steady import SteadyClock
from station.core.clock import Stop
from station.core.errors import LinkError, Stopped
from station.hardware.link import Link
from station.hardware.scpi import Scpi
from station.hardware.stream import StreamWire


class HandStop:
    """A stop for tests with one thread."""

    def __init__(self) -> None:
        self.reason: str | None = None

    def set(self, reason: str) -> None:
        self.reason = self.reason or reason

    def check(self) -> None:
        if self.reason is not None:
            raise Stopped(self.reason)


class HandMonitor:
    """A monitor for tests with one thread: waiting lets time pass, because nobody else could make it true."""

    def __init__(self, clock: "HandClock") -> None:
        self._clock = clock

    def __enter__(self) -> "HandMonitor":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def wait_for(self, holds: Callable[[], bool], seconds: float | None, stop: Stop | None = None) -> bool:
        if not holds():
            if stop is not None:
                stop.check()
            self._clock.pass_by(seconds or 0.0)
        return holds()

    def notify(self) -> None:
        return None


class HandClock:
    """A clock that moves only when somebody waits; `alarms` are called when their time has come."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self.time = 0.0
        self.waits: list[float] = []
        self.alarms: list[tuple[float, Callable[[], None]]] = []

    @property
    def transport(self) -> "HandClock":
        return self

    def now(self) -> float:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += max(0.0, seconds)
        for alarm in [alarm for alarm in self.alarms if alarm[0] <= self.time]:
            self.alarms.remove(alarm)
            alarm[1]()

    def wait(self, seconds: float, stop: Stop) -> None:
        stop.check()
        self.waits.append(seconds)
        self.pass_by(seconds)
        stop.check()

    def stop(self) -> HandStop:
        return HandStop()

    def enlist(self, body: Callable[[], None]) -> Callable[[], None]:
        return body

    def monitor(self) -> HandMonitor:
        return HandMonitor(self)

    def utc(self) -> str:
        return "2026-11-22T00:00:00.000000Z"


class MemoryStream:
    """A stream whose other end is `answer`: it is given each write and returns what comes back, or nothing."""

    def __init__(self, clock: HandClock, answer: Callable[[bytes], bytes]) -> None:
        self._clock = clock
        self._answer = answer
        self.inbox = bytearray()
        self.written: list[bytes] = []
        self.gone: str | None = None
        self.closed = False

    def write(self, data: bytes, seconds: float) -> None:
        self._refuse_gone()
        self.written.append(data)
        self.inbox += self._answer(data)

    def read_into(self, buffer: memoryview, seconds: float) -> int:
        if not self.inbox:
            self._refuse_gone()
            self._clock.pass_by(seconds)
        got = min(len(self.inbox), len(buffer))
        buffer[:got] = self.inbox[:got]
        del self.inbox[:got]
        return got

    def close(self) -> None:
        self.closed = True

    def _refuse_gone(self) -> None:
        if self.gone is not None:
            raise LinkError(self.gone)


class Transcript:
    """Answers by a list of (sent, answered) pairs, and insists on every byte of what is sent."""

    def __init__(self, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        self.pairs = deque(pairs)

    def __call__(self, sent: bytes) -> bytes:
        assert self.pairs, f"nothing more was expected, but {sent!r} was sent"
        expected, answered = self.pairs.popleft()
        assert sent == expected
        return answered


def scpi_on(clock: HandClock, answer: Callable[[bytes], bytes], name: str = "dmm") -> tuple[Scpi, MemoryStream]:
    stream = MemoryStream(clock, answer)
    return Scpi(Link(StreamWire(stream, clock), clock, name), clock), stream


OK = b'+0;+0,"No error"\n'
CHECK = (b"*ESR?;:SYST:ERR?\n", OK)


def checked(asked: bytes, answered: bytes) -> tuple[bytes, bytes]:
    """Return the questions `asked` with those of the error queue behind them, and what answers both; neither ends with LF."""
    return asked + b";" + CHECK[0], answered + b";" + OK


KEYSIGHT_DMM = b"Keysight Technologies,34461A,SIM34461A1,A.02.17\n"


@dataclass
class FakeInstrument:
    """An instrument that remembers each setting and answers it back; `answers` overrides, `told` is all it was sent.

    What was measured stays until something new is begun: each question of `lasting` gets one answer until the next command.
    """

    answers: dict[str, Callable[[], str]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    errors: deque[str] = field(default_factory=deque)
    status: int = 0
    lasting: tuple[str, ...] = (":FETC?", ":WAV:PRE?")
    stays: dict[str, str] = field(default_factory=dict)

    def __call__(self, sent: bytes) -> bytes:
        replies = [reply for part in sent.decode().strip().split(";") if (reply := self._one(part)) is not None]
        return (";".join(replies) + "\n").encode() if replies else b""

    def _one(self, part: str) -> str | None:
        self.told.append(part)
        if not part.endswith("?"):
            self.stays.clear()
        if part in self.answers:
            return self._given(part)
        if part == "*ESR?":
            status, self.status = self.status, 0
            return str(status)
        if part == ":SYST:ERR?":
            return self.errors.popleft() if self.errors else '+0,"No error"'
        if part == "*OPC?":
            return "1"
        if part.endswith("?"):
            return self.settings.get(part[:-1], "")
        header, _, value = part.partition(" ")
        if value:
            self.settings[header] = value
        return None

    def _given(self, part: str) -> str:
        if part not in self.lasting:
            return self.answers[part]()
        if part not in self.stays:
            self.stays[part] = self.answers[part]()
        return self.stays[part]


def hurried() -> SteadyClock:
    """Return a clock that makes a test of the wire's own time-outs short: 150 ms become 15 ms, which a busy host still keeps."""
    return SteadyClock(10.0)
