"""State how well a value is known: a named budget of standard uncertainties, combined by root sum of squares."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from station.core.finite import finite


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a budget: what it comes from, and its contribution as a standard uncertainty in the value's SI unit."""

    name: str
    u: float


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How well a value is known: combined standard uncertainty `u` (k = 1) in the SI unit `unit`, and the budget behind it.

    A budget that is given no parts has one, the whole: what is computed from parts can then never lose it.
    """

    u: float
    unit: str
    budget: str
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        """Give the budget its one line where none was given."""
        if not self.parts:
            object.__setattr__(self, "parts", (Part(self.budget, self.u),))

    @property
    def usable(self) -> bool:
        """Return whether `u` and all its parts are finite, and `u` not negative."""
        return finite(self.u) and self.u >= 0 and all(finite(part.u) for part in self.parts)


class Reading(NamedTuple):
    """A value in SI units with its uncertainty, ready to be handed to `unit.measure(id, *reading)`."""

    value: float
    u: Uncertainty


def rectangular(half_width: float) -> float:
    """Return the standard uncertainty of a quantity known only to lie within +-`half_width` (GUM 4.3.7)."""
    return abs(half_width) / math.sqrt(3)


def combine(budget: str, unit: str, parts: tuple[Part, ...]) -> Uncertainty:
    """Combine uncorrelated `parts` into one uncertainty (GUM 5.1.2); each part is already times its sensitivity."""
    return Uncertainty(math.sqrt(math.fsum(part.u**2 for part in parts)), unit, budget, parts)


def scaled(reading: Reading, factor: float, unit: str, budget: str, extra: tuple[Part, ...] = ()) -> Reading:
    """Return `reading` times an exact `factor` in another SI `unit`, with `extra` parts added to its budget."""
    parts = tuple(Part(part.name, abs(factor) * part.u) for part in reading.u.parts)
    return Reading(reading.value * factor, combine(budget, unit, parts + extra))


def ratio(top: Reading, bottom: Reading, budget: str) -> Reading:
    """Return top / bottom as a plain number; correlations are left out, which can only widen u for one instrument."""
    value = top.value / bottom.value
    parts = (
        Part("numerator", abs(top.u.u / bottom.value)),
        Part("denominator", abs(value * bottom.u.u / bottom.value)),
    )
    return Reading(value, combine(budget, "1", parts))
