"""Draw a chart on a surface: frame, grid, axes, bands, lines cut to the frame, markers."""

import numpy as np

from station.charts.columns import extremes
from station.charts.fonts import width
from station.charts.ink import BAD, BLACK, GREY, HAIR, RULE, TOLERANCE, TRACE, WHITE
from station.charts.legible import fitting, shortened
from station.charts.model import Axis, Chart, Series
from station.charts.surface import Box, Look, Stroke, Surface
from station.charts.ticks import prefix, ticks

_LABEL = Look(6, GREY)
_LEFT, _BOTTOM, _TOP, _RIGHT = 28.0, 18.0, 21.0, 1.0
_MARK, _OVER = 26.0, 6.0  # pt: how wide a number below may be, of the 38 between two, and how far it may pass the frame
_COLUMN = 0.48  # pt: 150 columns an inch, as fine as the line is wide


def draw(surface: Surface, box: Box, chart: Chart) -> None:
    """Draw `chart` into `box`, whatever its size: title above, numbers left and below."""
    frame = box.inner(_LEFT, _BOTTOM, _RIGHT, _TOP)
    title = shortened(chart.title, box.width, 7.5, bold=True)
    surface.text(box.x, box.top - 7.5, title, Look(7.5, BLACK, bold=True))
    surface.box(frame, fill=WHITE)
    _bands(surface, frame, chart)
    _x_axis(surface, frame, chart.x)
    _y_axis(surface, frame, chart.y)
    with surface.clipped(frame):
        for series in chart.series:
            _line(surface, frame, chart, series)
    surface.box(frame, stroke=Stroke(RULE, 0.5))
    _markers(surface, frame, chart)


def place(axis: Axis, at: float, start: float, length: float) -> float:
    """Return where the value `at` of `axis` stands on paper, in pt: `start` for its low end, `start + length` for its high."""
    return start + length * (at - axis.low) / (axis.high - axis.low)


def _x_axis(surface: Surface, frame: Box, axis: Axis) -> None:
    for tick in ticks(axis.low, axis.high, axis.si, max(3, int(frame.width / 38))):
        x = place(axis, tick.at, frame.x, frame.width)
        surface.path([(x, frame.y), (x, frame.top)], Stroke(HAIR, 0.4))
        said = tick.label.replace(".", axis.decimal)
        size = fitting(said, _MARK, 6, 3)
        inside = frame.right + _OVER - width(said, size) / 2
        surface.text(min(x, inside), frame.y - 8, said, Look(size, GREY, align="center"))
    said = _named(axis)
    surface.text(frame.right, frame.y - 16, said, Look(6, GREY, align="right"))


def _y_axis(surface: Surface, frame: Box, axis: Axis) -> None:
    for tick in ticks(axis.low, axis.high, axis.si, max(3, int(frame.height / 15))):
        y = place(axis, tick.at, frame.y, frame.height)
        surface.path([(frame.x, y), (frame.right, y)], Stroke(HAIR, 0.4))
        said = tick.label.replace(".", axis.decimal)
        size = fitting(said, _LEFT - 4, 6, 3)  # a narrow stretch far from zero takes many digits
        surface.text(frame.x - 4, y - 2, said, Look(size, GREY, align="right"))
    surface.text(frame.x, frame.top + 4, _named(axis), _LABEL)


def _named(axis: Axis) -> str:
    unit = prefix(axis.low, axis.high, axis.si)[1]
    return f"{axis.title} / {unit}" if axis.title and unit else axis.title or unit


def _bands(surface: Surface, frame: Box, chart: Chart) -> None:
    for band in chart.bands:
        low = max(frame.y, place(chart.y, band.low, frame.y, frame.height))
        high = min(frame.top, place(chart.y, band.high, frame.y, frame.height))
        if high > low:
            surface.box(Box(frame.x, low, frame.width, high - low), fill=TOLERANCE)
            surface.text(frame.right - 3, high - 7, band.name, Look(6, GREY, align="right"))


def _line(surface: Surface, frame: Box, chart: Chart, series: Series) -> None:
    finite = np.isfinite(series.x) & np.isfinite(series.y)
    x, y = series.x[finite], series.y[finite]
    if x.size == 0:
        return
    chosen = extremes(y, max(2, int(frame.width / _COLUMN)))
    across = frame.x + frame.width * (x[chosen] - chart.x.low) / (chart.x.high - chart.x.low)
    up = frame.y + frame.height * (y[chosen] - chart.y.low) / (chart.y.high - chart.y.low)
    drawn = np.asarray(np.column_stack([across, up]).round(1), dtype=np.float64)  # finer than the line is wide
    surface.path(drawn, Stroke(TRACE, 0.6, round=True))


def _markers(surface: Surface, frame: Box, chart: Chart) -> None:
    for marker in chart.markers:
        x = place(chart.x, marker.x, frame.x, frame.width)
        if not frame.x <= x <= frame.right:
            continue
        surface.path([(x, frame.y), (x, frame.top)], Stroke(BAD, 0.7, dash=(2, 1.5)))
        align = "right" if x + 3 + width(marker.name, 6) > frame.right else "left"
        surface.text(x + (3 if align == "left" else -3), frame.top - 8, marker.name, Look(6, BAD, align=align))
