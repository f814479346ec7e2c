"""Lay out a plain table: a line of texts for each entry, each cell wrapped in its column, the head again on every page."""

from collections.abc import Sequence

from station.certificates.cells import Lines, lines
from station.certificates.layout import Piece
from station.charts.ink import HAIR, Ink
from station.charts.legible import fitting
from station.charts.surface import Box, Look, Stroke, Surface

LEADING = 1.14  # of small print, from base line to base line
_PADDING = 6.0
_LEAST = 5.8  # pt: a cell is set so small before it takes a second line


def entry(
    texts: Sequence[str],
    shares: Sequence[float],
    width: float,
    look: Look,
    rule: Ink = HAIR,
    *,
    keep: bool = False,
    again: Piece | None = None,
) -> Piece:
    """Return one line of a table `width` pt wide, whose columns have `shares` of it, with a `rule` below."""
    cut = cells(texts, shares, width, look)

    def draw(surface: Surface, box: Box) -> None:
        left = box.x
        for cell, share in zip(cut, shares, strict=True):
            cell.draw(surface, left, box.top - 0.8)
            left += share * width
        surface.path([(box.x, box.y), (box.right, box.y)], Stroke(rule, 0.5))

    return Piece(max(cell.height for cell in cut) + 2.2, draw, keep, again)


def cells(texts: Sequence[str], shares: Sequence[float], width: float, look: Look) -> list[Lines]:
    """Return `texts` cut into lines, each for its column of a table `width` pt wide."""
    return [_fitted(text, share * width - _PADDING, look) for text, share in zip(texts, shares, strict=True)]


def _fitted(text: str, wide: float, look: Look) -> Lines:
    return lines(text, wide, look._replace(size=fitting(text, wide, look.size, _LEAST, bold=look.bold)), leading=LEADING)
