"""Lay out the pictures of a document: the time line of the shut-off, and the waveforms, two on a line."""

from collections.abc import Mapping

from station.certificates.cells import lines
from station.certificates.content import Content
from station.certificates.evidence import Figure
from station.certificates.layout import Piece
from station.certificates.sections import heading
from station.certificates.template import Template
from station.charts import plot, shut_off
from station.charts.ink import GREY, RULE
from station.charts.legible import shortened
from station.charts.oscillogram import Samples, oscillogram
from station.charts.surface import Box, Look, Stroke, Surface

_TIME_LINE = 70.0
_PLOT, _SMALL = 90.0, 76.0  # small where more than one line of them is to leave room for the rest
_GUTTER = 16.0
_ACROSS = 2


def time_line(content: Content, template: Template) -> list[Piece]:
    """Return the time line of the shut-off, or nothing when it was not measured in real time."""
    shown = content.shut_off
    if shown is None:
        return []
    return [heading(template.label("shut_off")), Piece(_TIME_LINE, lambda surface, box: shut_off.draw(surface, box, shown))]


def waveforms(content: Content, held: Mapping[str, Samples], template: Template, width: float) -> list[Piece]:
    """Return the waveforms that rows were measured from, by their digests in `held`; one that is missing is said to be."""
    figures = content.figures
    rows = [figures[start : start + _ACROSS] for start in range(0, len(figures), _ACROSS)]
    height = _PLOT if len(rows) == 1 else _SMALL
    pieces = [_row(row, held, template, width, height) for row in rows]
    return [heading(template.label("waveforms")), *pieces] if pieces else []


def _row(row: tuple[Figure, ...], held: Mapping[str, Samples], template: Template, width: float, height: float) -> Piece:
    wide = width if len(row) == 1 else (width - _GUTTER) / _ACROSS

    def draw(surface: Surface, box: Box) -> None:
        for number, figure in enumerate(row):
            place = Box(box.x + number * (wide + _GUTTER), box.y + 6, wide, box.height - 6)
            _picture(surface, place, figure, held.get(figure.digest), template)

    return Piece(height, draw)


def _picture(surface: Surface, box: Box, figure: Figure, waveform: Samples | None, template: Template) -> None:
    if waveform is None:
        _missing(surface, box, figure.title, template.word("no_waveform", digest=figure.digest))
        return
    clipped = f" – {template.word('clipped')}" if waveform.clipped else ""
    chart = oscillogram(figure.title + clipped, template.label("time_axis"), template.label("volts_axis"), waveform)
    plot.draw(surface, box, chart)
    used = shortened(", ".join(figure.rows), box.width * 0.55, 6)
    surface.text(box.x, box.y + 2, used, Look(6, GREY))


def _missing(surface: Surface, box: Box, title: str, why: str) -> None:
    surface.box(box, stroke=Stroke(RULE, 0.5, dash=(2, 2)))
    block = lines(title, box.width - 16, Look(7.5, bold=True), 2)
    block.draw(surface, box.x + 8, box.top - 8)
    lines(why, box.width - 16, Look(7, GREY), 6).draw(surface, box.x + 8, box.top - 12 - block.height)
