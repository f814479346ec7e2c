"""Draw on a page of a PDF with reportlab: vector paths, coordinates rounded to 0.01 pt."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from station.charts import fonts
from station.charts.ink import Ink
from station.charts.legible import legible
from station.charts.surface import Box, Look, Points, Stroke

_STAMP = 0.84  # of the diagonal: as long as a stamp can be without running off the paper's corners
_FILLED, _OUTLINED = 0, 1  # text rendering modes of PDF


class Paper:
    """A surface that is the current page of a reportlab canvas."""

    def __init__(self, canvas: Canvas) -> None:
        fonts.prepare()
        self._canvas = canvas

    def text(self, x: float, y: float, text: str, look: Look) -> None:
        """Set `text` on the base line `y`, at `x`."""
        shown = legible(text)
        self._canvas.setFont(fonts.BOLD if look.bold else fonts.REGULAR, look.size)
        self._fill(look.ink)
        moved = {"left": 0.0, "center": 0.5, "right": 1.0}[look.align] * fonts.width(shown, look.size, bold=look.bold)
        self._canvas.drawString(round(x - moved, 2), round(y, 2), shown)

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
            self._canvas.roundRect(*edges, radius, **how)
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
        """Fill a circle."""
        self._fill(fill)
        self._canvas.circle(round(x, 2), round(y, 2), radius, stroke=0, fill=1)

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

    def stamp(self, text: str, box: Box, *, fill: Ink | None = None, stroke: Stroke | None = None) -> None:
        """Set `text` in large letters from corner to corner of `box`, filled or in outline."""
        shown, diagonal = legible(text), math.hypot(box.width, box.height)
        size = round(_STAMP * diagonal / fonts.width(shown, 1.0, bold=True), 2)
        self._canvas.saveState()
        self._canvas.translate(round(box.x + box.width / 2, 2), round(box.y + box.height / 2, 2))
        self._canvas.rotate(round(math.degrees(math.atan2(box.height, box.width)), 2))
        if fill:
            self._fill(fill)
        if stroke:
            self._stroke(stroke)
        mode = _FILLED if stroke is None else _OUTLINED
        self._canvas.setFont(fonts.BOLD, size)
        self._canvas.drawString(round(-_STAMP * diagonal / 2, 2), round(-0.34 * size, 2), shown, mode=mode)
        self._canvas.restoreState()

    def image(self, picture: bytes, box: Box) -> None:
        """Set a PNG or JPEG at the left of `box`, as large as it fits."""
        edges = (box.x, box.y, box.width, box.height)
        self._canvas.drawImage(ImageReader(BytesIO(picture)), *edges, mask="auto", preserveAspectRatio=True, anchor="w")

    def _through(self, points: Points) -> PDFPathObject:
        path = self._canvas.beginPath()
        rounded = np.round(np.asarray(points, dtype=np.float64), 2).tolist()
        path.moveTo(*rounded[0])
        for x, y in rounded[1:]:
            path.lineTo(x, y)
        return path

    def _fill(self, ink: Ink) -> None:
        self._canvas.setFillColorRGB(ink.red, ink.green, ink.blue)

    def _stroke(self, stroke: Stroke) -> None:
        self._canvas.setStrokeColorRGB(stroke.ink.red, stroke.ink.green, stroke.ink.blue)
        self._canvas.setLineWidth(stroke.width)
        self._canvas.setLineCap(1 if stroke.round else 0)
        self._canvas.setLineJoin(1 if stroke.round else 0)
        self._canvas.setDash(list(stroke.dash))
