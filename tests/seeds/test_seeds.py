"""A sample of the disturbed shifts: whatever goes wrong, nobody passes by it. `make soak` runs thousands."""

from dataclasses import replace

import pytest

from station.core.recipe import Recipe
from station.core.story import StepResult
from station.core.verdict import Verdict
from tests.seeds.disturbances import Disturbance, FixtureRestart, PowerCycle, TimerDrift
from tests.seeds.in_the_slot import DroppedPulses, LiftedNeedles, LiftedUnit, StuckRelay
from tests.seeds.judge import Verdicts, judged
from tests.seeds.people import ALL, Interlock, JournalFull, JournalStalls, OperatorStops, WallStep
from tests.seeds.plan import Guest, Plan, plan
from tests.seeds.pools import ONE_OF_EACH, LostInstrument, Pools
from tests.seeds.shift import AT_END, Remains, remains

SAMPLE = range(1, 301)  # about two minutes of a core; every third is a bench of several instruments
FAILED_ONCE = (
    20170,  # the fixture's line was lost between a unit's start and its first step
    4182,  # a unit at the very edge of a limit fails by it, and the contact that opened left another row undecided
    4723,  # the unit was changed for another before its serial was read: what is in the slot is not what the label names
    5549,  # the count of readings was cut off, so the meter was asked once more: its readings are no worse for it
    7564,  # in the accelerated recipe a unit was changed for another in one second, and the other passed under its serial
    8301,  # the same, on a bench of several instruments
    405599,  # an oscilloscope lost its supply while its link was given up, and was set up anew for the next slot: that may pass
    405753,  # the same of a DMM that answered no more
    8548,  # a comparator dropped the first pulses of a hurried run
    200772,  # the fixture restarted when the line took back the relays of a unit whose last step had just ended
    207718,  # the same, when it made all safe behind the last unit
    402491,  # a relay stuck when a run was broken off whose end could not be kept: the judge did not know when that was
    21097,  # a loan's last answer came twice, and the next slot found it before it had asked anything
)
SHAPE, LAST_LOAD = "Pulse shape", "Levels 1 and 2"
ONE = (Guest(1, "SN1", "good"),)
TWO = (Guest(1, "SN1", "good"), Guest(2, "SN2", "good"))


def shift(
    *disturbances: Disturbance,
    guests: tuple[Guest, ...] = ONE,
    recipe: Recipe = Recipe.ACCELERATED,
    pools: Pools = ONE_OF_EACH,
) -> Remains:
    return remains(Plan(3, recipe, guests, disturbances, pools))


@pytest.fixture(scope="module")
def steps() -> dict[str, StepResult]:
    """Return how the steps of a good unit go when nothing disturbs it: moments are told by them."""
    (outcome,) = shift().outcomes[1]
    assert outcome.record is not None
    return {step.name: step for step in outcome.record.steps}


def amid(step: StepResult, share: float = 0.5) -> float:
    """Return a moment inside a step, in s of the line; `share` of it is over by then."""
    assert step.ended is not None
    return step.started + share * (step.ended - step.started)


def came_to(left: Remains) -> list[Verdict]:
    return [outcome.verdict for guest in left.plan.guests for outcome in left.outcomes[guest.slot]]


@pytest.mark.parametrize("seed", [*SAMPLE, *FAILED_ONCE])
def test_whatever_goes_wrong_nobody_passes_by_it(seed: int) -> None:
    assert () == judged(remains(plan(seed))).breaches


def test_a_seed_is_one_story() -> None:
    assert plan(11) == plan(11)
    assert plan(11) != plan(12)
    assert judged(remains(plan(11))) == judged(remains(plan(11)))


def test_every_third_seed_has_a_bench_of_several_and_the_others_keep_their_stories() -> None:
    assert all(plan(seed).pools == ONE_OF_EACH for seed in (20170, 21097, 1, 2, 4, 40))
    benches = {plan(seed).pools for seed in range(3, 600, 3)}

    assert {(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)} == {(bench.dmms, bench.scopes) for bench in benches}
    assert {None, "dmm", "dmm2", "dmm3", "scope", "scope2"} == {bench.lost.link if bench.lost else None for bench in benches}


