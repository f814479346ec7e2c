"""Count yields by their definitions; each has its name, because two that share one are compared sooner or later.

Eligible is a production run that came to PASS, FAIL, ERROR or INCONCLUSIVE; ABORTED counts nowhere, nor does a golden,
known-bad, study, calibration, debug or rework run. A unit is one serial of one product in one process; its attempts are its
eligible runs in order of (start, run id) over all history. A unit belongs to the station's local day of its first attempt.

Two policies, shown side by side because their gap is the tester's own loss: `line` counts ERROR and INCONCLUSIVE as attempts
that did not pass; `product` leaves them out, so that a unit's first attempt is its first run with PASS or FAIL.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from station.quality.runs import EndedRun
from station.quality.shares import Share

_ABOUT_THE_UNIT = ("PASS", "FAIL")
_ABOUT_US = ("ERROR", "INCONCLUSIVE")

Attempts = Sequence[EndedRun]


@dataclass(frozen=True, slots=True)
class UnitYields:
    """Shares of the units by one policy: passed at the first attempt (FPY), within two (SPY), three (TPY), ever, and at last.

    `last` is the final yield (LPY): a passed unit that failed afterwards counts as failed. `recovered` is the share of units
    that passed after a first attempt that did not.
    """

    first: Share
    second: Share
    third: Share
    ever: Share
    last: Share
    recovered: Share


@dataclass(frozen=True, slots=True)
class Yields:
    """The yields of a window: of units by both policies, of runs, and the share of runs that a fault of ours spoiled."""

    product: UnitYields
    line: UnitYields
    runs: Share
    station_errors: Share


@dataclass(frozen=True, slots=True)
class Bar:
    """A row that failed first on `count` units; `share` is of all that failed, `cumulative` of this row and those before it."""

    row_id: str
    count: int
    share: float
    cumulative: float


def yields(runs: Iterable[EndedRun], since: str = "", until: str = "") -> Yields:
    """Return the yields of the window of local days since <= day < until (open where empty) from all `runs` in history."""
    eligible = [run for run in runs if is_eligible(run)]
    sound = [run for run in eligible if run.outcome in _ABOUT_THE_UNIT]
    inside = [run for run in eligible if _within(run, since, until)]
    return Yields(
        product=_of_units(attempts(sound, since, until)),
        line=_of_units(attempts(eligible, since, until)),
        runs=Share(sum(run.outcome == "PASS" for run in inside), len(inside)),
        station_errors=Share(sum(run.outcome in _ABOUT_US for run in inside), len(inside)),
    )


def is_eligible(run: EndedRun) -> bool:
    """Return whether `run` counts in any yield."""
    return run.run_type == "production" and run.outcome in (*_ABOUT_THE_UNIT, *_ABOUT_US)


def attempts(runs: Iterable[EndedRun], since: str = "", until: str = "") -> list[Attempts]:
    """Return the attempts of each unit in order, of units whose first one lies in the window."""
    by_unit: dict[tuple[str, str, str], list[EndedRun]] = {}
    for run in sorted(runs, key=lambda run: (run.started_at, run.run_id)):
        by_unit.setdefault(run.unit, []).append(run)
    return [one for one in by_unit.values() if _within(one[0], since, until)]


def pareto(runs: Iterable[EndedRun], since: str = "", until: str = "") -> tuple[Bar, ...]:
    """Return the rows that failed first at the first attempts of the product policy, the most frequent first."""
    sound = (run for run in runs if is_eligible(run) and run.outcome in _ABOUT_THE_UNIT)
    firsts = (unit[0] for unit in attempts(sound, since, until))
    counts = Counter(run.first_fail for run in firsts if run.outcome == "FAIL")
    bars, so_far, total = [], 0, counts.total()
    for row_id, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        so_far += count
        bars.append(Bar(row_id, count, count / total, so_far / total))
    return tuple(bars)


def rolled(route: Iterable[Share]) -> float | None:
    """Return the rolled throughput yield: the product of the first-pass yields along a route, None when one is of nothing."""
    values = [share.value for share in route]
    known = [value for value in values if value is not None]
    return math.prod(known) if len(known) == len(values) else None


def _of_units(units: list[Attempts]) -> UnitYields:
    late = [unit for unit in units if unit[0].outcome != "PASS"]
    return UnitYields(
        first=_passed_within(units, 1),
        second=_passed_within(units, 2),
        third=_passed_within(units, 3),
        ever=_passed_within(units, None),
        last=Share(sum(unit[-1].outcome == "PASS" for unit in units), len(units)),
        recovered=_passed_within(late, None),
    )


def _passed_within(units: list[Attempts], most: int | None) -> Share:
    return Share(sum(any(run.outcome == "PASS" for run in unit[:most]) for unit in units), len(units))


def _within(run: EndedRun, since: str, until: str) -> bool:
    return since <= run.day and (not until or run.day < until)
