"""Say how far an expanded uncertainty reaches: effective degrees of freedom, and the coverage factor that belongs to them."""

import math
from collections.abc import Iterable

K = 2.0  # the factor of the U that is printed
COVERED = math.erf(K / math.sqrt(2.0))  # 95.45 %: what two standard deviations of a normal distribution hold


def effective_dof(contributions: Iterable[tuple[float, float | None]]) -> float | None:
    """Return the effective degrees of freedom of independent contributions (Welch and Satterthwaite, GUM G.4.1 (G.2b)).

    Each contribution is its u in the value's unit and its degrees of freedom, None for infinitely many, which is also what
    is returned when nothing limits them. Scaled by the largest u, so that the fourth power of a nanoampere is no zero.
    """
    known = [(abs(u), dof) for u, dof in contributions]
    largest = max((u for u, _ in known), default=0.0)
    if largest == 0.0:
        return None
    whole = math.fsum((u / largest) ** 2 for u, _ in known)
    poor = math.fsum((u / largest) ** 4 / dof for u, dof in known if dof is not None)
    return None if poor == 0.0 else whole**2 / poor


def coverage_factor(dof: float | None, covered: float = COVERED) -> float:
    """Return k of Student's t for the share `covered` at `dof`, truncated to a whole number (GUM G.4.1); None is infinite.

    Below one degree of freedom nothing can be said: that of one is returned, and it is large.
    """
    whole = None if dof is None or dof > 1e5 else max(1, math.floor(dof))  # from there on it is a normal distribution
    low, high = 0.0, 1.0
    while _held(high, whole) < covered:
        high *= 2.0
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _held(middle, whole) < covered else (low, middle)
    return (low + high) / 2.0


def _held(t: float, dof: int | None) -> float:
    """Return the share of a t distribution within +-`t` (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    if dof is None:
        return math.erf(t / math.sqrt(2.0))
    angle = math.atan(t / math.sqrt(dof))
    even = dof % 2 == 0
    term, total = (1.0, 1.0) if even else (math.cos(angle), math.cos(angle))
    if dof == 1:
        total = 0.0
    for step in range(2 if even else 3, dof - 1, 2):
        term *= math.cos(angle) ** 2 * (step - 1) / step
        total += term
    return math.sin(angle) * total if even else 2.0 / math.pi * (angle + math.sin(angle) * total)
