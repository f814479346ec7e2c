"""Draw the table of results: a row of the limits on each line, its figures, a bar, and its verdict in word and sign."""

from dataclasses import dataclass

from station.certificates.cells import Lines, figure, lines
from station.certificates.content import Content
from station.certificates.layout import Piece
from station.certificates.results import ResultLine
from station.certificates.template import Template
from station.charts import limit_bar, signs
from station.charts.ink import BAD, BAD_PALE, BLACK, GOOD, GREY, GROUND, HAIR, RULE, Ink
from station.charts.legible import fitting
from station.charts.surface import Box, Look, Stroke, Surface

_FIXED = {
    "id": 38.0, "safety": 12.0, "low": 41.0, "high": 41.0, "value": 51.0,
    "unit": 27.0, "u": 36.0, "bar": 64.0, "verdict": 46.0,
}  # fmt: skip
_ORDER = ("id", "safety", "title", "low", "high", "value", "unit", "u", "bar", "verdict")
_PADDING = 4.0
_BAR = 8.0
_INDENT = 8.0
_HEAD = 20.0
_MOST_LINES = 46  # of title and of note each: together they still fit on a page
_MOST_SAID = 80
_SMALLEST = 6.4  # pt: a title that would take a second line is set so small, if then it takes one
_TEXT, _SMALL, _BOLD = Look(7.3), Look(5.9, GREY), Look(7.3, bold=True)


@dataclass(frozen=True, slots=True)
class Lead:
    """How high a row is at least, and where its parts stand, in pt below its upper edge; `leading` is that of its words.

    `base` and `second` are the base lines of its figures and of the acceptance limits; at `title` its title begins, and `note`
    below that title's height its note.
    """

    least: float
    leading: float
    base: float
    second: float
    title: float
    note: float


# Closer than elsewhere: so the full table of a product leaves two pages room for the rest
_LEAD = Lead(least=15.1, leading=1.09, base=7.5, second=13.9, title=0.6, note=0.5)
_CLOSE = Lead(least=13.9, leading=1.0, base=6.9, second=12.8, title=0.0, note=-0.1)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of the table stand: for each its left edge and its width, in pt from the left of the table."""

    edges: dict[str, tuple[float, float]]
    lead: Lead = _LEAD

    def box(self, name: str, row: Box, base: float) -> Box:
        """Return the place of the column `name` in `row`, with its base line `base` pt below the row's upper edge."""
        left, width = self.edges[name]
        return Box(row.x + left, row.top - base, width - _PADDING, 8)


def columns(width: float, lead: Lead = _LEAD) -> Columns:
    """Return the columns of a table `width` pt wide: the title takes what the others leave."""
    edges, left = {}, 0.0
    for name in _ORDER:
        own = _FIXED.get(name, width - sum(_FIXED.values()))
        edges[name] = (left, own)
        left += own
    return Columns(edges, lead)


def result_table(content: Content, template: Template, width: float, *, close: bool = False) -> list[Piece]:
    """Return the table of the results, `width` pt wide, its rows `close` to each other; its head comes again on every page."""
    table = columns(width, _CLOSE if close else _LEAD)
    told = any(result.instruments for result in content.results)
    head = Piece(_HEAD, lambda surface, box: _head(surface, box, table, template, told), keep=True)
    apart = 0.0 if content.looks == 2 else _INDENT  # pt between the reason of a row and its verdict
    return [head, *(_row(result, table, head, apart) for result in content.results)]


def _head(surface: Surface, box: Box, table: Columns, template: Template, told: bool) -> None:
    captions = {
        "id": "row", "title": "measurement", "low": "low", "high": "high", "value": "value", "unit": "unit",
        "u": "uncertainty", "bar": "between", "verdict": "verdict",
    }  # fmt: skip
    for name, key in captions.items():
        look = Look(6.8, BLACK, bold=True, align="right" if name in ("low", "high", "value", "u") else "left")
        place = table.box(name, box, 8).inner(_BAR if name == "bar" else 0.0, 0, 0, 0)
        figure(surface, place, template.label(key), look)
    below = (("low", "accept_low"), ("high", "accept_high"), *((("value", "measured_with"),) if told else ()))
    for name, key in below:
        figure(surface, table.box(name, box, 15.5), template.label(key), Look(5.9, GREY, align="right"))
    surface.path([(box.x, box.y + 1.5), (box.right, box.y + 1.5)], Stroke(RULE, 0.8))


