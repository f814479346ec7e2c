"""The bound on the makespan: each of its terms alone, and that no schedule that we can think of beats it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.makespan.bound import Times, bound, meters_needed

MC100 = Times(
    load=8.0,
    before=40.0,
    before_meter=16.0,
    running=1170.0,
    meter=20.0,
    scope=6.0,
    silence_meter=5.0,
    after_meter=1.0,
    unload=4.0,
)
seconds = st.floats(0.0, 2000.0)


def made(load: float, prepared: float, before_meter: float, *others: float) -> Times:
    """Return times of a unit whose preparing takes at least as long as its readings on the DMM before the start."""
    return Times(load, prepared + before_meter, before_meter, *others)


TIMES = st.builds(made, *(seconds for _ in range(9)))


def test_one_unit_in_one_slot_takes_its_cycle_but_for_being_taken_out() -> None:
    assert 8.0 + 40.0 + 1170.0 + 10.0 == bound(MC100, 1, 1).seconds


def test_a_unit_is_silent_for_ten_seconds_however_short_its_readings_are() -> None:
    assert 10.0 == MC100.behind
    assert 11.0 == replace(MC100, after_meter=6.0).behind
    assert 12.0 == replace(MC100, silence_meter=11.0).behind


def test_what_is_measured_while_the_unit_runs_costs_nothing_unless_it_takes_longer_than_the_run() -> None:
    assert MC100.cycle == replace(MC100, meter=1000.0).cycle
    assert MC100.cycle + 30.0 == replace(MC100, meter=1194.0).cycle


def test_few_slots_are_bound_by_the_slots_and_many_by_the_one_meter() -> None:
    few, many = bound(MC100, 80, 8), bound(MC100, 640, 64)

    assert ("slots", 10 * MC100.cycle - 4.0) == (few.because, few.seconds)
    assert ("DMM", 8.0 + 640 * 42.0 + 4.0) == (many.because, many.seconds)


def test_a_line_of_so_many_slots_is_bound_by_them_again_with_the_meters_it_needs() -> None:
    needed = meters_needed(MC100, 64)

    assert 3 == needed
    assert "slots" == bound(MC100, 640, 64, needed).because
    assert "DMM" == bound(MC100, 640, 64, needed - 1).because


def test_one_hand_that_is_slow_sets_the_pace() -> None:
    slow = replace(MC100, load=200.0, unload=100.0)

    found = bound(slow, 20, 8)

    assert ("operator", 20 * 200.0 + 12 * 100.0 + slow.cycle - 300.0) == (found.because, found.seconds)


@given(times=TIMES, units=st.integers(1, 500), slots=st.integers(1, 64), meters=st.integers(1, 4))
def test_one_slot_after_another_never_takes_less_than_the_bound(times: Times, units: int, slots: int, meters: int) -> None:
    one_by_one = units * times.cycle

    assert bound(times, units, slots, meters).seconds <= one_by_one * (1 + 1e-9)


@given(times=TIMES, units=st.integers(1, 500), slots=st.integers(1, 64), meters=st.integers(1, 4))
def test_more_slots_or_more_meters_never_raise_the_bound(times: Times, units: int, slots: int, meters: int) -> None:
    least = bound(times, units, slots, meters).seconds

    assert bound(times, units, slots + 1, meters).seconds <= least
    assert bound(times, units, slots, meters + 1).seconds <= least
