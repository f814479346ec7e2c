"""Lay out the pictures of a document: the time line of the shut-off, and the waveforms, two or three on a line."""

from collections.abc import Mapping

from station.certificates.cells import lines
from station.certificates.content import Content
from station.certificates.evidence import Figure
from station.certificates.layout import Piece
from station.certificates.sections import heading
from station.certificates.template import Template
from station.charts import fonts, plot, shut_off
from station.charts.ink import GREY, RULE
from station.charts.legible import legible, shortened
from station.charts.oscillogram import Samples, oscillogram
from station.charts.surface import Box, Look, Stroke, Surface

_TIME_LINE = 69.0
_PLOT, _SMALL, _CLOSE = 90.0, 66.0, 62.0  # small where more than one line of them is to leave room for the rest
_GUTTER = 16.0
_ACROSS, _MANY = 2, 3  # on a line: two while that takes no more than two lines, else three
_TITLE, _ROWS = 7.5, 6.0  # pt: a plot's title, and the rows below it


def time_line(content: Content, template: Template, *, close: bool) -> list[Piece]:
    """Return the time line of the shut-off, or nothing when it was not measured in real time."""
    shown = content.shut_off
    if shown is None:
        return []
    drawn = Piece(_TIME_LINE, lambda surface, box: shut_off.draw(surface, box, shown))
    return [heading(template.label("shut_off"), close=close), drawn]


def waveforms(content: Content, held: Mapping[str, Samples], template: Template, width: float, *, close: bool) -> list[Piece]:
    """Return the waveforms that rows were measured from, by their digests in `held`; one that is missing is said to be.

    Several lines of them are lower where all is set `close`.
    """
    figures = content.figures
    across = _ACROSS if len(figures) <= 2 * _ACROSS else _MANY
    rows = [figures[start : start + across] for start in range(0, len(figures), across)]
    several = _CLOSE if close else _SMALL
    height = _PLOT if len(rows) == 1 else several
    pieces = [_row(row, held, template, _wide(width, across if len(row) > 1 else 1), height) for row in rows]
    return [heading(template.label("waveforms"), close=close), *pieces] if pieces else []


def _wide(width: float, across: int) -> float:
    return (width - _GUTTER * (across - 1)) / across


def _row(row: tuple[Figure, ...], held: Mapping[str, Samples], template: Template, wide: float, height: float) -> Piece:
    below = [lines(_unabridged(figure, wide, held, template), wide, Look(6, GREY)) for figure in row]
    room = max(block.height for block in below)

    def draw(surface: Surface, box: Box) -> None:
        for number, (figure, block) in enumerate(zip(row, below, strict=True)):
            place = Box(box.x + number * (wide + _GUTTER), box.y + 6 + room, wide, height - 6)
            _picture(surface, place, figure, held.get(figure.digest), template)
            block.draw(surface, place.x, box.y + 3 + room)

    return Piece(height + room, draw)


def _title(figure: Figure, held: Mapping[str, Samples], template: Template) -> str:
    waveform = held.get(figure.digest)
    clipped = f" – {template.word('clipped')}" if waveform is not None and waveform.clipped else ""
    return figure.title + clipped


def _unabridged(figure: Figure, wide: float, held: Mapping[str, Samples], template: Template) -> str:
    """Return in full what the picture has no room for, title or rows: it comes below it; else nothing."""
    title, rows = _title(figure, held, template), ", ".join(figure.rows)
    if figure.digest not in held or shortened(title, wide, _TITLE, bold=True) != legible(title):
        return f"{title}: {rows}"
    return "" if _fits(rows, wide, template) else rows


def _fits(rows: str, wide: float, template: Template) -> bool:
    """Return whether `rows` fit beside the name of the time axis."""
    return fonts.width(legible(rows), _ROWS) <= _beside_axis(wide, template)


def _beside_axis(wide: float, template: Template) -> float:
    """Return how much of the line below a plot the name of its time axis leaves, in pt."""
    return wide - fonts.width(legible(template.label("time_axis") + " / ms"), _ROWS) - 8


def _picture(surface: Surface, box: Box, figure: Figure, waveform: Samples | None, template: Template) -> None:
    if waveform is None:
        _missing(surface, box, template.word("no_waveform", digest=figure.digest))
        return
    chart = oscillogram(
        _title(figure, {figure.digest: waveform}, template),
        template.label("time_axis"), template.label("volts_axis"), waveform, template.decimal,
    )  # fmt: skip
    plot.draw(surface, box, chart)
    rows = ", ".join(figure.rows)
    if _fits(rows, box.width, template):
        surface.text(box.x, box.y + 2, rows, Look(_ROWS, GREY))


def _missing(surface: Surface, box: Box, why: str) -> None:
    surface.box(box, stroke=Stroke(RULE, 0.5, dash=(2, 2)))
    lines(why, box.width - 16, Look(7, GREY), 6).draw(surface, box.x + 8, box.top - 8)