@pytest.mark.parametrize("first", [1, 60])
def test_a_meter_of_a_pool_that_is_lost_costs_at_most_the_unit_that_it_was_measuring(first: int) -> None:
    lost = LostInstrument("dmm2", first)
    left = shift(lost, guests=TWO, pools=Pools(dmms=2, lost=lost))

    assert came_to(left) in ([Verdict.PASS, Verdict.PASS], [Verdict.ERROR, Verdict.PASS], [Verdict.PASS, Verdict.ERROR])
    assert () == judged(left).breaches


def test_two_of_a_pool_may_be_lent_at_once_and_one_of_them_may_not() -> None:
    left = shift(guests=TWO, pools=Pools(dmms=2))
    second = next(loan for loan in left.course.loans if loan.instruments == ("dmm2",))

    assert () == judged(left).breaches

    left.course = replace(left.course, loans=(*left.course.loans, replace(second, slot=9)))
    assert any("had the dmm2 at once" in one for one in judged(left).breaches)


def test_a_relay_that_sticks_is_read_back_and_ends_the_run_as_our_error(steps: dict[str, StepResult]) -> None:
    left = shift(StuckRelay(1, amid(steps[SHAPE]), 1e6), guests=TWO)

    assert [Verdict.ERROR, Verdict.PASS] == came_to(left)
    assert {1: "load"} == left.unsafe  # nobody can open it; the unit is off
    assert () == judged(left).breaches


def test_a_relay_that_sticks_behind_the_last_measurement_is_noticed_when_the_slot_is_to_be_safe(
    steps: dict[str, StepResult],
) -> None:
    left = shift(StuckRelay(1, amid(steps[LAST_LOAD], 0.99), 1e6))
    outcome = left.outcomes[1][0]

    assert Verdict.ERROR is outcome.verdict
    assert "told to be safe and reads back load 10000" in outcome.reason
    assert () == judged(left).breaches


def test_a_relay_that_stuck_is_where_it_was_told_to_be_once_it_is_free(steps: dict[str, StepResult]) -> None:
    left = shift(StuckRelay(1, amid(steps[SHAPE]), 25.0), guests=TWO)

    assert [Verdict.ERROR, Verdict.PASS] == came_to(left)
    assert {1: AT_END} == left.unsafe
    assert () == judged(left).breaches


def test_a_comparator_that_drops_the_first_pulses_makes_no_unit_pass(steps: dict[str, StepResult]) -> None:
    left = shift(DroppedPulses(1, steps["Soft start"].started, 10.0))

    assert Verdict.PASS not in came_to(left)
    assert () == judged(left).breaches


@pytest.mark.hazard("FC-15")
@pytest.mark.parametrize("recipe", [Recipe.ACCELERATED, Recipe.REAL_TIME])
def test_a_comparator_that_drops_the_first_pulses_of_a_hurried_run_is_found_at_the_next_start(recipe: Recipe) -> None:
    (outcome,) = shift(recipe=recipe).outcomes[1]
    assert outcome.record is not None
    hurried = next(step for step in outcome.record.steps if step.name.startswith("Accelerated shut-off"))

    left = shift(DroppedPulses(1, hurried.started, 0.65), recipe=recipe)

    assert [Verdict.INCONCLUSIVE] == came_to(left)
    assert "behind the key" in left.outcomes[1][0].reason
    assert () == judged(left).breaches


def test_needles_that_open_while_a_current_is_measured_are_no_fault_of_the_unit(steps: dict[str, StepResult]) -> None:
    left = shift(LiftedNeedles(1, amid(steps["Highest level into 2 kΩ"]), 0.05))

    assert [Verdict.INCONCLUSIVE] == came_to(left)
    assert () == judged(left).breaches


@pytest.mark.parametrize("link", ["dmm", "scope"])
def test_an_instrument_that_was_switched_off_and_on_strikes_out_the_run_that_meets_it(
    link: str, steps: dict[str, StepResult]
) -> None:
    left = shift(PowerCycle(link, amid(steps[SHAPE])), guests=TWO)

    assert [Verdict.ERROR, Verdict.PASS] == sorted(came_to(left), reverse=True)
    assert () == judged(left).breaches


def test_a_fixture_that_restarts_ends_every_run(steps: dict[str, StepResult]) -> None:
    assert [Verdict.ERROR, Verdict.ERROR] == came_to(shift(FixtureRestart(amid(steps[SHAPE])), guests=TWO))


def test_a_fixture_whose_clock_drifts_by_half_a_per_cent_times_no_unit() -> None:
    assert [Verdict.ERROR] == came_to(shift(TimerDrift(10.0, 5e-3)))


