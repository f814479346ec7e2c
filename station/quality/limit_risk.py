"""Say for each row of a limit file what its decision rule risks: test uncertainty ratio, specific and global risks."""

from collections.abc import Mapping
from dataclasses import dataclass

from station.core.limit import Kind, Limit
from station.quality.risk import GlobalRisks, Process, global_risks, nonconformance


@dataclass(frozen=True, slots=True)
class RowRisk:
    """What a row risks when it is measured with standard uncertainty `u`; numbers in the row's SI unit.

    `tur` is how many times the expanded uncertainty (k = 2) fits into the tolerance, None where there is no width to compare;
    `at_low` and `at_high` are the probabilities that a unit read exactly at that acceptance limit is out of tolerance, by the
    reading alone, None where there is no such limit.
    """

    limit: Limit
    u: float
    tur: float | None
    at_low: float | None
    at_high: float | None
    process: Process | None
    shares: GlobalRisks | None


def row_risk(limit: Limit, process: Process | None = None, u: float | None = None) -> RowRisk:
    """Return the risks of a row of numbers, measured as badly as it allows unless `u` is given; raises ValueError for others."""
    if limit.kind is not Kind.NUMBER or limit.u_max is None:
        raise ValueError(f"{limit.id} is a {limit.kind}: it has no uncertainty, and no risk of this kind")
    known = limit.u_max if u is None else u
    if known > limit.u_max:
        raise ValueError(f"a reading known worse than the u_max of {limit.id} is INCONCLUSIVE: it passes and rejects nothing")
    tolerance = limit.low, limit.high
    shares = None if process is None else global_risks(process, known, tolerance, limit.acceptance)
    at_low, at_high = (None if end is None else nonconformance(end, known, tolerance) for end in limit.acceptance)
    return RowRisk(limit, known, _ratio(limit, known), at_low, at_high, process, shares)


def risks(limits: Mapping[str, Limit], processes: Mapping[str, Process]) -> tuple[RowRisk, ...]:
    """Return the risks of all rows of numbers, in the order of the file; `processes` are known by row, not all need be."""
    numbers = (limit for limit in limits.values() if limit.kind is Kind.NUMBER)
    return tuple(row_risk(limit, processes.get(limit.id)) for limit in numbers)


def _ratio(limit: Limit, u: float) -> float | None:
    """Return the half width of the tolerance over U; of a one-sided row the distance of its bound from the nominal value."""
    if limit.low is not None and limit.high is not None:
        half = (limit.high - limit.low) / 2
    else:
        bound = limit.low if limit.low is not None else limit.high
        if bound is None or limit.nominal is None:
            return None
        half = abs(bound - limit.nominal)
    return half / (2 * u) if u > 0 else None
