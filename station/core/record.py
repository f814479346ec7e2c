"""Fold the events of a run into its record: the only way to make one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from station.core.events import Event, Measured, Prompted, Row, RunEnded, RunStarted, StepEnded, StepStarted
from station.core.instruments import Equipment
from station.core.proof import doubt, misplaced
from station.core.verdict import Verdict, worst


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row of the limits and what became of it; `measured` is None where it was skipped or not reached."""

    row: Row
    measured: Measured | None
    skipped: str = ""

    @property
    def word(self) -> str:
        """Return the row's verdict in one word: a verdict's name, SKIPPED, or MISSING."""
        if self.measured is not None:
            return self.measured.verdict
        return "SKIPPED" if self.skipped else "MISSING"


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step as it went."""

    name: str
    number: int
    started_at: str
    started: float
    ended: float | None
    verdict: str
    error: str
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run, whole: how it started, its steps, every row's result, and how it ended."""

    started: RunStarted
    ended: RunEnded | None
    verdict: Verdict
    reason: str
    first_fail: str
    rows: tuple[RowResult, ...]
    steps: tuple[StepResult, ...]
    prompts: tuple[Prompted, ...]

    @property
    def duration(self) -> float | None:
        """Return how long the run took in s of the line's clock, None when its end is not on record."""
        return None if self.ended is None else self.ended.monotonic - self.started.monotonic

    @property
    def equipment(self) -> tuple[Equipment, ...]:
        """Return what measured: all that belongs to the slot, and of what is lent that which a step had.

        A step that was cut off could not tell what it had: then it is all that it may have had.
        """
        cut_off = any(step.ended is None for step in self.steps)
        had = {serial for step in self.steps for serial in step.instruments}
        return tuple(one for one in self.started.equipment if cut_off or not one.lent or one.serial in had)

    @property
    def failing(self) -> tuple[RowResult, ...]:
        """Return the rows that failed; none when all measurements were struck out."""
        struck = self.ended is not None and self.ended.struck
        return () if struck else tuple(result for result in self.rows if result.word == "FAIL")

    @property
    def certifiable(self) -> bool:
        """Return whether this record may earn a certificate: PASS, and limits that quality released."""
        return self.verdict is Verdict.PASS and not self.started.documents.limits_unreleased


def replay(events: Iterable[Event]) -> RunRecord:
    """Return the record of the run that `events` tell; raises ValueError when they are not one run in order.

    Nothing is believed: a run that claims PASS without proof replays as ERROR. Without RunEnded it is ABORTED, or FAIL when
    a FAIL on sound evidence is already among its rows.
    """
    told = tuple(events)
    started = _start(told)
    ended = told[-1] if isinstance(told[-1], RunEnded) else None
    verdict, reason = _verdict(told, ended)
    prompts = tuple(event for event in told if isinstance(event, Prompted))
    return RunRecord(started, ended, verdict, reason, _first_fail(told, ended), _rows(told, ended), _steps(told), prompts)


def unproven(told: Sequence[Event]) -> str | None:
    """Return why the events of one run do not prove a PASS, or None when they do.

    They do when every row was measured exactly once, in a step that declared it, its value proves that it passed, no other
    row was measured, no row is left out that the recipe measures, and every step ended well.
    """
    return next(_doubts(told), None)


def _doubts(told: Sequence[Event]) -> Iterator[str]:
    rows = _rows(told, None)
    known = Counter(result.row.id for result in rows)
    times = Counter(event.id for event in _measured(told))
    if not rows:
        yield "no row was judged"
    yield from (fault for event in told if isinstance(event, RunStarted) for fault in misplaced(event))
    yield from (f"{row_id} stands {known[row_id]} times among the rows of the limits" for row_id in known if known[row_id] > 1)
    yield from (f"{row_id} is not a row of the limits" for row_id in times if row_id not in known)
    yield from (f"{row_id} was measured {times[row_id]} times" for row_id in times if times[row_id] > 1)
    for result in rows:
        fault = "is MISSING" if result.measured is None else doubt(result.row, result.measured)
        if fault is not None:
            yield f"{result.row.id} {fault}"
    yield from (f"{row_id} was measured outside the step that declares it" for row_id in _undeclared(told))
    yield from (f"step {step.name!r} is {step.verdict}" for step in _steps(told) if step.verdict != "PASS")


