"""Carry requests to the fixture and bring its replies back to who waits for them: at most once, in order, with one deadline.

`pump` runs in a thread of its own and is the only reader; any number of threads may `call`, one request is out at a time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from station.core.clock import Clock, Stop
from station.core.errors import LinkError
from station.hardware.frames import EVENT, REPLY, REQUEST, Deframer, Frame, encode
from station.hardware.link import Sink
from station.hardware.replies import Reply, parse_reply
from station.hardware.stream import Stream

REPEAT_AFTER = 0.150
GIVE_UP_AFTER = 1.0
_TURN = 10.0
_LOOK = 0.05
_BUFFER = 4096


def lost(reason: str) -> str:
    """Say that the port is gone, why, and what to do."""
    return f"the fixture's line is lost: {reason}; is it switched on and the cable in?"


class FixtureLine:
    """The line to one fixture; `hear` is told each event frame, and `lose` that the port is gone, both on the pump's thread."""

    def __init__(
        self,
        open_stream: Callable[[], Stream],
        clock: Clock,
        transport: Clock,
        hear: Callable[[Frame], None],
        lose: Callable[[str], None],
        sink: Sink | None = None,
    ) -> None:
        self._open = open_stream
        self._clock = clock
        self._transport = transport
        self._hear = hear
        self._lose = lose
        self._sink = sink
        self._monitor = transport.monitor()
        self._stream = open_stream()
        self._seq = 0
        self._busy = False
        self._awaited: int | None = None
        self._reply: tuple[str, float, int | None] | None = None  # body, when it came, the last event before it
        self._events: int | None = None
        self._lost: str | None = None
        self._pumping = False

    def pump(self, stop: Stop) -> None:
        """Read the port until `stop`: hand replies to who waits, events to `hear`; a lost port is waited for until `reopen`."""
        with self._monitor:
            self._pumping = True
        try:
            while stop.reason is None:
                self._pump_stream(stop)
        finally:
            with self._monitor:
                self._pumping = False
                self._lost = self._lost or "nobody reads the fixture's port"
                self._monitor.notify()

    def _pump_stream(self, stop: Stop) -> None:
        deframer, buffer = Deframer(), memoryview(bytearray(_BUFFER))
        with self._monitor:
            if not self._monitor.wait_for(lambda: self._lost is None, _LOOK):
                return
            stream = self._stream
        try:
            while stop.reason is None and self._lost is None:
                got = stream.read_into(buffer, _LOOK)
                for frame in deframer.feed(bytes(buffer[:got])):
                    self._take(frame)
        except LinkError as error:
            self._is_lost(stream, str(error))

    def _is_lost(self, stream: Stream, reason: str) -> None:
        with self._monitor:
            if stream is not self._stream:
                return
            self._lost = reason
            self._monitor.notify()
        self._lose(reason)

    def _take(self, frame: Frame) -> None:
        self._tell("<", encode(frame.marker, frame.seq, frame.body))
        if frame.marker == EVENT:
            self._events = frame.seq
            self._hear(frame)
        if frame.marker != REPLY:
            return
        with self._monitor:
            if frame.seq == self._awaited and self._reply is None:  # any other number is an echo of the past
                self._reply = (frame.body, self._clock.now(), self._events)
                self._monitor.notify()

    def call(self, body: str) -> Reply:
        """Send `body`, again with the same bytes while nothing comes, and return the reply; raises LinkError after 1 s."""
        with self._turn():
            seq = self._seq
            self._seq = (seq + 1) % 256
            frame = encode(REQUEST, seq, body)
            with self._monitor:
                self._awaited, self._reply = seq, None
            sent = self._clock.now()
            answer, received, events = self._exchange(frame, body)
            return parse_reply(answer, sent, received, events)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._monitor:
            if not self._monitor.wait_for(lambda: not self._busy, _TURN):
                raise LinkError(f"the fixture's line was not free for {_TURN:g} s")
            self._busy = True
        try:
            yield
        finally:
            with self._monitor:
                self._busy, self._awaited = False, None
                self._monitor.notify()

    def _exchange(self, frame: bytes, body: str) -> tuple[str, float, int | None]:
        end = self._transport.now() + GIVE_UP_AFTER
        while (left := end - self._transport.now()) > 0:
            self._refuse_lost()
            self._tell(">", frame)
            self._stream.write(frame, REPEAT_AFTER)
            with self._monitor:
                self._monitor.wait_for(lambda: self._reply is not None or self._lost is not None, min(REPEAT_AFTER, left))
                if self._reply is not None:
                    return self._reply
        raise LinkError(f"the fixture did not answer {body!r} within {GIVE_UP_AFTER:g} s; is it switched on and the cable in?")

    def _refuse_lost(self) -> None:
        if self._lost is not None:
            raise LinkError(lost(self._lost))

    def seen(self, reply: Reply, event: int | None) -> None:
        """Take event number `event` for heard, unless another has come since `reply`."""
        with self._monitor:
            if self._events == reply.events:
                self._events = event

    def reopen(self) -> None:
        """Open a lost port again; does nothing while it is sound."""
        if self._lost is None:
            return
        self._stream.close()
        stream = self._open()
        with self._monitor:
            self._stream, self._lost, self._events = stream, None, None
            self._monitor.notify()

    def close(self) -> None:
        """Wait until the pump has left, after its stop was set, and close the port."""
        with self._monitor:
            self._monitor.wait_for(lambda: not self._pumping, _TURN)
        self._stream.close()

    def _tell(self, direction: str, data: bytes) -> None:
        if self._sink is not None:
            self._sink(direction, data, self._transport.now())
