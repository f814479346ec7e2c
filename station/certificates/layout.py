"""Break a run of pieces into pages: nothing is cut, headings stay with what they head, table heads come again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from station.charts.surface import Box, Surface


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a document that is never broken: its height in pt, and how it is drawn into a box of that height.

    `keep` keeps it on one page with the piece after it; `again` is drawn above it where it opens a page.
    """

    height: float
    draw: Callable[[Surface, Box], None]
    keep: bool = False
    again: "Piece | None" = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece and the distance in pt from the top of the page's body to its upper edge."""

    piece: Piece
    top: float


Page = tuple[Placed, ...]


def gap(height: float) -> Piece:
    """Return `height` pt of nothing."""
    return Piece(height, _nothing)


def _nothing(_surface: Surface, _box: Box) -> None:
    """Draw a gap."""


def closed(pieces: Iterable[Piece], end: Piece) -> list[Piece]:
    """Return `pieces` and their `end`, in one with the last of them that shows something: so it stands alone on no page."""
    shown = list(pieces)
    last = [end]
    while shown and (last[0] is end or last[0].draw is _nothing):
        last.insert(0, shown.pop())
    return [*shown, _together(last)]


def _together(pieces: list[Piece]) -> Piece:
    """Return `pieces` as one, each below the one before it; above it the head comes again that would above the first."""

    def draw(surface: Surface, box: Box) -> None:
        top = box.top
        for piece in pieces:
            piece.draw(surface, Box(box.x, top - piece.height, box.width, piece.height))
            top -= piece.height

    return Piece(sum(piece.height for piece in pieces), draw, again=pieces[0].again)


def paginate(pieces: Iterable[Piece], first: float, other: float) -> tuple[Page, ...]:
    """Return `pieces` on pages whose bodies are `first` pt high on the first page and `other` pt on all others."""
    pages: list[list[Placed]] = [[]]
    used = 0.0
    for group in _groups(pieces, other):
        room = first if len(pages) == 1 else other
        if pages[-1] and used + _height(group) > room:
            pages.append([])
            used = 0.0
        opening = group[0].again if not pages[-1] and len(pages) > 1 else None
        for piece in (opening, *group) if opening else group:
            pages[-1].append(Placed(piece, used))
            used += piece.height
    return tuple(tuple(page) for page in pages)


def _height(group: tuple[Piece, ...]) -> float:
    return sum(piece.height for piece in group)


def _groups(pieces: Iterable[Piece], room: float) -> Iterator[tuple[Piece, ...]]:
    """Yield the pieces in the groups that must share a page; a group that fits on none comes piece by piece."""
    group: tuple[Piece, ...] = ()
    for piece in pieces:
        group = (*group, piece)
        if not piece.keep:
            yield from [group] if _height(group) <= room else [(one,) for one in group]
            group = ()
    if group:
        yield group