def test_one_slot_that_is_stopped_leaves_the_other_alone_and_all_that_are_stopped_are_aborted(
    steps: dict[str, StepResult],
) -> None:
    assert [Verdict.ABORTED, Verdict.PASS] == came_to(shift(OperatorStops(1, amid(steps[SHAPE])), guests=TWO))
    assert [Verdict.ABORTED, Verdict.ABORTED] == came_to(shift(OperatorStops(ALL, amid(steps[SHAPE])), guests=TWO))


@pytest.mark.parametrize("what", ["lid", "estop"])
def test_a_lid_or_a_button_aborts_every_run_though_it_is_closed_soon(what: str, steps: dict[str, StepResult]) -> None:
    assert [Verdict.ABORTED, Verdict.ABORTED] == came_to(shift(Interlock(what, amid(steps[SHAPE]), 1.0), guests=TWO))


def test_a_journal_that_stalls_for_a_moment_costs_nothing_and_one_that_is_full_gives_no_verdict(
    steps: dict[str, StepResult],
) -> None:
    stalled, full = shift(JournalStalls(amid(steps[SHAPE]), 0.01)), shift(JournalFull(amid(steps[SHAPE])))

    assert [Verdict.PASS] == came_to(stalled)
    assert [Verdict.ERROR] == came_to(full)
    assert {1: []} == full.records
    assert () == judged(full).breaches


@pytest.mark.parametrize("seconds", [-3600.0, 86400.0])
def test_a_wall_clock_that_steps_changes_nothing(seconds: float, steps: dict[str, StepResult]) -> None:
    assert [Verdict.PASS] == came_to(shift(WallStep(amid(steps[SHAPE]), seconds)))


@pytest.mark.hazard("SN-12")
def test_a_unit_that_is_changed_for_another_in_any_step_never_passes_under_its_name(steps: dict[str, StepResult]) -> None:
    lasting = [step for step in steps.values() if step.ended is not None and step.ended - step.started > 0.01]

    for step in lasting:
        left = shift(LiftedUnit(1, "SN1", "SN9", amid(step), 0.9))
        assert Verdict.PASS not in came_to(left), step.name
        assert () == judged(left).breaches, step.name
    assert len(lasting) > 12


def test_the_twenty_minutes_are_found_in_the_story_of_a_run() -> None:
    left = shift(recipe=Recipe.REAL_TIME)

    assert frozenset({1}) == left.course.timed(1, 600.0)
    assert frozenset() == left.course.timed(1, 10.0) | left.course.timed(1, 1300.0)


def pretending(left: Remains, verdict: Verdict) -> Verdicts:
    """Judge `left` as if its first unit had come to `verdict`."""
    slot = left.plan.guests[0].slot
    left.outcomes[slot] = [replace(left.outcomes[slot][0], verdict=verdict)]
    left.records[slot] = [replace(left.records[slot][0], verdict=verdict)]
    return judged(left)


def test_the_judge_finds_a_pass_that_is_none_and_a_fail_that_is_none(steps: dict[str, StepResult]) -> None:
    bad = pretending(shift(guests=(Guest(1, "SN1", "noisy"),)), Verdict.PASS)
    spoilt = pretending(shift(PowerCycle("dmm", amid(steps[SHAPE]))), Verdict.PASS)
    good = pretending(shift(), Verdict.FAIL)
    disturbed = pretending(shift(OperatorStops(2, amid(steps[SHAPE])), guests=TWO), Verdict.ABORTED)

    unlike = pretending(shift(LiftedUnit(1, "SN1", "SN9", amid(steps[SHAPE]), 2.0)), Verdict.FAIL)

    assert any("deserves FAIL passed" in breach for breach in bad.breaches)
    assert any("deserves PASS failed" in breach for breach in unlike.breaches)
    assert any("fault in its evidence" in breach for breach in spoilt.breaches)
    assert any("deserves PASS failed" in breach for breach in good.breaches)
    assert any("not its own" in breach for breach in disturbed.breaches)


def test_the_judge_finds_a_run_without_a_record_a_slot_that_is_not_safe_and_loans_that_overlap() -> None:
    left = shift()
    left.records[1].clear()
    left.unsafe[1] = "output"
    left.course = replace(left.course, loans=(*left.course.loans, replace(left.course.loans[-1], slot=2)))

    breaches = judged(left).breaches

    assert any("0 records" in breach for breach in breaches)
    assert any("not left safe: output" in breach for breach in breaches)
    assert any("at once" in breach for breach in breaches)
