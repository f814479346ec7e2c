"""Read what instruments answer in SCPI: numbers and what stands for none, identities, errors, compound answers. Pure."""

import re
from dataclasses import dataclass

from station.core.errors import LinkError

NOT_A_NUMBER = 9.0e37
OVERLOAD = 9.9e37
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_READING = re.compile(r"[+-]\d\.\d{8}E[+-]\d{2}", re.ASCII)
_ERROR = re.compile(r'([+-]?\d{1,6})\s*,\s*".*"', re.DOTALL | re.ASCII)
_NO_ERROR = re.compile(r'[+-]?0,\s*"No error"', re.IGNORECASE | re.ASCII)  # SCPI-99 21.8.8: exactly these words
_FIELD = re.compile(r'(?:[^;"]|"[^"]*")*')


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an instrument says it is, from its answer to *IDN?."""

    maker: str
    model: str
    serial: str
    firmware: str

    @property
    def simulated(self) -> bool:
        """Return whether it says that it is a simulated one."""
        return self.serial.startswith("SIM")


def parse_identity(answer: str) -> Identity:
    """Read the answer to *IDN?; raises LinkError when it is not four words with commas."""
    words = [word.strip() for word in answer.split(",", 3)]
    if len(words) != 4 or not all(words[:3]):
        raise LinkError(f"{answer[:80]!r} is not an answer to *IDN?")
    return Identity(*words)


def parse_number(word: str) -> float | None:
    """Return the number that `word` is, or None for what stands for none: 9.9E37, 9.91E37, ****, nothing, or any other text."""
    word = word.strip()
    if not _NUMBER.fullmatch(word):
        return None
    number = float(word)
    return number if abs(number) < NOT_A_NUMBER else None


def parse_reading(word: str) -> float | None:
    """Return the reading that `word` is, None for an overload; raises LinkError unless it is written in full.

    `+1.2345` may be what is left of `+1.23456789E-04`: only the full form proves that nothing was cut off. 9.91E37 is no
    overload: the meter has no value at all, and another range would not give it one.
    """
    word = word.strip()
    if not _READING.fullmatch(word):
        raise LinkError(f"{word[:40]!r} is not a whole reading like +1.23456789E-04")
    if abs(float(word)) > OVERLOAD:
        raise LinkError(f"{word} is not a number but what SCPI writes where there is none")
    return parse_number(word)


def text_of(line: bytes) -> str:
    """Return a line as text without blanks around it; raises LinkError for bytes that are no ASCII."""
    try:
        return line.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise LinkError(f"{line[:60]!r} is not text") from error


def split(answer: str) -> list[str]:
    """Return the fields of a compound answer: split at `;`, but not inside quotes; raises LinkError where a quote is left open.

    Nothing is dropped: an empty field is a field, or a semicolon for a digit would move the answers of two questions.
    """
    fields, at = [], 0
    while form := _FIELD.match(answer, at):
        fields.append(form[0].strip())
        at = form.end() + 1
        if at > len(answer):
            return fields
        if answer[at - 1] != ";":
            break
    raise LinkError(f"{answer[:80]!r} has a quote that is not closed")


def whole(word: str) -> int:
    """Return the whole number that `word` is; raises LinkError when it is none."""
    number = parse_number(word)
    if number is None:
        raise LinkError(f"{word[:60]!r} is not a whole number")
    return int(number)


def is_empty(entry: str) -> bool:
    """Return whether an answer of the error queue says that there is no error; raises LinkError for what is no entry."""
    if _NO_ERROR.fullmatch(entry):
        return True
    form = _ERROR.fullmatch(entry)
    if form is None or int(form[1]) == 0:
        raise LinkError(f"{entry[:60]!r} is not an entry of an error queue")
    return False
