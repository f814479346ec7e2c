"""Tell a run: number and stamp its events, and hand them to the sink in order."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from station.core.clock import Clock
from station.core.events import Event, Measured, Prompted, RunEnded, RunStarted, Skip, StepEnded, StepStarted, Waiting
from station.core.measurement import Measurement
from station.core.verdict import Verdict

Sink = Callable[[Event], None]


class Teller:
    """The voice of one run; every event carries the run's id, a number from 0, UTC and the line's monotonic time."""

    def __init__(self, started: RunStarted, clock: Clock, sink: Sink) -> None:
        self._started = started
        self._clock = clock
        self._sink = sink
        self._seq = 0
        self._told: list[Event] = []

    @property
    def told(self) -> Sequence[Event]:
        """Return what the sink has taken so far."""
        return tuple(self._told)

    def started(self) -> None:
        """Tell that the run begins."""
        _, seq, at, now = self._stamp()
        self._say(replace(self._started, seq=seq, at=at, monotonic=now))

    def step_started(self, title: str, number: int, ids: tuple[str, ...]) -> None:
        """Tell that a step begins."""
        self._say(StepStarted(*self._stamp(), title, number, ids))

    def measured(self, step: str, one: Measurement) -> None:
        """Tell that a row was measured."""
        u, budget, parts = (None, "", ()) if one.u is None else (one.u.u, one.u.budget, one.u.parts)
        self._say(
            Measured(
                *self._stamp(), step, one.limit.id, one.value, u, one.limit.unit.si, budget, parts, one.verdict.name,
                one.reason, one.detail, one.evidence,
            )
        )  # fmt: skip

    def prompted(self, question: str, answer: str) -> None:
        """Tell what a person was asked and answered."""
        self._say(Prompted(*self._stamp(), question, answer))

    def waiting(self, seconds: float) -> None:
        """Tell that the unit waits to be started, for about `seconds` s; 0 when the wait is over."""
        self._say(Waiting(*self._stamp(), seconds))

    def step_ended(self, title: str, verdict: Verdict, error: str, instruments: tuple[str, ...]) -> None:
        """Tell that a step is over, which was lent `instruments`."""
        self._say(StepEnded(*self._stamp(), title, verdict.name, error, instruments))

    def ended(self, verdict: Verdict, reason: str, first_fail: str, skipped: tuple[Skip, ...], struck: str) -> None:
        """Tell that the run is over."""
        self._say(RunEnded(*self._stamp(), verdict.name, reason, first_fail, skipped, struck))

    def _stamp(self) -> tuple[str, int, str, float]:
        """Return how the next event begins: the run, the event's number, and when it is."""
        return self._started.run_id, self._seq, self._clock.utc(), self._clock.now()

    def _say(self, event: Event) -> None:
        self._seq += 1  # before the sink has it: an event that got lost leaves a gap, and the run proves nothing
        self._sink(event)
        self._told.append(event)
