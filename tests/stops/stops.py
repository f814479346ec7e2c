"""Stop a run in any step, by any hand, and tell what became of it: the law of stops, generated step by step."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from station.core.clock import Stop
from station.core.errors import StationError
from station.core.events import Event, RunEnded, RunStarted, StepStarted
from station.core.verdict import Verdict
from station.line.crew import Crew
from station.line.line import Outcome
from tests.world.line import Line
from tests.world.world import World, world

SPEED = 100.0
SAFE_WITHIN = 0.2  # s of the wire, from the stop to the safe state
_LATER = 0.002  # s of the wire after the step began: somewhere inside it


@dataclass(frozen=True, slots=True)
class Hand:
    """Who stops: what is done to the world, whether it stops all slots, and what puts it right again."""

    name: str
    act: Callable[[World, Line], object]
    stops_all: bool


def _stop_slot(made: World, line: Line) -> None:
    line.stop(1, "the operator")


def _stop_all(made: World, line: Line) -> None:
    line.stop_all("Ctrl-C")


def _open_lid(made: World, line: Line) -> None:
    made.operate("LID open")


def _press_stop(made: World, line: Line) -> None:
    made.operate("ESTOP press")


HANDS = (
    Hand("slot", _stop_slot, stops_all=False),
    Hand("all", _stop_all, stops_all=True),
    Hand("lid", _open_lid, stops_all=True),
    Hand("estop", _press_stop, stops_all=True),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """When and how a run is stopped: `step` counts from 1; `defect` is that of the unit in slot 1."""

    hand: Hand
    step: int
    defect: str = "good"

    def __str__(self) -> str:
        """Return the moment as a person reads it."""
        return f"{self.hand.name} in step {self.step} of a unit that is {self.defect}"


@dataclass(frozen=True, slots=True)
class Story:
    """What became of a stopped run."""

    moment: Moment
    verdict: str
    breaches: tuple[str, ...]


def steps() -> int:
    """Return how many steps the sequence has."""
    with TemporaryDirectory() as folder, world(Path(folder), documents=False) as made:
        return len(made.papers.sequence.steps)


def every_moment(count: int) -> list[Moment]:
    """Return every step with every hand, for a good unit and for one that fails a row on its way."""
    return [Moment(hand, step, defect) for step in range(1, count + 1) for hand in HANDS for defect in ("good", "noisy")]


def story(moment: Moment) -> Story:
    """Run two units, stop as `moment` says, and tell what breaks the law."""
    safe: list[bool] = []
    with TemporaryDirectory() as folder, world(Path(folder), speed=SPEED, documents=False) as made:
        line = made.line({1: "SN1", 2: "SN2"}, (), {"SN1": moment.defect, "SN2": "good"})
        with Crew(made.clock) as crew:
            crew.start("hand", partial(_stops, made, line, moment, safe))
            breaches = _tested(line)
        made.operate("LID closed")
        made.operate("ESTOP release")
        breaches += [] if made.is_safe else ["the bench was not left safe"]
    outcomes = {outcome.slot: outcome for outcome in line.outcomes}
    if set(outcomes) != {1, 2}:
        return Story(moment, "none", (*breaches, f"only slots {sorted(outcomes)} came to an end"))
    breaches += _judged(moment, outcomes, stopped=bool(safe))
    breaches += [] if all(safe) else [f"not safe {SAFE_WITHIN:g} s after the stop"]
    return Story(moment, outcomes[1].verdict.name, tuple(breaches))


def _tested(line: Line) -> list[str]:
    try:
        line.test()
    except StationError as trouble:
        return [f"the line broke: {trouble}"]
    return []


def _stops(made: World, line: Line, moment: Moment, safe: list[bool], stop: Stop) -> None:
    """Wait for the step of slot 1, stop, and look whether it is safe soon after."""
    made.heard.await_one(partial(_is_step, made, moment.step), stop)
    made.clock.transport.wait(_LATER, stop)
    if any(isinstance(event, RunEnded) for event in made.heard.events):
        return  # the last step took no time: there is nothing left to stop
    moment.hand.act(made, line)
    made.clock.transport.wait(SAFE_WITHIN, made.clock.stop())
    safe += [made.slot_is_safe(slot) for slot in ((1, 2) if moment.hand.stops_all else (1,))]


def _is_step(made: World, number: int, event: Event) -> bool:
    """Tell whether `event` begins step `number` in slot 1."""
    runs = {one.run_id for one in made.heard.events if isinstance(one, RunStarted) and one.slot == 1}
    return isinstance(event, StepStarted) and event.number == number and event.run_id in runs


def _judged(moment: Moment, outcomes: dict[int, Outcome], *, stopped: bool) -> list[str]:
    first, second = outcomes[1], outcomes[2]
    breaches = [f"slot {slot}: not on record: {one.reason}" for slot, one in outcomes.items() if one.record is None]
    stopped_as = Verdict.ABORTED if stopped else Verdict.PASS
    wanted = Verdict.FAIL if _has_failed(first) else stopped_as
    if first.verdict is not wanted:
        breaches.append(f"slot 1 is {first.verdict.name}, not {wanted.name}: {first.reason}")
    other = Verdict.ABORTED if stopped and moment.hand.stops_all else Verdict.PASS
    if second.verdict is not other:
        breaches.append(f"slot 2 is {second.verdict.name}, not {other.name}: {second.reason}")
    return breaches


def _has_failed(outcome: Outcome) -> bool:
    rows = outcome.record.rows if outcome.record else ()
    return any(row.measured is not None and row.measured.verdict == Verdict.FAIL.name for row in rows)
