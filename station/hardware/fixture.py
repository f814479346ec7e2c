"""Hold a session with the fixture: who it is, whether anything has ended the session, its heartbeat, and its news.

A session ends when the controller restarts, its watchdog trips, the lid opens, the E-stop is pressed, the port is lost, all slots
are stopped, or its timer is proven to be off: who waits for the fixture's clock would wait for ever on one that stands still.
From then on every call made in that session raises why, until `begin` has opened the next one: no run can go on over such a gap.
"""

from collections.abc import Callable

from station.core.clock import Clock, Stop
from station.core.errors import IdentityError, InstrumentError, InterlockError, LinkError, RefusedError, StationError, Stopped
from station.core.fixture_file import FixtureFile
from station.hardware.fixture_line import FixtureLine, lost
from station.hardware.frames import Frame
from station.hardware.interlocks import Fault, fault_in_event, fault_in_reply
from station.hardware.link import Sink
from station.hardware.replies import NO_UNIT, FixtureEvent, Reply, parse_event
from station.hardware.scpi_text import Identity
from station.hardware.silences import Silences
from station.hardware.stream import Stream
from station.hardware.timer import SHORT, Bracket, bracket, drift, proven_off

PROTOCOL = "1"
BEAT = 0.5  # s of the host between two heartbeats; the fixture makes itself safe after 2 s of silence
_BRACKETS = 5
News = Callable[[FixtureEvent], None]


