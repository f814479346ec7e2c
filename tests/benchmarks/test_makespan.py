"""A unit's test is taken apart and played again: alone it lasts as long, and what its slots' time went to adds up."""

from itertools import pairwise

import pytest

from benchmarks.makespan.bound import bound
from benchmarks.makespan.losses import HAND, HAND_WAIT, IDLE, TEST, pieces, totals
from benchmarks.makespan.picture import svg
from benchmarks.makespan.script import Close, Loan, Open
from benchmarks.makespan.scripted import Played, play
from benchmarks.makespan.units import LOAD, UNLOAD, Lone, lone_units


@pytest.fixture(scope="module")
def alone() -> Lone:
    return lone_units(("SN1",))[0]


@pytest.fixture(scope="module")
def played(alone: Lone) -> Played:
    return play([alone.script], units=20, slots=8, load=LOAD, unload=UNLOAD)


def test_a_unit_alone_takes_as_long_by_its_script_as_it_took(alone: Lone) -> None:
    again = play([alone.script], units=1, slots=1, load=LOAD, unload=UNLOAD)

    assert LOAD + alone.lasted == pytest.approx(again.seconds, abs=0.1)


def test_a_script_has_every_loan_of_the_test_and_starts_and_closes_its_window_once(alone: Lone) -> None:
    kinds = [type(act) for act in alone.script]
    meter = sum(act.seconds for act in alone.script if isinstance(act, Loan) and "dmm" in act.instruments)

    assert (1, 1) == (kinds.count(Open), kinds.count(Close))
    assert alone.times.on_meter == pytest.approx(meter)


def test_no_line_is_quicker_than_the_bound(alone: Lone, played: Played) -> None:
    assert bound(alone.times, 1, 1).seconds <= LOAD + alone.lasted
    assert bound(alone.times, 20, 8).seconds <= played.seconds


def test_no_instrument_is_lent_to_two(played: Played) -> None:
    spans = sorted((loan.got, loan.gave_back) for loan in played.loans if "dmm" in loan.instruments and loan.got is not None)

    assert all(before <= begin for (_, before), (begin, _) in pairwise(spans))


def test_what_the_slots_spent_adds_up_to_the_time_they_had(played: Played) -> None:
    spent = totals(pieces(played))

    whole = sum(spent[what] for what in (HAND, HAND_WAIT, TEST, IDLE))

    assert 8 * played.seconds == pytest.approx(whole, rel=1e-3)  # what is left are looks at the hand, half a second apart


def test_the_picture_has_a_row_for_each_slot_and_one_for_the_meter(played: Played) -> None:
    drawn = svg(played, 8)

    assert all(f">slot {slot}</text>" in drawn for slot in range(1, 9))
    assert ">DMM</text>" in drawn
    assert drawn.count("<rect") > len(played.loans) / 2
