"""Obey program messages one command at a time, wait where a command takes time, and join the replies of a message."""

from collections import deque

from station.simulator.scpi import message
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.framing import BUFFER_LIMIT, Framing
from station.simulator.scpi.status import Status
from station.simulator.scpi.table import Call, Outcome, Reply, Table, Wait


class Engine:
    """The part of an instrument between its wire and its functions; it has no clock: `now` is always given."""

    def __init__(self, table: Table, status: Status) -> None:
        self._table = table
        self._status = status
        self._framing = Framing()
        self._messages: deque[bytes | ScpiError] = deque()
        self._waiting = 0  # bytes in `_messages`
        self._units: deque[str] = deque()
        self._path: tuple[str, ...] = ()
        self._replies: list[bytes] = []
        self._wait: Wait | None = None
        self._output = bytearray()

    def feed(self, data: bytes) -> None:
        """Take bytes from the wire; what they ask for is done by `step`."""
        for found in self._framing.feed(data):
            if self._waiting + _size(found) > BUFFER_LIMIT:
                self._status.report(ScpiError(-363))
            elif found != b"":  # an empty line asks for nothing, and a million of them must not hold the others up
                self._waiting += _size(found)
                self._messages.append(found)

    def step(self, now: float) -> None:
        """Do all that can be done at `now`, in the order it came, up to a command that must wait."""
        while self._waited(now) and (self._units or self._messages):
            if self._units:
                self._do(self._units.popleft(), now)
            else:
                self._begin(self._messages.popleft())
            if self._wait is None and not self._units:
                self._finish()

    def wake(self) -> float | None:
        """Return when the command that waits wants to be looked at again, or None."""
        return self._wait.until if self._wait else None

    def take(self) -> bytes:
        """Return the bytes to send, and forget them."""
        output = bytes(self._output)
        self._output.clear()
        return output

    def drop(self) -> None:
        """Forget input and output, as when the client has gone; queue -410 for a lost reply, -420 for half a query."""
        unfinished = self._framing.clear()
        if self._wait is not None or self._replies:
            self._status.report(ScpiError(-410))
        elif unfinished.rstrip().endswith(b"?"):
            self._status.report(ScpiError(-420))
        self.forget()

    def forget(self) -> None:
        """Forget all input and output without a word, as a power cycle does."""
        self._framing.clear()
        self._messages.clear()
        self._waiting = 0
        self._units.clear()
        self._replies.clear()
        self._output.clear()
        self._wait = None

    def _begin(self, found: bytes | ScpiError) -> None:
        self._waiting -= _size(found)
        if isinstance(found, ScpiError):
            self._status.report(found)
        else:
            self._path = ()
            self._units.extend(message.units(found))

    def _finish(self) -> None:
        """Send the replies of a message as one line."""
        if self._replies:
            self._output += b";".join(self._replies) + b"\n"
            self._replies.clear()

    def _do(self, text: str, now: float) -> None:
        try:
            self._settle(self._call(message.parse(text), now))
        except ScpiError as error:
            self._status.report(error)
            if -200 < error.code <= -100:
                self._units.clear()  # a parser that is lost ignores the rest of the message

    def _call(self, unit: message.Unit, now: float) -> Outcome:
        nodes = unit.nodes if unit.absolute or unit.common else self._path + unit.nodes
        if not unit.common:
            self._path = nodes[:-1]
        return self._table.find(nodes, unit)(Call(unit.parameters, now, bool(self._replies)))

    def _settle(self, outcome: Outcome) -> None:
        if isinstance(outcome, Wait):
            self._wait = outcome
        else:
            self._answer(outcome)

    def _answer(self, reply: Reply) -> None:
        if reply is not None:
            self._replies.append(reply if isinstance(reply, bytes) else reply.encode("latin-1", "replace"))

    def _waited(self, now: float) -> bool:
        """Return whether nothing is waited for; take the reply of a command that has just got done."""
        wait = self._wait
        if wait is None:
            return True
        if not wait.over(now):
            return False
        self._wait = None
        try:
            self._answer(wait.reply())
        except ScpiError as error:
            self._status.report(error)
        if not self._units:
            self._finish()
        return True


def _size(found: bytes | ScpiError) -> int:
    return len(found) if isinstance(found, bytes) else 0
