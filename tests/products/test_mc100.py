"""Every step of the MC-100's test on a massager of plain values: the verdict, and the words that go with it."""

import ast
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from station.core.equipment import Contact
from station.core.events import as_row
from station.core.recipe import Recipe
from station.core.uncertainty import combine
from station.core.units import UNITS
from station.core.verdict import Verdict
from station.products import (
    mc100,
    mc100_absence,
    mc100_battery,
    mc100_hurried,
    mc100_identity,
    mc100_output,
    mc100_shut_off,
    mc100_start,
)
from station.products.mc100 import SEQUENCE
from station.sequencer.sequence import Step
from station.sequencer.unit import Unit
from tests.products import massager
from tests.products.massager import BOOT, LIMITS, Bench, Massager
from tests.sequencer.fakes import FakeDmm

SOURCES = sorted(Path(mc100.__file__ or "").parent.glob("m*.py"))
WITH_OUTPUT = (mc100_output.shape, mc100_output.noise, mc100_output.level_3, mc100_output.level_3_low_load)
START = 1.0  # s: when the quick sweeps below let something happen first
LIFTED = Contact(present=True, closed=False, opens=0)
HOLE = "needles lost contact"
Change = Callable[[Massager], None]


def bench(*steps: Step) -> Bench:
    return Bench(*(steps or SEQUENCE.steps))


def with_output(*steps: Step) -> Bench:
    """Return a bench whose massager runs at level 3 into 2 kΩ."""
    return Bench(*steps).running()


def known(made: Bench, **rows: float) -> Bench:
    """Let `rows` (a point is an underscore; in the limits' units) be measured by a step before the others."""

    def body(unit: Unit) -> None:
        for name, value in rows.items():
            limit = LIMITS[name.replace("_", ".")]
            unit.measure(limit.id, limit.unit.to_si(value), combine("before", limit.unit.si, ()))

    ids = tuple(name.replace("_", ".") for name in rows)
    steps = (Step("Before", ids, body), *made.steps)
    return Bench(*steps)


# A good unit, and the flow as a whole


def test_a_good_unit_passes() -> None:
    good = bench()

    verdict = good.run()

    assert Verdict.PASS == verdict, good.reasons
    assert set(SEQUENCE.required(LIMITS)) == set(good.words)


def test_the_flow_fits_its_limits() -> None:
    SEQUENCE.check(LIMITS)

    assert ("MC-100", mc100.finish) == (SEQUENCE.product, SEQUENCE.finish)


def test_a_timer_constant_is_judged_in_seconds_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(massager.LIMITS, "ID.030", replace(LIMITS["ID.030"], unit=UNITS["1"], high=5000.0))
    wrong = bench(mc100_identity.identity)

    assert Verdict.ERROR == wrong.run()


def test_a_good_unit_is_measured_as_what_it_is() -> None:
    good = bench()

    good.run()

    wanted = {"CUR.111": 100, "CUR.210": 200, "CUR.311": 400, "CUR.313": 400, "CUR.320": 126.5, "CUR.330": 0.0, "CUR.340": 2.0}
    wanted |= {"CUR.350": 25, "WAV.010": 10, "WAV.020": 5, "WAV.021": 5, "WAV.030": 0.5, "WAV.040": 2}
    wanted |= {"WAV.060": 0, "WAV.070": 0, "WAV.080": 0.5, "CON.020": 0.5, "CHG.010": 0.5, "TIM.010": 1170, "TIM.030": 11700}
    wanted |= {"TIM.040": 0, "LEK.010": 0, "BAT.010": 3.8, "ID.030": 1170}
    assert wanted == pytest.approx({row_id: good.found[row_id] for row_id in wanted}, rel=2e-3, abs=2e-2)
    assert 0.0 == pytest.approx(good.found["WAV.050"], abs=1.0)


def test_every_row_that_is_read_off_a_record_names_it() -> None:
    good = bench()

    good.run()

    with_evidence = {one.id for one in good.rig.measured if one.evidence}
    assert {
        "CUR.350",
        "WAV.010",
        "WAV.020",
        "WAV.021",
        "WAV.030",
        "WAV.040",
        "WAV.050",
        "WAV.080",
        "CUR.351",
        "CON.010",
    } == with_evidence


def test_every_range_follows_what_its_row_must_show() -> None:
    good = bench()

    good.run()

    plateaus = {full for what, full, _ in good.meter.asked if what == "plateau"}
    spans = [LIMITS[row_id].span for row_id in LIMITS if row_id.startswith("CUR.") and LIMITS[row_id].unit.si == "A"]
    assert all(any(full == pytest.approx(span * ohm, rel=2e-3) for span in spans for ohm in (100.0, 1000.0)) for full in plateaus)
    smallest = min(full for what, full, _ in good.meter.asked if what == "ac")
    assert LIMITS["CON.020"].span * 1000.0 == pytest.approx(smallest, rel=2e-3)


def test_finish_makes_the_slot_safe() -> None:
    good = bench()

    good.run()

    assert "safe" == good.nest.asked[-1]
    assert not good.massager.on


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_limit_is_written_into_the_flow(source: Path) -> None:
    numbers = {node.value for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Constant)}
    bounds = {bound for limit in LIMITS.values() for bound in (limit.low, limit.high) if bound}
    printed = {limit.unit.from_si(bound) for limit in LIMITS.values() for bound in (limit.low, limit.high) if bound is not None}

    # What means something else there: 0.4 ms to settle, one per cent, an ampere in microamperes, a factor of one half, a degree.
    chance = {0.4e-3, 0.01, 20.0, 1.5, 1.0, -1.0, 2.0, 1e-6, -1e-6, 2e-6, 3e-6}
    assert set() == {bound for bound in bounds - chance if bound in numbers}
    assert set() == {bound for bound in printed if abs(bound) > 100 and bound in numbers}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_flow_catches_nothing_but_a_missing_trigger_and_starts_no_thread(source: Path) -> None:
    nodes = list(ast.walk(ast.parse(source.read_text())))

    caught = {ast.unparse(node.type) if node.type else "everything" for node in nodes if isinstance(node, ast.ExceptHandler)}
    imported = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert caught <= {"NoTriggerError"}
    assert not {name.split(".")[0] for name in imported} - {
        "collections",
        "contextlib",
        "dataclasses",
        "math",
        "station",
        "typing",
        "numpy",
    }


