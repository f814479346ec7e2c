"""Say what a chart shows, without saying how it is drawn: lines, bands, markers and two axes, all in SI units."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: what it counts, its SI unit (empty for plain numbers), and the ends `low` < `high` in that unit.

    `decimal` is what its numbers have between whole and fraction.
    """

    title: str
    si: str
    low: float
    high: float
    decimal: str = "."


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One line: `x` and `y` are (n,) float64 in the SI units of their axes, in the order they are joined."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded stretch of the y axis from `low` to `high`, in its SI unit."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Marker:
    """An upright line at `x`, in the x axis' SI unit, with its name."""

    name: str
    x: float


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A picture of lines over two axes."""

    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    bands: tuple[Band, ...] = ()
    markers: tuple[Marker, ...] = ()
