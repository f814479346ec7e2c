"""Play one unit of a study again, with all that its bench did to it and the other units on it."""

from collections.abc import Iterator

from benchmarks.study.bench import outcomes_of
from benchmarks.study.plan import Shard
from benchmarks.study.seen import seen
from station.core.record import RowResult


def replayed(shard: Shard, serial: str) -> Iterator[str]:
    """Yield what became of `serial`, line by line: verdict, truth, and each row beside what is true of it."""
    outcomes, truths = outcomes_of(shard)
    outcome = next(one for one in outcomes if one.serial == serial)
    one = seen(shard.seed, shard.kind, outcome, truths[serial])
    yield f"{serial} on the bench of seed {shard.seed}, {shard.kind}: {one.verdict}, deserves {one.deserves}"
    yield f"found:    {one.reason}"
    yield f"in truth: {one.because}"
    if outcome.record is not None:
        yield from (_row(result, one.true.get(result.row.id)) for result in outcome.record.rows)


def _row(result: RowResult, true: float | None) -> str:
    row, one = result.row, result.measured
    known = "" if true is None else f"in truth {true:.6g}"
    if one is None or not isinstance(one.value, float) or one.u is None:
        said = "" if one is None else f"{'' if one.value is None else one.value} {one.reason}".strip()
        return f"{row.id}  {result.word:12}  {said}  {known}".rstrip()
    scale = float(row.scale)
    read = f"{one.value / scale:.6g} {row.printed}, u {one.u / scale:.2g}"
    return f"{row.id}  {result.word:12}  {read}  {known}  {one.reason}".rstrip()