# Seat and identity


def test_a_unit_that_says_who_it_is_passes() -> None:
    made = bench(mc100_identity.identity)

    assert Verdict.PASS == made.run()


@pytest.mark.parametrize("touches", [LIFTED, replace(LIFTED, present=False, closed=True)])
def test_a_unit_that_is_not_seated_is_undecided(touches: Contact) -> None:
    made = bench(mc100_identity.identity)
    made.nest.touches = touches

    assert Verdict.INCONCLUSIVE == made.run()
    assert "seat the unit again" in made.reasons["ID.010"]


def test_a_loop_back_that_fails_is_ours() -> None:
    made = bench(mc100_identity.identity)
    made.nest.healthy = False
    made.nest.answers = {}

    assert Verdict.INCONCLUSIVE == made.run()
    assert "loop-back" in made.reasons["ID.010"]


@pytest.mark.parametrize("degrees", [12.0, 31.0])
def test_limits_for_23_degrees_decide_nothing_in_the_cold_or_heat(degrees: float) -> None:
    made = bench(mc100_identity.identity)
    made.nest.degrees = degrees

    assert Verdict.INCONCLUSIVE == made.run()
    assert f"it is {degrees:g} °C at the slots" in made.reasons["ID.010"]


@pytest.mark.hazard("FC-13")
def test_a_silent_uart_behind_a_passed_loop_back_fails() -> None:
    made = bench(mc100_identity.identity)
    made.nest.answers = {}

    assert Verdict.FAIL == made.run()
    assert {"ID.010": "FAIL", "ID.020": "FAIL", "ID.030": "FAIL"} == made.words
    assert all("does not answer on its service port" in reason for reason in made.reasons.values())


@pytest.mark.parametrize(
    ("ask", "answer", "row_id", "says"),
    [
        ("SN?", "S\\xffN SN1", "ID.010", "answers 'S\\\\xffN SN1' to SN?"),
        ("SN?", "SN SN2", "ID.010", "says it is 'SN2', its label says 'SN1'"),
        ("VER?", "ERR", "ID.020", "answers 'ERR' to VER?"),
        ("CRC?", None, "ID.020", "does not answer"),
        ("CRC?", "CRC 8F3B", "ID.020", "'1.4.2 8F3B' is not '1.4.2 8F3A'"),
        ("TIMER?", "TIMER abc", "ID.030", "answers 'TIMER abc' to TIMER?"),
        ("TIMER?", "TIMER 1٧0", "ID.030", "answers 'TIMER 1٧0'"),
        ("TIMER?", "TIMER 1270", "ID.030", "above the high limit"),
    ],
)
@pytest.mark.hazard("SN-11")
def test_an_answer_that_is_wrong_fails_its_row_alone(ask: str, answer: str | None, row_id: str, says: str) -> None:
    made = bench(mc100_identity.identity)
    made.nest.answers[ask] = answer

    assert Verdict.FAIL == made.run()
    assert [row_id] == [name for name, word in made.words.items() if word == "FAIL"]
    assert says in made.reasons[row_id]


@pytest.mark.parametrize(
    ("says", "known", "said"),
    [
        ("SN2", {"SN1", "SN2"}, "the unit in slot 3 says that it is SN2, which was scanned too, or before"),
        ("sn1", {"SN1"}, "the unit says that it is 'sn1', and 'SN1' was scanned: release Caps Lock"),
    ],
)
@pytest.mark.hazard("SN-13")
def test_a_mix_up_of_ours_fails_nobody_s_unit(says: str, known: set[str], said: str) -> None:
    made = bench(mc100_identity.identity)
    made.nest.answers["SN?"] = f"SN {says}"
    made.rig.unit.known = lambda serial: serial in known

    assert Verdict.INCONCLUSIVE == made.run()
    assert {"INCONCLUSIVE"} == set(made.words.values())
    assert said in made.reasons["ID.010"]


def test_a_uart_that_goes_silent_when_the_needles_lift_is_undecided() -> None:
    made = bench(mc100_identity.identity)
    made.nest.answers = {}
    tell = made.nest.tell

    def lifting(line: str, *, patience: float = 0.5) -> str | None:
        made.nest.touches = LIFTED
        return tell(line, patience=patience)

    made.nest.tell = lifting  # type: ignore[method-assign]  # this very nest lifts its needles while it is asked

    assert Verdict.INCONCLUSIVE == made.run()
    assert HOLE in made.reasons["ID.010"]


# Battery and zero


@pytest.mark.parametrize(("volts", "verdict"), [(3.8, Verdict.PASS), (3.5, Verdict.FAIL), (4.1, Verdict.FAIL)])
def test_the_battery_is_judged_by_its_voltage(volts: float, verdict: Verdict) -> None:
    made = bench(mc100_battery.battery)
    made.rig.bench.paths["battery"] = FakeDmm(volts=volts, u=1e-4)

    assert verdict == made.run()


def test_a_battery_that_the_needles_do_not_touch_is_undecided() -> None:
    made = bench(mc100_battery.battery)
    made.rig.bench.paths["battery"] = FakeDmm(volts=0.0, u=1e-4)
    made.nest.touches = LIFTED

    assert Verdict.INCONCLUSIVE == made.run()
    assert HOLE in made.reasons["BAT.010"]


def test_a_zero_that_no_relay_makes_is_our_error_and_hides_nothing() -> None:
    made = bench(mc100_battery.battery, mc100_output.level_3_low_load)
    made.rig.bench.paths["battery"].own = 4e-3

    assert Verdict.ERROR == made.run()
    assert "makes 4000 µV by itself" in made.rig.ended.reason
    assert "SKIPPED" == made.words["WAV.060"]


def test_each_meter_reads_the_zero_of_its_own_path_once_in_a_run() -> None:
    made = with_output(mc100_battery.battery, mc100_output.level_3_low_load, mc100_battery.working)
    other = made.rig.bench.paths["shunt1"]
    other.serial, other.own = "OTHER", 5e-6

    assert Verdict.PASS == made.run()
    zeros = {name: note.value for name, note in made.rig.unit.notes.items() if name.startswith("zero of")}
    assert {"zero of METER": made.meter.own, "zero of OTHER": 5e-6} == zeros


# Output where there must be none

