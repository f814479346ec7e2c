"""Judge a time that is known as an interval: inside what is accepted, outside what is allowed, or neither and then undecided."""

import math
from collections.abc import Mapping

from station.core.budget import certified, within
from station.core.canonical import Json
from station.core.limit import Limit
from station.core.uncertainty import Part, Reading, combine
from station.products.mc100_looked import Seen
from station.sequencer.unit import Unit

LOOKS = "between two looks"  # the budget's line whose half width is that of the interval


def measure_shut_off(unit: Unit, row_id: str, seen: Seen) -> None:
    """Measure the time between first and last pulse as row `row_id`, from looks and the host's clock."""
    low, high = seen.shortest, seen.longest
    middle, doubt = 0.5 * (low + high), 2.0 * unit.nest.timer_accuracy
    reading = Reading(
        middle, combine("oscilloscope looks, host's clock", "s", (looks_line(0.5 * (high - low)), _clock(unit, middle)))
    )
    highest = math.inf if seen.forced else high * (1.0 + doubt)
    measure_interval(unit, row_id, (low * (1.0 - doubt), highest), reading, as_seen(seen))


def measure_interval(
    unit: Unit, row_id: str, between: tuple[float, float], reading: Reading, detail: Mapping[str, Json] | None = None
) -> None:
    """Measure `reading` as row `row_id`, whose true value surely lies `between` two numbers (the row's SI unit).

    An interval outside the tolerance fails however wide it is, one that straddles an acceptance limit is undecided.
    """
    limit = unit.limits[row_id]
    if straddles(limit, *between) and not outside(limit, *between):
        unit.undecided(row_id, f"{said(limit, *between)}, which straddles what is accepted")
    elif outside(limit, *between) and (limit.u_max is None or reading.u.u > limit.u_max):
        unit.fail(row_id, f"{said(limit, *between)}, all of which is outside the limits")
    else:
        unit.measure(row_id, *reading, detail=detail)


def outside(limit: Limit, low: float, high: float) -> bool:
    """Return whether all from `low` to `high` (SI) lies below the low limit, or all of it above the high one."""
    return (limit.low is not None and high < limit.low) or (limit.high is not None and low > limit.high)


def straddles(limit: Limit, low: float, high: float) -> bool:
    """Return whether an acceptance limit lies between `low` and `high` (SI)."""
    return any(bound is not None and low <= bound <= high and not low == bound == high for bound in limit.acceptance)


def said(limit: Limit, low: float, high: float) -> str:
    """Return both ends in words."""
    name, scale = limit.unit.printed, limit.unit.from_si
    ends = f"from {scale(low):.4f} {name} on" if math.isinf(high) else f"between {scale(low):.4f} and {scale(high):.4f} {name}"
    return f"by looks it lies {ends}"


def half_width(reading: Reading) -> float:
    """Return half the width of the interval behind a time, in s; 0 for one that no look took."""
    return next((part.amount or 0.0 for part in reading.u.parts if part.name == LOOKS), 0.0)


def looks_line(half: float) -> Part:
    """Return the budget's line of an interval of half width `half` s."""
    source = "last pulse seen to first pulse missed, less the bracket of the first: line's clock around each look"
    return within(LOOKS, half, unit="s", source=source, origin="looks")


def as_seen(seen: Seen) -> dict[str, float | int | str | bool | None]:
    """Return what looks saw, in s of the line's clock, for the record and the drawing of the shut-off."""
    return {
        "first": seen.began.middle, "last": seen.last.middle, "count": None, "after": seen.back, "off_seen": seen.off_seen,
        "silent_until": seen.over, "forced": seen.forced, "witness": "looks", "looks": seen.looks,
        "shortest": seen.shortest, "longest": seen.longest,
    }  # fmt: skip


def _clock(unit: Unit, seconds: float) -> Part:
    source = "calibration of the host's clock: U (k = 2)"
    return certified(
        "host's clock", 2.0 * unit.nest.timer_accuracy, unit="1", sensitivity=seconds, source=source, origin="host's clock"
    )
