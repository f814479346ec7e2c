"""Draw the signs that stand beside a verdict's word: a tick, a cross, a bar for what was not judged."""

from collections.abc import Callable

from station.charts.ink import Ink
from station.charts.surface import Stroke, Surface


def tick(surface: Surface, x: float, y: float, size: float, ink: Ink) -> None:
    """Draw a tick in the square of `size` pt whose lower left corner is (x, y)."""
    points = [(x + 0.08 * size, y + 0.48 * size), (x + 0.38 * size, y + 0.16 * size), (x + 0.92 * size, y + 0.84 * size)]
    surface.path(points, Stroke(ink, 0.17 * size, round=True))


def cross(surface: Surface, x: float, y: float, size: float, ink: Ink) -> None:
    """Draw a cross in the square of `size` pt whose lower left corner is (x, y)."""
    near, far = 0.16 * size, 0.84 * size
    surface.path([(x + near, y + near), (x + far, y + far)], Stroke(ink, 0.17 * size, round=True))
    surface.path([(x + near, y + far), (x + far, y + near)], Stroke(ink, 0.17 * size, round=True))


def bar(surface: Surface, x: float, y: float, size: float, ink: Ink) -> None:
    """Draw a bar in the square of `size` pt whose lower left corner is (x, y)."""
    surface.path([(x + 0.16 * size, y + 0.5 * size), (x + 0.84 * size, y + 0.5 * size)], Stroke(ink, 0.17 * size, round=True))


Sign = Callable[[Surface, float, float, float, Ink], None]
"""Draws one of the signs."""
