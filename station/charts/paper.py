"""Draw on a page of a PDF with reportlab: vector paths, coordinates rounded to 0.01 pt."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from reportlab.lib.rl_accel import fp_str
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from station.charts import fonts
from station.charts.ink import Ink
from station.charts.legible import legible
from station.charts.surface import Box, Look, Points, Stroke

_STAMP = 0.84  # of the diagonal: as long as a stamp can be without running off the paper's corners
_TALLEST = 96.0  # pt: few signs would else be so high that they hide the text
_BEZIER = 0.5523  # of the radius: where the control points of a quarter circle lie
_FEW = 8  # points of a path
_LEFT_OF = {"left": 0.0, "center": 0.5, "right": 1.0}  # of a text's width: how much of it lies left of its point
_FILLED, _OUTLINED = 0, 1  # text rendering modes of PDF


class Paper:
    """A surface that is the current page of a reportlab canvas."""

    def __init__(self, canvas: Canvas) -> None:
        fonts.prepare()
        self._canvas = canvas
        self._set: dict[str, object] = {}
        self._page = 0

    def text(self, x: float, y: float, text: str, look: Look) -> None:
        """Set `text` on the base line `y`, at `x`."""
        shown = legible(text)
        self._fill(look.ink)
        if left_of := _LEFT_OF[look.align]:
            x -= left_of * fonts.width(shown, look.size, bold=look.bold)
        stretches = fonts.runs(shown, bold=look.bold)
        for face, stretch in stretches:
            self._canvas.setFont(face, look.size)
            self._canvas.drawString(round(x, 1), round(y, 2), stretch)
            if len(stretches) > 1:
                x += fonts.width(stretch, look.size, bold=look.bold)

    def path(self, points: Points, stroke: Stroke) -> None:
        """Draw an open line through `points`, (n, 2) in pt."""
        self._stroke(stroke)
        self._canvas.drawPath(self._through(points), stroke=1, fill=0)

    def shape(self, points: Points, fill: Ink) -> None:
        """Fill the closed outline through `points`, (n, 2) in pt."""
        self._fill(fill)
        path = self._through(points)
        path.close()
        self._canvas.drawPath(path, stroke=0, fill=1)

    def box(self, box: Box, *, fill: Ink | None = None, stroke: Stroke | None = None, radius: float = 0.0) -> None:
        """Fill and outline a rectangle, its corners rounded by `radius` pt."""
        if fill:
            self._fill(fill)
        if stroke:
            self._stroke(stroke)
        how = {"stroke": int(stroke is not None), "fill": int(fill is not None)}
        edges = [round(edge, 2) for edge in (box.x, box.y, box.width, box.height)]
        if radius:
            self._canvas.drawPath(_rounded_box(Box(*edges), radius), **how)
        else:
            self._canvas.rect(*edges, **how)

    def boxes(self, boxes: Sequence[Box], fill: Ink) -> None:
        """Fill many rectangles as one path."""
        self._fill(fill)
        path = self._canvas.beginPath()
        for box in boxes:
            path.rect(round(box.x, 2), round(box.y, 2), round(box.width, 2), round(box.height, 2))
        self._canvas.drawPath(path, stroke=0, fill=1)

    def disc(self, x: float, y: float, radius: float, fill: Ink) -> None:
        """Fill a circle: the end of a line without length, which takes a tenth of the bytes of four curves."""
        self.path([(x, y), (x, y)], Stroke(fill, 2 * radius, round=True))

    @contextmanager
    def clipped(self, box: Box) -> Iterator[None]:
        """Show nothing outside `box` of what is drawn inside the `with`."""
        self._canvas.saveState()
        path = self._canvas.beginPath()
        path.rect(round(box.x, 2), round(box.y, 2), round(box.width, 2), round(box.height, 2))
        self._canvas.clipPath(path, stroke=0, fill=0)
        try:
            yield
        finally:
            self._canvas.restoreState()
            self._forget()

    def stamp(self, text: str, box: Box, *, fill: Ink | None = None, stroke: Stroke | None = None) -> None:
        """Set `text` in large letters from corner to corner of `box`, filled or in outline."""
        shown, diagonal = legible(text), math.hypot(box.width, box.height)
        size = round(min(_STAMP * diagonal / fonts.width(shown, 1.0, bold=True), _TALLEST), 2)
        self._canvas.saveState()
        self._canvas.translate(round(box.x + box.width / 2, 2), round(box.y + box.height / 2, 2))
        self._canvas.rotate(round(math.degrees(math.atan2(box.height, box.width)), 2))
        if fill:
            self._fill(fill)
        if stroke:
            self._stroke(stroke)
        mode = _FILLED if stroke is None else _OUTLINED
        x = -fonts.width(shown, size, bold=True) / 2
        for face, stretch in fonts.runs(shown, bold=True):
            self._canvas.setFont(face, size)
            self._canvas.drawString(round(x, 2), round(-0.34 * size, 2), stretch, mode=mode)
            x += fonts.width(stretch, size, bold=True)
        self._canvas.restoreState()
        self._forget()

    def image(self, picture: bytes, box: Box) -> None:
        """Set a PNG or JPEG at the left of `box`, as large as it fits."""
        edges = (box.x, box.y, box.width, box.height)
        self._canvas.drawImage(ImageReader(BytesIO(picture)), *edges, mask="auto", preserveAspectRatio=True, anchor="w")

    def _through(self, points: Points) -> PDFPathObject:
        code: list[str] = []
        path = PDFPathObject(code)
        rounded = _rounded(points)
        path.moveTo(*rounded[0])
        code += [f"{fp_str(x, y)} l" for x, y in rounded[1:]]  # what lineTo writes, without a call for each
        return path

    def _fill(self, ink: Ink) -> None:
        if self._changed("fill", ink):
            self._canvas.setFillColorRGB(ink.red, ink.green, ink.blue)

    def _stroke(self, stroke: Stroke) -> None:
        if self._changed("ink", stroke.ink):
            self._canvas.setStrokeColorRGB(stroke.ink.red, stroke.ink.green, stroke.ink.blue)
        if self._changed("width", stroke.width):
            self._canvas.setLineWidth(stroke.width)
        if self._changed("round", stroke.round):
            self._canvas.setLineCap(1 if stroke.round else 0)
            self._canvas.setLineJoin(1 if stroke.round else 0)
        if self._changed("dash", stroke.dash):
            self._canvas.setDash(list(stroke.dash))

    def _changed(self, name: str, wanted: object) -> bool:
        """Return whether the page must be told: it remembers what it was told last, and each page begins anew."""
        if self._page != self._canvas.getPageNumber():
            self._forget()
        if name in self._set and self._set[name] == wanted:
            return False
        self._set[name] = wanted
        return True

    def _forget(self) -> None:
        self._set, self._page = {}, self._canvas.getPageNumber()


def _rounded(points: Points) -> list[tuple[float, float]]:
    """Return `points` to 0.01 pt; most paths have two, for which numpy takes longer than it saves, and rounds no otherwise."""
    if len(points) > _FEW:
        return [(x, y) for x, y in np.round(np.asarray(points, dtype=np.float64), 2).tolist()]
    return [(round(100.0 * float(x)) / 100.0, round(100.0 * float(y)) / 100.0) for x, y in points]


def _rounded_box(box: Box, radius: float) -> PDFPathObject:
    """Return the outline of `box` with rounded corners, as reportlab draws it but to 0.01 pt, which takes half the bytes."""
    bent = radius * (1 - _BEZIER)
    path = PDFPathObject()

    def at(*points: tuple[float, float]) -> list[float]:
        return [round(edge, 2) for point in points for edge in point]

    x, y, right, top = box.x, box.y, box.right, box.top
    path.moveTo(*at((x + radius, y)))
    path.lineTo(*at((right - radius, y)))
    path.curveTo(*at((right - bent, y), (right, y + bent), (right, y + radius)))
    path.lineTo(*at((right, top - radius)))
    path.curveTo(*at((right, top - bent), (right - bent, top), (right - radius, top)))
    path.lineTo(*at((x + radius, top)))
    path.curveTo(*at((x + bent, top), (x, top - bent), (x, top - radius)))
    path.lineTo(*at((x, y + radius)))
    path.curveTo(*at((x, y + bent), (x + bent, y), (x + radius, y)))
    path.close()
    return path
