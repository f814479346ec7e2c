"""The rows that look beyond the output itself, on a massager of plain values: battery, skin, lift-off, service mode, recipes."""

from dataclasses import replace

import pytest

from station.core.equipment import Contact
from station.core.recipe import Recipe
from station.core.verdict import Verdict
from station.products import mc100, mc100_absence, mc100_battery, mc100_hurried, mc100_identity, mc100_shut_off, mc100_start
from station.products.mc100 import SEQUENCES
from station.products.mc100_start import LOANS
from station.sequencer.sequence import Step
from tests.products.massager import BOOT, LIMITS, Bench

HOLE = "needles lost contact"
LIFTED = Contact(present=True, closed=False, opens=0)


def running(*steps: Step) -> Bench:
    return Bench(*steps).running()


# The seat


@pytest.mark.parametrize("touches", [LIFTED, replace(LIFTED, present=False, closed=True)])
def test_an_empty_seat_ends_the_run_at_once(touches: Contact) -> None:
    made = Bench(*mc100.SEQUENCE.steps)
    made.nest.touches = touches

    assert Verdict.INCONCLUSIVE == made.run()
    assert 0.0 == made.clock.time
    assert {"INCONCLUSIVE", "SKIPPED"} == set(made.words.values())
    assert all("seat the unit again" in skip.because for skip in made.rig.ended.skipped)


def test_a_loop_back_that_fails_ends_the_run_at_once() -> None:
    made = Bench(*mc100.SEQUENCE.steps)
    made.nest.healthy = False

    assert Verdict.INCONCLUSIVE == made.run()
    assert "press start 3" not in made.nest.asked
    assert "loop-back" in made.rig.ended.reason


# Battery


@pytest.mark.parametrize(
    ("amps", "verdict"), [(4e-6, Verdict.PASS), (14e-6, Verdict.PASS), (0.4e-6, Verdict.FAIL), (16e-6, Verdict.FAIL)]
)
def test_a_unit_asleep_is_judged_by_what_it_takes(amps: float, verdict: Verdict) -> None:
    made = Bench(mc100_battery.asleep)
    made.massager.asleep = amps

    assert verdict == made.run()
    assert amps * 1e6 == pytest.approx(made.found["BAT.020"], rel=2e-4)


def test_a_unit_is_asleep_when_its_sleep_is_measured() -> None:
    made = Bench(*mc100.SEQUENCE.steps)

    made.run()

    assert "dmm shunt1k lent" == made.rig.bench.loans[2]
    assert not any("press" in asked for asked in made.nest.asked[: made.index("press haptic in 2")])


@pytest.mark.parametrize(("amps", "verdict"), [(14e-3, Verdict.PASS), (9.9e-3, Verdict.FAIL), (18.1e-3, Verdict.FAIL)])
def test_a_unit_at_work_is_judged_by_what_it_takes_into_10_kiloohm(amps: float, verdict: Verdict) -> None:
    made = running(mc100_battery.working)
    made.massager.works = amps

    assert verdict == made.run()
    assert amps * 1e3 == pytest.approx(made.found["BAT.030"], abs=1e-3)
    assert 10_000 == made.massager.load


def test_a_unit_that_went_off_takes_nothing_worth_measuring() -> None:
    made = running(mc100_battery.working)
    made.massager.runs = [(BOOT, 2.0)]

    assert Verdict.FAIL == made.run()
    assert made.reasons["BAT.030"].startswith("no output: it went off")


@pytest.mark.parametrize(("sag", "verdict"), [(30e-3, Verdict.PASS), (119e-3, Verdict.PASS), (0.24, Verdict.FAIL)])
def test_a_cell_is_judged_by_how_far_the_motor_pulls_it_down(sag: float, verdict: Verdict) -> None:
    made = Bench(mc100_battery.battery, mc100_battery.under_motor)
    made.massager.sag = sag

    assert verdict == made.run()
    assert sag * 1e3 == pytest.approx(made.found["BAT.040"], abs=1e-3)


def test_a_motor_that_does_not_run_proves_nothing_of_the_cell_and_fails() -> None:
    made = Bench(mc100_battery.battery, mc100_battery.under_motor)
    made.massager.sag = 1e-4

    assert Verdict.FAIL == made.run()
    assert "the battery feels no haptic pulse: the motor does not run" == made.reasons["BAT.040"]