ABSENCE = [(mc100_absence.without_skin, "CON.020", 200_000.0), (mc100_absence.while_charging, "CHG.010", 2_000.0)]


@pytest.mark.parametrize(("step", "row_id", "load"), ABSENCE)
def test_a_unit_that_stays_off_passes_and_is_off_afterwards(step: Step, row_id: str, load: float) -> None:
    made = bench(step)

    assert Verdict.PASS == made.run()
    assert load == made.massager.load
    assert made.index("press start 3") < made.index("press stop")


@pytest.mark.parametrize(
    ("step", "row_id", "change", "says"),
    [
        (mc100_absence.without_skin, "CON.020", {"senses_contact": False}, "although its probes are not bridged"),
        (mc100_absence.while_charging, "CHG.010", {"charge_interlock": False}, "while the charger is connected"),
    ],
)
def test_pulses_where_there_must_be_none_fail(step: Step, row_id: str, change: dict[str, bool], says: str) -> None:
    made = bench(step)
    for name, value in change.items():
        setattr(made.massager, name, value)

    assert Verdict.FAIL == made.run()
    assert "its current rose above 15 µA" in made.reasons[row_id]
    assert says in made.reasons[row_id]
    assert not made.massager.on


@pytest.mark.parametrize(("step", "row_id", "load"), ABSENCE)
@pytest.mark.parametrize("change", [{"direct": 8e-6}, {"direct": -8e-6}, {"noise": 8e-6}])
def test_output_below_the_comparator_fails_too_direct_or_not(
    step: Step, row_id: str, load: float, change: dict[str, float]
) -> None:
    made = bench(step)
    for name, value in change.items():
        made.clock.plan(3.5, partial(setattr, made.massager, name, value))  # on the charger, where there is one

    assert Verdict.FAIL == made.run()
    assert 8.0 == pytest.approx(made.found[row_id], rel=0.01)
    assert "above the high limit" == made.reasons[row_id]


@pytest.mark.hazard("FC-13")
def test_no_output_without_skin_proves_nothing_of_a_unit_that_did_not_look_for_skin() -> None:
    """Its key was not felt: a unit that is off gives nothing into 200 kΩ either, and passed."""
    made = bench(mc100_absence.without_skin)
    made.nest.misses = (0,)

    assert Verdict.INCONCLUSIVE == made.run()
    assert "may not have been switched on" in made.reasons["CON.010"]


@pytest.mark.hazard("FC-13")
def test_no_output_on_the_charger_proves_nothing_of_a_unit_that_did_not_work_before() -> None:
    made = bench(mc100_absence.while_charging)
    made.nest.misses = (0, 1)
    made.massager.charge_interlock = False

    assert Verdict.INCONCLUSIVE == made.run()
    assert "gave no output before the charger was connected" in made.reasons["CHG.010"]


@pytest.mark.parametrize("amps", [200e-6, -200e-6])
@pytest.mark.hazard("FC-16")
def test_direct_current_that_goes_on_behind_the_stop_key_fails(amps: float) -> None:
    """Its user turns it off by its key: no other step stops a unit that gives output."""
    made = bench()
    made.massager.latches = amps

    assert Verdict.FAIL == made.run()
    assert "200.0 µA of direct current flow behind its stop key" == made.reasons["CHG.010"]


@pytest.mark.hazard("FC-16")
def test_a_unit_that_goes_on_behind_its_stop_key_does_not_pass() -> None:
    made = bench()
    made.massager.stop_works = False

    assert Verdict.INCONCLUSIVE == made.run()
    assert "it goes on behind its stop key" in made.reasons["CHG.010"]


@pytest.mark.parametrize(("step", "row_id", "load"), ABSENCE)
@pytest.mark.parametrize("hole", [(0.0, 9.0), (0.01, 0.06), (3.0, 3.2), (5.0, 99.0)])
@pytest.mark.hazard("FC-13")
def test_absence_proves_nothing_where_contact_was_lost(step: Step, row_id: str, load: float, hole: tuple[float, float]) -> None:
    made = bench(step)
    made.massager.holes = [hole]

    assert Verdict.INCONCLUSIVE == made.run()
    assert HOLE in made.reasons[row_id]


@pytest.mark.parametrize(("step", "row_id", "load"), ABSENCE)
def test_unit_and_charger_are_off_after_an_undecided_step(step: Step, row_id: str, load: float) -> None:
    made = bench(step)
    made.massager.holes = [(3.0, 3.2)]

    made.run()

    before_safe = made.nest.asked[: made.index("safe")]
    assert "press stop" in before_safe
    assert before_safe.count("charger on") == before_safe.count("charger off")


@pytest.mark.parametrize(("step", "row_id", "load"), ABSENCE)
@pytest.mark.parametrize("moment", [0.0, 0.1, 2.0, 5.0, 5.3])
def test_unit_and_charger_are_off_after_a_stop(step: Step, row_id: str, load: float, moment: float) -> None:
    made = bench(step)
    made.clock.plan(moment, lambda: made.rig.stop.set("operator"))

    assert Verdict.ABORTED == made.run()
    before_safe = made.nest.asked[: made.index("safe")]
    pressed = [asked for asked in before_safe if asked.startswith("press ")]
    assert ["press stop"] == pressed[-1:] or not pressed
    assert before_safe.count("charger on") == before_safe.count("charger off")
    assert (False, False) == (made.massager.on, made.massager.charging)


# Soft start


def test_a_first_pulse_of_a_quarter_passes() -> None:
    made = bench(mc100_start.soft_start)

    assert Verdict.PASS == made.run()
    assert 25.0 == pytest.approx(made.found["CUR.350"], abs=0.1)


@pytest.mark.parametrize("first", [0.6, 1.0, 1.3])
def test_a_first_pulse_that_is_a_jolt_fails(first: float) -> None:
    made = bench(mc100_start.soft_start)
    made.massager.first = first

    assert Verdict.FAIL == made.run()
    assert "above the high limit" == made.reasons["CUR.350"]


@pytest.mark.hazard("FC-13")
def test_a_unit_that_never_starts_fails_with_no_output() -> None:
    made = bench(mc100_start.soft_start)
    made.massager.off_after = -1.0

    assert Verdict.FAIL == made.run()
    assert "no output" == made.reasons["CUR.350"]


