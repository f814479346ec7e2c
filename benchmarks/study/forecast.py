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

AGREEMENT = 0.01
"""Predicted and observed rejects may differ by this share of the units."""
_CHANCE = 3.0
"""Standard deviations that chance may be off by."""
_ERRORS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05)
"""Common errors of all currents that are tried, as shares."""
_CURRENTS = ("CUR.1", "CUR.2", "CUR.31", "CUR.320", "WAV.040")
"""Rows that an error of the meter or of the command enters in full."""

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
    """Rejects among `units` units: predicted at `least` and at `most`, and how many there were; `sd` is what chance adds."""

    units: int
    least: float
    most: float
    observed: int
    sd: float

    @property
    def off(self) -> float:
        """Return by how much the observed rejects are outside what is predicted, as a share of the units."""
        out = max(self.observed - self.most, 0.0) + min(self.observed - self.least, 0.0)
        return out / self.units if self.units else 0.0

    @property
    def agrees(self) -> bool:
        """Return whether prediction and observation agree to 1 % of the units, or as far as chance lets so few of them tell."""
        return abs(self.off) <= max(AGREEMENT, _CHANCE * self.sd / self.units if self.units else 0.0)


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
    judged = [one for one in units if one.verdict in ("PASS", "FAIL")]
    chances = _chances(judged, _bounds(limits), us)
    worst = [max(each, default=0.0) for each in chances]
    most = math.fsum(min(1.0, math.fsum(each)) for each in chances)
    sd = math.sqrt(math.fsum(p * (1.0 - p) for p in worst))
    return UnitForecast(len(judged), math.fsum(worst), most, sum(one.verdict == "FAIL" for one in judged), sd)


def shows(units: Iterable[Seen], limits: Mapping[str, Limit], us: Us) -> float | None:
    """Return the smallest common error of all currents, as a share, by which the rejects would be off by more than `AGREEMENT`.

    So the agreement of a production says that the station has no such error; None where no error up to 5 % would show.
    """
    judged, bounds = [one for one in units if one.verdict in ("PASS", "FAIL")], _bounds(limits)

    def rejects(error: float) -> float:
        return math.fsum(max(each, default=0.0) for each in _chances(judged, bounds, us, 1.0 + error))

    base = rejects(0.0)
    found = (one for one in _ERRORS if max(abs(rejects(end) - base) for end in (-one, one)) > AGREEMENT * len(judged))
    return next(found, None)


def _chances(units: Sequence[Seen], bounds: Mapping[str, Bounds], us: Us, factor: float = 1.0) -> list[list[float]]:
    """Return for each unit the probabilities that its rows reject, its currents read `factor` times as large as they are."""
    return [
        [
            nonconformance(true * factor if row_id.startswith(_CURRENTS) else true, us[row_id], bounds[row_id])
            for row_id, true in one.true.items()
            if row_id in us
        ]
        for one in units
    ]


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