def test_an_edge_of_the_key_that_never_reaches_the_meter_is_ours_and_was_asked_for_earlier_each_time() -> None:
    made = Bench(mc100_battery.battery, mc100_battery.under_motor)
    made.rig.bench.paths["battery"].triggers = False

    assert Verdict.INCONCLUSIVE == made.run()
    assert ["press haptic in 2", "press haptic in 5", "press haptic in 10"] == [
        asked for asked in made.nest.asked if "haptic" in asked
    ]


@pytest.mark.parametrize("row_id", ["BAT.020", "BAT.030", "BAT.040"])
def test_a_battery_that_the_needles_do_not_touch_is_undecided(row_id: str) -> None:
    step = next(step for step in mc100.SEQUENCE.steps if row_id in step.ids)
    made = running(mc100_battery.battery, step)
    made.nest.touches = LIFTED

    assert Verdict.INCONCLUSIVE == made.run()
    assert HOLE in made.reasons[row_id]


@pytest.mark.parametrize("step", [mc100_battery.asleep, mc100_battery.working])
def test_a_current_over_a_path_that_makes_more_than_its_relays_is_our_error(step: Step) -> None:
    made = running(step)
    for path in ("shunt1", "shunt1k"):
        made.rig.bench.paths[path].own = 4e-3

    assert Verdict.ERROR == made.run()


# Sensing for skin


def test_a_unit_that_only_senses_passes_by_the_height_its_pulses_reach() -> None:
    made = Bench(mc100_absence.without_skin)

    assert Verdict.PASS == made.run()
    assert 5.0 * 0.918 == pytest.approx(made.found["CON.010"], abs=0.8)


@pytest.mark.parametrize("amps", [11e-6, 14e-6, -12e-6])
def test_sense_pulses_below_the_comparator_and_above_the_limit_fail_with_either_sign(amps: float) -> None:
    made = Bench(mc100_absence.without_skin)
    made.massager.senses = amps

    assert Verdict.FAIL == made.run()
    assert {"CON.020": "PASS", "CON.010": "FAIL"} == made.words


def test_output_without_skin_fails_both_rows() -> None:
    made = Bench(mc100_absence.without_skin)
    made.massager.senses_contact = False

    assert Verdict.FAIL == made.run()
    assert {"CON.020": "FAIL", "CON.010": "FAIL"} == made.words
    assert not made.massager.on


def test_a_record_that_is_clipped_hides_no_fail_of_the_other_row() -> None:
    made = Bench(mc100_absence.without_skin)
    made.massager.noise = 30e-6

    assert Verdict.FAIL == made.run()
    assert {"CON.020": "FAIL", "CON.010": "INCONCLUSIVE"} == made.words


# Lift-off and new contact


def test_a_good_unit_stops_when_it_is_lifted_and_comes_back_softly() -> None:
    made = running(mc100_start.lift_off)

    assert Verdict.PASS == made.run(), made.reasons
    assert 0.3 == pytest.approx(made.found["CON.040"], abs=0.11)
    assert BOOT == pytest.approx(made.found["CON.030"], abs=1e-3)
    assert 25.0 == pytest.approx(made.found["CUR.351"], abs=0.1)


def test_output_that_goes_on_when_lifted_fails_whether_it_ends_late_or_not_at_all() -> None:
    for lasts, found in ((1.8, 1.8), (1e6, 2.5)):
        made = running(mc100_start.lift_off)
        made.massager.stops_on_lift = lasts

        assert Verdict.FAIL == made.run()
        assert found == pytest.approx(made.found["CON.040"], abs=0.11)
        assert "above the high limit" == made.reasons["CON.040"]


def test_output_that_comes_back_while_it_is_lifted_fails() -> None:
    made = running(mc100_start.lift_off)
    made.massager.runs = [(BOOT, 3.2), (4.5, 1e6)]

    assert Verdict.FAIL == made.run()
    assert "FAIL" == made.words["CON.040"]