def test_a_unit_that_gives_up_at_once_fails_with_how_long_it_lasted() -> None:
    made = bench(mc100_start.soft_start)
    made.massager.off_after = 0.95

    assert Verdict.FAIL == made.run()
    assert "no output: it went off 0.9 s after its first pulse" == made.reasons["CUR.350"]


def test_pulses_that_never_reach_the_oscilloscope_are_ours() -> None:
    made = bench(mc100_start.soft_start)
    made.screen.triggers = False

    assert Verdict.INCONCLUSIVE == made.run()
    assert "SYNC line" in made.reasons["CUR.350"]


def test_a_comparator_that_is_deaf_scraps_no_unit() -> None:
    made = bench(mc100_start.soft_start, mc100_output.shape)
    made.nest.deaf_from = 0.0

    assert Verdict.INCONCLUSIVE == made.run()
    assert "the DMM reads 126 µA where the fixture's comparator sees no pulses" in made.reasons["CUR.350"]


def test_a_comparator_that_goes_deaf_in_the_twenty_minutes_scraps_no_unit() -> None:
    made = bench()
    made.nest.deaf_from = 55.0

    assert Verdict.INCONCLUSIVE == made.run()
    assert "FAIL" not in made.words.values(), made.reasons


@pytest.mark.hazard("FC-15")
def test_a_pulse_before_the_first_one_that_the_comparator_saw_is_seen_by_the_oscilloscope() -> None:
    made = bench(mc100_start.soft_start)
    made.nest.missed = (0.0, BOOT + 0.15)

    assert Verdict.INCONCLUSIVE == made.run()
    assert "saw a pulse before the first one of the comparator" in made.reasons["CUR.350"]


@pytest.mark.hazard("FC-15")
@pytest.mark.parametrize("missed", [0.05, 0.35])
@pytest.mark.parametrize("flow", [mc100_start.soft_start, mc100_shut_off.shut_off_again])
def test_a_start_whose_first_pulse_came_later_behind_its_key_than_another_is_undecided(flow: Step, missed: float) -> None:
    made = bench(mc100_hurried.accelerated, flow)
    made.nest.missed = (0.0, BOOT + missed)

    assert Verdict.INCONCLUSIVE == made.run()
    assert any("behind the key" in reason for reason in made.reasons.values()), made.reasons


def test_a_start_that_came_later_because_the_needles_lost_the_unit_is_told_by_the_needles() -> None:
    made = bench(mc100_hurried.accelerated, mc100_start.soft_start)
    made.nest.missed = (0.0, BOOT + 0.35)
    made.massager.holes = [(0.01, 0.02)]

    assert Verdict.INCONCLUSIVE == made.run()
    assert "the fixture's needles lost contact: seat the unit again" == made.reasons["CUR.350"]


@pytest.mark.parametrize("flow", [mc100_hurried.accelerated, mc100_hurried.accelerated_alone])
@pytest.mark.parametrize("missed", [2.6, 30.0])
def test_a_comparator_that_is_deaf_to_a_hurried_start_scraps_no_unit(flow: Step, missed: float) -> None:
    made = bench(flow)
    made.nest.missed = (0.0, missed)

    assert Verdict.INCONCLUSIVE == made.run(), made.reasons
    assert "have the comparator checked" in made.reasons["TIM.020"]


@pytest.mark.parametrize("late", [2.6, 3.0, 3.3])
def test_a_first_pulse_that_is_seen_too_late_is_undecided_and_no_error(late: float) -> None:
    made = bench(mc100_start.soft_start)
    made.nest.missed = (0.0, late)

    assert Verdict.INCONCLUSIVE == made.run(), made.reasons


@pytest.mark.hazard("FC-15")
@pytest.mark.parametrize("missed", [(1160.0, 1160.7), (1160.0, 1e9)])
def test_a_second_run_is_over_only_when_the_silence_has_another_witness(missed: tuple[float, float]) -> None:
    made = bench(mc100_shut_off.shut_off_again)
    made.massager.off_after = np.inf
    made.nest.missed = missed

    assert Verdict.INCONCLUSIVE == made.run(), made.reasons


def test_a_unit_that_pauses_in_its_second_run_and_goes_on_does_not_pass() -> None:
    made = bench(mc100_shut_off.shut_off_again)
    made.massager.off_after = 1160.0
    made.clock.plan(1161.5, lambda: made.massager.runs.append((1161.5, 5000.0)))

    assert Verdict.PASS != made.run(), made.reasons


@pytest.mark.parametrize("frequency", [9.72, 10.28])
def test_a_frequency_at_which_the_shut_off_is_out_of_its_bounds_needs_the_real_time_recipe(frequency: float) -> None:
    made = bench(*mc100.SEQUENCES[Recipe.ACCELERATED].steps)
    made.massager.frequency = frequency
    others = [replace(LIMITS[row_id], recipes=(Recipe.SAMPLE.value,)) for row_id in ("TIM.010", "TIM.030")]
    made.rig.limits.update({limit.id: limit for limit in others})
    made.rig.head = replace(made.rig.head, omitted=tuple(map(as_row, others)))

    made.run()

    assert "test the unit by the real-time recipe" in made.reasons["SVC.010"]


@pytest.mark.hazard("FC-15")
def test_a_run_whose_last_second_the_comparator_missed_does_not_pass_as_one_inside_its_bounds() -> None:
    late = bench(mc100_start.soft_start, mc100_output.shape, *mc100.OFF, mc100_identity.service_left)
    late.massager.off_after, late.massager.frequency = 1200.8, 11700 / 1200.8
    late.clock.plan(600.0, lambda: setattr(late.nest, "missed", (late.massager.runs[-1][1] - 1.25, 1e9)))

    verdict = late.run()

    assert ("PASS", "PASS") == (late.words["TIM.010"], late.words["TIM.030"]), late.reasons
    assert Verdict.INCONCLUSIVE == verdict, late.reasons
    assert "have the comparator checked" in late.reasons["SVC.010"]


def test_a_unit_that_stops_too_late_when_lifted_does_not_pass_where_the_comparator_missed_it() -> None:
    late = bench(mc100_start.soft_start, mc100_start.two_minutes, mc100_start.lift_off)
    late.massager.stops_on_lift = 2.2
    late.clock.plan(120.0, lambda: setattr(late.nest, "missed", (late.clock.time + 0.5, late.clock.time + 3.1)))

    late.run()

    assert "INCONCLUSIVE" == late.words["CON.040"], late.reasons


