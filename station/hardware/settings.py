"""Hold an instrument's settings: write what changes, read everything back, and ask again before a value is believed."""

from collections.abc import Mapping, Sequence

from station.hardware.scpi import ChangedError, Scpi
from station.hardware.scpi_text import parse_number

Wanted = Mapping[str, float | int | str]
"""Headers from the root (":VOLT:DC:RANG") and what each is to be; in the order in which they must be written."""

_CLOSE = 1e-6


class Settings:
    """What an instrument was told and has confirmed since the link was last sound."""

    def __init__(self, scpi: Scpi) -> None:
        self._scpi = scpi
        self._held: dict[str, float | int | str] = {}

    def forget(self) -> None:
        """Believe nothing: all is written afresh next time."""
        self._held = {}

    def hold(self, wanted: Wanted) -> bool:
        """Make the instrument hold exactly `wanted`, and prove it; what it holds already is not written again.

        Return whether anything was.
        """
        changes = {header: value for header, value in wanted.items() if self._held.get(header) != value}
        self.forget()
        if changes:
            commands = [f"{header} {_said(value)}" for header, value in changes.items()]
            self._prove(changes, self._scpi.command_and_ask(commands, _questions(changes)))
        self._held = dict(wanted)
        return bool(changes)

    def confirm(self, what: str) -> None:
        """Ask for everything again, and for errors behind `what`; raise ChangedError if a setting moved under us: it is void."""
        held = self._held
        self.forget()
        self._prove(held, self._scpi.ask_and_check(_questions(held), what))
        self._held = held

    def readings(self, question: str, count: int, takes: float) -> list[float | None]:
        """Return readings that were the same two times, None for one over range; all settings are confirmed behind them."""
        held = self._held
        self.forget()
        readings, answers = self._scpi.readings_twice(question, count, _questions(held), takes)
        self._prove(held, answers)
        self._held = held
        return readings

    def _prove(self, held: Wanted, answers: Sequence[str]) -> None:
        for (header, value), answer in zip(held.items(), answers, strict=True):
            if not same(value, answer):
                said = f"{self._scpi.name} answered {answer[:60]!r} to {header}?, not {_said(value)}"
                cause = "it was rounded or garbled, or somebody touched the front panel"
                raise ChangedError(f"{said}: {cause}; look at its cable and its panel, then test the unit again")


def _questions(held: Wanted) -> list[str]:
    return [f"{header}?" for header in held]


def same(value: float | int | str, answer: str) -> bool:
    """Return whether `answer` says `value`: numbers to a millionth, words in any case, quoted or not, CHAN1 for CHANnel1."""
    answer = answer.strip().strip('"')
    if isinstance(value, str):
        (said, of_said), (short, of_short) = (_word(text) for text in (answer, value.strip('"')))
        return (said == short or (said.isalpha() and len(short) >= 3 and said.startswith(short))) and of_said == of_short
    number = parse_number(answer)
    return number is not None and abs(number - value) <= _CLOSE * max(abs(value), 1e-9)


def _word(text: str) -> tuple[str, str]:
    """Return a word in capitals, and the number behind it: CHAN and 1."""
    word = text.upper().rstrip("0123456789")
    return word, text[len(word) :]


def _said(value: float | int | str) -> str:
    return f"{value:.9G}" if isinstance(value, float) else str(value)