def test_a_new_contact_with_a_jolt_fails_though_the_start_was_soft() -> None:
    made = Bench(*mc100.SEQUENCE.steps)
    press = made.nest.press

    def hardening(key: str, *, level: int | None = None) -> float:
        if made.clock.time > 25.0:
            made.clock.plan(made.clock.time + 20.0, lambda: setattr(made.massager, "first", 1.0))
        return press(key, level=level)

    made.nest.press = hardening  # type: ignore[method-assign]  # this very unit forgets its soft start once it runs

    assert Verdict.FAIL == made.run()
    assert ["CUR.351"] == [row_id for row_id, word in made.words.items() if word == "FAIL"]


def test_a_unit_that_does_not_come_back_fails_with_no_output() -> None:
    made = running(mc100_start.lift_off)
    made.clock.plan(5.0, made.massager.press_stop)

    assert Verdict.FAIL == made.run()
    assert {"PASS", "FAIL"} == {made.words["CON.040"], made.words["CON.030"]}
    assert made.reasons["CUR.351"].startswith("no output: it went off")


@pytest.mark.parametrize("hole", [(3.1, 3.2), (5.0, 5.1), (6.0, 9.0)])
def test_a_lift_off_of_the_needles_decides_nothing(hole: tuple[float, float]) -> None:
    made = running(mc100_start.lift_off)
    made.massager.holes = [hole]

    assert Verdict.INCONCLUSIVE == made.run()
    assert "FAIL" not in made.words.values()


def test_a_lift_off_takes_nothing_from_the_shut_off_time_and_no_pulse_from_its_count() -> None:
    made = running(mc100_start.lift_off, mc100_shut_off.shut_off)

    assert Verdict.PASS == made.run(), made.reasons
    detail = next(one.detail for one in made.rig.measured if one.id == "TIM.010")
    assert 1170.0 == pytest.approx(made.found["TIM.010"], abs=0.11)
    assert isinstance(detail["count"], int)
    assert 11_600 < detail["count"] < 11_701


# Hurried, and played with


def test_a_good_unit_cuts_off_when_hurried_and_is_left_in_normal_mode() -> None:
    made = Bench(mc100_hurried.accelerated)

    assert Verdict.PASS == made.run(), made.reasons
    assert 19.5 == pytest.approx(made.found["TIM.020"], abs=0.11)
    assert made.index("press stop") < made.index("tell EXIT")
    assert 1.0 == made.massager.rate


@pytest.mark.parametrize(
    ("timer", "verdict"), [(1170.0, Verdict.PASS), (1000.0, Verdict.FAIL), (1260.0, Verdict.FAIL), (1e9, Verdict.FAIL)]
)
def test_a_counter_that_cuts_off_at_the_wrong_time_or_never_fails(timer: float, verdict: Verdict) -> None:
    made = Bench(mc100_hurried.accelerated)
    made.massager.off_after = timer

    assert verdict == made.run()
    assert not made.massager.on


@pytest.mark.parametrize("answer", [None, "ERR"])
def test_a_unit_that_cannot_be_hurried_fails(answer: str | None) -> None:
    made = Bench(mc100_hurried.accelerated)
    made.nest.answers["ACC 60"] = answer

    assert Verdict.FAIL == made.run()
    assert "does not obey ACC 60" in made.reasons["TIM.020"]


def test_a_command_that_is_lost_once_fails_nobody() -> None:
    made = Bench(mc100_hurried.accelerated)
    tell, lost = made.nest.tell, {"ACC 60", "EXIT"}

    def forgetful(line: str, *, patience: float = 0.5) -> str | None:
        if line in lost:
            lost.discard(line)
            return None
        return tell(line, patience=patience)

    made.nest.tell = forgetful  # type: ignore[method-assign]  # this very line loses each command once

    assert Verdict.PASS == made.run()
    assert set() == lost


def test_a_service_line_that_dies_ends_the_run_without_a_verdict() -> None:
    made = Bench(*mc100.SEQUENCE.steps)
    made.nest.answers["EXIT"] = None
    made.clock.plan(20.0, lambda: setattr(made.nest, "healthy", False))

    assert Verdict.INCONCLUSIVE == made.run()
    assert "SKIPPED" == made.words["CUR.350"]