def _row(result: ResultLine, table: Columns, head: Piece, apart: float) -> Piece:
    wide = table.edges["title"][1] - _PADDING
    size = fitting(result.title, wide, _TEXT.size, _SMALLEST)
    title = lines(result.title, wide, _TEXT._replace(size=size), _MOST_LINES, table.lead.leading)
    note = lines(result.note, wide, _SMALL, _MOST_LINES, table.lead.leading)
    said = lines(result.said, _spoken(table) - apart, _spoken_look(result), _MOST_SAID)
    both = table.edges["low"][1] + table.edges["high"][1] - _PADDING
    expected = lines(result.expected, both, Look(6.5, GREY, align="right"), _MOST_SAID)
    height = max(table.lead.least, title.height + note.height + 0.7, said.height + 5.5, expected.height + 5.5)

    def draw(surface: Surface, box: Box) -> None:
        _ground(surface, box, result)
        _identity(surface, box, table, result)
        title.draw(surface, box.x + table.edges["title"][0], box.top - table.lead.title)
        note.draw(surface, box.x + table.edges["title"][0], box.top - table.lead.note - title.height)
        _limits(surface, box, table, result, expected)
        _outcome(surface, box, table, result, said)
        _verdict(surface, box, table, result)

    return Piece(height, draw, again=head)


def _spoken(table: Columns) -> float:
    return sum(table.edges[name][1] for name in ("value", "unit", "u", "bar")) - 2 * _PADDING


def _spoken_look(result: ResultLine) -> Look:
    return _BOLD if result.decided is not None else Look(6.8, GREY)


def _ground(surface: Surface, box: Box, result: ResultLine) -> None:
    if result.decided is False:
        surface.box(box, fill=BAD_PALE)
        surface.box(Box(box.x - 3, box.y, 3, box.height), fill=BAD)
    elif result.decided is None:
        surface.box(box, fill=GROUND)
    surface.path([(box.x, box.y), (box.right, box.y)], Stroke(HAIR, 0.5))


def _identity(surface: Surface, box: Box, table: Columns, result: ResultLine) -> None:
    figure(surface, table.box("id", box, table.lead.base), result.id, _BOLD)
    if result.safety:
        place = table.box("safety", box, table.lead.base)
        surface.box(Box(place.x - 1.5, place.y - 1.9, 8.6, 8.6), stroke=Stroke(BLACK, 0.6), radius=1.5)
        surface.text(place.x + 2.8, place.y, "S", Look(6.5, BLACK, bold=True, align="center"))


def _limits(surface: Surface, box: Box, table: Columns, result: ResultLine, expected: Lines) -> None:
    if result.expected:
        expected.draw(surface, table.box("high", box, table.lead.base).right, box.top - 1.8)
        return
    shown = (("low", result.figures.low, result.figures.accept_low), ("high", result.figures.high, result.figures.accept_high))
    for name, limit, acceptance in shown:
        figure(surface, table.box(name, box, table.lead.base), limit or "–", Look(7.3, align="right"))
        figure(surface, table.box(name, box, table.lead.second), acceptance or "–", Look(5.9, GREY, align="right"))


def _outcome(surface: Surface, box: Box, table: Columns, result: ResultLine, said: Lines) -> None:
    if said.lines:
        said.draw(surface, box.x + table.edges["value"][0] + _INDENT, box.top - 1.1)
        return
    told = Look(7.3, _tone(result), bold=True, align="right")
    figure(surface, table.box("value", box, table.lead.base), result.figures.value, told)
    figure(surface, table.box("value", box, table.lead.second), result.instruments, Look(5.9, GREY, align="right"))
    figure(surface, table.box("unit", box, table.lead.base), result.unit, _TEXT)
    figure(surface, table.box("u", box, table.lead.base), result.figures.u, Look(7.3, align="right"))
    if result.bar is not None:
        left, wide = table.edges["bar"]
        limit_bar.draw(surface, Box(box.x + left + _BAR, box.top - 11, wide - _BAR - 10, 8), result.bar)


def _tone(result: ResultLine) -> Ink:
    return BAD if result.decided is False else BLACK


def _verdict(surface: Surface, box: Box, table: Columns, result: ResultLine) -> None:
    sign, tone = {True: (signs.tick, GOOD), False: (signs.cross, BAD), None: (signs.bar, GREY)}[result.decided]
    place = table.box("verdict", box, table.lead.base)
    sign(surface, place.x, place.y - 1, 7.5, tone)
    figure(surface, place.inner(10, 0, 0, 0), result.word, Look(7.3, tone, bold=True))
