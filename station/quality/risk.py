"""Compute the risks of a pass or fail decision by JCGM 106:2012: of one measured unit, and of a process that is tested.

The measurement error is normal with standard uncertainty u, the process normal with its mean and spread; both independent.
All quantities are in one unit, whichever. Bounds are pairs (low, high), None where there is none.
"""

import math
from dataclasses import dataclass

from scipy.special import owens_t

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Process:
    """What is known of a unit before it is measured: the process makes them with this `mean` and standard deviation `sd`."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        """Refuse what is no distribution."""
        if not math.isfinite(self.mean) or not math.isfinite(self.sd) or self.sd <= 0:
            raise ValueError(f"a process has a finite mean and a spread above 0, not {self.mean!r} and {self.sd!r}")


@dataclass(frozen=True, slots=True)
class GlobalRisks:
    """Shares of all units that are tested, each from 0 to 1.

    `conforming` have a true value in tolerance, `accepted` a measured one in the acceptance interval; `consumer` are accepted
    and do not conform (R_C), `producer` are rejected and do (R_P).
    """

    conforming: float
    accepted: float
    consumer: float
    producer: float


def nonconformance(value: float, u: float, tolerance: Bounds, process: Process | None = None) -> float:
    """Return the probability that the true value is out of `tolerance`: the specific consumer's risk of an accepted unit.

    By the measured `value` and its `u` alone (JCGM 106, 7.3 and 7.4), or together with what is known of the process (7.2).
    """
    low, high = tolerance
    best, spread = _posterior(value, u, process)
    below = 0.0 if low is None else _normal(_over(low - best, spread))
    above = 0.0 if high is None else _normal(_over(best - high, spread))
    return min(1.0, below + above)


def conformance(value: float, u: float, tolerance: Bounds, process: Process | None = None) -> float:
    """Return the probability that the true value is in `tolerance` (p_C): the specific producer's risk of a rejected unit."""
    low, high = _ends(tolerance)
    best, spread = _posterior(value, u, process)
    left, right = _over(low - best, spread), _over(high - best, spread)
    if left > 0:  # both in the upper tail: its mirror image keeps small probabilities exact
        left, right = -right, -left
    return max(0.0, _normal(right) - _normal(left))


def global_risks(process: Process, u: float, tolerance: Bounds, acceptance: Bounds) -> GlobalRisks:
    """Return the risks of testing all units of `process` with standard uncertainty `u` (JCGM 106, 9.5).

    True and measured value are bivariate normal; each risk is a sum of rectangles of theirs, to about 1e-15.
    """
    _check(0.0, u)
    ratio = u / process.sd
    low, high = (_over(end - process.mean, process.sd) for end in _ends(tolerance))
    least, most = (_over(end - process.mean, process.sd) for end in _ends(acceptance))
    wider = math.sqrt(1 + ratio * ratio)
    consumer = _strip(low, least, most, ratio) + _strip(-high, -most, -least, ratio)
    producer = _strip_between(low, high, least, ratio) + _strip_between(-high, -low, -most, ratio)
    return GlobalRisks(
        conforming=_normal(high) - _normal(low),
        accepted=_normal(most / wider) - _normal(least / wider),
        consumer=max(0.0, consumer),
        producer=max(0.0, producer),
    )


def _strip(true: float, least: float, most: float, ratio: float) -> float:
    """Return the probability that the true value is below `true` and the measured one between `least` and `most`."""
    return _both_below(true, most, ratio) - _both_below(true, least, ratio)


def _strip_between(low: float, high: float, measured: float, ratio: float) -> float:
    """Return the probability that the true value is between `low` and `high` and the measured one below `measured`."""
    return _both_below(high, measured, ratio) - _both_below(low, measured, ratio)


def _both_below(true: float, measured: float, ratio: float) -> float:
    """Return the probability that X < `true` and X + `ratio` E < `measured`, for X and E standard normal and independent.

    D. B. Owen, Ann. Math. Statist. 27 (1956) 1075, with his arguments written so that nothing cancels for a small `ratio`.
    """
    h, k = true, measured / math.sqrt(1 + ratio * ratio)
    if -math.inf in (h, k):
        return 0.0
    if math.inf in (h, k) or ratio == 0:
        return _normal(min(h, k))
    if h == 0 and k == 0:
        return 0.25 + math.atan2(1, ratio) / (2 * math.pi)
    apart = measured - true
    of_h = _over(apart, ratio * true) if true else math.copysign(math.inf, measured)
    of_k = _over(ratio * ratio * true - apart, ratio * measured) if measured else math.copysign(math.inf, true)
    one_side = (h >= 0) == (k >= 0)  # by their signs: the product of two tiny numbers may be no number any more
    halves = 0.5 * (_normal(h) + _normal(k)) - (0.0 if one_side else 0.5)
    return max(0.0, float(halves - owens_t(h, of_h) - owens_t(k, of_k)))


def _posterior(value: float, u: float, process: Process | None) -> tuple[float, float]:
    """Return the best estimate and its standard uncertainty: what was measured, weighed with what was known (JCGM 106, 7.2)."""
    _check(value, u)
    if process is None or u == 0:
        return value, u
    known = process.sd * process.sd / (process.sd * process.sd + u * u)
    return process.mean + known * (value - process.mean), u * math.sqrt(known)


def _check(value: float, u: float) -> None:
    if not math.isfinite(value) or not math.isfinite(u) or u < 0:
        raise ValueError(f"a measurement is a finite value with an uncertainty of at least 0, not {value!r} and {u!r}")


def _ends(bounds: Bounds) -> tuple[float, float]:
    low, high = bounds
    return -math.inf if low is None else low, math.inf if high is None else high


def _over(top: float, bottom: float) -> float:
    """Return top / bottom; over 0 the infinity of its sign, and 0 over 0 is 0."""
    if bottom:
        return top / bottom
    return math.copysign(math.inf, top) if top else 0.0


def _normal(x: float) -> float:
    """Return the standard normal distribution function at `x`, exact in the lower tail."""
    return 0.5 * math.erfc(-x / math.sqrt(2))
