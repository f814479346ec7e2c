"""Say what a drawing asks of the thing it is drawn on: a handful of verbs, in pt from the lower left corner."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from station.charts.ink import BLACK, Ink


class Box(NamedTuple):
    """A rectangle: its lower left corner, its width and its height, in pt."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right edge in pt."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """Return the upper edge in pt."""
        return self.y + self.height

    def inner(self, left: float, bottom: float, right: float, top: float) -> "Box":
        """Return the box that is left when margins in pt are taken off."""
        return Box(self.x + left, self.y + bottom, self.width - left - right, self.height - bottom - top)


class Look(NamedTuple):
    """How text looks: its size in pt, its ink, its weight, and where its point is ("left", "center" or "right" of it)."""

    size: float
    ink: Ink = BLACK
    bold: bool = False
    align: str = "left"


class Stroke(NamedTuple):
    """How a line looks: its ink, its width in pt, its ends, and the lengths in pt of dashes and gaps (none: unbroken)."""

    ink: Ink
    width: float = 0.5
    round: bool = False
    dash: tuple[float, ...] = ()


Points = Sequence[tuple[float, float]] | NDArray[np.float64]


class Surface(Protocol):
    """A page, or part of one."""

    def text(self, x: float, y: float, text: str, look: Look) -> None:
        """Set `text` on the base line `y`, at `x`."""
        ...

    def path(self, points: Points, stroke: Stroke) -> None:
        """Draw an open line through `points`, (n, 2) in pt."""
        ...

    def shape(self, points: Points, fill: Ink) -> None:
        """Fill the closed outline through `points`, (n, 2) in pt."""
        ...

    def box(self, box: Box, *, fill: Ink | None = None, stroke: Stroke | None = None, radius: float = 0.0) -> None:
        """Fill and outline a rectangle, its corners rounded by `radius` pt."""
        ...

    def boxes(self, boxes: Sequence[Box], fill: Ink) -> None:
        """Fill many rectangles as one path."""
        ...

    def disc(self, x: float, y: float, radius: float, fill: Ink) -> None:
        """Fill a circle."""
        ...

    def clipped(self, box: Box) -> AbstractContextManager[object]:
        """Show nothing outside `box` of what is drawn inside the `with`."""
        ...

    def stamp(self, text: str, box: Box, *, fill: Ink | None = None, stroke: Stroke | None = None) -> None:
        """Set `text` in large letters from corner to corner of `box`, filled or in outline."""
        ...

    def image(self, picture: bytes, box: Box) -> None:
        """Set a PNG or JPEG at the left of `box`, as large as it fits."""
        ...
