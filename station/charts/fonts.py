"""Bring FiraGO, which travels as a wheel, to reportlab: the only typeface on our documents."""

from functools import cache, lru_cache
from io import BytesIO

import pymupdf_fonts
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from station.charts.slim import slim

REGULAR = "FiraGO"
BOLD = "FiraGO-Bold"
_WHEEL = {REGULAR: "figo", BOLD: "figbo"}


@cache
def prepare() -> None:
    """Give both faces to reportlab unless it has them; 60 ms the first time.

    reportlab keeps fonts for the whole process, and replacing one under a half-drawn document would spoil it: so the slow part
    comes before the look, and a program that draws in several threads calls this once before it starts them.
    """
    missing = [name for name in _WHEEL if name not in pdfmetrics.getRegisteredFontNames()]
    made = [TTFont(name, BytesIO(slim(pymupdf_fonts.myfont(_WHEEL[name])))) for name in missing]
    for font in made:
        if font.fontName not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(font)


def has(character: str) -> bool:
    """Return whether both faces have a glyph for `character`."""
    prepare()
    return ord(character) in pdfmetrics.getFont(REGULAR).face.charToGlyph


@lru_cache(maxsize=4096)  # a document measures most of its words several times, and the next document the same ones
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide `text` stands at `size` pt, in pt."""
    prepare()
    return float(pdfmetrics.stringWidth(text, BOLD if bold else REGULAR, size))
