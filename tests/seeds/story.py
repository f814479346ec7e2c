"""What happened in a disturbed world: who was tested when, who had which instrument, and what was said on the wires."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from station.core.events import Event, RunEnded, RunStarted, StepEnded, StepStarted
from station.core.recipe import Recipe
from station.hardware.lending import LoanEntry
from tests.world.switchboard import Exchange

NOBODY: frozenset[int] = frozenset()
_ROUNDING = 1e-6  # s: what the moment of a deed and the stamp of an event may differ by, being of two scales
_SET_UP = b"*ESE "  # begins what is asked of an instrument when its link is opened: reset and all settings follow
FIRST_TIMED, LAST_TIMED = "Soft start", "Auto shut-off"  # the steps between which the twenty minutes run


@dataclass(frozen=True, slots=True)
class Span:
    """A run in a slot, in s of the line: `proven` is the end of its last step, infinite like `end` while there is none.

    From `timed` until `off` its twenty minutes are under the fixture's eyes; infinite where that never began or ended.
    """

    slot: int
    begin: float
    proven: float
    end: float
    timed: float
    off: float


@dataclass(frozen=True, slots=True)
class Effect:
    """The slots that a disturbance has to do with.

    `spoilt` may not pass; `touched` need not come to the verdict that their unit deserves; `failing` may fail though their unit
    is good, because nothing tells the fault from one of the unit's; `stuck` cannot open their load; `unkept` have no end on
    record; in `strangers` is another unit than the label names, which may be said of it. `line` says that the whole line may
    end with an error of its own.
    """

    spoilt: frozenset[int] = NOBODY
    touched: frozenset[int] = NOBODY
    failing: frozenset[int] = NOBODY
    stuck: frozenset[int] = NOBODY
    unkept: frozenset[int] = NOBODY
    strangers: frozenset[int] = NOBODY
    line: bool = False

    def __or__(self, other: "Effect") -> "Effect":
        """Return both together."""
        return Effect(
            self.spoilt | other.spoilt,
            self.touched | other.touched,
            self.failing | other.failing,
            self.stuck | other.stuck,
            self.unkept | other.unkept,
            self.strangers | other.strangers,
            self.line or other.line,
        )


@dataclass(frozen=True, slots=True)
class Course:
    """A tray's course: its runs, loans and exchanges, all moments in s of the line."""

    runs: tuple[Span, ...]
    loans: tuple[LoanEntry, ...]
    exchanges: tuple[Exchange, ...]

    def running(self, begin: float, end: float | None = None) -> frozenset[int]:
        """Return the slots whose evidence was being taken at `begin`, or at any time until `end`."""
        until = begin if end is None else end
        return frozenset(run.slot for run in self.runs if run.begin <= until and begin <= run.proven + _ROUNDING)

    def over(self, link: str, number: int) -> frozenset[int]:
        """Return the slots whose last step ended at the moment of a link's `number`-th answer, and asked for none from it on.

        Time stands still while the line puts its relays back: what it asks for then is evidence of nobody.
        """
        at = self.moment(link, number)
        asking = {slot for one in self.exchanges if one.link == link and one.number >= number for slot in _slot(one.by)}
        ended = (run.slot for run in self.runs if at is not None and abs(run.proven - at) <= _ROUNDING)
        return frozenset(slot for slot in ended if slot not in asking)

    def timed(self, slot: int, at: float) -> frozenset[int]:
        """Return the slot if its twenty minutes were being timed at `at`."""
        return frozenset(run.slot for run in self.runs if run.slot == slot and run.timed <= at <= min(run.off, run.proven))

    def open_runs(self, at: float) -> frozenset[int]:
        """Return the slots whose run had not ended on record by `at`."""
        return frozenset(run.slot for run in self.runs if at <= run.end + _ROUNDING)

    def span(self, slot: int) -> Span | None:
        """Return the run of a slot, None when none began."""
        return next((run for run in self.runs if run.slot == slot), None)

    def done_with(self, slot: int) -> float:
        """Return when the line was done with a slot: its last word where no end is on record, infinite when it never had it."""
        run = self.span(slot)
        if run is None or run.end < math.inf:
            return math.inf if run is None else run.end
        return max((one.at for one in self.exchanges if slot in _slot(one.by)), default=math.inf)

    def moment(self, link: str, number: int) -> float | None:
        """Return when the `number`-th answer of a link was asked for, None when it never was."""
        return next((one.at for one in self.exchanges if (one.link, one.number) == (link, number)), None)

    def asked(self, link: str, number: int) -> bytes:
        """Return what the `number`-th answer of a link was asked by; nothing when it never was."""
        return next((one.asked for one in self.exchanges if (one.link, one.number) == (link, number)), b"")

    def asker(self, link: str, number: int) -> frozenset[int]:
        """Return the slot whose thread asked for an answer; nobody when none did, or when it was no slot's."""
        return next((_slot(one.by) for one in self.exchanges if (one.link, one.number) == (link, number)), NOBODY)

    def taken_up(self, link: str, number: int) -> frozenset[int]:
        """Return the slots whose loan of an instrument began between its `number`-th answer and the next.

        Who finds an answer left over from the loan before gives up before he has asked anything.
        """
        at = self.moment(link, number)
        following = self.moment(link, number + 1)
        end = math.inf if following is None else following
        began = [(loan.slot, loan.got) for loan in self.loans if link in loan.instruments and loan.got is not None]
        return frozenset(slot for slot, got in began if at is not None and at <= got <= end)

    def set_up_next(self, link: str, at: float) -> bool:
        """Return whether an instrument was set up from nothing by the first that was asked of it at or after `at`."""
        asked = next((one.asked for one in self.exchanges if one.link == link and one.at >= at - _ROUNDING), b"")
        return asked.startswith(_SET_UP)

    def first_to_ask(self, link: str, at: float) -> frozenset[int]:
        """Return the slot that was the first to ask an instrument anything at or after `at`."""
        return next((_slot(one.by) for one in self.exchanges if one.link == link and one.at >= at - _ROUNDING), NOBODY)


def _slot(thread: str) -> frozenset[int]:
    kind, _, number = thread.partition(" ")
    return frozenset({int(number)}) if kind == "slot" else NOBODY


def spans(events: Sequence[Event]) -> tuple[Span, ...]:
    """Return the runs that `events` tell of."""
    return tuple(_span(started, events) for started in events if isinstance(started, RunStarted))


def _span(started: RunStarted, events: Sequence[Event]) -> Span:
    mine = [event for event in events if event.run_id == started.run_id]
    end = next((event.monotonic for event in mine if isinstance(event, RunEnded)), math.inf)
    steps = [event.monotonic for event in mine if isinstance(event, StepEnded)]
    proven = steps[-1] if steps and end < math.inf else math.inf
    timed = [event.monotonic for event in mine if isinstance(event, StepStarted) and event.step == FIRST_TIMED]
    off = [event.monotonic for event in mine if isinstance(event, StepEnded) and event.step == LAST_TIMED]
    is_timed = started.recipe == Recipe.REAL_TIME and timed
    return Span(started.slot, started.monotonic, proven, end, timed[0] if is_timed else math.inf, off[0] if off else math.inf)
