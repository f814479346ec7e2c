"""Set text in columns: sizes that fit, lines that wrap, never a sign lost or overlapping its neighbour."""

from dataclasses import dataclass, replace

from station.charts.legible import fitting, wrap
from station.charts.surface import Box, Look, Surface

_LEADING = 1.22  # of the size, from base line to base line


@dataclass(frozen=True, slots=True)
class Lines:
    """Text already cut into lines of one look."""

    lines: tuple[str, ...]
    look: Look
    leading: float = _LEADING

    @property
    def height(self) -> float:
        """Return how high the lines stand, in pt."""
        return len(self.lines) * self.look.size * self.leading

    def draw(self, surface: Surface, x: float, top: float) -> None:
        """Draw the lines at `x`, the first one just below `top`."""
        for number, line in enumerate(self.lines):
            base = top - self.look.size * (0.95 + number * self.leading)
            surface.text(x, base, line, self.look)


def lines(text: str, width: float, look: Look, most: int = 1_000, leading: float = _LEADING) -> Lines:
    """Return `text` in lines no wider than `width` pt; of more than `most` lines the rest is dropped, which … says."""
    cut = wrap(text, width, look.size, bold=look.bold) if text else ()
    if len(cut) > most:
        cut = (*cut[: most - 1], cut[most - 1][:-2] + " …")
    return Lines(cut, look, leading)


def parts(block: Lines, most: int) -> tuple[Lines, ...]:
    """Return `block` in pieces of at most `most` lines, so that a page can end between them; at least one."""
    cut = [replace(block, lines=block.lines[start : start + most]) for start in range(0, len(block.lines), most)]
    return tuple(cut) or (block,)


def figure(surface: Surface, box: Box, text: str, look: Look, least: float = 3.0) -> None:
    """Set a figure on one line in `box`, as large as `look` where it fits and never smaller than `least` pt."""
    if not text:
        return
    size = fitting(text, box.width, look.size, least, bold=look.bold)
    fitted = look if size == look.size else look._replace(size=size)
    x = {"left": box.x, "center": box.x + box.width / 2, "right": box.right}[look.align]
    surface.text(x, box.y, text, fitted)
