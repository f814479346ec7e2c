"""Write the lines of a budget: each input quantity with its distribution, divisor, sensitivity and source (JCGM 100, 4 and 5)."""

import math
from enum import StrEnum

from station.core.uncertainty import Part, Reading


class Distribution(StrEnum):
    """How the error of an input quantity may lie; the divisor turns what is stated into a standard uncertainty."""

    NORMAL = "normal"  # stated as a standard uncertainty, or as U with its k for a divisor
    RECTANGULAR = "rectangular"  # anywhere within +-a: GUM 4.3.7
    TRIANGULAR = "triangular"  # within +-a, more likely in the middle: GUM 4.3.9
    ARCSINE = "U"  # swings between -a and a, most often near the ends: GUM H.1.3.4

    @property
    def divisor(self) -> float:
        """Return what a half width is divided by; 1 for a normal distribution, which has none."""
        return _DIVISORS[self]


_DIVISORS = {
    Distribution.NORMAL: 1.0,
    Distribution.RECTANGULAR: math.sqrt(3.0),
    Distribution.TRIANGULAR: math.sqrt(6.0),
    Distribution.ARCSINE: math.sqrt(2.0),
}


def within(
    name: str,
    half_width: float,
    *,
    unit: str = "",
    sensitivity: float = 1.0,
    distribution: Distribution = Distribution.RECTANGULAR,
    dof: float | None = None,
    source: str = "",
    origin: str = "",
) -> Part:
    """Return the line of a quantity that lies within +-`half_width`, in `unit`."""
    return _line(name, "B", distribution, abs(half_width), unit, distribution.divisor, sensitivity, dof, source, origin)


def certified(
    name: str,
    expanded: float,
    *,
    k: float = 2.0,
    unit: str = "",
    sensitivity: float = 1.0,
    dof: float | None = None,
    source: str = "",
    origin: str = "",
) -> Part:
    """Return the line of a quantity whose certificate states U = `expanded`, in `unit`, with the coverage factor `k`."""
    return _line(name, "B", Distribution.NORMAL, expanded, unit, k, sensitivity, dof, source, origin)


def observed(
    name: str, u: float, dof: float | None, *, unit: str = "", sensitivity: float = 1.0, source: str = "", origin: str = ""
) -> Part:
    """Return the line of a standard uncertainty `u`, in `unit`, that statistics of the very readings gave (type A)."""
    return _line(name, "A", Distribution.NORMAL, u, unit, 1.0, sensitivity, dof, source, origin)


def as_a_whole(name: str, reading: Reading, sensitivity: float = 1.0) -> Part:
    """Return the whole budget of `reading` as one line of another: for a reading that shares nothing with the rest of it."""
    source = f"its own budget: {reading.u.budget}"
    return _line(
        name, "B", Distribution.NORMAL, reading.u.u, reading.u.unit, 1.0, sensitivity, reading.u.dof, source, ""
    )  # fmt: skip


def _line(
    name: str,
    kind: str,
    distribution: Distribution,
    amount: float,
    unit: str,
    divisor: float,
    sensitivity: float,
    dof: float | None,
    source: str,
    origin: str,
) -> Part:
    u = abs(sensitivity) * amount / divisor
    return Part(name, u, kind, distribution.value, amount, unit, divisor, sensitivity, dof, source, origin)
