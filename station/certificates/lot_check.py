"""Hold the yields and bars of a lot report against its units: no report contradicts itself.

A yield counts a unit's production runs, those before this lot too, and the list of units says what its last run came to, be it
rework. So the two bound each other, and are not the same where a unit was reworked.
"""

from collections.abc import Iterator

from station.certificates.lot import OUTCOMES, Lot, LotShare

_NAMES = ("product_first", "line_first", "final", "station_errors")
_Z2 = 1.959964**2  # the square of the normal quantile of a 95 % interval
_ROUNDED = 1e-5  # what six decimals of an end may be off by, in the square of a distance


def contradiction(lot: Lot) -> str | None:
    """Return the first thing in which the figures of `lot` contradict each other, None where nothing does."""
    return next(_contradictions(lot), None)


def _contradictions(lot: Lot) -> Iterator[str]:
    yield from _of_runs(lot)
    if tuple(share.name for share in lot.shares) != _NAMES:
        yield f"its yields are not {', '.join(_NAMES)}"
        return
    yield from (f"the yield {share.name} is none" for share in lot.shares if not _is_share(share))
    yield from _of_shares(lot)
    yield from _of_bars(lot)


def _of_runs(lot: Lot) -> Iterator[str]:
    counts = dict(lot.runs)
    if len(counts) != len(lot.runs) or min(counts.values(), default=0) < 0:
        yield "its runs are counted twice, or below nothing"
    for outcome in OUTCOMES[:-1]:
        if counts.get(outcome, 0) < lot.came_to(outcome):
            yield f"{lot.came_to(outcome)} units came to {outcome}, and {counts.get(outcome, 0)} runs"
    for unit in lot.units:
        if unit.runs < 0 or (unit.runs == 0) != (unit.outcome == "OPEN"):
            yield f"{unit.serial} came to {unit.outcome} by {unit.runs} runs"


def _is_share(share: LotShare) -> bool:
    """Return whether a share is one, in its Wilson interval: each end is z standard deviations of its own from the share."""
    if not 0 <= share.good <= share.of or not 0.0 <= share.low <= share.high <= 1.0:
        return False
    if share.of == 0:
        return (share.low, share.high) == (0.0, 1.0)
    value = share.good / share.of
    if not share.low - _ROUNDED <= value <= share.high + _ROUNDED:
        return False
    return all(abs((value - end) ** 2 - _Z2 * end * (1 - end) / share.of) < _ROUNDED for end in (share.low, share.high))


def _of_shares(lot: Lot) -> Iterator[str]:
    product, line, final, errors = lot.shares
    judged = lot.came_to("PASS") + lot.came_to("FAIL")
    if final.of != product.of:
        yield f"the final yield is of {final.of} units, the first-pass yield of {product.of}"
    if final.of > judged:
        yield f"the final yield is of {final.of} units, and {judged} came to PASS or FAIL"
    if not product.of <= line.of <= len(lot.units):
        yield f"the line's yield is of {line.of} units, the product's of {product.of}, and {len(lot.units)} came in"
    if line.good > product.good:
        yield f"the line passed {line.good} units at the first attempt, the product {product.good}"
    if not line.of - product.of <= errors.good <= errors.of - product.of:
        yield f"faults of the station spoiled {errors.good} of {errors.of} runs of {line.of} units"


def _of_bars(lot: Lot) -> Iterator[str]:
    product, counts = lot.shares[0], [bar.count for bar in lot.bars]
    if sum(counts) != product.of - product.good:
        yield f"{sum(counts)} units failed first at its rows, and {product.of - product.good} at their first attempt"
    if min(counts, default=1) < 1 or counts != sorted(counts, reverse=True) or len({bar.row for bar in lot.bars}) != len(counts):
        yield "its rows that failed first are not in order, each once"
