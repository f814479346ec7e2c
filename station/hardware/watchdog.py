"""Try the fixture's watchdog: it is what makes every slot safe when the station is killed or its cable is pulled."""

from station.core.clock import Clock
from station.core.errors import InstrumentError, LinkError
from station.hardware.fixture_line import GIVE_UP_AFTER, REPEAT_AFTER
from station.hardware.frames import REPLY, REQUEST, Deframer, Frame, encode
from station.hardware.replies import Reply, parse_reply
from station.hardware.stream import Stream

SILENCE = 2.0 * 1.1  # s: fixtures/README.md promises 2.0 s
_NO_SESSION = 40
_BUFFER = 4096


def tried(stream: Stream, transport: Clock, nonce: bytes) -> str:
    """Return how the watchdog was found, after it has tripped once more for us: a session of `nonce` that falls silent.

    Raises InstrumentError when it does not trip, or when the fixture does not answer. Nothing is energised by it.
    """
    _ask(stream, transport, 0xFD, "PING")  # it may be answered as the repetition of somebody's last request; the next is not
    found = _ask(stream, transport, 0xFE, "PING")
    _ask(stream, transport, 0xFF, f"HELLO 1 {nonce.hex().upper()}")
    transport.wait(SILENCE, transport.stop())
    after = _ask(stream, transport, 0x00, "PING")
    if after.word("wdt") != "tripped":
        raise InstrumentError(
            f"the fixture's watchdog has not tripped after {SILENCE:g} s of silence (it says {after.text!r}): a killed station "
            "would leave units running. Take the fixture out of service"
        )
    return f"trips after {SILENCE:g} s of silence; before that, {_found(found)}"


def _found(reply: Reply) -> str:
    if reply.code == _NO_SESSION:
        return "no station had talked to the fixture since its start"
    if reply.code:
        return f"the fixture refused to say how it is: {reply.code} {reply.text}"
    if reply.word("wdt") == "tripped":
        return "it had tripped: whoever talked last had fallen silent, and every slot was made safe"
    return "it had not tripped: a station talked to the fixture a moment ago"


def _ask(stream: Stream, transport: Clock, seq: int, body: str) -> Reply:
    """Send `body`, again with the same bytes while nothing comes, and return the reply."""
    sent = transport.now()
    deframer = Deframer()
    while transport.now() < sent + GIVE_UP_AFTER:
        stream.write(encode(REQUEST, seq, body), REPEAT_AFTER)
        frame = _reply(stream, transport, deframer, seq)
        if frame is not None:
            return parse_reply(frame.body, sent, transport.now(), None)
    raise LinkError(f"the fixture did not answer {body!r} within {GIVE_UP_AFTER:g} s; is it switched on and the cable in?")


def _reply(stream: Stream, transport: Clock, deframer: Deframer, seq: int) -> Frame | None:
    """Return the reply number `seq`, or None when none has come in the time of one try; news is not for us."""
    buffer, end = memoryview(bytearray(_BUFFER)), transport.now() + REPEAT_AFTER
    while (left := end - transport.now()) > 0:
        for frame in deframer.feed(bytes(buffer[: stream.read_into(buffer, left)])):
            if (frame.marker, frame.seq) == (REPLY, seq):
                return frame
    return None