def test_a_comparator_that_is_deaf_scraps_no_hurried_unit() -> None:
    made = Bench(mc100_hurried.accelerated)
    made.nest.deaf_from = 9.0

    assert Verdict.INCONCLUSIVE == made.run()
    assert "have the comparator checked" in made.reasons["TIM.020"]


@pytest.mark.parametrize("step", [mc100_hurried.accelerated, mc100_shut_off.shut_off_again])
def test_a_shut_off_whose_news_is_lost_is_found_by_looks_and_timed_alike(step: Step) -> None:
    made, deaf = Bench(step), Bench(step)
    deaf.nest.tells = False

    assert Verdict.PASS == made.run() == deaf.run()
    assert made.found == deaf.found


def test_a_hurried_unit_that_is_dead_fails_with_no_output() -> None:
    for step in (mc100_hurried.accelerated, mc100_hurried.accelerated_alone):
        made = Bench(step)
        made.massager.early = -1.0

        assert Verdict.FAIL == made.run()
        assert {"no output"} == set(made.reasons.values())


@pytest.mark.parametrize("step", [mc100_hurried.accelerated, mc100_hurried.accelerated_alone])
@pytest.mark.parametrize("moment", [0.0, 1.0, 10.0, 19.9, 25.0])
def test_a_stop_leaves_no_unit_hurried_nor_on(step: Step, moment: float) -> None:
    made = Bench(step)
    made.clock.plan(moment, lambda: made.rig.stop.set("operator"))

    assert made.run() in (Verdict.ABORTED, Verdict.PASS)
    assert (False, 1.0) == (made.massager.on, made.massager.rate)


def test_the_accelerated_recipe_s_shut_off_sees_a_timer_that_a_level_change_restarts() -> None:
    made = Bench(mc100_hurried.accelerated_alone)
    made.massager.restarts_timer = True

    assert Verdict.FAIL == made.run()
    assert "above the high limit" == made.reasons["TIM.020"]
    assert {"TIM.020": "FAIL", "TIM.040": "INCONCLUSIVE", "LEK.010": "PASS"} == made.words


def test_pulses_that_come_back_behind_a_hurried_shut_off_fail() -> None:
    made = Bench(mc100_hurried.accelerated_alone)
    made.massager.comes_back_after = None
    press = made.nest.press

    def again(key: str, *, level: int | None = None) -> float:
        at = press(key, level=level)
        if key == "start":
            made.massager.runs.append((BOOT + 24.0, BOOT + 200.0))
        return at

    made.nest.press = again  # type: ignore[method-assign]  # this very unit wakes up again

    assert Verdict.FAIL == made.run()
    assert "FAIL" == made.words["TIM.040"]


def test_the_second_twenty_minutes_hold_whatever_the_user_does() -> None:
    made = Bench(mc100_shut_off.shut_off_again)

    assert Verdict.PASS == made.run(), made.reasons
    assert 1170.0 == pytest.approx(made.found["TIM.050"], abs=0.11)
    pressed = [asked for asked in made.nest.asked if asked.startswith(("press", "connect"))]
    assert ["press level 2", "press level 3", "connect 200000", "connect 2000"] == pressed[2:6]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"restarts_timer": True}, "above the high limit"),
        ({"early": 450.0}, "below the low limit"),
        ({"early": 601.0}, "below the low limit"),
        ({"early": 1100.0}, "below the low limit"),
        ({"early": -1.0}, "no output"),
        ({"off_after": 1e6}, "above the high limit"),
    ],
)
def test_a_second_twenty_minutes_that_are_not_twenty_fail(change: dict[str, float], reason: str) -> None:
    made = Bench(mc100_shut_off.shut_off_again)
    for name, value in change.items():
        setattr(made.massager, name, value)

    assert Verdict.FAIL == made.run()
    assert reason == made.reasons["TIM.050"]


def test_needles_that_slip_in_the_second_twenty_minutes_decide_nothing() -> None:
    made = Bench(mc100_shut_off.shut_off_again)
    made.massager.holes = [(800.0, 800.1)]

    assert Verdict.INCONCLUSIVE == made.run()
    assert HOLE in made.reasons["TIM.050"]


# Service mode left


def test_a_unit_in_normal_mode_with_the_firmware_it_had_passes() -> None:
    made = Bench(mc100_identity.identity, mc100_identity.service_left)

    assert Verdict.PASS == made.run()