def _undeclared(told: Sequence[Event]) -> Iterator[str]:
    declared: tuple[str, ...] = ()
    for event in told:
        if isinstance(event, StepStarted | StepEnded):
            declared = event.ids if isinstance(event, StepStarted) else ()
        elif isinstance(event, Measured) and event.id not in declared:
            yield event.id


def _start(told: tuple[Event, ...]) -> RunStarted:
    if not told or not isinstance(told[0], RunStarted):
        raise ValueError("a run begins with RunStarted")
    run_id = told[0].run_id
    if any(event.run_id != run_id or event.seq != number for number, event in enumerate(told)):
        raise ValueError(f"the events of run {run_id} are not one run in order")
    if any(isinstance(event, RunStarted) for event in told[1:]):
        raise ValueError(f"run {run_id} begins twice")
    if any(isinstance(event, RunEnded) for event in told[:-1]):
        raise ValueError(f"run {run_id} goes on after its end")
    for event in told:
        if isinstance(event, Measured | StepEnded | RunEnded) and event.verdict not in Verdict.__members__:
            raise ValueError(f"run {run_id} tells of a verdict {event.verdict!r}, which is none")
    return told[0]


def _measured(told: Sequence[Event]) -> list[Measured]:
    return [event for event in told if isinstance(event, Measured)]


def _rows(told: Sequence[Event], ended: RunEnded | None) -> tuple[RowResult, ...]:
    by_id = {event.id: event for event in reversed(_measured(told))}
    skipped = {skip.id: skip.because for skip in ended.skipped} if ended else {}
    rows = [row for event in told if isinstance(event, RunStarted) for row in event.rows]
    return tuple(RowResult(row, by_id.get(row.id), skipped.get(row.id, "")) for row in rows)


def _first_fail(told: Sequence[Event], ended: RunEnded | None) -> str:
    if ended is not None and (ended.struck or ended.first_fail):
        return "" if ended.struck else ended.first_fail
    return next((event.id for event in _measured(told) if event.verdict == "FAIL"), "")


def _verdict(told: Sequence[Event], ended: RunEnded | None) -> tuple[Verdict, str]:
    rows = [Verdict[event.verdict] for event in _measured(told)]
    if ended is None:
        failed = Verdict.FAIL in rows
        return (Verdict.FAIL if failed else Verdict.ABORTED), "the run was cut off before its end"
    if ended.struck:
        return Verdict.ERROR, ended.reason
    verdict = worst([Verdict[ended.verdict], *rows])
    fault = _false_claim(told, ended) if ended.verdict == "PASS" else None
    return (verdict, ended.reason) if fault is None else (worst([Verdict.ERROR, verdict]), fault)


def _false_claim(told: Sequence[Event], ended: RunEnded) -> str | None:
    if ended.skipped:
        return f"{ended.skipped[0].id} was skipped"
    return unproven(told)


def _steps(told: Sequence[Event]) -> tuple[StepResult, ...]:
    steps: list[StepResult] = []
    for event in told:
        if isinstance(event, StepStarted):
            steps.append(StepResult(event.step, event.number, event.at, event.monotonic, None, "ABORTED", "cut off"))
        elif isinstance(event, StepEnded):
            if not steps or steps[-1].name != event.step or steps[-1].ended is not None:
                raise ValueError(f"step {event.step!r} ends without having begun")
            begun = steps[-1]
            steps[-1] = StepResult(
                begun.name,
                begun.number,
                begun.started_at,
                begun.started,
                event.monotonic,
                event.verdict,
                event.error,
                event.instruments,
            )
    return tuple(steps)
