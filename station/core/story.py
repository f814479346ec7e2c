"""Sort what a run told, refusing what is not one run in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from station.core.events import Event, Measured, Prompted, RunEnded, RunStarted, StepEnded, StepStarted, Waiting
from station.core.verdict import NAMES


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


class Story:
    """The events of one run by kind, each kind in its order; raises ValueError when they are not one run in order.

    `undeclared` are the rows that were measured outside the step that declares them.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        told = tuple(events)
        self.started = _start(told)
        self.ended: RunEnded | None = None
        self.measured: list[Measured] = []
        self.prompts: list[Prompted] = []
        self.undeclared: list[str] = []
        self._steps: list[StepResult] = []
        self._open: StepStarted | None = None
        for event in told[1:]:
            if self.ended is not None:
                raise ValueError(f"run {self.started.run_id} goes on after its end")
            self._take(event)

    @property
    def steps(self) -> tuple[StepResult, ...]:
        """Return the steps as they went; one that has not ended was cut off."""
        return (*self._steps, *self._cut_off())

    def _take(self, event: Event) -> None:
        match event:
            case Measured():
                self._measured(event)
            case StepStarted():
                self._steps.extend(self._cut_off())
                self._open = event
            case StepEnded():
                self._end_step(event)
            case Prompted():
                self.prompts.append(event)
            case Waiting():
                pass  # for who looks on
            case RunEnded():
                self._check(event.verdict)
                self.ended = event
            case _:
                raise ValueError(f"run {event.run_id} begins twice")

    def _measured(self, event: Measured) -> None:
        self._check(event.verdict)
        self.measured.append(event)
        if self._open is None or event.id not in self._open.ids:
            self.undeclared.append(event.id)

    def _end_step(self, event: StepEnded) -> None:
        self._check(event.verdict)
        begun = self._open
        if begun is None or begun.step != event.step:
            raise ValueError(f"step {event.step!r} ends without having begun")
        told = (event.monotonic, event.verdict, event.error, event.instruments)
        self._steps.append(StepResult(begun.step, begun.number, begun.at, begun.monotonic, *told))
        self._open = None

    def _cut_off(self) -> Iterable[StepResult]:
        if self._open is not None:
            begun = self._open
            yield StepResult(begun.step, begun.number, begun.at, begun.monotonic, None, "ABORTED", "cut off")

    def _check(self, verdict: str) -> None:
        if verdict not in NAMES:
            raise ValueError(f"run {self.started.run_id} tells of a verdict {verdict!r}, which is none")


def _start(told: Sequence[Event]) -> RunStarted:
    if not told or not isinstance(told[0], RunStarted):
        raise ValueError("a run begins with RunStarted")
    run_id = told[0].run_id
    if any(event.run_id != run_id or event.seq != number for number, event in enumerate(told)):
        raise ValueError(f"the events of run {run_id} are not one run in order")
    return told[0]
