"""Hold a session with the fixture: who it is, whether anything has ended the session, its heartbeat, and its news.

A session ends when the controller restarts, its watchdog trips, the lid opens, the E-stop is pressed or the port is lost. From
then on every call made in that session raises why, until `begin` has opened the next one: no run can go on over such a gap.
"""

from collections.abc import Callable

from station.core.clock import Clock, Stop
from station.core.errors import IdentityError, InstrumentError, InterlockError, LinkError, RefusedError, StationError, Stopped
from station.core.fixture_file import FixtureFile
from station.hardware.fixture_line import FixtureLine
from station.hardware.frames import Frame
from station.hardware.link import Sink
from station.hardware.replies import ESTOP, LID, NO_SESSION, NO_SLOT_UNIT, WATCHDOG, FixtureEvent, Reply, parse_event
from station.hardware.scpi import Identity
from station.hardware.stream import Stream
from station.hardware.timer import Bracket, bracket

PROTOCOL = "1"
BEAT = 0.5
_BRACKETS = 5
_ENDS = {
    WATCHDOG: "the fixture heard nothing from us for 2 s and made every slot safe",
    ESTOP: "the E-stop was pressed; release it, then continue",
    LID: "the lid was opened; close it, then continue",
}
_LATCHES = {"lid": LID, "estop": ESTOP, "both": ESTOP}
News = Callable[[FixtureEvent], None]
Fault = tuple[type[StationError], str]


class Fixture:
    """One fixture; `nonces` gives 4 fresh random bytes for each session, `news` hears its events on the pump's thread."""

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
        self._fault: Fault | None = None
        self.session = 0
        self.missed = 0
        self.identity = Identity("", file.model, "", "")

    @property
    def fault(self) -> str | None:
        """Return what ended the session, or None while it is sound."""
        return None if self._fault is None else self._fault[1]

    def pump(self, stop: Stop) -> None:
        """Read the port until `stop`; runs in a thread of its own."""
        self._line.pump(stop)

    def heartbeat(self, stop: Stop) -> None:
        """Keep the fixture's watchdog content until `stop`, and notice what ended the session; runs in a thread of its own."""
        try:
            while True:
                self._transport.wait(BEAT, stop)
                if self.session:
                    self._beat()
        except Stopped:
            return

    def _beat(self) -> None:
        try:
            self.ping()
        except StationError:
            return  # a lost port has ended the session already; one lost answer is no loss; silence trips the watchdog

    def begin(self) -> None:
        """Open a new session: say HELLO, check who answers, bring every slot to its safe state, and forget causes that are gone.

        A lid that is still open, or a pressed E-stop, stays the session's fault and raises InterlockError.
        """
        self._line.reopen()
        self._greet(self._line.call(f"HELLO {PROTOCOL} {self._nonces().hex().upper()}"))
        self._answered(self._line.call("SAFE all"))
        self._fault = None
        self.session += 1
        if _status(self._line.call("PING")) != "none":
            self._answered(self._line.call("CLEAR"))

    def _greet(self, hello: Reply) -> None:
        self._answered(hello)
        serial, model, proto = hello.word("serial"), hello.word("model"), hello.word("proto")
        self.identity = Identity("", model, serial, hello.word("fw"))
        asked = (PROTOCOL, self._file.model, self._file.serial)
        if (proto, model, serial) != asked:
            raise IdentityError(
                f"the fixture says that it is {model}, serial {serial}, protocol {proto}; expected {asked[1]}, serial {asked[2]}, "
                f"protocol {PROTOCOL}. Put the right fixture in, or correct {self._file.file}"
            )
        missing = set(self._file.buses.values()) - set(hello.word("buses").split(","))
        if missing or hello.whole("slots") < self._file.slots:
            raise IdentityError(f"the fixture lacks slots or buses that {self._file.file} names: {hello.text}")
        self._boots = hello.whole("boots")

    def ask(self, body: str, session: int | None = None) -> Reply:
        """Send a request and return its OK; a `session` that is over raises why, None is for what must always be possible."""
        self._refuse_over(session)
        try:
            reply = self._answered(self._line.call(body))
        except LinkError:
            self._refuse_over(session)  # the better reason, when there is one
            raise
        self._refuse_over(session)
        return reply

    def _refuse_over(self, session: int | None) -> None:
        fault = self._fault
        if session is not None and fault is not None:
            raise fault[0](fault[1])
        if session is not None and session != self.session:
            raise InterlockError("the fixture was made safe since this run began; test the unit again")

    def _answered(self, reply: Reply) -> Reply:
        if reply.code in _ENDS:
            self._end(InterlockError, _ENDS[reply.code])
            raise InterlockError(_ENDS[reply.code])
        if reply.code == NO_SESSION:
            self._end(InstrumentError, "the fixture knows nothing of our session; it has restarted")
        if reply.code == NO_SLOT_UNIT:
            raise InterlockError(f"no unit is in the slot ({reply.text})")
        if reply.code:
            raise RefusedError(f"the fixture refused: {reply.code} {reply.text}")
        if "boots" in reply.values and self._boots is not None and reply.whole("boots") != self._boots:
            self._end(InstrumentError, "the fixture's controller restarted; look at its supply")
        return reply

    def ping(self) -> Reply:
        """Ask how the fixture is, feed its watchdog, and notice what ended the session."""
        reply = self._answered(self._line.call("PING"))
        if reply.word("wdt") != "ok":
            self._end(InterlockError, _ENDS[WATCHDOG])
        if (latch := _status(reply)) != "none":
            self._end(InterlockError, _ENDS[_LATCHES.get(latch, ESTOP)])
        if reply.events is not None and reply.whole("ev", 16) != reply.events:
            self.missed += 1
            self._news(FixtureEvent("MISSED", (), reply.events))
        return reply

    def bracket(self) -> Bracket:
        """Return the narrowest of a few brackets around the fixture's time now."""
        return min((bracket(self.ping()) for _ in range(_BRACKETS)), key=lambda one: one.half)

    def _hear(self, frame: Frame) -> None:
        event = parse_event(frame.body, frame.seq)
        if event.name == "BOOT":
            self._end(InstrumentError, "the fixture's controller restarted; look at its supply")
        elif event.name == "WATCHDOG":
            self._end(InterlockError, _ENDS[WATCHDOG])
        elif (event.name, *event.words) in {("ESTOP", "pressed"), ("LID", "open")}:
            self._end(InterlockError, _ENDS[ESTOP if event.name == "ESTOP" else LID])
        self._news(event)

    def _lose(self, reason: str) -> None:
        self._end(LinkError, f"the fixture's line is lost: {reason}")

    def _end(self, kind: type[StationError], reason: str) -> None:
        if self._fault is None:
            self._fault = (kind, reason)

    def close(self) -> None:
        """Close the port, after the stop of `pump` was set."""
        self._line.close()


def _status(reply: Reply) -> str:
    return reply.word("latch")