def test_a_start_that_the_needles_missed_fails_nothing_afterwards() -> None:
    made = bench(mc100_start.soft_start, mc100_output.shape)
    made.massager.holes = [(-0.1, 2.6)]

    verdict = made.run()

    assert Verdict.INCONCLUSIVE == verdict
    assert "INCONCLUSIVE" == made.words["CUR.350"]
    assert "FAIL" not in made.words.values(), made.reasons


@pytest.mark.parametrize("lifted", [False, True])
def test_a_first_pulse_whose_negative_phase_is_not_soft_is_a_jolt(*, lifted: bool) -> None:
    made = with_output(mc100_start.lift_off) if lifted else bench(mc100_start.soft_start)
    made.massager.ramp = lambda number: (min(1.0, 0.25 + 0.15 * number), 1.0)

    assert Verdict.FAIL == made.run()
    assert "above the high limit" == made.reasons["CUR.351" if lifted else "CUR.350"]


def test_a_start_whose_second_pulse_is_taller_than_any_may_be_is_a_jolt() -> None:
    made = bench(mc100_start.soft_start, mc100_output.level_3)
    made.massager.ramp = lambda number: (1.3, 1.3) if number == 1 else (min(1.0, 0.25 + 0.15 * number),) * 2

    assert Verdict.FAIL == made.run()
    assert "1.30 times its plateau" in made.reasons["CUR.311"]


def test_a_new_contact_whose_second_pulse_is_taller_than_any_may_be_is_a_jolt() -> None:
    made = known(with_output(mc100_start.lift_off), CUR_311=400.0)
    made.massager.ramp = lambda number: (1.3, 1.3) if number == 1 else (min(1.0, 0.25 + 0.15 * number),) * 2

    assert Verdict.FAIL == made.running().run()
    assert "520 µA flow" in made.reasons["CUR.351"]


# Everything that is measured while it runs


@pytest.mark.parametrize("step", WITH_OUTPUT, ids=lambda step: step.title)
def test_a_running_unit_passes(step: Step) -> None:
    made = with_output(step)

    assert Verdict.PASS == made.run(), made.reasons


@pytest.mark.parametrize("step", WITH_OUTPUT, ids=lambda step: step.title)
def test_a_unit_that_is_off_fails_with_no_output_and_is_not_measured(step: Step) -> None:
    made = with_output(step)
    made.massager.off_after = 1.05
    made.massager.runs = [(BOOT, BOOT + 1.05)]

    assert Verdict.FAIL == made.run()
    assert {"no output: it went off 1.0 s after its first pulse"} == set(made.reasons.values())
    assert [] == made.screen.asked
    assert ["ac"] == [what for what, _, _ in made.meter.asked]  # the second witness of its silence


@pytest.mark.parametrize("step", WITH_OUTPUT, ids=lambda step: step.title)
@pytest.mark.parametrize("moment", [0.0, 0.2, 0.5, 1.1, 1.9, 3.0, 4.5, 6.9])
def test_a_unit_that_goes_off_while_it_is_measured_fails_by_that_and_by_no_number(step: Step, moment: float) -> None:
    made = with_output(step)
    made.massager.runs = [(BOOT, 3.0 + moment)]

    verdict = made.run()

    assert verdict in (Verdict.FAIL, Verdict.PASS)  # PASS where the step was over by then
    assert all(reason.startswith("no output: it went off") for reason in made.reasons.values() if reason)


@pytest.mark.parametrize("step", WITH_OUTPUT, ids=lambda step: step.title)
@pytest.mark.parametrize("hole", [(2.0, 2.1), (2.9, 3.5), (3.02, 3.1), (3.3, 5.0), (3.4, 99.0)])
def test_contact_lost_before_during_or_after_a_measurement_never_fails(step: Step, hole: tuple[float, float]) -> None:
    made = with_output(step)
    made.massager.holes = [hole]

    verdict = made.run()

    assert verdict in (Verdict.INCONCLUSIVE, Verdict.PASS)  # PASS where the hole did not touch the measurement
    assert all(HOLE in reason for reason in made.reasons.values() if reason)


@pytest.mark.parametrize("step", WITH_OUTPUT, ids=lambda step: step.title)
def test_needles_that_do_not_touch_decide_nothing(step: Step) -> None:
    made = with_output(step)
    made.nest.touches = LIFTED

    assert Verdict.INCONCLUSIVE == made.run()


@pytest.mark.parametrize("step", [mc100_output.shape, mc100_output.noise], ids=lambda step: step.title)
def test_a_trigger_that_is_missing_while_the_fixture_counts_is_ours(step: Step) -> None:
    made = with_output(step)
    made.screen.triggers = False

    assert Verdict.INCONCLUSIVE == made.run()
    assert all("SYNC line" in reason for reason in made.reasons.values())


@pytest.mark.parametrize(
    ("step", "change", "row_id", "reason"),
    [
        (mc100_output.shape, {"frequency": 10.4}, "WAV.010", "above the high limit"),
        (mc100_output.shape, {"width": 5.3e-3}, "WAV.020", "above the high limit"),
        (mc100_output.shape, {"gap": 0.7e-3}, "WAV.030", "above the high limit"),
        (mc100_output.shape, {"negative": 0.0}, "WAV.021", "below the low limit"),
        (mc100_output.noise, {"noise": 5e-6}, "WAV.080", "above the high limit"),
        (mc100_output.level_3, {"levels": (1e-4, 2e-4, 4.4e-4)}, "CUR.311", "above the high limit"),
        (mc100_output.level_3, {"negative": 0.0}, "CUR.320", "below the low limit"),
        (mc100_output.level_3, {"negative": 0.9}, "WAV.070", "above the high limit"),
        (mc100_output.level_3_low_load, {"negative": 0.9}, "WAV.050", "above the high limit"),
        (mc100_output.level_3_low_load, {"direct": 1.5e-6}, "WAV.060", "above the high limit"),
        (mc100_output.level_3_low_load, {"direct": -1.5e-6}, "WAV.060", "below the low limit"),
        (mc100_output.level_3_low_load, {"width": 6e-3}, "WAV.040", "above the high limit"),
    ],
)
def test_what_is_wrong_with_the_pulses_fails_its_row(step: Step, change: dict[str, float], row_id: str, reason: str) -> None:
    made = Bench(step)
    for name, value in change.items():
        setattr(made.massager, name, value)

    verdict = made.running().run()

    assert Verdict.FAIL == verdict
    assert reason == made.reasons[row_id], made.reasons


