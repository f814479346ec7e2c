"""Predict from true values, acceptance limits and stated uncertainties how many units are rejected, and count how many were.

A row rejects with the probability that true value plus a normal error of the stated u lies outside its acceptance limits. The
errors of one unit's rows are not independent (one multimeter reads most of them), so the probability that any row rejects
is given as bounds that hold whatever they share: the largest of the rows' probabilities, and their sum.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.study.seen import Seen
from station.core.limit import Kind, Limit
from station.quality.risk import Bounds, nonconformance

Us = Mapping[str, float]
"""Standard uncertainty by row, in the row's own unit."""


@dataclass(frozen=True, slots=True)
class RowForecast:
    """Rejects of one row among the `units` that it was measured of; `sd` is the standard deviation of what is `predicted`."""

    row: str
    units: int
    predicted: float
    sd: float
    observed: int

    @property
    def off(self) -> float:
        """Return the difference as a share of the units."""
        return (self.observed - self.predicted) / self.units if self.units else 0.0


@dataclass(frozen=True, slots=True)
class UnitForecast:
    """Rejects among `units` units: predicted at `least` and at `most`, and how many there were."""

    units: int
    least: float
    most: float
    observed: int

    @property
    def off(self) -> float:
        """Return by how much the observed rejects are outside what is predicted, as a share of the units."""
        out = max(self.observed - self.most, 0.0) + min(self.observed - self.least, 0.0)
        return out / self.units if self.units else 0.0


def by_row(units: Sequence[Seen], limits: Mapping[str, Limit]) -> list[RowForecast]:
    """Return for each row that was measured how many of the `units` it should have rejected, and has."""
    found = []
    for row_id, bounds in _bounds(limits).items():
        measured = [(one, *one.measured[row_id]) for one in units if row_id in one.measured and row_id in one.true]
        chances = [nonconformance(one.true[row_id], u, bounds) for one, _, u in measured]
        observed = sum(row_id in one.rejected for one, _, _ in measured)
        spread = math.sqrt(math.fsum(p * (1.0 - p) for p in chances))
        found.append(RowForecast(row_id, len(measured), math.fsum(chances), spread, observed))
    return [one for one in found if one.units]


def by_unit(units: Iterable[Seen], limits: Mapping[str, Limit], us: Us) -> UnitForecast:
    """Return how many of the `units` that came to PASS or FAIL should have been rejected, and were; `us` serves for all."""
    bounds = _bounds(limits)
    judged = [one for one in units if one.verdict in ("PASS", "FAIL")]
    chances = [
        [nonconformance(true, us[row_id], bounds[row_id]) for row_id, true in one.true.items() if row_id in us] for one in judged
    ]
    least = math.fsum(max(each, default=0.0) for each in chances)
    most = math.fsum(min(1.0, math.fsum(each)) for each in chances)
    return UnitForecast(len(judged), least, most, sum(one.verdict == "FAIL" for one in judged))


def usual(units: Iterable[Seen], limits: Mapping[str, Limit]) -> Us:
    """Return the median of the stated uncertainties of each row, for rows that a unit did not come to."""
    stated = defaultdict[str, list[float]](list)
    for one in units:
        for row_id, (_, u) in one.measured.items():
            stated[row_id].append(u)
    return {row_id: median(each) for row_id, each in stated.items() if row_id in _bounds(limits)}


def _bounds(limits: Mapping[str, Limit]) -> dict[str, Bounds]:
    """Return the acceptance limits of all rows of numbers, in the rows' own units."""
    return {row_id: _own_unit(limit) for row_id, limit in limits.items() if limit.kind is Kind.NUMBER}


def _own_unit(limit: Limit) -> Bounds:
    low, high = (None if end is None else limit.unit.from_si(end) for end in limit.acceptance)
    return low, high
