"""Make any text printable: what the typeface lacks or cannot set is named in brackets, never left out and never a blank box."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from station.charts import fonts

_RIGHT_TO_LEFT = ("R", "AL", "AN")
_UNPRINTABLE = ("Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Mc", "Me", "Zl", "Zp")
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3][\u3001-\u3011\uff01-\uff1f]*|[^\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
)
_TOGETHER = "\u00a0"  # the no-break space
_WHOLE = ("W", "F")  # Chinese, Japanese and Korean signs stand side by side as they are
_HEBREW = 0x590  # letters from here on are joined or stacked by scripts that we do not set


def legible(text: str) -> str:
    """Return `text` in composed form, white space as plain or no-break spaces, and what cannot be set as [U+4E2D]."""
    return _legible(text, fonts.beside())


@lru_cache(maxsize=4096)
def _legible(text: str, _beside: str) -> str:
    return "".join(_shown(character) for character in unicodedata.normalize("NFC", text))


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Zs" or character in "\t\n\r":
        return character if character == _TOGETHER else " "
    turned = unicodedata.bidirectional(character) in _RIGHT_TO_LEFT
    joined = kind == "Lo" and ord(character) >= _HEBREW and unicodedata.east_asian_width(character) not in _WHOLE
    if turned or joined or kind in _UNPRINTABLE or not fonts.has(character):
        return f"[U+{ord(character):04X}]"
    return character


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Return `text` in lines no wider than `width` pt at `size` pt; a word too long for a line is cut hard, none is lost."""
    return _wrapped(legible(text), width, size, bold, fonts.beside())


@lru_cache(maxsize=4096)  # the next document has most of the same titles and notes
def _wrapped(text: str, width: float, size: float, bold: bool, _beside: str) -> tuple[str, ...]:
    lines = [""]
    for word, glue in _words(text):
        longer = f"{lines[-1]}{glue}{word}".strip(" ")
        if fonts.width(longer, size, bold=bold) <= width:
            lines[-1] = longer
            continue
        pieces = _pieces(word, width, size, bold=bold)
        lines = [*(lines if lines[-1] else lines[:-1]), *pieces]
    return tuple(lines)


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of `text`, each with what joins it to the one before; every Chinese sign is a word, with its stops."""
    for word in filter(None, text.split(" ")):
        parts = _WORD.findall(word)
        yield from ((part, "" if number else " ") for number, part in enumerate(parts))


def _pieces(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and fonts.width(pieces[-1] + character, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def fitting(text: str, width: float, size: float, least: float, *, bold: bool = False) -> float:
    """Return the largest size in pt, from `size` down to `least`, at which `text` is no wider than `width` pt."""
    wide = fonts.width(legible(text), size, bold=bold)
    return size if wide <= width else max(least, int(10 * size * width / wide) / 10)


def shortened(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return `text`, ended with … where it would be wider than `width` pt: only for what stands in full elsewhere."""
    shown = legible(text)
    if fonts.width(shown, size, bold=bold) <= width:
        return shown
    while shown and fonts.width(shown + "…", size, bold=bold) > width:
        shown = shown[:-1]
    return shown.rstrip() + "…"
