"""SCPI errors: the standard numbers with their texts, and the bounded queue that keeps them until they are read."""

from collections import deque

TEXTS = {
    0: "No error",
    -100: "Command error",
    -101: "Invalid character",
    -102: "Syntax error",
    -103: "Invalid separator",
    -104: "Data type error",
    -108: "Parameter not allowed",
    -109: "Missing parameter",
    -112: "Program mnemonic too long",
    -113: "Undefined header",
    -114: "Header suffix out of range",
    -120: "Numeric data error",
    -121: "Invalid character in number",
    -123: "Exponent too large",
    -128: "Numeric data not allowed",
    -131: "Invalid suffix",
    -138: "Suffix not allowed",
    -141: "Invalid character data",
    -148: "Character data not allowed",
    -151: "Invalid string data",
    -158: "String data not allowed",
    -161: "Invalid block data",
    -200: "Execution error",
    -210: "Trigger error",
    -211: "Trigger ignored",
    -213: "Init ignored",
    -214: "Trigger deadlock",
    -220: "Parameter error",
    -221: "Settings conflict",
    -222: "Data out of range",
    -223: "Too much data",
    -224: "Illegal parameter value",
    -230: "Data stale",
    -240: "Hardware error",
    -241: "Hardware missing",
    -256: "File name not found",
    -310: "System error",
    -350: "Error queue overflow",
    -363: "Input buffer overrun",
    -410: "Query INTERRUPTED",
    -420: "Query UNTERMINATED",
    -430: "Query DEADLOCKED",
}


class ScpiError(Exception):
    """A command that cannot be obeyed, with the number that the error queue will hold."""

    def __init__(self, code: int, text: str = "") -> None:
        self.code = code
        self.text = text or TEXTS[code]
        super().__init__(f"{self.code:+d},{self.text}")


class ErrorQueue:
    """The errors not yet read, oldest first, at most `depth`; when full, the newest is replaced by -350."""

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._errors: deque[ScpiError] = deque()

    def __len__(self) -> int:
        """Return how many errors wait to be read."""
        return len(self._errors)

    def add(self, error: ScpiError) -> None:
        """Keep `error`, or say that the queue overflowed."""
        if len(self._errors) < self._depth:
            self._errors.append(error)
        else:
            self._errors[-1] = ScpiError(-350)

    def next(self) -> str:
        """Take the oldest error off, as the reply to `SYSTem:ERRor?`."""
        error = self._errors.popleft() if self._errors else ScpiError(0)
        return f'{error.code:+d},"{error.text}"'

    def clear(self) -> None:
        """Forget all errors."""
        self._errors.clear()