@pytest.mark.parametrize("each", [20, 10, 7])
def test_a_unit_that_leaves_out_pulses_gives_fewer_in_a_second(each: int) -> None:
    """Its beat is 10 Hz all the same, and its RMS current stays inside the limits."""
    made = bench()
    made.massager.lacks = lambda number: number % each == each - 1

    assert Verdict.FAIL == made.run()
    assert "below the low limit" == made.reasons["WAV.010"]


def test_a_pulse_that_did_not_reach_the_oscilloscope_is_no_fault_of_the_unit() -> None:
    made = with_output(mc100_output.shape)
    made.screen.loses = (7,)

    assert Verdict.INCONCLUSIVE == made.run()
    assert "the comparator missed none" in made.reasons["WAV.010"]


@pytest.mark.parametrize("change", [{"overshoot": 0.2}, {"negative": 1.12}])
def test_what_stands_over_the_plateau_that_the_dmm_reads_is_peak_current_too(change: dict[str, float]) -> None:
    """The DMM integrates the positive plateau alone, 0.4 ms behind its edge: it reads 400 µA where 448 or 480 flow."""
    made = bench(mc100_output.level_3_low_load)
    for name, value in change.items():
        setattr(made.massager, name, value)

    assert Verdict.FAIL == made.running().run()
    assert "times its plateau of 400.0 µA" in made.reasons["CUR.310"]


def test_an_output_that_is_not_flat_may_stand_where_the_row_lets_it() -> None:
    made = bench(mc100_output.level_3_low_load)
    made.massager.overshoot = 0.05

    assert Verdict.PASS == made.running().run(), made.reasons


@pytest.mark.parametrize(
    ("odd", "row_id", "said"),
    [
        ((1, 0.0, 0.0), "CUR.112", "its negative phase is of 0.0 µA, its positive one of 100.0 µA"),
        ((2, 0.0, 0.0), "CUR.212", "its negative phase is of 0.0 µA, its positive one of 200.0 µA"),
        ((2, 0.0, 1.5), "CUR.212", "its negative phase is of 300.0 µA, its positive one of 200.0 µA"),
        ((3, 30_000.0, 0.5), "CUR.313", "its negative phase is of 200.0 µA, its positive one of 400.0 µA"),
    ],
)
@pytest.mark.hazard("FC-16")
def test_a_phase_that_is_wrong_at_one_level_or_into_one_load_alone_fails_there(
    odd: tuple[int, float, float], row_id: str, said: str
) -> None:
    """Its positive plateau is right everywhere: 200 µA without a negative phase are 10 µA of direct current."""
    made = bench()
    made.massager.odd = odd

    assert Verdict.FAIL == made.run()
    assert {row_id: said} == {failed: made.reasons[failed] for failed, word in made.words.items() if word == "FAIL"}


@pytest.mark.parametrize("share", [0.96, 1.04])
def test_phases_that_differ_by_what_they_may_pass_at_every_level(share: float) -> None:
    made = bench()
    made.massager.negative = share

    assert Verdict.PASS == made.run(), made.reasons


def test_a_missing_negative_phase_is_direct_current_at_the_unit_s_own_frequency() -> None:
    made = known(Bench(mc100_output.level_3_low_load), WAV_010=10.2)
    made.massager.frequency, made.massager.negative = 10.2, 0.0

    assert Verdict.FAIL == made.running(load=500).run()
    assert "above the high limit" == made.reasons["WAV.060"]


def test_a_missing_negative_phase_fails_at_the_first_look_at_the_shape() -> None:
    made = bench()
    made.massager.negative = 0.0

    assert Verdict.FAIL == made.run()
    assert {"WAV.021", "WAV.030"} == {row_id for row_id, word in made.words.items() if word == "FAIL"}


def test_a_stuck_output_fails_before_its_unit_ever_runs() -> None:
    made = bench()
    made.massager.direct = 60e-6

    assert Verdict.FAIL == made.run()
    assert ["CON.020"] == [row_id for row_id, word in made.words.items() if word == "FAIL"]
    assert not made.massager.runs


# Loads and levels


def test_the_plateau_is_read_into_10_and_30_kiloohm_and_compared_with_500_ohm() -> None:
    made = known(Bench(mc100_output.level_3_high_load), CUR_310=400.0).running()
    made.massager.levels = (1e-4, 2e-4, 396e-6)

    assert Verdict.PASS == made.run(), made.reasons
    assert -1.0 == pytest.approx(made.found["CUR.330"], abs=1e-3)


def test_a_level_map_that_is_swapped_fails_both_levels_and_their_ratios() -> None:
    made = bench()
    made.massager.levels = (200e-6, 100e-6, 400e-6)

    assert Verdict.FAIL == made.run()
    failed = {row_id for row_id, word in made.words.items() if word == "FAIL"}
    assert {"CUR.110", "CUR.111", "CUR.112", "CUR.210", "CUR.211", "CUR.212", "CUR.340", "CUR.341"} == failed
    assert "PASS" == made.words["TIM.010"]


@pytest.mark.parametrize("turn", [0.0, 20.0, 118.0, 250.0])
def test_no_level_is_changed_earlier_than_120_s_after_the_first_pulse(turn: float) -> None:
    made = bench(mc100_start.two_minutes, mc100_output.lower_levels)
    made.running()
    made.clock.wait(turn, made.rig.stop)
    pressed: list[float] = []
    press = made.nest.press

    def timed(key: str, *, level: int | None = None) -> float:
        pressed.append(made.clock.time)
        return press(key, level=level)

    made.nest.press = timed  # type: ignore[method-assign]  # this very nest notes when its keys are pressed

    assert Verdict.PASS == made.run(), made.reasons
    assert 2 == len(pressed)
    assert 120.0 <= min(pressed) - BOOT


def test_a_timer_that_a_level_change_restarts_shows_in_the_shut_off_time() -> None:
    made = bench()
    made.massager.restarts_timer = True

    assert Verdict.FAIL == made.run()
    assert "above the high limit" == made.reasons["TIM.010"]


