"""Make any text printable: what the typeface lacks or cannot set is named in brackets, never left out and never a blank box."""

import unicodedata
from functools import lru_cache

from station.charts import fonts

_RIGHT_TO_LEFT = ("R", "AL", "AN")
_UNPRINTABLE = ("Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Mc", "Me", "Zl", "Zp")
_TOGETHER = "\u00a0"  # the no-break space
_HEBREW = 0x590  # letters from here on are joined or stacked by scripts that we do not set


@lru_cache(maxsize=4096)
def legible(text: str) -> str:
    """Return `text` in composed form, white space as plain or no-break spaces, and what cannot be set as [U+4E2D]."""
    return "".join(_shown(character) for character in unicodedata.normalize("NFC", text))


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Zs" or character in "\t\n\r":
        return character if character == _TOGETHER else " "
    turned = unicodedata.bidirectional(character) in _RIGHT_TO_LEFT
    joined = kind == "Lo" and ord(character) >= _HEBREW
    if turned or joined or kind in _UNPRINTABLE or not fonts.has(character):
        return f"[U+{ord(character):04X}]"
    return character


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Return `text` in lines no wider than `width` pt at `size` pt; a word too long for a line is cut hard, none is lost."""
    lines = [""]
    for word in filter(None, legible(text).split(" ")):
        longer = f"{lines[-1]} {word}".strip(" ")
        if fonts.width(longer, size, bold=bold) <= width:
            lines[-1] = longer
            continue
        pieces = _pieces(word, width, size, bold=bold)
        lines = [*(lines if lines[-1] else lines[:-1]), *pieces]
    return tuple(lines)


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
