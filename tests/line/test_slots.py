"""A slot goes through its states by a table: what is not in the table raises, and changes nothing."""

from collections.abc import Callable

import pytest

from station.core.errors import SlotError
from station.core.verdict import Verdict
from station.line import slots
from station.line.line import Outcome
from station.line.slots import MOVES, Move, SlotView, State

OUTCOME = Outcome(3, "SN-1", Verdict.PASS, "")
DO: dict[Move, Callable[[SlotView], SlotView]] = {
    Move.LOAD: lambda view: slots.loaded(view, "SN-1"),
    Move.START: slots.started,
    Move.STOP: lambda view: slots.stopping(view, "enough"),
    Move.END: lambda view: slots.ended(view, OUTCOME),
    Move.FREE: slots.freed,
    Move.LOCK: lambda view: slots.locked(view, "needles"),
    Move.UNLOCK: slots.unlocked,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_a_move_leads_where_the_table_says_or_raises(state: State, move: Move) -> None:
    view = SlotView(3, state, "SN-1")

    if (state, move) in MOVES:
        assert MOVES[state, move] == DO[move](view).state
    else:
        with pytest.raises(SlotError, match=rf"slot 3 is {state} \(SN-1\): there is nothing to {move}. What it can do now: "):
            DO[move](view)


def test_every_state_can_be_left_and_every_move_is_of_use() -> None:
    assert set(State) == {state for state, _ in MOVES}
    assert set(Move) == {move for _, move in MOVES}


def test_a_lock_is_noted_while_a_unit_is_in_and_holds_once_it_is_out() -> None:
    done = slots.locked(SlotView(3, State.DONE, "SN-1", outcome=OUTCOME), "needles")

    assert (State.DONE, OUTCOME) == (done.state, done.outcome)
    assert SlotView(3, State.LOCKED, lock="needles") == slots.freed(done)
    assert SlotView(3) == slots.unlocked(slots.freed(done))


def test_a_noted_lock_keeps_a_unit_that_is_in_from_being_started() -> None:
    ready = slots.locked(SlotView(3, State.READY, "SN-1"), "needles")

    with pytest.raises(SlotError, match=r"slot 3 is locked: needles\. Take SN-1 out, or unlock the slot"):
        slots.started(ready)
    assert State.TESTING == slots.started(slots.unlocked(ready)).state


def test_the_first_reason_of_a_stop_and_of_a_lock_stays() -> None:
    view = SlotView(3, State.TESTING, "SN-1")

    assert "enough" == slots.stopping(slots.stopping(view, "enough"), "more").stopping
    assert "needles" == slots.locked(slots.locked(view, "needles"), "cable").lock
