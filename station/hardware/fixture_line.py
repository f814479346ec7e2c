"""Carry requests to the fixture and bring its replies back to who waits for them: at most once, in order, with one deadline.

Any number of threads may `call`; one request is out at a time, and whoever has sent it reads the port until its reply has come.
Who waits for the line is served as he came, but what makes slots safe goes first: a stop does not queue behind others' questions.
`pump` runs in a thread of its own and reads what comes while nobody calls: a call does not pay for being handed over twice.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from station.core.clock import Clock, Stop
from station.core.errors import LinkError, Stopped
from station.hardware.frames import EVENT, REPLY, REQUEST, Deframer, Frame, encode
from station.hardware.link import Sink
from station.hardware.replies import Reply, parse_reply
from station.hardware.stream import Stream

REPEAT_AFTER = 0.150  # s without an answer, or in which a frame cannot be written
GIVE_UP_AFTER = 1.0  # s over all repetitions of a frame
_TURN = 10.0  # s
_LOOK = 0.05  # s
_BUFFER = 4096  # bytes


def lost(reason: str) -> str:
    """Say that the port is gone, why, and what to do."""
    return f"the fixture's line is lost: {reason}; is it switched on and the cable in?"


def _haste(body: str) -> int:
    """Return 0 for what makes all slots safe, 1 for what makes one safe, 2 for all that has time."""
    return 0 if body == "SAFE all" else 1 if body.startswith("SAFE ") else 2


def _refuse_nothing() -> None:
    """Let everything be sent."""


class FixtureLine:
    """The line to one fixture; who reads tells `hear` each event frame, and `lose` that the port is gone; neither may call."""

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
        self._tickets, self._queue = itertools.count(), list[tuple[int, int]]()  # who waits: haste, and a number as they came
        self._awaited: int | None = None
        self._reply: tuple[str, float, int | None] | None = None  # body, when it came, the last event before it
        self._events: int | None = None
        self._lost: str | None = None
        self._pumping = False
        self._deframer, self._buffer = Deframer(), memoryview(bytearray(_BUFFER))

    def pump(self, stop: Stop) -> None:
        """Read now and then, until `stop`, what the fixture says unasked; a lost port is waited for until `reopen`."""
        with self._monitor:
            self._pumping = True
        try:
            while True:
                self._transport.wait(_LOOK, stop)
                self._look()
        except Stopped:
            return
        finally:
            with self._monitor:
                self._pumping = False
                self._monitor.notify()

    def _look(self) -> None:
        """Read what has come, unless somebody calls: who calls reads for itself."""
        with self._monitor:
            if self._busy or self._queue or self._lost is not None:
                return
            self._busy = True
        try:
            with suppress(LinkError):  # `lose` was told
                self._read(0.0)
        finally:
            self._end_turn()

    def _read(self, seconds: float) -> None:
        """Wait at most `seconds` for bytes, and take every frame that they complete; whose turn it is alone may read."""
        stream = self._stream
        try:
            got = stream.read_into(self._buffer, seconds)
        except LinkError as error:
            self._is_lost(stream, str(error))
            raise LinkError(lost(str(error))) from error
        for frame in self._deframer.feed(bytes(self._buffer[:got])):
            self._take(frame)

    def _is_lost(self, stream: Stream, reason: str) -> None:
        with self._monitor:
            if stream is not self._stream:
                return
            self._lost = reason
            self._monitor.notify()
        self._lose(reason)

    def _take(self, frame: Frame) -> None:
        if self._sink is not None:
            self._tell("<", encode(frame.marker, frame.seq, frame.body))
        if frame.marker == EVENT:
            with self._monitor:
                self._events = frame.seq
            self._hear(frame)
        elif frame.marker == REPLY and frame.seq == self._awaited and self._reply is None:  # any other is an echo of the past
            self._reply = (frame.body, self._clock.now(), self._events)

    def call(self, body: str, refuse: Callable[[], None] = _refuse_nothing) -> Reply:
        """Send `body`, again with the same bytes while nothing comes, and return the reply; raises LinkError after 1 s.

        `refuse` is asked when the line is ours, and raises why `body` must not be sent any more: what was over meanwhile is not
        sent behind the request that made every slot safe.
        """
        with self._turn(_haste(body)):
            refuse()
            seq = self._seq
            self._seq = (seq + 1) % 256
            frame = encode(REQUEST, seq, body)
            self._awaited, self._reply = seq, None
            sent = self._clock.now()
            answer, received, events = self._exchange(frame, body)
            return parse_reply(answer, sent, received, events)

    @contextmanager
    def _turn(self, haste: int) -> Iterator[None]:
        ticket = (haste, next(self._tickets))
        with self._monitor:
            self._queue.append(ticket)
            try:
                if not self._monitor.wait_for(lambda: not self._busy and min(self._queue) == ticket, _TURN):
                    self._monitor.notify()  # who waits behind us may be the next now
                    raise LinkError(f"the fixture's line was not free for {_TURN:g} s")
                self._busy = True
            finally:
                self._queue.remove(ticket)
        try:
            yield
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        with self._monitor:
            self._busy, self._awaited = False, None
            self._monitor.notify()

    def _exchange(self, frame: bytes, body: str) -> tuple[str, float, int | None]:
        end = self._transport.now() + GIVE_UP_AFTER
        while (left := end - self._transport.now()) > 0:
            self._refuse_lost()
            self._tell(">", frame)
            self._write(frame)
            if (reply := self._await_reply(min(REPEAT_AFTER, left))) is not None:
                return reply
        raise LinkError(f"the fixture did not answer {body!r} within {GIVE_UP_AFTER:g} s; is it switched on and the cable in?")

    def _write(self, frame: bytes) -> None:
        try:
            self._stream.write(frame, REPEAT_AFTER)
        except LinkError as error:
            raise LinkError(lost(str(error))) from error

    def _await_reply(self, seconds: float) -> tuple[str, float, int | None] | None:
        """Read until the reply is there, at most `seconds`; return it, or None when it has not come."""
        end = self._transport.now() + seconds
        while self._reply is None and (left := end - self._transport.now()) > 0:
            self._refuse_lost()
            self._read(left)
        return self._reply

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
            self._deframer = Deframer()
            self._monitor.notify()

    def close(self) -> None:
        """Wait until the pump has left, after its stop was set, and close the port."""
        with self._monitor:
            self._monitor.wait_for(lambda: not self._pumping, _TURN)
        self._stream.close()

    def _tell(self, direction: str, data: bytes) -> None:
        if self._sink is not None:
            self._sink(direction, data, self._transport.now())
