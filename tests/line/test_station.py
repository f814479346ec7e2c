"""Slots are loaded, started, stopped, freed and locked one by one; what is shown of a unit is on record."""

from collections.abc import Callable

import pytest

from station.core.errors import AdmissionError, InterlockError, LockedError, SlotError
from station.core.verdict import Verdict
from station.line.feed import Change, View
from station.line.floor import Floor
from station.line.slots import SlotView, State
from station.line.station import Station
from tests.line.stage import Stage, bad, good, lasting


def bug(_: object) -> None:
    raise ZeroDivisionError


def test_a_unit_goes_from_an_empty_slot_to_its_verdict_and_out_again() -> None:
    stage = Stage()
    with stage.station.at_work():
        stage.begin(2, "SN-1", lasting(10.0))
        stage.pass_by(1.0)
        testing = stage.slot(2)
        stage.pass_by(10.0)
        done = stage.slot(2)
        stage.station.free(2)

    assert (State.TESTING, "SN-1", "Battery", 1) == (testing.state, testing.serial, testing.step, testing.number)
    assert testing.outcome is None
    assert State.DONE == done.state
    assert done.outcome is not None
    assert Verdict.PASS == done.outcome.verdict
    assert SlotView(2) == stage.slot(2)


def test_a_verdict_is_shown_only_once_its_record_is_committed() -> None:
    stage = Stage()
    stage.journal.commit = 5.0
    with stage.station.at_work():
        stage.begin(1, "SN-1")
        stage.pass_by(4.0)
        written, shown = stage.runs_of("SN-1")[0].verdict, stage.slot(1)
        stage.pass_by(2.0)

        assert (Verdict.PASS, State.TESTING, None) == (written, shown.state, shown.outcome)
        assert State.DONE == stage.slot(1).state


def test_a_unit_loaded_in_the_middle_joins_the_others() -> None:
    stage = Stage()
    with stage.station.at_work():
        stage.begin(1, "SN-1", lasting(10.0))
        stage.pass_by(5.0)
        stage.begin(2, "SN-2", lasting(10.0))
        stage.pass_by(6.0)
        middle = [stage.slot(slot).state for slot in (1, 2)]
        stage.pass_by(5.0)

        assert [State.DONE, State.TESTING] == middle
        assert State.DONE == stage.slot(2).state


def test_stopping_one_of_32_slots_leaves_31_undisturbed() -> None:
    stage = Stage(32)
    with stage.station.at_work():
        for slot in range(1, 33):
            stage.begin(slot, f"SN-{slot}", lasting(100.0))
        stage.pass_by(50.0)
        stage.station.stop(7, "the operator")
        stage.pass_by(1.0)
        at_once = [view.slot for view in stage.station.view().slots if view.state is State.DONE]
        stage.pass_by(50.0)
        verdicts = {view.slot: view.outcome.verdict for view in stage.station.view().slots if view.outcome is not None}

    assert [7] == at_once
    assert {slot: Verdict.ABORTED if slot == 7 else Verdict.PASS for slot in range(1, 33)} == verdicts
    assert {100.0} == {run.duration for slot in range(1, 33) if slot != 7 for run in stage.runs_of(f"SN-{slot}")}


def test_stopping_all_makes_the_fixture_safe_at_once_and_lets_nothing_start_again() -> None:
    stage = Stage()
    with stage.station.at_work():
        stage.begin(1, "SN-1", lasting(100.0))
        stage.station.ready(2, "SN-2")
        stage.pass_by(10.0)
        stage.station.stop_all("Ctrl-C")
        stage.pass_by(0.1)

        assert [10.0] == stage.made_safe
        assert State.DONE == stage.slot(1).state
        with pytest.raises(LockedError, match="no unit is started any more: Ctrl-C"):
            stage.station.start(2)
    assert State.READY == stage.slot(2).state


def test_the_line_that_goes_home_stops_what_still_runs() -> None:
    stage = Stage()
    with stage.station.at_work():
        stage.begin(1, "SN-1", lasting(100.0))
        stage.pass_by(1.0)

    assert [Verdict.ABORTED] == [run.verdict for run in stage.runs_of("SN-1")]
    assert State.DONE == stage.slot(1).state


def refused(stage: Stage, slot: int, serial: str) -> str:
    before = stage.station.view()
    with pytest.raises(AdmissionError) as refusal:
        stage.station.ready(slot, serial)
    assert before == stage.station.view()
    return str(refusal.value)


