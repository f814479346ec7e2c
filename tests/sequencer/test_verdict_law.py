"""The verdict law, sentence by sentence; `Rig.run` proves beside each that the events replay to the same verdict."""

import math
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace

import numpy as np
import pytest

from station.core.errors import InterlockError, LinkError, SequenceError, Stopped, UndecidedError
from station.core.events import Event, Measured, StepEnded, as_row
from station.core.limit import Limit, Sides, Value
from station.core.measurement import judged
from station.core.uncertainty import Part, Uncertainty
from station.core.verdict import Verdict
from station.sequencer.runner import in_words
from station.sequencer.sequence import Step, step
from station.sequencer.unit import Unit
from tests.core.samples import count, exact, head, microamps, number
from tests.sequencer.fakes import Rig

GOOD, BAD, EDGE = 400e-6, 500e-6, 431e-6  # A: inside, outside, inside the guard band of a safety row


def measuring(row_id: str, value: object = GOOD, u: Uncertainty | None = None) -> Step:
    """Return a step that measures one row."""

    def body(unit: Unit) -> None:
        unit.measure(row_id, value, u or microamps())  # type: ignore[arg-type]  # a step may hand over anything

    return Step(f"Measure {row_id}", (row_id,), body)


def raising(row_id: str, error: BaseException, *, before: Callable[[Unit], None] = lambda unit: None) -> Step:
    """Return a step that declares a row and raises `error` once `before` is done."""

    def body(unit: Unit) -> None:
        before(unit)
        raise error

    return Step(f"Break at {row_id}", (row_id,), body)


def pair() -> Rig:
    return Rig(number("CUR.310", safety=Sides.HIGH), number("CUR.311"))


def test_a_unit_whose_every_row_was_measured_once_and_passed_passes() -> None:
    rig = Rig(number("CUR.310", safety=Sides.HIGH), count(), exact(), exact("ID.010", expect=True))

    @step("All", "CUR.310", "TIM.040", "ID.020", "ID.010")
    def everything(unit: Unit) -> None:
        unit.measure("CUR.310", GOOD, microamps())
        unit.measure("TIM.040", 0)
        unit.measure("ID.020", "1.4.2")
        unit.measure("ID.010", True)

    verdict = rig.run(everything)

    assert Verdict.PASS == verdict
    assert "every row was measured once and passed" == rig.ended.reason
    assert ["RunStarted", "StepStarted", *["Measured"] * 4, "StepEnded", "RunEnded"] == [type(e).__name__ for e in rig.events]


@pytest.mark.hazard("FC-01")
def test_a_sequence_without_steps_is_an_error() -> None:
    rig = Rig()

    verdict = rig.run()

    assert Verdict.ERROR == verdict
    assert "no step measures anything" in rig.ended.reason


@pytest.mark.hazard("FC-01")
def test_a_step_that_measures_nothing_is_an_error_when_nothing_else_is_measured() -> None:
    rig = Rig()

    verdict = rig.run(Step("Idle", (), lambda unit: None))

    assert Verdict.ERROR == verdict


def test_a_step_without_rows_may_prepare_for_the_others() -> None:
    rig = Rig(number())

    verdict = rig.run(Step("Prepare", (), lambda unit: unit.wait(5)), measuring("CUR.310"))

    assert Verdict.PASS == verdict


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ((measuring("CUR.310"),), "CUR.311 has a limit but no step measures it"),
        ((measuring("CUR.310"), measuring("CUR.311"), measuring("WAV.010")), "WAV.010 is measured but has no limit"),
        ((measuring("CUR.310"), measuring("CUR.311"), measuring("CUR.310")), "CUR.310 is measured by 2 steps"),
        ((Step("Twice", ("CUR.310", "CUR.310", "CUR.311"), lambda unit: None),), "CUR.310 is measured by 2 steps"),
    ],
)
@pytest.mark.hazard("LF-07", "FC-06")
def test_a_flow_that_is_not_exactly_the_limits_does_not_start(steps: tuple[Step, ...], told: str) -> None:
    rig = pair()

    verdict = rig.run(*steps)

    assert Verdict.ERROR == verdict
    assert told in rig.ended.reason
    assert ["RunStarted", "RunEnded"] == [type(event).__name__ for event in rig.events]
    assert ["safe"] == rig.bench.slot.asked


