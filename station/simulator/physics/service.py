"""The service pads: 115200 baud text, one line in, one line out."""

from collections import deque
from collections.abc import Callable

from station.simulator.physics.engine import Engine
from station.simulator.physics.parts import SHUT_OFF

FIRMWARE = "1.4.2"
"""The firmware version of every unit."""
FIRMWARE_CRC = "8F3A"
"""The firmware's checksum, four hexadecimal digits."""
_BYTE = 10 / 115200
_THINK = 2e-3
_LONGEST = 64
_FASTEST = 100


class Service:
    """A unit's UART: queries are always answered; any other command enters service mode until EXIT."""

    def __init__(self, serial: str, engine: Engine) -> None:
        self._serial = serial
        self._engine = engine
        self._line = bytearray()
        self._said: deque[tuple[float, bytes]] = deque()
        self._active = engine.parts.service_stuck
        self._level = 1
        self._commands: dict[str, Callable[[list[str], float], str]] = {
            "VER?": lambda _, __: f"VER {FIRMWARE}",
            "SN?": lambda _, __: f"SN {self._serial}",
            "CRC?": lambda _, __: f"CRC {FIRMWARE_CRC}",
            "TIMER?": lambda _, __: f"TIMER {SHUT_OFF:.0f}",
            "MODE?": lambda _, __: f"MODE {'SERVICE' if self._active else 'NORMAL'}",
            "LEVEL": self._choose,
            "START": self._start,
            "STOP": self._stop,
            "ACC": self._hurry,
            "EXIT": self._exit,
        }

    def hear(self, data: bytes, now: float) -> None:
        """Take bytes as they come; a line ends with CR or LF."""
        for byte in data:
            if byte not in b"\r\n":
                self._line.append(byte)
            elif self._line:
                line, self._line = bytes(self._line), bytearray()
                self._answer(line, now)

    def say(self, now: float) -> bytes:
        """Return what the unit has said up to `now` and was not yet heard."""
        heard = bytearray()
        while self._said and self._said[0][0] <= now:
            heard += self._said.popleft()[1]
        return bytes(heard)

    def _answer(self, line: bytes, now: float) -> None:
        if self._engine.parts.dead:
            return
        words = line.decode("ascii", "replace").split(" ")
        command = self._commands.get(words[0]) if len(line) <= _LONGEST else None
        if command and not words[0].endswith("?"):
            self._active = True
        reply = command(words[1:], now) if command else "ERR"
        data = reply.encode("ascii") + b"\n"
        ready = max(now + _THINK, self._said[-1][0] if self._said else now)
        self._said.append((ready + len(data) * _BYTE, data))

    def _choose(self, words: list[str], now: float) -> str:
        if words not in (["1"], ["2"], ["3"]):
            return "ERR"
        self._level = int(words[0])
        self._engine.choose(self._level, now)
        return "OK"

    def _start(self, words: list[str], now: float) -> str:
        return "OK" if not words and self._engine.start(self._level, now) else "ERR"

    def _stop(self, words: list[str], now: float) -> str:
        if words:
            return "ERR"
        self._engine.stop(now)
        return "OK"

    def _hurry(self, words: list[str], now: float) -> str:
        if len(words) != 1 or not (words[0].isascii() and words[0].isdecimal()):
            return "ERR"
        factor = int(words[0])
        if not 1 <= factor <= _FASTEST:
            return "ERR"
        self._engine.hurry(factor, now)
        return "OK"

    def _exit(self, words: list[str], now: float) -> str:
        """Leave service mode: the unit is off and its timer counts as ever, as after a normal boot."""
        if words:
            return "ERR"
        self._engine.stop(now)
        self._engine.hurry(1, now)
        self._active = self._engine.parts.service_stuck
        self._level = 1
        return "OK"
