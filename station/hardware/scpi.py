"""Speak SCPI over a link: groups of commands with their errors, strict numbers, blocks of any bytes, and who it is.

A command is written in full from the root (":VOLT:DC:RANG 1"), so that a group can travel as one message.
"""

from collections.abc import Sequence
from typing import TypeVar

from station.core.clock import Clock
from station.core.errors import InstrumentError, LinkError, RefusedError
from station.hardware.link import ADVICE, PATIENCE, Link
from station.hardware.scpi_text import Identity, is_empty, parse_identity, parse_number, parse_reading, split, text_of, whole

_T = TypeVar("_T")
_MOST_ERRORS = 20
_POWERED_ON = 128
_EVENTS = ("*ESR?", ":SYST:ERR?")
_LARGEST_BLOCK = 100_000_000
_SLOWEST = 100_000  # bytes a second at which the slowest instruments send a block


Readings = tuple[list[float | None], tuple[str, ...]]
"""Readings, None for one that is over range, and the answers to what was asked with them."""


class ChangedError(InstrumentError):
    """The instrument is not as we left it: it was power-cycled, swapped, or somebody moved a setting; what it said is void."""


class Scpi:
    """One instrument's language on its link.

    `takes` is how long an answer may take beyond the wire, in s of the line's clock: an instrument of a hurried simulation
    hurries too, its wire does not.
    """

    def __init__(self, link: Link, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._tag = 0
        self._who = ""

    @property
    def name(self) -> str:
        """Return what people call this instrument."""
        return self._link.name

    @property
    def dirty(self) -> str | None:
        """Return why its replies cannot be believed, or None."""
        return self._link.dirty

    def command(self, *group: str, takes: float = 0.0) -> None:
        """Send a group of commands, then read the error queue: an error is attributed to this group."""
        self._checked(group, (), "; ".join(group), takes)

    def command_and_ask(self, group: Sequence[str], questions: Sequence[str]) -> tuple[str, ...]:
        """Send a group of commands, then ask `questions` and read the error queue in one message; return each answer."""
        return self._checked(group, questions, "; ".join(group), 0.0)

    def ask_and_check(self, questions: Sequence[str], what: str) -> tuple[str, ...]:
        """Ask `questions` and read the error queue behind them, in one message; return each answer."""
        return self._checked((), questions, what, 0.0)

    def start_afresh(self) -> None:
        """Reset it, empty its error queue, and forget that it was switched on before we came."""
        if self.number("*RST;*OPC?", takes=10.0) != 1:
            raise InstrumentError(f"{self.name} does not answer 1 to *RST;*OPC?; {ADVICE}")
        self.number("*CLS;*ESR?")

    def check(self, what: str, takes: float = 0.0) -> None:
        """Raise RefusedError with all that the error queue holds, ChangedError if it was switched off and on."""
        self._checked((), (), what, takes)

    def _checked(self, group: Sequence[str], questions: Sequence[str], what: str, takes: float) -> tuple[str, ...]:
        with self._link.exchange() as link:
            if group:
                link.send(_message(group))  # a message of its own: who is lost in it answers the next one
            *answers, status, entry = self._answers(link, (*questions, *_EVENTS), takes)
            events, error = whole(status), "" if is_empty(entry) else entry
        self._refuse(events, error, what)
        return tuple(answers)

    def _refuse(self, events: int, error: str, what: str) -> None:
        errors = []
        while error:
            errors.append(error)
            if len(errors) == _MOST_ERRORS:
                break
            error = self._next_error()
        if events & _POWERED_ON:
            raise ChangedError(f"{self.name} was switched off and on, its settings are gone; {ADVICE}")
        if errors:
            raise RefusedError(f"{self.name} refused {what!r}: {' / '.join(errors)}")

    def _answers(self, link: Link, questions: Sequence[str], takes: float) -> list[str]:
        link.send(_message(questions))
        answer = text_of(link.line(self._patience(takes)))
        return _fields(answer, ";".join(questions), len(questions))

    def _next_error(self) -> str:
        with self._link.exchange() as link:
            link.send(_message((":SYST:ERR?",)))
            entry = text_of(link.line(self._patience(0.0)))
            return "" if is_empty(entry) else entry

    def ask(self, question: str, takes: float = 0.0) -> str:
        """Return the answer to one message, a line of text."""
        with self._link.exchange() as link:
            link.send(_message((question,)))
            return text_of(link.line(self._patience(takes)))

    def number(self, question: str, takes: float = 0.0) -> float:
        """Return the number that answers; raises InstrumentError for anything that is none."""
        answer = self.ask(question, takes)
        number = parse_number(answer)
        if number is None:
            raise InstrumentError(f"{self.name} answered {answer[:60]!r} to {question}, which is not a number; {ADVICE}")
        return number

    def readings_twice(self, question: str, count: int, others: Sequence[str], takes: float = 0.0) -> Readings:
        """Return readings that were the same two times, and what answers the questions `others` and the error queue behind them.

        All of it is asked in one message; the question must leave the readings where they are.
        """
        with self._link.exchange() as link:
            asked = (question, question, *others, *_EVENTS)
            first, second, *answers, status, entry = self._answers(link, asked, takes)
            readings, again = _readings(first, count), _readings(second, count)
            events, error = whole(status), "" if is_empty(entry) else entry
        self._refuse(events, error, question)
        return self.agreed(question, readings, again), tuple(answers)

    def agreed(self, question: str, first: _T, second: _T) -> _T:
        """Return what was answered both times to a question that was asked twice: SCPI has no check sums."""
        if first != second:
            raise InstrumentError(f"{self.name} answered {question!r} differently when asked again: its line is bad; {ADVICE}")
        return first

    def numbers(self, *questions: str) -> list[float]:
        """Ask several questions in one message and return the number that answers each."""
        with self._link.exchange() as link:
            words = self._answers(link, questions, 0.0)
            numbers = [number for word in words if (number := parse_number(word)) is not None]
            if len(numbers) != len(words):
                raise LinkError(f"{';'.join(words)[:60]!r} are not numbers")
            return numbers

    def block(self, question: str, takes: float = 0.0, most: int = _LARGEST_BLOCK) -> bytearray:
        """Return the bytes of the definite block that answers, at most `most`; it may hold any byte, and must end with LF."""
        with self._link.exchange() as link:
            link.send(_message((question,)))
            patience = self._patience(takes)
            head = bytes(link.exactly(2, patience))
            if head[:1] != b"#" or head[1:] not in (b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9"):
                raise LinkError(f"{head!r} does not begin a block")
            digits = bytes(link.exactly(int(head[1:]), patience))
            if not digits.isdigit() or int(digits) > most:
                raise LinkError(f"{digits!r} is not the length of a block of at most {most} bytes")
            data = link.exactly(int(digits), patience + int(digits) / _SLOWEST)
            if link.line(patience):
                raise LinkError(f"the block of {int(digits)} bytes does not end where it says")
            return data

    def block_twice(self, question: str, takes: float, most: int) -> bytearray:
        """Return the bytes of a block that was the same two times; the question must leave them where they are."""
        return self.agreed(question, self.block(question, takes, most), self.block(question, takes, most))

    def identify(self) -> Identity:
        """Ask who it is."""
        with self._link.exchange() as link:
            link.send(b"*IDN?\n")
            self._who = text_of(link.line(PATIENCE))
            return parse_identity(self._who)

    def resync(self) -> None:
        """Make a dirty link believable again: a question with a fresh tag must be answered by that tag and the same identity."""
        self._tag = self._tag % 127 + 1
        expected = [str(self._tag).encode(), self._who.encode()]

        def is_answer(line: bytes) -> bool:
            words = [word.strip() for word in line.split(b";", 1)]
            return [words[0].removeprefix(b"+"), *words[1:]] == expected  # Truevolt writes +1, others 1

        self._link.resync(b"*ESE %d;*ESE?;*IDN?\n" % self._tag, is_answer, PATIENCE)

    def close(self) -> None:
        """Close the link."""
        self._link.close()

    def _patience(self, takes: float) -> float:
        return PATIENCE + takes / self._clock.speed


def _message(group: Sequence[str]) -> bytes:
    return ";".join(group).encode("ascii") + b"\n"


def _fields(answer: str, question: str, count: int) -> list[str]:
    words = split(answer)
    if len(words) != count:
        raise LinkError(
            f"{answer[:80]!r} answers {question[:60]!r}, which asks for {count} {'thing' if count == 1 else 'things'}"
        )
    return words


def _readings(answer: str, count: int) -> list[float | None]:
    """Return exactly `count` readings, each written in full, None where one is over range."""
    words = answer.split(",")
    if len(words) != count:
        raise LinkError(f"{len(words)} readings came, not {count}: {answer[:60]!r}")
    return [parse_reading(word) for word in words]
