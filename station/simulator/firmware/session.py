"""At most once: which request was the last, and what was answered."""

from collections.abc import Callable

from station.simulator.firmware.refusal import RefusedError
from station.simulator.frames import Request


class Session:
    """Keeps the last request and its reply; a repeated request is answered and not executed again."""

    def __init__(self) -> None:
        self._begun = False
        self._nonce = ""
        self._last: Request | None = None
        self._reply = ""

    def begin(self, nonce: str) -> None:
        """Start a session: the host has said HELLO."""
        self._begun = True
        self._nonce = nonce

    def answer(self, request: Request, execute: Callable[[list[str]], str]) -> str:
        """Return the reply to `request`, from the cache if it is the last one again."""
        if not self._starts_anew(request) and self._last and request.sequence == self._last.sequence:
            return self._reply if request == self._last else "ERR 12 sequence number reused with another body"
        self._last, self._reply = request, self._reply_to(request, execute)
        return self._reply

    def _reply_to(self, request: Request, execute: Callable[[list[str]], str]) -> str:
        words = request.body.split(" ")
        if not self._begun and words[0] != "HELLO":
            return "ERR 40 no session: say HELLO"
        try:
            return " ".join(["OK", execute(words)]).strip()
        except RefusedError as refused:
            return f"ERR {refused.code} {refused.text}"

    def _starts_anew(self, request: Request) -> bool:
        words = request.body.split(" ")
        return words[0] == "HELLO" and words[-1] != self._nonce
