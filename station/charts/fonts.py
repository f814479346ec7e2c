"""Bring typefaces to reportlab: FiraGO, which travels as a wheel, and behind it one more where a template names one.

Which one stands behind is said by `behind`, for as long as one document is laid out and drawn: text of another document, in
another thread, is not set in it.
"""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import groupby

import pymupdf_fonts
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from station.charts.slim import slim
from station.core.errors import StationError

REGULAR = "FiraGO"
BOLD = "FiraGO-Bold"
_WHEEL = {REGULAR: "figo", BOLD: "figbo"}
_NAMED = 16  # hex digits of a typeface's digest by which reportlab knows it
_behind: ContextVar[str] = ContextVar("the typeface behind", default="")


@cache
def prepare() -> None:
    """Give both faces to reportlab unless it has them; 60 ms the first time.

    reportlab keeps fonts for the whole process, and replacing one under a half-drawn document would spoil it: so the slow part
    comes before the look, and a program that draws in several threads calls this once before it starts them.
    """
    for name, wheel in _WHEEL.items():
        _give(name, lambda wheel=wheel: slim(pymupdf_fonts.myfont(wheel)))  # type: ignore[misc]  # a default is typed by its value


def _give(name: str, content: Callable[[], bytes]) -> None:
    """Give a face to reportlab unless it has it."""
    if name in pdfmetrics.getRegisteredFontNames():
        return
    made = TTFont(name, BytesIO(content()))
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(made)


@contextmanager
def behind(typeface: bytes) -> Iterator[None]:
    """Set what FiraGO lacks in `typeface`, a TrueType file, while the `with` lasts; in nothing, where that is empty.

    Raises StationError when the file cannot be used.
    """
    name = sha256(typeface).hexdigest()[:_NAMED] if typeface else ""
    if name:
        try:
            _give(name, lambda: slim(typeface))
        except (TTFError, ValueError, KeyError, IndexError, struct.error) as error:
            raise StationError(f"the typeface that the template names cannot be used: {error}. Name a TrueType file") from error
    token = _behind.set(name)
    try:
        yield
    finally:
        _behind.reset(token)


def beside() -> str:
    """Return the name of the typeface that stands behind FiraGO now, empty where none does: what a cache of texts depends on."""
    return _behind.get()


def has(character: str) -> bool:
    """Return whether `character` can be set."""
    prepare()
    return _in(REGULAR, character) or (beside() != "" and _in(beside(), character))


def _in(face: str, character: str) -> bool:
    return ord(character) in pdfmetrics.getFont(face).face.charToGlyph


def runs(text: str, *, bold: bool = False) -> tuple[tuple[str, str], ...]:
    """Return `text` in stretches of one face each: the face's name, and the stretch. What no face has is FiraGO's to miss."""
    return _runs(text, BOLD if bold else REGULAR, beside())


@lru_cache(maxsize=4096)
def _runs(text: str, face: str, other: str) -> tuple[tuple[str, str], ...]:
    if not other or text.isascii():
        return ((face, text),)
    named = ((face if _in(face, one) or not _in(other, one) else other, one) for one in text)
    return tuple((name, "".join(one for _, one in stretch)) for name, stretch in groupby(named, key=lambda pair: pair[0]))


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide `text` stands at `size` pt, in pt."""
    prepare()
    return _width(text, size, BOLD if bold else REGULAR, beside())


@lru_cache(maxsize=4096)  # a document measures most of its words several times, and the next document the same ones
def _width(text: str, size: float, face: str, other: str) -> float:
    return sum(float(pdfmetrics.stringWidth(stretch, name, size)) for name, stretch in _runs(text, face, other))
