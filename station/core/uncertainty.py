"""State how well a value is known: a named budget of standard uncertainties, combined by the law of propagation (JCGM 100, 5)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from station.core.budget_coverage import K, coverage_factor, effective_dof
from station.core.finite import finite


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a budget: what it comes from, and its contribution `u` as a standard uncertainty in the value's SI unit.

    Behind it stands an input quantity, known to within `amount` (in `unit`) by a `distribution` with this `divisor`; the value
    changes by `sensitivity` when it changes by one. `amount` is None where only the contribution is known. `kind` is A
    (statistics of the readings) or B (anything else), `dof` the degrees of freedom, None for infinitely many; `source` says
    in a sentence where the number is from. Parts of one `origin` are one and the same input quantity: they move together.
    """

    name: str
    u: float
    kind: str = "B"
    distribution: str = ""
    amount: float | None = None
    unit: str = ""
    divisor: float = 1.0
    sensitivity: float = 1.0
    dof: float | None = None
    source: str = ""
    origin: str = ""

    @property
    def standard(self) -> float:
        """Return the standard uncertainty of the input quantity itself, in `unit`."""
        if self.amount is not None:
            return self.amount / self.divisor
        return self.u / abs(self.sensitivity) if self.sensitivity else 0.0

    @property
    def effect(self) -> float:
        """Return the contribution with its sign: by how much the value moves when the input quantity grows by its own u."""
        return math.copysign(self.u, self.sensitivity)

    @property
    def sound(self) -> bool:
        """Return whether every number in it is finite, and those that must not be negative are not."""
        known = (
            finite(self.u) and finite(self.sensitivity) and finite(self.divisor) and (self.amount is None or finite(self.amount))
        )
        return known and self.u >= 0 and (self.dof is None or self.dof > 0)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How well a value is known: combined standard uncertainty `u` (k = 1) in the SI unit `unit`, and the budget behind it.

    A budget that is given no parts has one, the whole: what is computed from parts can then never lose it. The parts are
    independent of each other: `combine` has put together what is not.
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
        return finite(self.u) and self.u >= 0 and all(part.sound for part in self.parts)

    @property
    def dof(self) -> float | None:
        """Return the effective degrees of freedom, None for infinitely many."""
        return effective_dof((part.u, part.dof) for part in self.parts)

    @property
    def expanded(self) -> float:
        """Return U = 2 u, as it is printed, in the SI unit."""
        return K * self.u

    @property
    def k(self) -> float:
        """Return the factor that covers 95.45 % at the effective degrees of freedom: 2 where these are infinite."""
        return coverage_factor(self.dof)


class Reading(NamedTuple):
    """A value in SI units with its uncertainty, ready to be handed to `unit.measure(id, *reading)`."""

    value: float
    u: Uncertainty


class Term(NamedTuple):
    """What a derived value depends on: by how much it changes when `reading` changes by one, and what that reading is."""

    sensitivity: float
    reading: Reading
    what: str


def rectangular(half_width: float) -> float:
    """Return the standard uncertainty of a quantity known only to lie within +-`half_width` (GUM 4.3.7)."""
    return abs(half_width) / math.sqrt(3)


def combine(budget: str, unit: str, parts: Iterable[Part]) -> Uncertainty:
    """Combine `parts`, each already times its sensitivity, into one uncertainty (GUM 5.1.2).

    Parts of one origin are the same quantity: their contributions are added with their signs first (GUM 5.2.2, r = 1; F.1.2.3),
    so that what enters twice may cancel, and may double.
    """
    merged = _merged(parts)
    return Uncertainty(math.sqrt(math.fsum(part.u**2 for part in merged)), unit, budget, merged)


def _merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    found: dict[object, Part] = {}
    for number, part in enumerate(parts):
        key = part.origin or number
        found[key] = _together(found[key], part) if key in found else part
    return tuple(found.values())


def _together(one: Part, other: Part) -> Part:
    effect = one.effect + other.effect
    sensitivity = effect / one.standard if one.standard else 0.0
    known = [part.dof for part in (one, other) if part.dof is not None]
    dof = min(known, default=None)
    return replace(one, u=abs(effect), sensitivity=sensitivity, dof=dof)


def through(part: Part, factor: float, unit: str, what: str = "") -> Part:
    """Return `part` of a reading in `unit` as it shows in a value that changes by `factor` when the reading changes by one.

    A part that is shared keeps its name; of the others `what` says which reading they are of.
    """
    name = f"{part.name}, {what}" if what and not part.origin else part.name
    of = part.unit or (unit if part.amount is None else "")
    return replace(part, name=name, u=abs(factor) * part.u, sensitivity=factor * part.sensitivity, unit=of)


def derived(value: float, budget: str, unit: str, terms: Iterable[Term], extra: Iterable[Part] = ()) -> Reading:
    """Return `value` in the SI unit `unit`, which depends on readings as `terms` say, with `extra` parts of its own (GUM 5)."""
    parts = [through(part, c, reading.u.unit, what) for c, reading, what in terms for part in reading.u.parts]
    return Reading(value, combine(budget, unit, (*parts, *extra)))


def scaled(reading: Reading, factor: float, unit: str, budget: str, extra: tuple[Part, ...] = ()) -> Reading:
    """Return `reading` times an exact `factor` in another SI `unit`, with `extra` parts added to its budget."""
    return derived(reading.value * factor, budget, unit, (Term(factor, reading, ""),), extra)


def ratio(top: Reading, bottom: Reading, budget: str) -> Reading:
    """Return top / bottom as a plain number; an error that both share (one meter, one resistor) cancels as far as it does."""
    value = top.value / bottom.value
    terms = (Term(1.0 / bottom.value, top, "numerator"), Term(-value / bottom.value, bottom, "denominator"))
    return derived(value, budget, "1", terms)