def test_a_derived_row_of_an_undecided_row_is_undecided() -> None:
    made = bench()
    made.massager.holes = [(150.0 - 26.0, 125.0)]

    assert Verdict.INCONCLUSIVE == made.run()
    assert "FAIL" not in made.words.values()


# Shut-off


def test_a_good_unit_s_shut_off_is_timed_by_the_fixture_and_its_residual_current_read_five_seconds_behind() -> None:
    made = with_output(mc100_shut_off.shut_off)

    assert Verdict.PASS == made.run(), made.reasons
    last = BOOT + 1170.0
    what, full, moment = made.meter.asked[-1]
    assert ("dc", 0.1) == (what, full)
    assert moment - 1.2 >= last + 5.0 - 1e-6  # three readings of 0.4 s were over by then
    assert 500 == made.massager.load
    assert made.clock.time >= last + 10.0


def test_the_timeline_is_kept_with_the_shut_off_time() -> None:
    made = with_output(mc100_shut_off.shut_off)

    made.run()

    detail = next(one.detail for one in made.rig.measured if one.id == "TIM.010")
    assert (False, 0, 11701) == (detail["forced"], detail["after"], detail["count"])


@pytest.mark.parametrize("lasts", [200.0, 700.0, 1130.0])
def test_an_early_shut_off_fails_by_its_time(lasts: float) -> None:
    made = bench()
    made.massager.early = lasts

    assert Verdict.FAIL == made.run()
    assert ["TIM.010"] == [row_id for row_id, word in made.words.items() if word == "FAIL"]
    assert lasts == pytest.approx(made.found["TIM.010"], abs=0.11)


def test_a_comparator_that_rings_on_fails_no_unit_that_went_off() -> None:
    """It counted to 1230 s: a good unit failed TIM.010, and was quarantined."""
    made = bench(mc100_start.soft_start, mc100_output.shape, *mc100.OFF)
    made.nest.rings_from = 1000.0

    assert Verdict.INCONCLUSIVE == made.run()
    assert "goes on seeing pulses where the DMM reads 0.0 µA" in made.reasons["TIM.010"]
    assert "press stop" in made.nest.asked


@pytest.mark.parametrize("step", [mc100_hurried.accelerated, mc100_hurried.accelerated_alone], ids=lambda step: step.title)
def test_a_comparator_that_rings_on_fails_no_unit_that_was_hurried(step: Step) -> None:
    made = bench(step)
    made.nest.rings_from = 10.0

    assert Verdict.INCONCLUSIVE == made.run()
    assert "goes on seeing pulses" in made.reasons["TIM.020"]


@pytest.mark.parametrize("step", [mc100_hurried.accelerated, mc100_hurried.accelerated_alone], ids=lambda step: step.title)
def test_a_hurried_unit_that_goes_on_fails_all_the_same(step: Step) -> None:
    made = bench(step)
    made.massager.off_after = 1e6

    assert Verdict.FAIL == made.run()
    assert "above the high limit" == made.reasons["TIM.020"]


def test_a_unit_that_never_switches_itself_off_is_stopped_by_force_and_fails() -> None:
    made = with_output(mc100_shut_off.shut_off)
    made.massager.runs = [(BOOT, 1e6)]

    assert Verdict.FAIL == made.run()
    assert {"TIM.010": "FAIL", "TIM.040": "INCONCLUSIVE", "LEK.010": "PASS"} == made.words
    assert 1230.0 <= made.found["TIM.010"] <= 1232.0
    assert "press stop" in made.nest.asked[: made.index("safe")]
    assert next(one.detail for one in made.rig.measured if one.id == "TIM.010")["forced"] is True


def test_a_unit_that_never_switches_itself_off_fails_though_contact_was_lost_for_a_moment() -> None:
    made = with_output(mc100_shut_off.shut_off)
    made.massager.runs = [(BOOT, 1e6)]
    made.massager.holes = [(600.0, 600.1)]

    assert Verdict.FAIL == made.run()
    assert "FAIL" == made.words["TIM.010"]


def test_pulses_that_come_back_fail_when_contact_held() -> None:
    made = with_output(mc100_shut_off.shut_off)
    made.massager.runs = [(BOOT, BOOT + 1170.0), (BOOT + 1175.0, BOOT + 1300.0)]

    assert Verdict.FAIL == made.run()
    assert {"TIM.010": "PASS", "TIM.040": "FAIL"} == {row_id: made.words[row_id] for row_id in ("TIM.010", "TIM.040")}
    assert made.found["TIM.040"] > 10


@pytest.mark.parametrize("worth", [1.3, 0.1])
@pytest.mark.hazard("FC-16")
def test_an_output_that_changes_behind_its_last_row_of_current_does_not_pass(worth: float) -> None:
    """All rows of current are read in the first minutes, and the comparator tells 40 µA from 520 by nothing."""
    made = bench()
    made.massager.later = (600.0, worth)

    assert Verdict.FAIL == made.run()
    assert f"its current is {400.0 * worth:.1f} µA late in its run" == made.reasons["TIM.010"]
    assert not made.massager.running()


@pytest.mark.hazard("FC-16")
def test_a_negative_phase_that_is_lost_behind_the_last_row_of_current_does_not_pass() -> None:
    made = bench()
    made.clock.plan(600.0, lambda: setattr(made.massager, "negative", 0.0))

    assert Verdict.FAIL == made.run()
    assert "its negative phase is of 0.0 µA" in made.reasons["TIM.010"]


@pytest.mark.parametrize("moment", [799.0, 800.0, 800.3, 800.6, 801.0, 802.0])
def test_a_unit_that_goes_off_while_its_output_is_looked_at_late_fails_by_its_time(moment: float) -> None:
    made = bench()
    made.massager.early = moment

    assert Verdict.FAIL == made.run()
    assert "below the low limit" == made.reasons["TIM.010"]


def test_balanced_pulses_too_low_for_the_comparator_are_residual_current() -> None:
    made = with_output(mc100_shut_off.shut_off)
    made.massager.murmurs = 5e-6

    assert Verdict.FAIL == made.run()
    assert {"TIM.010": "PASS", "TIM.040": "PASS", "LEK.010": "FAIL"} == made.words
    assert 5.0 == pytest.approx(made.found["LEK.010"], rel=0.01)


