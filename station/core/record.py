"""Fold the events of a run into its record: the only way to make one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from station.core.events import Event, Measured, Prompted, Row, RunEnded, RunStarted, StepEnded, StepStarted
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
    def failing(self) -> tuple[RowResult, ...]:
        """Return the rows that failed."""
        return tuple(result for result in self.rows if result.word == "FAIL")

    @property
    def certifiable(self) -> bool:
        """Return whether this record may earn a certificate: PASS, and limits that quality released."""
        return self.verdict is Verdict.PASS and not self.started.documents.limits_unreleased


def replay(events: Iterable[Event]) -> RunRecord:
    """Return the record of the run that `events` tell; raises ValueError when they are not one run in order.

    Nothing is believed: a run that claims PASS without every row measured exactly once and passed replays as ERROR. Without
    RunEnded it is ABORTED, or FAIL when a FAIL on sound evidence is already among its rows.
    """
    told = tuple(events)
    started = _start(told)
    if any(event.run_id != started.run_id or event.seq != number for number, event in enumerate(told)):
        raise ValueError(f"the events of run {started.run_id} are not one run in order")
    measured = [event for event in told if isinstance(event, Measured)]
    ended = next((event for event in told if isinstance(event, RunEnded)), None)
    if ended is not None and ended is not told[-1]:
        raise ValueError(f"run {started.run_id} goes on after its end")
    rows = _rows(started, measured, ended)
    verdict, reason = _verdict(measured, ended, rows)
    failed = next((result.row.id for result in rows if result.word == "FAIL"), "")
    first_fail = ended.first_fail if ended is not None and ended.first_fail else failed
    prompts = tuple(event for event in told if isinstance(event, Prompted))
    return RunRecord(started, ended, verdict, reason, first_fail, rows, _steps(told), prompts)


def _start(told: tuple[Event, ...]) -> RunStarted:
    if told and isinstance(told[0], RunStarted):
        return told[0]
    raise ValueError("a run begins with RunStarted")


def _rows(started: RunStarted, measured: list[Measured], ended: RunEnded | None) -> tuple[RowResult, ...]:
    by_id = {event.id: event for event in reversed(measured)}
    skipped = {skip.id: skip.because for skip in ended.skipped} if ended else {}
    return tuple(RowResult(row, by_id.get(row.id), skipped.get(row.id, "")) for row in started.rows)


def _verdict(measured: list[Measured], ended: RunEnded | None, rows: tuple[RowResult, ...]) -> tuple[Verdict, str]:
    failed = any(event.verdict == "FAIL" for event in measured)
    if ended is not None and ended.struck:
        return Verdict.ERROR, ended.reason
    if ended is None:
        cut = "the run was cut off before its end"
        return (Verdict.FAIL if failed else Verdict.ABORTED), cut
    claimed = Verdict[ended.verdict]
    if claimed is not Verdict.PASS:
        return (Verdict.FAIL if failed else claimed), ended.reason
    fault = unproven(measured, rows)
    return (Verdict.PASS, ended.reason) if fault is None else (worst([Verdict.ERROR, *_all(measured)]), fault)


def _all(measured: list[Measured]) -> list[Verdict]:
    return [Verdict[event.verdict] for event in measured]


def unproven(measured: list[Measured], rows: tuple[RowResult, ...]) -> str | None:
    """Return why these measurements do not make a PASS, or None when every row was measured exactly once and passed."""
    if not rows:
        return "no row was judged"
    known = {result.row.id for result in rows}
    for row_id, times in Counter(event.id for event in measured).items():
        if row_id not in known:
            return f"{row_id} is not a row of the limits"
        if times > 1:
            return f"{row_id} was measured {times} times"
    for result in rows:
        if result.word != "PASS":
            return f"{result.row.id} is {result.word}"
    return None


def _steps(told: tuple[Event, ...]) -> tuple[StepResult, ...]:
    ends = {event.step: event for event in told if isinstance(event, StepEnded)}
    steps = []
    for event in told:
        if isinstance(event, StepStarted):
            end = ends.get(event.step)
            verdict, error = (end.verdict, end.error) if end else ("ABORTED", "cut off")
            ended = end.monotonic if end else None
            steps.append(StepResult(event.step, event.number, event.at, event.monotonic, ended, verdict, error))
    return tuple(steps)