@pytest.mark.parametrize(
    ("ask", "answer", "says"),
    [
        ("MODE?", "MODE SERVICE", "False is not True"),
        ("MODE?", None, "does not answer"),
        ("MODE?", "ERR", "answers 'ERR' to MODE?"),
        ("TIMER?", "TIMER 1200", "not what it said at first"),
        ("CRC?", "CRC 0000", "not what it said at first"),
    ],
)
def test_a_unit_that_is_left_otherwise_fails(ask: str, answer: str | None, says: str) -> None:
    made = Bench(mc100_identity.identity, mc100_identity.service_left)
    tell, asked = made.nest.tell, list[str]()

    def later(line: str, *, patience: float = 0.5) -> str | None:
        asked.append(line)
        return answer if line == ask and len(asked) > 4 else tell(line, patience=patience)

    made.nest.tell = later  # type: ignore[method-assign]  # this very unit says something else at the end

    assert Verdict.FAIL == made.run()
    assert says in made.reasons["SVC.010"]


def test_a_service_line_that_fails_its_self_test_at_the_end_decides_nothing() -> None:
    made = Bench(mc100_identity.service_left)
    made.nest.answers.clear()
    made.nest.healthy = False

    assert Verdict.INCONCLUSIVE == made.run()


# The recipes


@pytest.mark.parametrize("recipe", Recipe)
def test_every_recipe_measures_exactly_its_rows_of_the_limits(recipe: Recipe) -> None:
    SEQUENCES[recipe].check(LIMITS)

    assert recipe is SEQUENCES[recipe].recipe


@pytest.mark.parametrize("recipe", Recipe)
def test_a_good_unit_passes_by_every_recipe(recipe: Recipe) -> None:
    made = Bench(*SEQUENCES[recipe].steps)

    assert Verdict.PASS == made.run(), made.reasons
    assert set(SEQUENCES[recipe].required(LIMITS)) == set(made.words)


@pytest.mark.parametrize("recipe", Recipe)
def test_service_mode_is_looked_at_last(recipe: Recipe) -> None:
    assert ("SVC.010",) == SEQUENCES[recipe].steps[-1].ids


@pytest.mark.parametrize("recipe", [Recipe.REAL_TIME, Recipe.SAMPLE])
def test_no_level_changes_and_no_probe_is_lifted_in_the_first_two_minutes_of_a_real_shut_off(recipe: Recipe) -> None:
    made = Bench(*SEQUENCES[recipe].steps)
    press, connect, played = made.nest.press, made.nest.connect, list[float]()

    def pressed(key: str, *, level: int | None = None) -> float:
        if key == "level":
            played.append(made.clock.time)
        return press(key, level=level)

    def connected(*, load: float) -> float:
        if load > 60e3 and made.massager.running():
            played.append(made.clock.time)
        return connect(load=load)

    made.nest.press, made.nest.connect = pressed, connected  # type: ignore[method-assign]  # this nest notes when it is used

    made.run()

    starts = sorted(begin for begin, _ in made.massager.runs)
    first = next(begin for begin in starts if begin > 20.0)
    assert 120.0 <= min(played) - first
    assert len(played) >= 4


def test_a_unit_needs_no_more_loans_between_start_and_shut_off_than_it_asked_for() -> None:
    for recipe in Recipe:
        made = Bench(*SEQUENCES[recipe].steps)
        made.run()
        loans = [told for told in made.rig.bench.loans if told.endswith("lent")]
        begun = loans.index("scope lent", loans.index("scope lent") + 1)  # the first scope is of the sensing without skin
        behind = 3 if recipe is not Recipe.ACCELERATED else 0  # the look late in the run is in no window either

        assert sum(told.startswith("dmm") for told in loans[begun:]) - behind <= LOANS["dmm"]
        assert sum(told.startswith("scope") for told in loans[begun:]) <= LOANS["scope"]


def test_a_weak_cell_and_an_early_shut_off_are_what_the_accelerated_recipe_may_miss() -> None:
    made = Bench(*SEQUENCES[Recipe.ACCELERATED].steps)
    made.massager.early = 300.0

    assert Verdict.PASS == made.run()