@pytest.mark.hazard("FC-02")
def test_a_declared_row_that_is_not_measured_is_an_error() -> None:
    rig = pair()

    verdict = rig.run(Step("Forgets", ("CUR.310",), lambda unit: None), measuring("CUR.311"))

    assert Verdict.ERROR == verdict
    assert "declared and not measured: CUR.310" in rig.ended.reason
    assert {"CUR.310": "SKIPPED", "CUR.311": "SKIPPED"} == rig.words


@pytest.mark.parametrize(
    ("first", "second", "verdict"), [(BAD, GOOD, Verdict.FAIL), (GOOD, BAD, Verdict.ERROR), (GOOD, GOOD, Verdict.ERROR)]
)
@pytest.mark.parametrize("swallowed", [False, True])
@pytest.mark.hazard("FC-03")
def test_a_row_measured_twice_never_passes(first: float, second: float, verdict: Verdict, swallowed: bool) -> None:
    rig = Rig(number())

    @step("Twice", "CUR.310")
    def twice(unit: Unit) -> None:
        unit.measure("CUR.310", first, microamps())
        with suppress(SequenceError) if swallowed else nullcontext():
            unit.measure("CUR.310", second, microamps())

    found = rig.run(twice)

    assert verdict == found
    assert [first] == [event.value for event in rig.measured]


@pytest.mark.parametrize("swallowed", [False, True])
@pytest.mark.parametrize("row_id", ["WAV.999", "CUR.311"])
@pytest.mark.hazard("FC-06")
def test_a_row_unknown_or_of_another_step_never_passes(row_id: str, swallowed: bool) -> None:
    rig = pair()

    @step("Greedy", "CUR.310")
    def greedy(unit: Unit) -> None:
        unit.measure("CUR.310", GOOD, microamps())
        with suppress(SequenceError) if swallowed else nullcontext():
            unit.measure(row_id, GOOD, microamps())

    verdict = rig.run(greedy, measuring("CUR.311"))

    assert Verdict.ERROR == verdict
    assert row_id in rig.ended.reason
    assert {"CUR.310": "PASS", "CUR.311": "SKIPPED"} == rig.words


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, True, "4e-4", None, 10**400, 4e-4 + 0j, np.float32(4e-4), [4e-4]]
)
@pytest.mark.hazard("FC-04", "FC-05")
def test_what_is_no_finite_number_is_an_error_that_can_be_kept(value: object) -> None:
    rig = Rig(number())

    verdict = rig.run(measuring("CUR.310", value))

    assert Verdict.ERROR == verdict
    assert {"CUR.310": "ERROR"} == rig.words
    assert value is True or isinstance(rig.measured[0].value, str)


def test_a_number_of_numpy_is_a_number_and_is_kept_as_an_ordinary_one() -> None:
    rig = Rig(number())

    verdict = rig.run(measuring("CUR.310", np.float64(GOOD)))

    assert Verdict.PASS == verdict
    assert type(rig.measured[0].value) is float


class Chameleon(float):
    """A number that says of every bound that it is on the right side of it."""

    def __lt__(self, other: float) -> bool:
        return False

    def __gt__(self, other: float) -> bool:
        return False


