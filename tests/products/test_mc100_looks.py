"""The shut-off by looks of the oscilloscope, where a fixture has no timer: what a massager of plain values comes to."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.equipment import Witness
from station.core.limit import Rule
from station.core.uncertainty import Reading, combine
from station.core.verdict import Verdict
from station.core.waveform import Waveform
from station.products import mc100_hurried, mc100_shut_off, mc100_start
from station.products.mc100 import SEQUENCE
from station.products.mc100_interval import half_width, looks_line, outside, straddles
from station.products.mc100_looked import CORE, DENSE, RARE, pause_at, span_at
from station.products.mc100_looks import Look, pulses_in
from station.sequencer.sequence import Step, step
from station.sequencer.unit import Unit
from tests.products import massager
from tests.products.massager import LIMITS, Bench

OVERHEAD = st.floats(0.001, 0.2)  # s that arming takes, and reading
SLOW = 1.0  # s of it: as if others had the oscilloscope in between


@step("Frequency", "WAV.010")
def frequency(unit: Unit) -> None:
    """Tell the frequency, so that the core of the window is known."""
    unit.measure("WAV.010", 10.0, combine("before", "Hz", ()))


TIMED = (mc100_start.soft_start, frequency, mc100_shut_off.shut_off, mc100_shut_off.pulses_until_off)


def bench(*steps: Step) -> Bench:
    made = Bench(*(steps or TIMED))
    made.nest.witness = Witness.LOOKS
    return made


def detail(made: Bench, row_id: str = "TIM.010") -> tuple[float, float]:
    """Return the shortest and the longest time that the looks leave open, in s."""
    said = next(one.detail for one in made.rig.measured if one.id == row_id)
    shortest, longest = said["shortest"], said["longest"]
    assert isinstance(shortest, float)
    assert isinstance(longest, float)
    return shortest, longest


def lasted(made: Bench) -> float:
    """Return the true time from the first to the last pulse, in s."""
    first = next(one.detail["first"] for one in made.rig.measured if one.detail.get("first"))
    assert isinstance(first, float)
    pulses = made.massager.pulses(first - 0.2, 1e5)
    return float(pulses[-1] - pulses[0])


def capable(monkeypatch: pytest.MonkeyPatch, u_max: float) -> None:
    """Let TIM.010 allow a standard uncertainty of `u_max` s."""
    monkeypatch.setitem(massager.LIMITS, "TIM.010", replace(LIMITS["TIM.010"], u_max=u_max))


def test_a_good_unit_passes_the_whole_test_by_looks() -> None:
    good = bench(*SEQUENCE.steps)

    verdict = good.run()

    assert Verdict.PASS == verdict, good.reasons
    shortest, longest = detail(good)
    assert shortest <= lasted(good) <= longest
    assert longest - shortest < 0.17


@pytest.mark.parametrize("sooner", [0.0, 0.5, 1.0, 1.5, 2.0, 2.5])
def test_a_good_unit_passes_wherever_a_short_look_meets_its_core(sooner: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(massager.LIMITS, "TIM.010", replace(LIMITS["TIM.010"], low=1140.0 - sooner))
    good = bench(*SEQUENCE.steps)

    assert Verdict.PASS == good.run(), good.reasons


def test_the_timer_of_the_fixture_times_no_shut_off_of_looks() -> None:
    good = bench()
    good.clock.plan(300.0, lambda: setattr(good.nest, "deaf_from", 300.0))

    verdict = good.run()

    assert Verdict.PASS == verdict, good.reasons


@pytest.mark.parametrize("early", [31.7, 400.0, 1095.0, 1132.3])
def test_an_early_shut_off_fails_however_rare_the_looks_were(early: float) -> None:
    bad = bench()
    bad.massager.early = early

    verdict = bad.run()

    assert Verdict.FAIL == verdict, bad.reasons
    assert "FAIL" == bad.words["TIM.010"]


@pytest.mark.parametrize("worth", [1.3, 0.5])
@pytest.mark.hazard("FC-16")
def test_an_output_that_changes_behind_its_last_row_of_current_does_not_pass_by_looks(worth: float) -> None:
    bad = bench(*SEQUENCE.steps)
    bad.massager.later = (600.0, worth)

    assert Verdict.FAIL == bad.run(), bad.reasons
    assert f"its current is {400.0 * worth:.1f} µA late in its run" == bad.reasons["TIM.010"]
    assert not bad.massager.running()


@pytest.mark.parametrize("off_after", [1203.4, 1215.0])
def test_a_late_shut_off_fails(off_after: float) -> None:
    bad = bench()
    bad.massager.off_after = off_after

    assert Verdict.FAIL == bad.run(), bad.reasons
    assert "FAIL" == bad.words["TIM.010"]


def test_a_unit_that_never_goes_off_is_stopped_by_force_and_fails() -> None:
    bad = bench()
    bad.massager.off_after = 1e5

    assert Verdict.FAIL == bad.run()
    assert "FAIL" == bad.words["TIM.010"]
    assert 1230.0 <= bad.found["TIM.010"] < 1240.0
    assert "press stop" in bad.nest.asked


@pytest.mark.parametrize("limit", [1140.0, 1200.0])
@pytest.mark.parametrize("beside", [-0.3, 0.0, 0.3])
def test_an_interval_that_straddles_a_limit_is_undecided_with_both_ends(
    monkeypatch: pytest.MonkeyPatch, limit: float, beside: float
) -> None:
    capable(monkeypatch, 0.5)
    between = bench(*TIMED[:3])
    between.screen.overhead = SLOW
    inward = 1.0 if limit < 1170.0 else -1.0  # the acceptance limit lies 2 u_max inside
    between.massager.off_after = limit + inward + beside

    assert Verdict.INCONCLUSIVE == between.run(), between.reasons
    assert "straddles what is accepted" in between.reasons["TIM.010"]
    assert "between 11" in between.reasons["TIM.010"]


def test_looks_that_are_too_far_apart_for_the_limits_are_no_pass() -> None:
    coarse = bench(*TIMED[:3])
    coarse.screen.overhead = 0.5

    assert Verdict.INCONCLUSIVE == coarse.run()
    assert "the method is not capable" in coarse.reasons["TIM.010"]


def test_lost_contact_is_our_trouble_and_not_a_shut_off() -> None:
    lost = bench()
    lost.massager.holes = [(700.0, 700.5)]

    assert Verdict.INCONCLUSIVE == lost.run(), lost.reasons
    assert "needles lost contact" in lost.reasons["TIM.010"]


def test_pulses_that_come_back_fail_the_silence() -> None:
    back = bench()
    back.massager.comes_back_after = 6.0

    assert Verdict.FAIL == back.run(), back.reasons
    assert "FAIL" == back.words["TIM.040"]


def test_a_silence_with_a_hole_in_it_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    capable(monkeypatch, 1.0)
    holed = bench(*TIMED[:3])
    holed.screen.overhead = 0.31

    assert Verdict.INCONCLUSIVE == holed.run()
    assert "nobody looked at it" in holed.reasons["TIM.040"]


def test_a_start_that_no_look_saw_whole_is_undecided_and_its_time_counts_from_the_key() -> None:
    late = bench(*TIMED[:3])
    late.screen.overhead = 0.4

    late.run()

    assert "began too late" in late.reasons["CUR.350"]
    assert "not capable" in late.reasons["TIM.010"]


def test_pulses_until_off_are_undecided_where_the_interval_straddles_their_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    capable(monkeypatch, 1.0)
    monkeypatch.setitem(massager.LIMITS, "TIM.030", replace(LIMITS["TIM.030"], u_max=10.0, rule=Rule()))
    coarse = bench()
    coarse.screen.overhead = 0.3
    coarse.massager.off_after = 1172.0

    assert Verdict.INCONCLUSIVE == coarse.run()
    assert "straddles" in coarse.reasons["TIM.030"]


def test_the_second_twenty_minutes_go_by_looks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(massager.LIMITS, "TIM.050", replace(LIMITS["TIM.050"], u_max=1.0))
    again = bench(frequency, mc100_shut_off.shut_off_again)

    again.run()

    assert "PASS" == again.words["TIM.050"], again.reasons
    shortest, longest = detail(again, "TIM.050")
    assert shortest <= lasted(again) <= longest


@pytest.mark.parametrize(
    ("off_after", "word"), [(1170.0, "PASS"), (1110.0, "FAIL"), (600.0, "FAIL"), (1230.0, "FAIL"), (9e4, "FAIL")]
)
def test_a_hurried_shut_off_is_timed_by_one_record(off_after: float, word: str) -> None:
    hurried = bench(mc100_hurried.accelerated)
    hurried.massager.off_after = off_after

    hurried.run()

    assert word == hurried.words["TIM.020"], hurried.reasons


def test_a_hurried_shut_off_alone_looks_behind_it_too() -> None:
    alone = bench(mc100_hurried.accelerated_alone)

    assert Verdict.PASS == alone.run(), alone.reasons
    assert 19.5 == pytest.approx(alone.found["TIM.020"], abs=0.003)


@pytest.mark.parametrize("flow", [mc100_hurried.accelerated, mc100_hurried.accelerated_alone])
def test_a_comparator_that_is_deaf_to_a_hurried_start_scraps_no_unit_by_looks(flow: Step) -> None:
    made = bench(flow)
    made.nest.missed = (0.0, 60.0)

    assert Verdict.INCONCLUSIVE == made.run(), made.reasons
    assert "have the comparator checked" in made.reasons["TIM.020"]


@pytest.mark.parametrize("flow", [mc100_hurried.accelerated, mc100_hurried.accelerated_alone])
def test_a_trigger_that_does_not_reach_the_oscilloscope_scraps_no_unit_by_looks(flow: Step) -> None:
    made = bench(flow)
    made.screen.triggers = False

    assert Verdict.INCONCLUSIVE == made.run(), made.reasons
    assert "check the SYNC line" in made.reasons["TIM.020"]


def test_a_level_change_in_a_hurried_run_comes_when_its_timer_runs() -> None:
    alone = bench(mc100_hurried.accelerated_alone)
    alone.massager.restarts_timer = True

    assert Verdict.FAIL == alone.run(), alone.reasons


def test_a_second_run_that_pauses_and_goes_on_does_not_pass_by_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    capable(monkeypatch, 1.0)
    monkeypatch.setitem(massager.LIMITS, "TIM.050", replace(LIMITS["TIM.050"], u_max=1.0))
    again = bench(frequency, mc100_shut_off.shut_off_again)
    again.massager.off_after = 1160.0
    again.clock.plan(1162.5, lambda: again.massager.runs.append((1162.5, 5000.0)))

    assert Verdict.PASS != again.run(), again.reasons


def test_a_second_run_is_lifted_whatever_the_comparator_makes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(massager.LIMITS, "TIM.050", replace(LIMITS["TIM.050"], u_max=1.0))
    again = bench(frequency, mc100_shut_off.shut_off_again)
    again.nest.missed = (590.0, 700.0)

    again.run()

    assert "PASS" == again.words["TIM.050"], again.reasons
    assert 1 == len(again.massager.cuts)


def test_a_second_run_that_the_oscilloscope_alone_saw_end_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(massager.LIMITS, "TIM.050", replace(LIMITS["TIM.050"], u_max=1.0))
    again = bench(frequency, mc100_shut_off.shut_off_again)
    again.massager.off_after = 5000.0
    again.screen.blind_from = 1171.0

    again.run()

    assert "INCONCLUSIVE" == again.words["TIM.050"], again.reasons
    assert "path to the oscilloscope" in again.reasons["TIM.050"]


def test_a_unit_that_does_not_obey_is_not_timed() -> None:
    deaf = bench(mc100_hurried.accelerated)
    deaf.nest.answers["ACC 60"] = None

    assert Verdict.FAIL == deaf.run()
    assert "does not obey" in deaf.reasons["TIM.020"]


# Laws


@settings(deadline=None, max_examples=25)
@given(
    off_after=st.one_of(st.floats(1130.0, 1225.0), st.floats(1138.0, 1142.0), st.floats(1198.0, 1202.0)),
    overhead=OVERHEAD,
    boot_late=st.floats(0.0, 0.1),
)
def test_the_true_time_lies_in_the_interval_and_what_is_outside_never_passes(
    off_after: float, overhead: float, boot_late: float
) -> None:
    unit = bench(*TIMED[:3])
    unit.massager.off_after = off_after
    unit.screen.overhead = overhead
    unit.clock.time = boot_late  # looks fall elsewhere among the pulses

    unit.run()

    true = float(np.ptp(unit.massager.pulses(0.0, 1e4)))
    found = [one for one in unit.rig.measured if one.id == "TIM.010" and one.detail]
    assert all(detail(unit)[0] <= true <= detail(unit)[1] for _ in found)
    assert 1140.0 <= true <= 1200.0 or "PASS" != unit.words["TIM.010"]
    assert 1139.0 <= true <= 1201.0 or unit.words["TIM.010"] in ("FAIL", "INCONCLUSIVE")


@given(low=st.floats(1000.0, 1300.0), width=st.floats(0.0, 90.0), at=st.floats(0.0, 1.0))
def test_only_an_interval_inside_what_is_accepted_is_free_of_doubt(low: float, width: float, at: float) -> None:
    limit, high = LIMITS["TIM.010"], low + width
    true = min(low + at * width, high)

    if outside(limit, low, high):
        assert not 1140.0 <= true <= 1200.0
    elif not straddles(limit, low, high) and limit.judge(0.5 * (low + high), combine("u", "s", ()))[0] is Verdict.PASS:
        assert 1140.0 <= true <= 1200.0


@given(pulses=st.lists(st.floats(0.0, 4.9), max_size=30), span=st.just(5.0))
def test_a_silence_is_found_wherever_five_pulses_are_missing(pulses: list[float], span: float) -> None:
    times = tuple(sorted(pulses))
    look = Look(10.0, 16.0, span, times)
    longest = max(np.diff((0.0, *times, span)))

    assert (longest >= 0.6) == (look.before_silence is not None)


@given(age=st.floats(0.0, 1229.0), core=st.floats(1000.0, 1220.0))
def test_looks_are_rare_at_first_close_in_the_window_and_meet_the_core(age: float, core: float) -> None:
    marks = (1130.0, core)
    pause = pause_at(age, marks)

    assert pause <= (RARE if age < 1130.0 else DENSE)
    assert (pause == 0.0) == (core <= age < core + CORE)
    assert age >= core or age + pause <= core
    assert CORE == span_at(core, marks)


def test_a_record_that_begins_inside_a_pulse_still_holds_it() -> None:
    volts = np.zeros(10_000)
    volts[:30], volts[1000:1050], volts[1055:1105] = 0.4, 0.4, -0.4

    found = pulses_in(Waveform(volts, 1e-4, 0.0, 1e-4, clipped=False, source="CHAN1"), 0.015)

    assert [0.0, 0.1] == [pytest.approx(moment, abs=0.001) for moment in found]


def test_a_time_that_no_look_took_has_no_interval() -> None:
    assert 0.0 == half_width(Reading(1.0, combine("timer", "s", ())))
    assert 0.4 == half_width(Reading(1.0, combine("looks", "s", (looks_line(0.4),))))
