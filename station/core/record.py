"""Fold the events of a run into its record: the only way to make one."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from station.core.equipment import Equipment
from station.core.events import Event, Measured, Prompted, Row, RunEnded, RunStarted
from station.core.proof import doubt, misplaced
from station.core.story import StepResult, Story
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
    story = Story(events)
    rows = _rows(story)
    verdict, reason = _verdict(story, rows)
    return RunRecord(story.started, story.ended, verdict, reason, _first_fail(story), rows, story.steps, tuple(story.prompts))


def unproven(events: Iterable[Event]) -> str | None:
    """Return why the events of one run do not prove a PASS, or None when they do.

    They do when they are one run in order, every row was measured exactly once, in a step that declared it, its value proves
    that it passed, no other row was measured, no row is left out that the recipe measures, and every step ended well.
    """
    try:
        story = Story(events)
    except ValueError as disorder:
        return str(disorder)
    return next(_doubts(story, _rows(story)), None)


def _rows(story: Story) -> tuple[RowResult, ...]:
    measured = {event.id: event for event in reversed(story.measured)}
    skipped = {skip.id: skip.because for skip in story.ended.skipped} if story.ended else {}
    return tuple(RowResult(row, measured.get(row.id), skipped.get(row.id, "")) for row in story.started.rows)


def _doubts(story: Story, rows: tuple[RowResult, ...]) -> Iterator[str]:
    known = Counter(row.id for row in story.started.rows)
    times = Counter(event.id for event in story.measured)
    if not rows:
        yield "no row was judged"
    yield from misplaced(story.started)
    yield from (f"{row_id} stands {known[row_id]} times among the rows of the limits" for row_id in known if known[row_id] > 1)
    yield from (f"{row_id} is not a row of the limits" for row_id in times if row_id not in known)
    yield from (f"{row_id} was measured {times[row_id]} times" for row_id in times if times[row_id] > 1)
    for result in rows:
        fault = "is MISSING" if result.measured is None else doubt(result.row, result.measured)
        if fault is not None:
            yield f"{result.row.id} {fault}"
    yield from (f"{row_id} was measured outside the step that declares it" for row_id in story.undeclared)
    yield from (f"step {step.name!r} is {step.verdict}" for step in story.steps if step.verdict != "PASS")


def _first_fail(story: Story) -> str:
    ended = story.ended
    if ended is not None and (ended.struck or ended.first_fail):
        return "" if ended.struck else ended.first_fail
    return next((event.id for event in story.measured if event.verdict == "FAIL"), "")


def _verdict(story: Story, rows: tuple[RowResult, ...]) -> tuple[Verdict, str]:
    ended, told = story.ended, {event.verdict for event in story.measured}
    if ended is None:
        return (Verdict.FAIL if "FAIL" in told else Verdict.ABORTED), "the run was cut off before its end"
    if ended.struck:
        return Verdict.ERROR, ended.reason
    verdict = worst(Verdict[word] for word in (ended.verdict, *told))
    fault = _false_claim(story, rows) if ended.verdict == "PASS" else None
    return (verdict, ended.reason) if fault is None else (worst([Verdict.ERROR, verdict]), fault)


def _false_claim(story: Story, rows: tuple[RowResult, ...]) -> str | None:
    skipped = story.ended.skipped if story.ended else ()
    if skipped:
        return f"{skipped[0].id} was skipped"
    return next(_doubts(story, rows), None)
