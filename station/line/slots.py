"""Say what states a slot goes through, by a table: what is not in the table cannot happen."""

from dataclasses import dataclass, replace
from enum import StrEnum

from station.core.errors import SlotError
from station.line.line import Outcome


class State(StrEnum):
    """What a slot is doing."""

    EMPTY = "empty"
    READY = "ready"  # a serial was admitted and its unit is in, or on its way
    TESTING = "testing"
    DONE = "done"  # its outcome is on record; the unit is still in
    LOCKED = "locked"  # empty, and nothing may be put in


class Move(StrEnum):
    """What can be asked of a slot, and what can come about in it."""

    LOAD = "load"
    START = "start"
    STOP = "stop"
    END = "end"
    FREE = "free"
    LOCK = "lock"
    UNLOCK = "unlock"


# A lock never touches the unit that is in: it is noted at once, and the slot is locked when it is freed.
MOVES: dict[tuple[State, Move], State] = {
    (State.EMPTY, Move.LOAD): State.READY,
    (State.READY, Move.START): State.TESTING,
    (State.TESTING, Move.STOP): State.TESTING,
    (State.TESTING, Move.END): State.DONE,
    (State.READY, Move.FREE): State.EMPTY,
    (State.DONE, Move.FREE): State.EMPTY,
    (State.EMPTY, Move.LOCK): State.LOCKED,
    (State.READY, Move.LOCK): State.READY,
    (State.TESTING, Move.LOCK): State.TESTING,
    (State.DONE, Move.LOCK): State.DONE,
    (State.LOCKED, Move.LOCK): State.LOCKED,
    (State.LOCKED, Move.UNLOCK): State.EMPTY,
    (State.READY, Move.UNLOCK): State.READY,
    (State.TESTING, Move.UNLOCK): State.TESTING,
    (State.DONE, Move.UNLOCK): State.DONE,
}


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot as people see it; all that it tells of a run is on disk.

    `lock` says why nothing more may be put in, `stopping` why the run was asked to end, both empty when not; `number` is that of
    the step, from 1; `since` is when the run began, `starts` when a unit that waits to be started will be, by the forecast; both
    in s of the line's clock.
    """

    slot: int
    state: State = State.EMPTY
    serial: str = ""
    lock: str = ""
    stopping: str = ""
    run_id: str = ""
    step: str = ""
    number: int = 0
    since: float | None = None
    starts: float | None = None
    outcome: Outcome | None = None


def loaded(view: SlotView, serial: str) -> SlotView:
    """Return the slot with the unit `serial` in it; raises SlotError, as all that follow, when it cannot be."""
    return replace(view, state=_after(view, Move.LOAD), serial=serial)


def started(view: SlotView) -> SlotView:
    """Return the slot at work; a lock that was noted keeps the unit from being started."""
    if view.lock:
        raise SlotError(f"slot {view.slot} is locked: {view.lock}. Take {view.serial} out, or unlock the slot")
    return replace(view, state=_after(view, Move.START))


def stopping(view: SlotView, reason: str) -> SlotView:
    """Return the slot asked to end its run; the first reason stays."""
    return replace(view, state=_after(view, Move.STOP), stopping=view.stopping or reason)


def ended(view: SlotView, outcome: Outcome) -> SlotView:
    """Return the slot with what its unit came to."""
    return replace(view, state=_after(view, Move.END), outcome=outcome)


def freed(view: SlotView) -> SlotView:
    """Return the slot without its unit: empty, or locked where a lock was noted."""
    state = _after(view, Move.FREE)
    return SlotView(view.slot, State.LOCKED if view.lock else state, lock=view.lock)


def locked(view: SlotView, reason: str) -> SlotView:
    """Return the slot with a lock, or a note of one; the first reason stays."""
    return replace(view, state=_after(view, Move.LOCK), lock=view.lock or reason)


def unlocked(view: SlotView) -> SlotView:
    """Return the slot without its lock."""
    return replace(view, state=_after(view, Move.UNLOCK), lock="")


def _after(view: SlotView, move: Move) -> State:
    found = MOVES.get((view.state, move))
    if found is None:
        what = f"{view.state} ({view.serial})" if view.serial else str(view.state)
        can = ", ".join(other for state, other in MOVES if state is view.state and other is not Move.END)
        raise SlotError(f"slot {view.slot} is {what}: there is nothing to {move}. What it can do now: {can}")
    return found
