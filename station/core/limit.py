"""Say what is allowed for one row, and judge a value by it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from station.core.finite import finite
from station.core.uncertainty import Uncertainty
from station.core.units import Unit
from station.core.verdict import Verdict

Value = float | int | str | bool
KEPT = 4096  # rows of which what follows from them alone is worked out once: all of a station's limits, many times
SHUT_OFF_CEILING = 1200.0  # s: the user manual says "at most 20 minutes each time", whatever a file says


class Kind(StrEnum):
    """What kind of value a row takes; a value of another kind is ERROR."""

    NUMBER = "number"
    COUNT = "count"
    TEXT = "text"
    FLAG = "flag"


class Sides(StrEnum):
    """Which bounds of a row something applies to."""

    NONE = "none"
    LOW = "low"
    HIGH = "high"
    BOTH = "both"

    @property
    def low(self) -> bool:
        """Return whether the low bound is meant."""
        return self in (Sides.LOW, Sides.BOTH)

    @property
    def high(self) -> bool:
        """Return whether the high bound is meant."""
        return self in (Sides.HIGH, Sides.BOTH)


@dataclass(frozen=True, slots=True)
class Rule:
    """The decision rule, fixed before the measurement (JCGM 106, ILAC-G8): guard band w = r * 2 * u_max on `sides`."""

    name: str = "simple"
    r: float = 0.0
    sides: Sides = Sides.NONE


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of a limit file; bounds, `u_max` and `range` in the row's SI unit, None where a bound is said to be none."""

    id: str
    title: str
    kind: Kind
    unit: Unit
    nominal: float | None
    low: float | None
    high: float | None
    expect: str | bool | None
    rule: Rule
    u_max: float | None
    safety: Sides
    range: float | None
    method: str
    condition: str
    recipes: tuple[str, ...] = ()  # those that measure it; none named: all of them

    def __hash__(self) -> int:
        """Return the hash of the id: rows are looked up often, and equal ones have equal ids."""
        return hash(self.id)

    @property
    def guard(self) -> float:
        """Return the width w = r * 2 * u_max of the guard band, in the row's SI unit."""
        if self.u_max is None:
            return 0.0
        if not finite(self.rule.r) or not finite(self.u_max):
            return self.rule.r * 2.0 * self.u_max
        return float(2 * _decimal(self.rule.r) * _decimal(self.u_max))

    @property
    def acceptance(self) -> tuple[float | None, float | None]:
        """Return the acceptance limits: the bounds moved inward by the guard band on the sides that the rule names.

        They are known from the file alone, and are the floats nearest to what a person works out from it by hand.
        """
        return _acceptance(self)

    @property
    def span(self) -> float:
        """Return the largest size of value that the method must be able to show, in the row's SI unit."""
        if self.range is not None:
            return self.range
        return 1.25 * max(abs(bound) for bound in (self.low, self.high, self.nominal) if bound is not None)

    @property
    def is_safety(self) -> bool:
        """Return whether a FAIL of this row is a danger to the user and quarantines the unit."""
        return self.safety is not Sides.NONE

    def judge(self, value: object, u: Uncertainty | None = None) -> tuple[Verdict, str]:
        """Return the verdict on an unrounded `value` (SI) known to within `u`, and the reason when it is not PASS."""
        return self.judge_known(value, u if u is not None and u.usable else None)

    def judge_known(self, value: object, u: Uncertainty | None) -> tuple[Verdict, str]:
        """Return what `judge` returns, where `u` is usable or None: for who has looked already."""
        match self.kind:
            case Kind.TEXT:
                return self._exact(value, str)
            case Kind.FLAG:
                return self._exact(value, bool)
            case Kind.COUNT:
                return self._count(value)
            case _:
                return self._number(value, u)

    def _exact(self, value: object, kind: type) -> tuple[Verdict, str]:
        if type(value) is not kind:
            return Verdict.ERROR, f"a {self.kind} is wanted here, not {value!r}"
        if value == self.expect:
            return Verdict.PASS, ""
        return Verdict.FAIL, f"{value!r} is not {self.expect!r}"

    def _count(self, value: object) -> tuple[Verdict, str]:
        if type(value) is not int:
            return Verdict.ERROR, f"a count is wanted here, not {value!r}"
        return self._between(value)

    def _number(self, value: object, u: Uncertainty | None) -> tuple[Verdict, str]:
        if not finite(value):
            return Verdict.ERROR, f"a finite number is wanted here, not {value!r}"
        if u is None:
            return Verdict.ERROR, "the value came without a usable uncertainty"
        if u.unit != self.unit.si:
            return Verdict.ERROR, f"the value is in {u.unit}, the limit in {self.unit.si}"
        if self.u_max is None or not u.u <= self.u_max:  # said so that a NaN is not capable either
            return Verdict.INCONCLUSIVE, "the uncertainty is larger than this row allows: the method is not capable"
        return self._between(float(value))

    def _between(self, value: float) -> tuple[Verdict, str]:
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        if not bounds or not all(map(finite, bounds)):
            return Verdict.ERROR, "the row has no bound to judge by"
        if self.low is not None and value < self.low:
            return Verdict.FAIL, "below the low limit"
        if self.high is not None and value > self.high:
            return Verdict.FAIL, "above the high limit"
        low, high = self.acceptance
        if (low is None or value >= low) and (high is None or value <= high):
            return Verdict.PASS, ""
        return Verdict.FAIL, "within tolerance, but not proven (inside the guard band)"


@lru_cache(maxsize=KEPT)
def _acceptance(limit: Limit) -> tuple[float | None, float | None]:
    low, high, sides = limit.low, limit.high, limit.rule.sides
    if low is not None and sides.low:
        low = _sum(low, limit.guard)
    if high is not None and sides.high:
        high = _sum(high, -limit.guard)
    return low, high


def _sum(bound: float, shift: float) -> float:
    if not finite(bound) or not finite(shift):
        return bound + shift
    return float(_decimal(bound) + _decimal(shift))


def _decimal(value: float) -> Decimal:
    """Return the shortest decimal that `value` is read from: what a person wrote, not the float beside it."""
    return Decimal(repr(float(value)))
