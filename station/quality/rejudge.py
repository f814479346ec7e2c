"""Judge again what was measured, by other limits: who changes verdict, by which rows, and what nobody can tell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from station.core.limit import Limit
from station.core.limit_set import LimitSet
from station.core.recipe import belongs
from station.core.verdict import Verdict, worst
from station.quality.judged_runs import JudgedRow, JudgedRun

_UNREACHED = ("SKIPPED", "MISSING")
UNREACHED = "not reached: the run ended before"
_OURS = (Verdict.ERROR, Verdict.ABORTED)


@dataclass(slots=True)
class RowTally:
    """How one row of the new limits judges what was measured: passes before and after, and who changes, by verdicts."""

    id: str
    judged: int = 0
    passed_before: int = 0
    passed_after: int = 0
    changes: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    unjudged: Counter[str] = field(default_factory=Counter)

    def take(self, serial: str, before: Verdict, after: Verdict) -> None:
        """Count one measured value."""
        self.judged += 1
        self.passed_before += before is Verdict.PASS
        self.passed_after += after is Verdict.PASS
        if before is not after:
            self.changes.setdefault((before.name, after.name), []).append(serial)


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A run whose verdict changes, and the rows that do; `after` is None where the new verdict cannot be told."""

    run_id: str
    serial: str
    started_at: str
    before: Verdict
    after: Verdict | None
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What the new limits make of the runs: each row, each run that changes, every run's new verdict, and dropped rows."""

    rows: tuple[RowTally, ...]
    units: tuple[UnitChange, ...]
    outcomes: Mapping[str, Verdict | None]
    dropped: tuple[str, ...]

    @property
    def never(self) -> tuple[str, ...]:
        """Return the rows of the new limits that judged nothing at all."""
        return tuple(row.id for row in self.rows if row.judged == 0)


def rejudge(limits: LimitSet, runs: Iterable[JudgedRun]) -> Rejudged:
    """Return what `limits` make of `runs`, from unrounded values and uncertainties.

    A row is judged again only where it was measured in the same kind, SI unit and condition; where it was not, that is
    counted in its tally and the run is judged by its other rows. A FAIL on evidence that was no number stays one. A run
    that ended at a row which passes now has rows that nobody measured: its new verdict cannot be told; nor can that of one
    which did not pass by a row that cannot be compared.
    """
    tallies = {row_id: RowTally(row_id) for row_id in limits.limits}
    units, outcomes, seen = [], dict[str, Verdict | None](), dict[str, None]()
    for run in runs:
        seen.update(dict.fromkeys(row.id for row in run.rows))
        change = _run(limits.limits, run, tallies)
        outcomes[run.run_id] = change.after
        if change.after is not change.before:
            units.append(change)
    dropped = tuple(row_id for row_id in seen if row_id not in limits.limits)
    return Rejudged(tuple(tallies.values()), tuple(units), outcomes, dropped)


def _run(limits: Mapping[str, Limit], run: JudgedRun, tallies: Mapping[str, RowTally]) -> UnitChange:
    measured = {row.id: row for row in run.rows}
    verdicts: list[Verdict] = []
    changed: list[str] = []
    unreached = False
    for limit in limits.values():
        if not belongs(limit.recipes, run.recipe):
            continue
        row = measured.get(limit.id)
        why = "not a row of the limits that were applied" if row is None else incomparable(limit, row)
        if row is None or why is not None:
            tallies[limit.id].unjudged[why or ""] += 1
            unreached = unreached or (row is not None and row.outcome != "PASS")
        elif row.outcome in _UNREACHED:
            tallies[limit.id].unjudged[UNREACHED] += 1
            unreached = True
        else:
            before, after = Verdict[row.outcome], verdict(limit, row)
            tallies[limit.id].take(run.serial, before, after)
            verdicts.append(after)
            changed += [limit.id] if before is not after else []
    before = Verdict[run.outcome]
    return UnitChange(run.run_id, run.serial, run.started_at, before, _after(run, verdicts, unreached=unreached), tuple(changed))


def incomparable(limit: Limit, row: JudgedRow) -> str | None:
    """Return why `limit` says nothing about what `row` measured, or None when it does; a prefix (uA, mA) makes no difference."""
    if row.kind != limit.kind:
        return f"it was a {row.kind} and is a {limit.kind}"
    if row.si != limit.unit.si:
        return f"its unit was {row.si} and is {limit.unit.si}"
    if row.condition != limit.condition:
        return f"its condition was {row.condition or 'none'!r} and is {limit.condition or 'none'!r}"
    return None


def verdict(limit: Limit, row: JudgedRow) -> Verdict:
    """Return the verdict of `limit` on what `row` measured; what had no value, or was our fault, stays what it was."""
    before = Verdict[row.outcome]
    if row.value is None or before in _OURS:
        return before
    return limit.judge(row.value, row.u)[0]


def _after(run: JudgedRun, verdicts: list[Verdict], *, unreached: bool) -> Verdict | None:
    beside = list(_beside(run))
    found = worst([*verdicts, *beside])
    untold = not beside and (unreached or not verdicts)
    return None if untold and found is not Verdict.FAIL else found


def _beside(run: JudgedRun) -> Iterator[Verdict]:
    """Yield what decided the run beside its rows: a fault or a stop, which no other limit takes back."""
    outcome = Verdict[run.outcome]
    if outcome in _OURS or (outcome is not Verdict.PASS and all(row.outcome != run.outcome for row in run.rows)):
        yield outcome