@pytest.mark.parametrize("hole", [(500.0, 502.0), (1169.0, 1171.0), (1172.0, 1172.1), (1176.0, 1400.0), (300.0, 300.1)])
def test_pulses_that_come_back_decide_nothing_when_contact_was_lost(hole: tuple[float, float]) -> None:
    made = with_output(mc100_shut_off.shut_off)
    made.massager.holes = [hole]

    assert Verdict.INCONCLUSIVE == made.run()
    assert all(HOLE in reason for reason in made.reasons.values())


@pytest.mark.parametrize("direct", [1.5e-6, -1.5e-6, 150e-6])
def test_current_that_still_flows_behind_the_shut_off_fails(direct: float) -> None:
    made = with_output(mc100_shut_off.shut_off)
    made.massager.direct = direct

    assert Verdict.FAIL == made.run()
    assert direct * 1e6 == pytest.approx(made.found["LEK.010"], rel=0.01)
    assert "PASS" == made.words["TIM.010"]


def test_a_stop_in_the_middle_of_the_twenty_minutes_leaves_the_slot_safe() -> None:
    made = bench()
    made.clock.plan(700.0, lambda: made.rig.stop.set("operator"))

    assert Verdict.ABORTED == made.run()
    assert 700.0 == made.clock.time
    assert "safe" == made.nest.asked[-1]
    assert not made.massager.on


def test_the_shut_off_is_watched_at_level_3_into_2_kiloohm_whatever_was_left_behind() -> None:
    made = bench(mc100_output.lower_levels, mc100_shut_off.shut_off)
    made.running()
    made.massager.holes = [(122.0, 122.1)]

    assert Verdict.INCONCLUSIVE == made.run()
    asked = made.nest.asked
    assert asked.index("press level 3") < asked.index("connect 2000", asked.index("press level 3"))
    assert 3 == made.massager.level


def test_frequency_times_time_is_a_number_of_pulses() -> None:
    made = bench(mc100_start.soft_start, mc100_output.shape, *mc100.OFF)

    assert Verdict.PASS == made.run(), made.reasons
    assert 11700 == pytest.approx(made.found["TIM.030"], abs=1.0)


@pytest.mark.parametrize("pauses", [lambda number: number % 50 == 49, lambda number: number % 1000 < 4])
def test_a_unit_that_pauses_where_no_record_looks_does_not_pass(
    pauses: Callable[[NDArray[np.int64]], NDArray[np.bool_]],
) -> None:
    made = bench(mc100_start.soft_start, mc100_output.shape, *mc100.OFF)
    made.massager.lacks = lambda number: (number > 200) & pauses(number)

    assert Verdict.INCONCLUSIVE == made.run()
    assert "the unit paused, or pulses were missed" in made.reasons["TIM.030"]


def test_a_comparator_that_rings_on_in_the_second_twenty_minutes_fails_no_unit() -> None:
    made = bench(mc100_shut_off.shut_off_again)
    made.nest.rings_from = 1100.0

    assert Verdict.INCONCLUSIVE == made.run()
    assert "goes on seeing pulses" in made.reasons["TIM.050"]


@pytest.mark.parametrize(("pauses", "verdict"), [(False, Verdict.PASS), (True, Verdict.INCONCLUSIVE)])
def test_a_unit_that_pauses_in_the_second_twenty_minutes_does_not_pass(*, pauses: bool, verdict: Verdict) -> None:
    made = known(bench(mc100_shut_off.shut_off_again), WAV_010=10.0)
    made.massager.lacks = lambda number: pauses & (number > 200) & (number % 1000 < 4)

    assert verdict == made.run(), made.reasons
    assert pauses == ("the unit paused" in made.reasons["TIM.050"])


# An enemy's sweeps: whatever happens at whatever moment


def test_a_unit_that_goes_off_at_any_moment_fails_and_never_by_a_number_that_means_nothing() -> None:
    wrong = []
    for lasts in np.concatenate([np.arange(0.05, 30.0, 0.31), np.arange(30.0, 150.0, 3.7)]).tolist():
        made = bench()
        made.massager.early = lasts
        verdict = made.run()
        by_number = {one.id for one in made.rig.measured if one.verdict == "FAIL" and one.value is not None}
        if verdict is not Verdict.FAIL or by_number - {"TIM.010", "TIM.020"}:
            wrong.append((lasts, verdict.name, by_number))

    assert [] == wrong


@pytest.mark.parametrize(("lasts", "first"), [(0.05, 0.05), (0.25, 0.58), (0.35, 0.32), (2.0, 0.85)])  # their moments interlace
@pytest.mark.hazard("FC-13", "SN-12")
def test_contact_that_opens_at_any_moment_never_fails_a_unit_and_never_lets_one_pass_that_was_not_held(
    lasts: float, first: float
) -> None:
    wrong = []
    for moment in [*np.arange(first, 42.0, 1.06).tolist(), 100.0, 131.0, 138.0, 600.0, 1181.0, 1186.0, 1190.0]:
        made = bench()
        made.massager.holes = [(moment, moment + lasts)]
        verdict = made.run()
        allowed = {Verdict.INCONCLUSIVE} if moment > 10.9 else {Verdict.INCONCLUSIVE, Verdict.PASS}
        if verdict not in allowed:
            wrong.append((moment, verdict.name, made.rig.ended.reason))

    assert [] == wrong


def test_a_stop_at_any_moment_leaves_unit_and_charger_off() -> None:
    wrong = []
    for moment in [*np.arange(0.0, 32.0, 0.41).tolist(), 100.0, 135.0, 600.0, 1182.0, 1190.0]:
        made = bench()
        made.clock.plan(moment, lambda made=made: made.rig.stop.set("operator"))  # type: ignore[misc]  # bound now
        verdict = made.run()
        if verdict is not Verdict.ABORTED or made.massager.on or made.massager.charging or made.rig.bench.lent:
            wrong.append((moment, verdict.name))

    assert [] == wrong


def test_a_good_unit_that_went_off_in_its_time_before_its_turn_came_is_no_bad_one() -> None:
    made = Bench(mc100_output.level_3, mc100_shut_off.shut_off).running()
    made.clock.wait(1250.0, made.rig.stop)

    verdict = made.run()

    assert Verdict.INCONCLUSIVE == verdict
    assert "before it could be measured: test it again" in made.reasons["CUR.311"]
