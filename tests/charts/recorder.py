"""A surface that remembers what was drawn on it, and can say which texts run into each other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from station.charts import fonts
from station.charts.ink import Ink
from station.charts.legible import legible
from station.charts.surface import Box, Look, Points, Stroke


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it was set, and the box that its letters fill."""

    text: str
    look: Look
    box: Box


@dataclass(slots=True)
class Recorder:
    """A surface that keeps everything."""

    texts: list[Text] = field(default_factory=list)
    paths: list[NDArray[np.float64]] = field(default_factory=list)
    shapes: list[tuple[NDArray[np.float64], Ink]] = field(default_factory=list)
    filled: list[tuple[Box, Ink | None]] = field(default_factory=list)
    discs: list[tuple[float, float]] = field(default_factory=list)
    stamps: list[tuple[str, bool]] = field(default_factory=list)
    clips: list[Box] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    many: list[Sequence[Box]] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, look: Look) -> None:
        shown = legible(text)
        wide = fonts.width(shown, look.size, bold=look.bold)
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[look.align] * wide
        if shown.strip():
            self.texts.append(Text(shown, look, Box(left, y - 0.2 * look.size, wide, 0.92 * look.size)))

    def path(self, points: Points, stroke: Stroke) -> None:
        self.paths.append(np.asarray(points, dtype=np.float64))

    def shape(self, points: Points, fill: Ink) -> None:
        self.shapes.append((np.asarray(points, dtype=np.float64), fill))

    def box(self, box: Box, *, fill: Ink | None = None, stroke: Stroke | None = None, radius: float = 0.0) -> None:
        self.filled.append((box, fill))

    def boxes(self, boxes: Sequence[Box], fill: Ink) -> None:
        self.many.append(boxes)

    def disc(self, x: float, y: float, radius: float, fill: Ink) -> None:
        self.discs.append((x, y))

    @contextmanager
    def clipped(self, box: Box) -> Iterator[None]:
        self.clips.append(box)
        yield

    def stamp(self, text: str, box: Box, *, fill: Ink | None = None, stroke: Stroke | None = None) -> None:
        self.stamps.append((text, stroke is not None))

    def image(self, picture: bytes, box: Box) -> None:
        self.images.append(box)

    def said(self) -> str:
        """Return everything that was set, in the order of setting."""
        return "\n".join(text.text for text in self.texts)

    def collisions(self) -> list[tuple[str, str]]:
        """Return the pairs of texts whose letters share more than a hair's breadth."""
        ordered = sorted(self.texts, key=lambda text: text.box.x)
        pairs = []
        for number, one in enumerate(ordered):
            for other in ordered[number + 1 :]:
                if other.box.x >= one.box.right - 0.2:
                    break
                if min(one.box.top, other.box.top) - max(one.box.y, other.box.y) > 0.2:
                    pairs.append((one.text, other.text))
        return pairs

    def outside(self, page: Box) -> list[str]:
        """Return the texts that are not wholly inside `page`."""
        return [
            text.text
            for text in self.texts
            if text.box.x < page.x or text.box.right > page.right + 0.01 or text.box.y < page.y or text.box.top > page.top
        ]