class Agreeable(str):
    """A text that is equal to everything."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


class Count(int):
    """A whole number with ideas of its own."""


@pytest.mark.parametrize(
    ("limit", "value", "verdict"),
    [
        (number(), Chameleon(BAD), Verdict.FAIL),
        (exact(), Agreeable("9.9.9"), Verdict.ERROR),
        (exact(), True, Verdict.ERROR),
        (exact(), "1.4.2\udc80", Verdict.FAIL),
        (exact("ID.010", expect=True), 1, Verdict.ERROR),
        (exact("ID.010", expect=True), np.bool_(True), Verdict.ERROR),
        (exact("ID.010", expect=True), "True", Verdict.ERROR),
        (count(), Verdict.PASS, Verdict.ERROR),
        (count(), Count(0), Verdict.ERROR),
        (count(), False, Verdict.ERROR),
        (count(), 0.0, Verdict.ERROR),
        (count(), np.int64(0), Verdict.ERROR),
        (count(), 10**400, Verdict.FAIL),
        (number(low=-1, high=1), Verdict.PASS, Verdict.ERROR),
    ],
)
@pytest.mark.hazard("FC-05")
def test_a_value_in_disguise_does_not_pass(limit: Limit, value: object, verdict: Verdict) -> None:
    rig = Rig(limit)

    found = rig.run(measuring(limit.id, value))

    assert verdict == found


def test_minus_zero_is_zero() -> None:
    rig = Rig(number(low=0.0, high=1.0))

    verdict = rig.run(measuring("CUR.310", -0.0))

    assert Verdict.PASS == verdict


@pytest.mark.parametrize(
    ("u", "verdict"),
    [
        (None, Verdict.ERROR),
        (Uncertainty(math.nan, "A", "b"), Verdict.ERROR),
        (Uncertainty(math.inf, "A", "b"), Verdict.ERROR),
        (Uncertainty(-1e-9, "A", "b"), Verdict.ERROR),
        (Uncertainty(1e-7, "A", "b", (Part("meter", math.nan),)), Verdict.ERROR),
        (Uncertainty(1e-7, "V", "b"), Verdict.ERROR),
        (Uncertainty(1e-7, "uA", "b"), Verdict.ERROR),
        (Uncertainty(1.0001e-6, "A", "b"), Verdict.INCONCLUSIVE),
        (Uncertainty(1e-6, "A", "b"), Verdict.PASS),
    ],
)
@pytest.mark.hazard("FC-07", "FC-08")
def test_a_number_counts_only_with_an_uncertainty_that_the_row_allows(u: Uncertainty | None, verdict: Verdict) -> None:
    rig = Rig(number(u_max=1.0))

    @step("Measure", "CUR.310")
    def measure(unit: Unit) -> None:
        unit.measure("CUR.310", GOOD, u)

    found = rig.run(measure)

    assert verdict == found


@pytest.mark.hazard("FC-09")
def test_within_tolerance_but_not_proven_is_a_fail() -> None:
    rig = pair()

    verdict = rig.run(measuring("CUR.310", EDGE), measuring("CUR.311"))

    assert Verdict.FAIL == verdict
    assert "within tolerance, but not proven" in rig.ended.reason


def test_a_safety_fail_ends_the_run_and_the_rest_is_skipped_by_its_id() -> None:
    rig = pair()

    verdict = rig.run(measuring("CUR.310", BAD), measuring("CUR.311"))

    assert Verdict.FAIL == verdict
    assert {"CUR.310": "FAIL", "CUR.311": "SKIPPED"} == rig.words
    assert [("CUR.311", "CUR.310")] == [(skip.id, skip.because) for skip in rig.ended.skipped]
    assert "CUR.310" == rig.ended.first_fail
    assert "CUR.310 Row CUR.310: 500 µA, above the high limit" == rig.ended.reason
    assert ["safe"] == rig.bench.slot.asked


def test_a_parametric_fail_lets_the_run_go_on() -> None:
    rig = pair()

    verdict = rig.run(measuring("CUR.311", BAD), measuring("CUR.310"))

    assert Verdict.FAIL == verdict
    assert {"CUR.311": "FAIL", "CUR.310": "PASS"} == rig.words
    assert () == rig.ended.skipped


def test_a_unit_that_shows_nothing_fails_with_the_reason_in_words() -> None:
    rig = Rig(number())

    verdict = rig.run(Step("Silent", ("CUR.310",), lambda unit: unit.fail("CUR.310", "no output")))

    assert Verdict.FAIL == verdict
    assert "CUR.310 Row CUR.310: no output" == rig.ended.reason
    assert rig.measured[0].value is None


def test_undecided_leaves_the_rows_that_were_not_measured_inconclusive_and_goes_on() -> None:
    rig = Rig(number("CUR.310"), number("CUR.311"), number("CUR.312"))

    @step("Clipped", "CUR.310", "CUR.311")
    def clipped(unit: Unit) -> None:
        unit.measure("CUR.310", GOOD, microamps())
        raise UndecidedError("the record is clipped")

    verdict = rig.run(clipped, measuring("CUR.312"))

    assert Verdict.INCONCLUSIVE == verdict
    assert {"CUR.310": "PASS", "CUR.311": "INCONCLUSIVE", "CUR.312": "PASS"} == rig.words
    assert "CUR.311 Row CUR.311: the record is clipped" == rig.ended.reason


@pytest.mark.parametrize(
    ("error", "verdict", "said"),
    [
        (LinkError("the meter is silent"), Verdict.ERROR, "station error in step 'Break at CUR.311': the meter is silent"),
        (ZeroDivisionError(), Verdict.ERROR, "ZeroDivisionError"),
        (InterlockError("the lid is open"), Verdict.ABORTED, "stopped in step 'Break at CUR.311': the lid is open"),
        (Stopped("SIGTERM"), Verdict.ABORTED, "SIGTERM"),
        (UndecidedError("contact lost"), Verdict.INCONCLUSIVE, "contact lost"),
    ],
)
@pytest.mark.parametrize("value", [GOOD, BAD])
@pytest.mark.hazard("FC-11", "TR-15")
def test_what_breaks_in_a_step_decides_unless_the_unit_has_failed(
    error: BaseException, verdict: Verdict, said: str, value: float
) -> None:
    rig = Rig(number("CUR.310"), number("CUR.311"), number("CUR.312"))

    found = rig.run(measuring("CUR.310", value), raising("CUR.311", error), measuring("CUR.312"))

    assert (Verdict.FAIL if value == BAD else verdict) == found
    assert (said in rig.ended.reason) is (value == GOOD)
    assert rig.words["CUR.310"] == ("FAIL" if value == BAD else "PASS")
    assert ["safe"] == rig.bench.slot.asked


@pytest.mark.hazard("FC-11")
def test_a_safety_fail_stays_although_its_own_step_breaks_behind_it() -> None:
    rig = pair()

    @step("Fails and breaks", "CUR.310", "CUR.311")
    def broken(unit: Unit) -> None:
        unit.measure("CUR.310", BAD, microamps())
        raise LinkError("the meter is silent")

    verdict = rig.run(broken)

    assert Verdict.FAIL == verdict
    assert [("CUR.311", "CUR.310")] == [(skip.id, skip.because) for skip in rig.ended.skipped]


@pytest.mark.parametrize("number_of_step", range(3))
@pytest.mark.hazard("SP-01")
def test_a_stop_is_heard_in_every_step(number_of_step: int) -> None:
    rig = Rig(number("CUR.310"), number("CUR.311"), number("CUR.312"))
    rig.clock.plan(10.0 * number_of_step + 5.0, lambda: rig.stop.set("operator"))

    def patient(row_id: str) -> Step:
        def body(unit: Unit) -> None:
            unit.wait(10.0)
            unit.measure(row_id, GOOD, microamps())

        return Step(f"Wait for {row_id}", (row_id,), body)

    verdict = rig.run(*map(patient, rig.limits))

    assert Verdict.ABORTED == verdict
    assert number_of_step == len(rig.measured)
    assert "operator" in rig.ended.reason
    assert ["safe"] == rig.bench.slot.asked


@pytest.mark.hazard("SP-01")
def test_a_stop_set_before_the_run_lets_no_step_begin_its_work() -> None:
    rig = Rig(number())
    rig.stop.set("E-stop")

    verdict = rig.run(measuring("CUR.310"))

    assert Verdict.ABORTED == verdict
    assert [] == rig.measured


@pytest.mark.hazard("SP-01")
def test_a_step_that_swallows_the_stop_does_not_pass() -> None:
    rig = Rig(number())
    rig.clock.plan(1.0, lambda: rig.stop.set("operator"))

    @step("Deaf", "CUR.310")
    def deaf(unit: Unit) -> None:
        with suppress(BaseException):
            unit.wait(5.0)
        unit.measure("CUR.310", GOOD, microamps())

    verdict = rig.run(deaf)

    assert Verdict.ABORTED == verdict


def test_a_stop_from_between_two_steps_aborts() -> None:
    rig = pair()

    def sink(event: Event) -> None:
        rig.events.append(event)
        if isinstance(event, StepEnded) and not rig.stop.reason:
            rig.stop.set("the journal is full")
            raise Stopped("the journal is full")

    rig.sink = sink

    verdict = rig.run(measuring("CUR.310"), measuring("CUR.311"))

    assert Verdict.ABORTED == verdict
    assert ["safe"] == rig.bench.slot.asked


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (LinkError("the fixture is silent"), Verdict.ERROR),
        (Stopped("operator"), Verdict.ERROR),
        (InterlockError("the lid is open"), Verdict.ABORTED),
    ],
)
@pytest.mark.hazard("SP-02")
def test_a_finish_that_breaks_is_no_pass(error: BaseException, verdict: Verdict) -> None:
    rig = Rig(number())

    def finish(unit: Unit) -> None:
        raise error

    found = rig.run(measuring("CUR.310"), finish=finish)

    assert verdict == found
    assert {"CUR.310": "PASS"} == rig.words


def test_a_finish_that_measures_is_no_pass_even_when_it_swallows_the_refusal() -> None:
    rig = Rig(number())

    def finish(unit: Unit) -> None:
        with suppress(SequenceError):
            unit.measure("CUR.310", GOOD, microamps())

    verdict = rig.run(measuring("CUR.310"), finish=finish)

    assert Verdict.ERROR == verdict


@pytest.mark.parametrize("value", [GOOD, BAD])
@pytest.mark.hazard("EQ-07", "TR-09")
def test_a_fault_of_the_bench_strikes_out_everything(value: float) -> None:
    rig = Rig(number(safety=Sides.HIGH))
    rig.bench.worthless = "the meter was power-cycled"

    verdict = rig.run(measuring("CUR.310", value))

    assert Verdict.ERROR == verdict
    assert "all measurements are struck out" in rig.ended.reason
    assert "the meter was power-cycled" == rig.ended.struck
    assert "" == rig.ended.first_fail
    assert ("", ()) == (rig.record().first_fail, rig.record().failing)


@pytest.mark.parametrize("silent", [LinkError("silent"), Stopped("now")])
@pytest.mark.parametrize(("value", "verdict"), [(GOOD, Verdict.ERROR), (BAD, Verdict.FAIL)])
@pytest.mark.hazard("FC-11", "EQ-08")
def test_a_bench_that_cannot_be_asked_spoils_a_pass_and_strikes_no_fail(
    silent: BaseException, value: float, verdict: Verdict
) -> None:
    rig = pair()
    rig.bench.worthless = silent

    found = rig.run(measuring("CUR.310", value), measuring("CUR.311"))

    assert verdict == found
    assert "" == rig.ended.struck


@pytest.mark.hazard("SP-02")
def test_a_keyboard_interrupt_makes_safe_and_leaves_a_run_without_end() -> None:
    rig = Rig(number())

    with pytest.raises(KeyboardInterrupt):
        rig.run(raising("CUR.310", KeyboardInterrupt()))

    assert ["safe"] == rig.bench.slot.asked
    assert Verdict.ABORTED == rig.record().verdict


@pytest.mark.parametrize("silent_from", range(6))
@pytest.mark.hazard("SP-02")
def test_a_sink_that_takes_no_more_makes_safe_and_gives_no_verdict(silent_from: int) -> None:
    rig = pair()

    def sink(event: Event) -> None:
        if event.seq >= silent_from:
            raise OSError("disk full")
        rig.events.append(event)

    rig.sink = sink

    with pytest.raises(OSError, match="disk full"):
        rig.run(measuring("CUR.310"), measuring("CUR.311"))

    assert ["safe"] == rig.bench.slot.asked
    assert silent_from == len(rig.events)


@pytest.mark.parametrize("lost", range(7))
@pytest.mark.hazard("FC-10")
def test_a_sink_that_loses_one_event_gives_no_pass(lost: int) -> None:
    rig = pair()
    failed: list[Event] = []

    def sink(event: Event) -> None:
        if event.seq == lost and not failed:
            failed.append(event)
            raise OSError("disk full")
        rig.events.append(event)

    def swallowing(row_id: str) -> Step:
        def body(unit: Unit) -> None:
            with suppress(OSError):
                unit.measure(row_id, GOOD, microamps())

        return Step(row_id, (row_id,), body)

    rig.sink = sink
    steps = (swallowing("CUR.310"), swallowing("CUR.311"))

    with pytest.raises(ValueError, match=r"not one run in order|begins with RunStarted"):
        rig.run(*steps)

    assert Verdict.ERROR.name == rig.ended.verdict


@pytest.mark.hazard("FC-10")
def test_a_forged_measurement_does_not_pass() -> None:
    rig = Rig(number())

    @step("Forger", "CUR.310")
    def forger(unit: Unit) -> None:
        unit.tell(judged(unit.limits["CUR.310"], GOOD, microamps(), {}, ()))

    verdict = rig.run(forger)

    assert Verdict.ERROR == verdict


@pytest.mark.parametrize(("value", "verdict"), [(GOOD, Verdict.ERROR), (BAD, Verdict.FAIL)])
@pytest.mark.hazard("FC-10")
def test_a_measurement_told_beside_the_real_one_does_not_pass(value: float, verdict: Verdict) -> None:
    rig = Rig(number())

    @step("Two voices", "CUR.310")
    def two_voices(unit: Unit) -> None:
        unit.measure("CUR.310", GOOD, microamps())
        unit.tell(judged(unit.limits["CUR.310"], value, microamps(), {}, ()))

    found = rig.run(two_voices)

    assert verdict == found


@pytest.mark.hazard("FC-10")
def test_limits_exchanged_in_a_step_do_not_pass() -> None:
    rig = Rig(number())

    @step("Lax", "CUR.310")
    def lax(unit: Unit) -> None:
        unit.limits = {"CUR.310": number(high=1000.0)}
        unit.measure("CUR.310", BAD, microamps())

    verdict = rig.run(lax)

    assert Verdict.ERROR == verdict
    assert "does not prove" in rig.ended.reason


def test_rows_that_a_step_declares_for_itself_do_not_pass() -> None:
    rig = pair()

    @step("Generous", "CUR.310")
    def generous(unit: Unit) -> None:
        unit.declared = ("CUR.310", "CUR.311")
        unit.measure("CUR.310", GOOD, microamps())
        unit.measure("CUR.311", GOOD, microamps())

    verdict = rig.run(generous, measuring("CUR.311"))

    assert Verdict.ERROR == verdict


def test_what_was_measured_cannot_be_changed_afterwards() -> None:
    rig = Rig(number())
    readings: list[float] = [1.0]
    detail = {"readings": readings}

    @step("Mutator", "CUR.310")
    def mutator(unit: Unit) -> None:
        unit.measure("CUR.310", BAD, microamps(), detail=detail)  # type: ignore[arg-type]  # list is invariant
        readings.append(math.nan)
        del unit.measurements["CUR.310"]  # type: ignore[attr-defined]  # it is read-only, which is the point

    verdict = rig.run(mutator)

    assert Verdict.FAIL == verdict
    assert {"readings": [1.0]} == rig.measured[0].detail


@pytest.mark.parametrize("item", [math.nan, object(), "\udc80", {"deep": [math.inf]}])
def test_a_detail_that_no_record_can_hold_is_an_error(item: object) -> None:
    rig = Rig(number())

    @step("Odd", "CUR.310")
    def odd(unit: Unit) -> None:
        unit.measure("CUR.310", GOOD, microamps(), detail={"item": item})  # type: ignore[dict-item]  # whatever a step may give

    verdict = rig.run(odd)

    assert Verdict.ERROR == verdict
    assert "cannot be put on record" in rig.ended.reason


def test_a_unit_that_was_run_before_does_not_pass_without_being_measured_again() -> None:
    rig = Rig(number())
    rig.run(measuring("CUR.310"))
    rig.events.clear()

    verdict = rig.run(Step("Idle", ("CUR.310",), lambda unit: None))

    assert Verdict.ERROR == verdict


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"serial": "SN2"}, "the record is begun for SN2"),
        ({"slot": 4}, "in slot 4"),
        ({"attempt": 2}, "the record is begun for"),
        ({"product": "MC-200"}, "the limits are of MC-200"),
        ({"rows": ()}, "not the rows of the loaded limits"),
        ({"rows": (as_row(number(high=1000.0)),)}, "not the rows of the loaded limits"),
    ],
)
def test_a_head_that_tells_of_something_else_does_not_start(changes: dict[str, object], said: str) -> None:
    rig = Rig(number())
    rig.head = replace(rig.head, **changes)  # type: ignore[arg-type]  # fields by name

    verdict = rig.run(measuring("CUR.310"))

    assert Verdict.ERROR == verdict
    assert said in rig.ended.reason
    assert [] == rig.measured


@pytest.mark.parametrize("serial", ["", "x" * 21, "SN 1", "SN\n1", "größe"])
@pytest.mark.hazard("SN-01")
def test_a_serial_that_is_none_does_not_start(serial: str) -> None:
    rig = Rig(number())
    rig.unit.serial = serial
    rig.head = head(rig.head.rows, serial=serial)

    verdict = rig.run(measuring("CUR.310"))

    assert Verdict.ERROR == verdict
    assert [] == rig.measured


@pytest.mark.hazard("LF-03")
def test_a_limit_without_bounds_judges_nothing() -> None:
    rig = Rig(number(low=None, high=None))

    verdict = rig.run(measuring("CUR.310"))

    assert Verdict.ERROR == verdict


VALUES: list[Value] = [GOOD, BAD]


@pytest.mark.parametrize("first", VALUES)
@pytest.mark.parametrize("second", VALUES)
def test_the_first_row_that_failed_is_the_first_in_time(first: float, second: float) -> None:
    rig = Rig(number("CUR.311"), number("CUR.310"))

    rig.run(measuring("CUR.310", first), measuring("CUR.311", second))

    expected = "CUR.310" if first == BAD else "CUR.311" if second == BAD else ""
    assert expected == rig.ended.first_fail == rig.record().first_fail


def test_every_event_is_numbered_stamped_and_of_the_run() -> None:
    rig = pair()

    rig.run(measuring("CUR.310"), measuring("CUR.311"))

    assert list(range(len(rig.events))) == [event.seq for event in rig.events]
    assert {rig.head.run_id} == {event.run_id for event in rig.events}
    assert all(isinstance(event.monotonic, float) and event.at.endswith("Z") for event in rig.events)
    assert ["Measure CUR.310", "Measure CUR.311"] == [event.step for event in rig.events if isinstance(event, Measured)]


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (451.234567, "451.23 µA, above the high limit"),
        (432.00004, "432.00004 µA, above the high limit"),
        (432.0000000004, "432.0000000004 µA, above the high limit"),
        (430.00004, "430.00004 µA, within tolerance, but not proven (inside the guard band)"),
        (-5.0, "-5 µA, below the low limit"),
    ],
)
def test_a_reason_never_rounds_a_value_into_what_it_was_judged_not_to_be(counted: float, said: str) -> None:
    limit = number(safety=Sides.BOTH)
    found = judged(limit, limit.unit.to_si(counted), Uncertainty(1e-7, "A", "test"), {}, ())

    assert f"CUR.310 Row CUR.310: {said}" == in_words(found)


def test_the_reason_of_a_count_is_a_count() -> None:
    assert "TIM.040 Row TIM.040: 3 pulses, above the high limit" == in_words(judged(count(), 3, None, {}, ()))
