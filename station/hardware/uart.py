"""Talk with the unit through the fixture's UART: send a line, collect what comes back until its end or until patience is over."""

from collections.abc import Callable

from station.core.clock import Clock
from station.core.errors import InstrumentError
from station.hardware.replies import Reply

_MOST_BYTES = 60
_PAUSE = 0.01
_MOST_STALE = 100


class Uart:
    """The service UART of slot number `number`; `ask` sends a request to the fixture, and raises when the session is over."""

    def __init__(self, ask: Callable[[str], Reply], number: int, clock: Clock) -> None:
        self._ask = ask
        self._number = number
        self._clock = clock

    def tell(self, line: str, patience: float) -> str | None:
        """Send `line` and return the answer's line, or None when none was complete after `patience` s of the line's clock.

        What the unit said before is dropped first: an old answer must not answer a new question.
        """
        self._drop_old()
        self._send(line.encode("ascii") + b"\n")
        never = self._clock.stop()
        end = self._clock.now() + patience
        heard = b""
        while True:
            late = self._clock.now() >= end  # asked before reading: the last look begins after patience is over
            heard += self._read()
            if b"\n" in heard:
                return heard.split(b"\n", 1)[0].rstrip(b"\r").decode("ascii", "backslashreplace")
            if late:
                self._ask("PING")  # raises why the session is over: whatever makes a slot safe silences its unit
                return None
            self._clock.wait(_PAUSE, never)

    def _drop_old(self) -> None:
        for _ in range(_MOST_STALE):  # a unit that never stops talking gives a wrong answer, which is its own fault
            if not self._read():
                return

    def _send(self, data: bytes) -> None:
        for start in range(0, len(data), _MOST_BYTES):
            self._ask(f"UART {self._number} SEND {data[start : start + _MOST_BYTES].hex().upper()}")

    def _read(self) -> bytes:
        word = self._ask(f"UART {self._number} READ").word("data")
        try:
            return b"" if word == "-" else bytes.fromhex(word)
        except ValueError:
            raise InstrumentError(f"the fixture gave {word!r} for what the unit said") from None