class Fixture:
    """One fixture; `nonces` gives 4 fresh random bytes for each session, `news` hears its events and may not ask.

    The thread that happens to read an event tells it. `session` counts the sessions from 1; it is 0 until the first has begun.
    """

    def __init__(
        self,
        open_stream: Callable[[], Stream],
        file: FixtureFile,
        clock: Clock,
        transport: Clock,
        nonces: Callable[[], bytes],
        news: News,
        sink: Sink | None = None,
    ) -> None:
        self._file = file
        self._transport = transport
        self._nonces = nonces
        self._news = news
        self._line = FixtureLine(open_stream, clock, transport, self._hear, self._lose, sink)
        self._boots: int | None = None
        self._ends: dict[int, Fault] = {}
        self._silences = Silences(clock)
        self._began: Bracket | None = None
        self.session = 0
        self.identity = Identity("", file.model, "", "")

    @property
    def fault(self) -> str | None:
        """Return what ended the session, or None while it is sound."""
        fault = self._ends.get(self.session)
        return None if fault is None else fault[1]

    def untimed_in(self, session: int) -> str | None:
        """Return why no time of `session` counts, if that was its end: its controller restarted, or its timer was off."""
        fault = self._ends.get(session)
        return fault[1] if fault is not None and fault[0] is InstrumentError else None

    def pump(self, stop: Stop) -> None:
        """Read what comes while nobody asks, until `stop`; runs in a thread of its own."""
        self._line.pump(stop)

    def heartbeat(self, stop: Stop) -> None:
        """Keep the fixture's watchdog content until `stop`, and notice what ended the session; runs in a thread of its own."""
        try:
            while True:
                self._transport.wait(BEAT, stop)
                self._beat()
        except Stopped:
            return

    def _beat(self) -> None:
        try:
            if self._boots is not None:
                self.ping()
        except StationError:
            return  # a lost port has ended the session already; one lost answer is no loss; long silence trips the watchdog

    def begin(self) -> None:
        """Open a new session: say HELLO, check who answers, make every slot safe, and forget interlocks whose cause is gone.

        A lid that is still open, or an E-stop that is still pressed, remains the fault and raises InterlockError.
        """
        self._line.reopen()
        self._boots = None
        hello = self._ok(self._line.call(f"HELLO {PROTOCOL} {self._nonces().hex().upper()}"))
        self._check_identity(hello)
        self._boots = hello.whole("boots")
        self._ok(self._line.call("SAFE all"))
        status = self._line.call("PING")
        self._began = bracket(status)
        self._line.seen(status, status.last_event())
        if status.word("latch") != "none":
            self._clear()
        self.session += 1

    def _clear(self) -> None:
        reply = self._line.call("CLEAR")
        if fault := fault_in_reply(reply, None):
            self._ends[self.session] = fault
        self._ok(reply)

    def _check_identity(self, hello: Reply) -> None:
        serial, model, proto = hello.word("serial"), hello.word("model"), hello.word("proto")
        self.identity = Identity("", model, serial, hello.word("fw"))
        file = self._file
        if (proto, model, serial) != (PROTOCOL, file.model, file.serial):
            raise IdentityError(
                f"the fixture says that it is {model}, serial {serial}, protocol {proto}; expected is {file.model}, "
                f"serial {file.serial}, protocol {PROTOCOL}. Put the right fixture in, or correct {file.file}"
            )
        missing = {bus for buses in file.buses.values() for bus in buses} - set(hello.word("buses").split(","))
        if missing or hello.whole("slots") < file.slots:
            raise IdentityError(f"the fixture lacks slots or buses that {file.file} names: it says {hello.text!r}")

    def ask(self, body: str, session: int | None = None) -> Reply:
        """Send a request and return its OK; a `session` that is over raises why, None is for what must always be possible."""
        self.refuse_over(session)
        try:
            reply = self._call(body, session)
        except LinkError:
            self.refuse_over(session)  # the better reason, when there is one
            raise
        self.refuse_over(session)
        return reply

    def refuse_over(self, session: int | None) -> None:
        """Raise why `session` is over; do nothing while it is not, or for None."""
        if session is not None and (fault := self._over(session)):
            raise fault[0](fault[1])

    def _over(self, session: int) -> Fault | None:
        return self._ends.get(session) or self._ends.get(self.session)

    def await_off(self, slot: int, session: int, seconds: float, stop: Stop) -> None:
        """Wait until the fixture tells that the unit in `slot` went off, at most `seconds`; raises why `session` is over."""
        self._silences.wait(slot, lambda: self._over(session) is not None, seconds, stop)
        self.refuse_over(session)

    def _call(self, body: str, mine: int | None) -> Reply:
        session = self.session
        reply = self._line.call(body, lambda: self.refuse_over(mine))
        self._end(fault_in_reply(reply, self._boots), session)
        return self._ok(reply)

    def _ok(self, reply: Reply) -> Reply:
        if reply.code and (fault := fault_in_reply(reply, None)):
            raise fault[0](fault[1])
        if reply.code == NO_UNIT:
            raise InterlockError(f"no unit is in the slot ({reply.text})")
        if reply.code:
            raise RefusedError(f"the fixture refused: {reply.code} {reply.text}")
        return reply

    def _end(self, fault: Fault | None, session: int) -> None:
        if fault is not None:
            self._ends.setdefault(session, fault)  # the first reason is the cause, what follows are its effects
            self._silences.wake()

    def halt(self, reason: str) -> None:
        """End the session because every slot is stopped: nothing is energised any more, and nothing that was measured counts.

        To be called before all slots are made safe: who measures a slot that was made safe reads zero, which is no unit's fault.
        """
        self._end((InterlockError, reason), self.session)

    def ping(self) -> Reply:
        """Ask how the fixture is, feed its watchdog, and notice what ended the session or which news was lost."""
        session = self.session
        reply = self._call("PING", None)
        self._check_timer(reply, session)
        told = reply.last_event()
        if told is not None and told != reply.events:
            self._line.seen(reply, told)
            self._news(FixtureEvent("MISSED", (), told))
        return reply

    def _check_timer(self, reply: Reply, session: int) -> None:
        if self._began is None:
            return
        seen = drift(self._began, bracket(reply))
        if seen.over >= SHORT and (off := proven_off(seen)):
            self._end((InstrumentError, f"{off}; service the fixture, or its clock's crystal"), session)

    def bracket(self) -> Bracket:
        """Return the narrowest of a few brackets of host time around the fixture's time now."""
        return min((bracket(self.ping()) for _ in range(_BRACKETS)), key=lambda one: one.half)

    def _hear(self, frame: Frame) -> None:
        event = parse_event(frame.body, frame.seq)
        self._end(fault_in_event(event), self.session)
        self._silences.hear(event)
        self._news(event)

    def _lose(self, reason: str) -> None:
        self._end((LinkError, lost(reason)), self.session)

    def close(self) -> None:
        """Close the port, after the stop of `pump` was set."""
        self._line.close()
