"""A fixture on the frames, in memory: the README's rules in a few lines, with a line that loses, garbles and doubles."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar

from station.core.clock import Clock
from station.core.errors import LinkError
from station.hardware.frames import EVENT, REPLY, Deframer, Frame, encode

Fate = str  # ok | lose_request | lose_reply | garble_request | garble_reply | double_reply | echo_reply


class FakeFixture:
    """A stream whose other end is a fixture; `executed` is every body it carried out, in order."""

    refusals: ClassVar[dict[str, str]] = {"lid": "ERR 22 lid", "estop": "ERR 21 estop", "both": "ERR 21 estop"}

    def __init__(self, transport: Clock, fates: Iterable[Fate] = ()) -> None:
        self._transport = transport
        self.pace = 1.0  # of its timer against the host's clock
        self._monitor = transport.monitor()
        self._fates: Iterator[Fate] = itertools.chain(fates, itertools.repeat("ok"))
        self._inbox = bytearray()
        self._deframer = Deframer()
        self._last: tuple[int, str, bytes] | None = None
        self._replies: list[bytes] = []
        self._gone: str | None = None
        self._seq = 0
        self.executed: list[str] = []
        self.answers: dict[str, Callable[[], str]] = {}
        self.loads: dict[str, str] = {}
        self.boots, self.latch, self.wdt, self.ticks, self.serial, self.lid = 17, "none", "ok", 0, "SIMFX-0001", "closed"
        self.silent = False

    def write(self, data: bytes, seconds: float) -> None:
        fate = next(self._fates)
        with self._monitor:
            if self._gone is not None:
                raise LinkError(self._gone)
            if fate != "lose_request" and not self.silent:
                for frame in self._deframer.feed(garbled(data) if fate == "garble_request" else data):
                    self._inbox += self._fated(self._answer(frame), fate)
            self._monitor.notify()

    def _fated(self, reply: bytes, fate: Fate) -> bytes:
        self._replies.append(reply)
        earlier = self._replies[-2] if len(self._replies) > 1 else b""
        kinds = {"lose_reply": b"", "garble_reply": garbled(reply), "double_reply": reply * 2, "echo_reply": earlier + reply}
        return kinds.get(fate, reply)

    def _answer(self, frame: Frame) -> bytes:
        if self._last is not None and self._last[0] == frame.seq and not frame.body.startswith("HELLO"):
            reply = self._last[2] if self._last[1] == frame.body else encode(REPLY, frame.seq, "ERR 12 reused")
        else:
            self.executed.append(frame.body)
            self.ticks = round(self._transport.now() * self.pace * 1e6)
            reply = encode(REPLY, frame.seq, self._execute(frame.body))
        self._last = (frame.seq, frame.body, reply)
        return reply

    def _execute(self, body: str) -> str:
        words = body.split()
        if body in self.answers:
            return self.answers[body]()
        if words[0] in ("LOAD", "KEY", "ROUTE") and self.latch != "none" and words[-1] not in ("off", "stop", "open"):
            return self.refusals[self.latch]
        handler = getattr(self, "do_" + words[0].lower().rstrip("?"), None)
        return handler(words) if handler else f"OK t={self.ticks}"

    def do_hello(self, words: list[str]) -> str:
        self.wdt = "ok"
        who = f"proto=1 model=EOL8 serial={self.serial} fw=1.2.0 slots=8 buses=D1,S1"
        return f"OK {who} boots={self.boots} reset=power t={self.ticks}"

    def do_ping(self, words: list[str]) -> str:
        last = f"{(self._seq - 1) % 256:02X}" if self._seq else "-"
        state = f"boots={self.boots} lid={self.lid} estop=released latch={self.latch} temp=23.4 wdt={self.wdt} ev={last}"
        return f"OK t={self.ticks} {state}"

    def do_clear(self, words: list[str]) -> str:
        if self.lid == "open":
            return "ERR 22 lid"
        self.latch = "none"
        return "OK"

    def do_load(self, words: list[str]) -> str:
        self.loads[words[1]] = words[2]
        return f"OK load={words[2]} t={self.ticks}"

    def do_safe(self, words: list[str]) -> str:
        self.loads = {} if words[1] == "all" else {slot: load for slot, load in self.loads.items() if slot != words[1]}
        return f"OK t={self.ticks}"

    def do_slot(self, words: list[str]) -> str:
        return (
            f"OK present=1 contact=1 load={self.loads.get(words[1], 'open')} charger=0 buses=- uart=idle opens=2 t={self.ticks}"
        )

    def event(self, body: str, *, lost: bool = False) -> None:
        with self._monitor:
            frame = encode(EVENT, self._seq, body)
            self._seq = (self._seq + 1) % 256
            self._inbox += b"" if lost else frame
            self._monitor.notify()

    def say(self, data: bytes) -> None:
        with self._monitor:
            self._inbox += data
            self._monitor.notify()

    def vanish(self, reason: str) -> None:
        with self._monitor:
            self._gone = reason
            self._monitor.notify()

    def read_into(self, buffer: memoryview, seconds: float) -> int:
        with self._monitor:
            self._monitor.wait_for(lambda: bool(self._inbox) or self._gone is not None, seconds)
            if self._gone is not None:
                raise LinkError(self._gone)
            got = min(len(self._inbox), len(buffer))
            buffer[:got] = self._inbox[:got]
            del self._inbox[:got]
            return got

    def close(self) -> None:
        self.vanish("it was closed")


def garbled(data: bytes) -> bytes:
    return data[:3] + bytes([data[3] ^ 0x04]) + data[4:]
