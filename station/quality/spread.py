"""Estimate from the records what a process makes: the mean and the spread of each row's values."""

import sqlite3
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from station.core.limit import Limit

_QUERY = (Path(__file__).parent / "queries" / "values.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Spread:
    """The mean and standard deviation of `of` units' first values, in the row's SI unit; `sd` is 0 of fewer than two.

    The spread is as observed: the measurement's own is in it, which as a rule makes the risks worked out from it larger.
    """

    of: int
    mean: float
    sd: float


def spreads(connection: sqlite3.Connection, limits: Mapping[str, Limit], product: str, *, simulated: bool) -> dict[str, Spread]:
    """Return by row what `limits` gave at each unit's first production run; rows without a value are left out.

    Real runs and simulated ones are never mixed, and no value that was measured in another SI unit counts.
    """
    found = {}
    cursor = connection.execute(_QUERY, {"product": product, "simulated": int(simulated)})
    for row_id, group in groupby(map(tuple, cursor), key=lambda row: str(row[0])):
        values = [float(value) for _, si, value in group if row_id in limits and si == limits[row_id].unit.si]
        if values:
            mean = statistics.fmean(values)
            found[row_id] = Spread(len(values), mean, statistics.stdev(values, mean) if len(values) > 1 else 0.0)
    return found
