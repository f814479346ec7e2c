"""Lay out the small sections of a document: headings, facts, failures, equipment, statements, places to sign, the end mark."""

from collections.abc import Sequence

from station.certificates.cells import Lines, figure, lines, parts
from station.certificates.content import Content
from station.certificates.facts import Fact
from station.certificates.language import Statement
from station.certificates.layout import Piece, gap
from station.certificates.table import LEADING, entry
from station.certificates.template import Template
from station.charts import fonts
from station.charts.ink import BAD, BLACK, GREY, RULE, Ink
from station.charts.legible import fitting, legible
from station.charts.surface import Box, Look, Stroke, Surface

_ACROSS = 4
_GUTTER = 12.0
_EQUIPMENT = ("role", "instrument", "instrument_serial", "instrument_firmware", "calibration", "calibrated", "due")
_SHARES = (0.23, 0.21, 0.12, 0.13, 0.14, 0.09, 0.08)
_STATEMENT = 78.0
_TOGETHER = 24  # lines of a paragraph that a page does not part
_SIGN = 38.0
_APART, _CLOSE = 18.0, 15.5  # pt: a heading, with what is left above it
_FONT = Look(6.6)
_ENTRY = Look(6.4)


def heading(text: str, ink: Ink = BLACK, *, close: bool = False) -> Piece:
    """Return the heading of a section, which stays with what follows it; `close` to what is above it where room is short."""
    return Piece(
        _CLOSE if close else _APART,
        lambda surface, box: figure(surface, Box(box.x, box.y + 3.5, box.width, 10), text, Look(9.5, ink, bold=True)),
        keep=True,
    )


def facts(content: Content, width: float) -> list[Piece]:
    """Return the facts, as many on a line as have room in four columns."""
    rows: list[list[Fact]] = [[]]
    for fact in content.facts:
        if sum(one.columns for one in rows[-1]) + fact.columns > _ACROSS:
            rows.append([])
        rows[-1].append(fact)
    return [*(_facts(row, width / _ACROSS) for row in rows), gap(3)]


def _facts(row: Sequence[Fact], column: float) -> Piece:
    cells = [_fact(fact, fact.columns * column - _GUTTER) for fact in row]

    def draw(surface: Surface, box: Box) -> None:
        left = box.x
        for fact, cell in zip(row, cells, strict=True):
            top = box.top
            for block in cell:
                block.draw(surface, left, top)
                top -= block.height
            left += fact.columns * column

    return Piece(max(sum(block.height for block in cell) for cell in cells) + 3, draw)


def _fact(fact: Fact, wide: float) -> tuple[Lines, ...]:
    size = fitting(fact.value, wide, 8.6, 6.6, bold=True)
    return (
        lines(fact.label, wide, Look(6.3, GREY), leading=LEADING),
        lines(fact.value, wide, Look(size, bold=True), leading=LEADING),
        lines(fact.note, wide, Look(5.9, GREY), leading=LEADING),
    )


def failures(content: Content, template: Template, width: float) -> list[Piece]:
    """Return what failed, in words, each sentence beside a heavy rule; none when the unit passed."""
    if not content.failures:
        return []
    pieces = [heading(template.label("failures"), BAD)]
    for number, sentence in enumerate(content.failures):
        block = lines(sentence, width - 14, Look(9, BLACK, bold=number == 0))
        pieces += [piece for part in parts(block, _TOGETHER) for piece in _ruled(part)]
    return [*pieces, gap(10)]


def _ruled(block: Lines) -> list[Piece]:
    def draw(surface: Surface, box: Box) -> None:
        surface.box(Box(box.x, box.y, 3, box.height), fill=BAD)
        block.draw(surface, box.x + 12, box.top - 1.5)

    return [Piece(block.height + 3, draw)]


def equipment(content: Content, template: Template, width: float, *, close: bool) -> list[Piece]:
    """Return the table of measuring equipment; its head comes again on every page."""
    captions = tuple(template.label(key) for key in _EQUIPMENT)
    head = entry(captions, _SHARES, width, Look(6.3, BLACK, bold=True), RULE, keep=True)
    rows = [entry(row, _SHARES, width, _ENTRY, again=head) for row in content.instruments]
    return [heading(template.label("instruments"), close=close), head, *rows] if rows else []


def statements(content: Content, template: Template, width: float, *, close: bool = False) -> list[Piece]:
    """Return the paragraphs of small print, each with its title at the left, on one page if they fit on one."""
    told = content.statements
    loose = told[-1] if content.looks == 2 else None  # later it stays with what follows: no places to sign stand alone on a page
    pieces = [piece for one in told for piece in _statement(one, width, last=one is loose)]
    return [heading(template.label("statements"), close=close), *pieces]


def _statement(statement: Statement, width: float, *, last: bool) -> list[Piece]:
    title = lines(statement.title, _STATEMENT - 8, Look(6.8, bold=True))
    cut = parts(lines(statement.text, width - _STATEMENT, _FONT, leading=LEADING), _TOGETHER)
    heads = [title, *(Lines((), title.look) for _ in cut[1:])]
    whole = len(cut) == 1
    return [_paragraph(head, text, keep=whole and not last) for head, text in zip(heads, cut, strict=True)]


def _paragraph(title: Lines, text: Lines, *, keep: bool) -> Piece:

    def draw(surface: Surface, box: Box) -> None:
        title.draw(surface, box.x, box.top)
        text.draw(surface, box.x + _STATEMENT, box.top)

    return Piece(max(title.height, text.height) + 2, draw, keep)


def signatures(template: Template, width: float, *, close: bool = False) -> list[Piece]:
    """Return the places to sign, side by side."""
    places = template.signatures
    if not places:
        return []
    wide = (width - _GUTTER * (len(places) - 1)) / len(places)

    def draw(surface: Surface, box: Box) -> None:
        for number, place in enumerate(places):
            _place(surface, Box(box.x + number * (wide + _GUTTER), box.y + 4, wide, _SIGN), place, template)

    return [heading(template.label("signatures"), close=close), Piece(_SIGN + 4, draw, keep=True)]


def _place(surface: Surface, box: Box, place: str, template: Template) -> None:
    surface.box(box, stroke=Stroke(RULE, 0.5), radius=3)
    figure(surface, Box(box.x + 8, box.top - 12, box.width - 16, 8), template.term(place), Look(7.5, BLACK, bold=True))
    line, half = box.top - 22, box.width / 2
    _blank(surface, Box(box.x + 8, line, half - 2, 8), template.label("name"))
    _blank(surface, Box(box.x + half + 12, line, half - 20, 8), template.label("date"))
    _blank(surface, Box(box.x + 8, box.y + 5, box.width - 16, 8), template.label("signature"))


def _blank(surface: Surface, box: Box, caption: str) -> None:
    look = Look(6.3, GREY)
    wide = min(fonts.width(legible(caption), look.size), 0.5 * box.width)
    figure(surface, Box(box.x, box.y, wide, 8), caption, look)
    surface.path([(box.x + wide + 4, box.y - 1), (box.right, box.y - 1)], Stroke(RULE, 0.4))


def end_mark(content: Content) -> Piece:
    """Return the mark after which nothing more belongs to the document."""

    def draw(surface: Surface, box: Box) -> None:
        look = Look(7.5, GREY, align="center")
        figure(surface, Box(box.x, box.y + 2, box.width, 8), f"—  {content.end}  —", look)

    return Piece(12, draw)