def test_a_serial_is_refused_where_it_may_not_be_tested_and_nothing_changes() -> None:
    stage = Stage()
    with stage.station.at_work():
        stage.begin(1, "SN-1")
        stage.begin(2, "SN-2", bad)
        stage.begin(3, "SN-3", lasting(100.0))
        stage.pass_by(1.0)
        for slot in (1, 2):
            stage.station.free(slot)

        assert "SN-1 has passed already" in refused(stage, 4, "SN-1")
        assert "its retest must be in another slot" in refused(stage, 2, "SN-2")
        assert "SN-3 is in slot 3 (testing): scan each unit once" in refused(stage, 4, "SN-3")
        assert "GS1" in refused(stage, 4, "S N")
        stage.station.ready(4, "SN-2")


def test_a_start_is_refused_while_the_station_may_not_test() -> None:
    stage = Stage()
    with stage.station.at_work():
        stage.station.ready(1, "SN-1")
        stage.barred = InterlockError("the lid is open")
        with pytest.raises(InterlockError, match="the lid is open"):
            stage.station.start(1)
        stage.barred = None
        stage.station.start(1)
        stage.pass_by(1.0)

        assert State.DONE == stage.slot(1).state


def test_a_unit_that_passed_between_its_loading_and_its_start_is_not_started() -> None:
    stage = Stage()
    with stage.station.at_work():
        stage.begin(1, "SN-1")
        stage.pass_by(1.0)
        stage.station.free(1)
        settled, stage.journal.settled = stage.journal.settled, set()
        stage.station.ready(2, "SN-1")
        stage.journal.settled = settled

        with pytest.raises(AdmissionError, match="has passed already"):
            stage.station.start(2)
        assert State.READY == stage.slot(2).state


ILLEGAL: list[Callable[[Station], None]] = [
    lambda station: station.ready(1, "SN-9"),
    lambda station: station.start(1),
    lambda station: station.start(2),
    lambda station: station.stop(2, "now"),
    lambda station: station.free(1),
    lambda station: station.free(2),
    lambda station: station.unlock(2),
    lambda station: station.ready(9, "SN-9"),
    lambda station: station.lock(0, "no slot"),
]


@pytest.mark.parametrize("ask", ILLEGAL)
def test_what_a_slot_cannot_do_is_refused_and_changes_nothing(ask: Callable[[Station], None]) -> None:
    stage = Stage()
    with stage.station.at_work():
        stage.begin(1, "SN-1", lasting(100.0))
        stage.pass_by(1.0)
        before = stage.station.view()

        with pytest.raises(SlotError):
            ask(stage.station)

        assert before == stage.station.view()


def test_a_locked_slot_takes_no_unit_until_it_is_unlocked() -> None:
    stage = Stage()
    with stage.station.at_work():
        stage.station.lock(1, "its needles are worn")
        with pytest.raises(SlotError, match="slot 1 is locked"):
            stage.station.ready(1, "SN-1")
        stage.station.unlock(1)
        stage.begin(1, "SN-1")
        stage.pass_by(1.0)

        assert State.DONE == stage.slot(1).state


def test_a_slot_whose_runs_come_to_no_verdict_three_times_in_a_row_locks_itself() -> None:
    stage = Stage(floor=Floor())
    with stage.station.at_work():
        for number, body in enumerate((bug, bug, good, bug, bug, bug)):
            stage.begin(1, f"SN-{number}", body)
            stage.pass_by(1.0)
            stage.station.free(1)

        assert State.LOCKED == stage.slot(1).state
        assert "3 runs in a row came to no verdict" in stage.slot(1).lock
        assert [""] * 3 == [stage.slot(slot).lock for slot in (2, 3, 4)]
        stage.station.unlock(1)
        stage.begin(1, "SN-9", bug)
        stage.pass_by(1.0)
        assert "" == stage.slot(1).lock


def test_three_fails_of_one_row_hold_the_line_and_running_slots_finish() -> None:
    stage = Stage(floor=Floor())
    with stage.station.at_work():
        stage.begin(4, "SN-9", lasting(10.0))
        for slot in (1, 2, 3):
            stage.begin(slot, f"SN-{slot}", bad)
            stage.pass_by(1.0)
        stage.station.free(1)
        stage.station.ready(1, "SN-8")

        assert "3 units in a row failed BAT.010 first" == stage.station.view().held
        with pytest.raises(LockedError, match="3 units in a row"):
            stage.station.start(1)
        stage.pass_by(10.0)
        assert State.DONE == stage.slot(4).state


def test_a_watcher_of_the_station_can_replay_it() -> None:
    stage = Stage()
    watch = stage.station.watch()
    view = watch.next(0.0)
    assert isinstance(view, View)
    with stage.station.at_work():
        stage.begin(1, "SN-1", lasting(10.0))
        stage.pass_by(11.0)
        while isinstance(change := watch.next(0.0), Change):
            view = view.after(change)

    assert stage.station.view() == view
    assert view.number >= 4
