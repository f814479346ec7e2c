"""What a step sees of the unit, the bench and time."""

import numpy as np
import pytest

from station.core.errors import LoanError, SequenceError, Stopped
from station.core.events import Prompted, StepEnded
from station.core.limit import Sides
from station.core.uncertainty import Reading, Uncertainty
from station.core.verdict import Verdict
from station.sequencer.sequence import step
from station.sequencer.unit import Unit
from tests.core.samples import count, exact, microamps, number
from tests.sequencer.fakes import Rig


def test_a_reading_of_an_instrument_is_measured_in_one_line() -> None:
    rig = Rig(number("BAT.010", symbol="V", low=3.65, high=4.0, u_max=0.002))
    rig.bench.paths["battery"] = type(rig.bench.meter)(volts=3.8, u=1e-4)

    @step("Battery", "BAT.010")
    def battery(unit: Unit) -> None:
        with unit.dmm("battery") as dmm:
            unit.measure("BAT.010", *dmm.dc_voltage(range=unit.span("BAT.010")))

    verdict = rig.run(battery)

    assert Verdict.PASS == verdict
    assert [3.8] == [event.value for event in rig.measured]
    assert ["dmm battery lent", "dmm battery back"] == rig.bench.loans


def test_each_instrument_is_lent_for_the_length_of_a_with() -> None:
    rig = Rig(number())

    @step("Loans", "CUR.310")
    def loans(unit: Unit) -> None:
        with unit.scope():
            pass
        with unit.both() as (dmm, scope):
            assert dmm.input_ohm > scope.input_ohm
        unit.measure("CUR.310", 4e-4, microamps())

    rig.run(loans)

    assert ["scope lent", "scope back", "both lent", "both back"] == rig.bench.loans


def test_a_step_tells_which_instruments_it_was_lent_each_once() -> None:
    rig = Rig(number())

    @step("Loans", "CUR.310")
    def loans(unit: Unit) -> None:
        with unit.dmm():
            pass
        with unit.both():
            pass
        unit.measure("CUR.310", 4e-4, microamps())

    rig.run(step("None")(lambda _: None), loans)

    assert [(), ("METER", "SCREEN")] == [event.instruments for event in rig.events if isinstance(event, StepEnded)]


def test_a_loan_inside_a_loan_is_an_error_and_both_come_back() -> None:
    rig = Rig(number())

    @step("Nested", "CUR.310")
    def nested(unit: Unit) -> None:
        with unit.dmm(), unit.scope():
            pass

    verdict = rig.run(nested)

    assert Verdict.ERROR == verdict
    assert LoanError.__name__ not in rig.ended.reason
    assert "inside another loan" in rig.ended.reason
    assert ["dmm sense lent", "dmm sense back"] == rig.bench.loans


def test_waiting_takes_the_line_s_time_and_a_past_moment_none() -> None:
    rig = Rig(number())

    rig.unit.wait(5.0)
    rig.unit.wait_until(20.0)
    rig.unit.wait_until(3.0)

    assert 20.0 == rig.unit.now()


def test_waiting_hears_stop() -> None:
    rig = Rig(number())
    rig.clock.plan(2.0, lambda: rig.stop.set("operator"))

    with pytest.raises(Stopped, match="operator"):
        rig.unit.wait(1200.0)

    assert 2.0 == rig.unit.now()


def test_a_question_and_its_answer_are_on_record() -> None:
    rig = Rig(number())
    rig.answer = "blue"

    @step("Ask", "CUR.310")
    def ask(unit: Unit) -> None:
        assert "blue" == unit.ask("Which colour is the light?")
        unit.measure("CUR.310", 4e-4, microamps())

    rig.run(ask)

    prompts = [event for event in rig.events if isinstance(event, Prompted)]
    assert [("Which colour is the light?", "blue")] == [(prompt.question, prompt.answer) for prompt in prompts]
    assert prompts == list(rig.record().prompts)


def test_evidence_is_kept_and_named_by_its_row() -> None:
    rig = Rig(number())

    @step("Look", "CUR.310")
    def look(unit: Unit) -> None:
        with unit.scope() as scope:
            wave = scope.look(span=0.1, peak=1.0)
        unit.measure("CUR.310", 4e-4, microamps(), evidence=(unit.keep(wave, "Output"),))

    rig.run(look)

    assert ["Output"] == [evidence.title for evidence in rig.measured[0].evidence]
    assert np.zeros(1000).nbytes == rig.measured[0].evidence[0].size


def test_a_derived_row_reads_what_another_was_measured_as() -> None:
    rig = Rig(number("CUR.310"), number("CUR.311"))
    u = microamps()

    @step("Derive", "CUR.310", "CUR.311")
    def derive(unit: Unit) -> None:
        unit.measure("CUR.310", 4e-4, u)
        unit.measure("CUR.311", *(unit.reading("CUR.310") or pytest.fail("there is a reading")))

    verdict = rig.run(derive)

    assert Verdict.PASS == verdict
    assert Reading(4e-4, u) == rig.unit.reading("CUR.311")


def test_there_is_no_reading_of_what_gave_no_finite_number() -> None:
    rig = Rig(number("CUR.310"), number("CUR.311"), exact(), count(), number("CUR.312"))

    @step("Mixed", *rig.limits)
    def mixed(unit: Unit) -> None:
        unit.measure("CUR.310", float("nan"), microamps())
        unit.fail("CUR.311", "no output")
        unit.measure("ID.020", "1.4.2", Uncertainty(0.0, "1", "none"))
        unit.measure("TIM.040", 0)
        unit.measure("CUR.312", 4e-4, microamps(float("nan")))

    rig.run(mixed)

    assert [None] * 5 == [rig.unit.reading(row_id) for row_id in rig.limits]
    assert rig.unit.reading("WAV.010") is None


def test_the_span_of_a_row_that_is_not_in_the_limits_is_refused() -> None:
    rig = Rig(number())

    with pytest.raises(SequenceError, match=r"WAV\.999 is not a row"):
        rig.unit.span("WAV.999")


def test_only_a_safety_row_that_failed_makes_a_unit_unsafe() -> None:
    rig = Rig(number("CUR.311"), number("CUR.310", safety=Sides.HIGH))

    @step("Both", "CUR.311", "CUR.310")
    def both(unit: Unit) -> None:
        unit.measure("CUR.311", 5e-4, microamps())
        assert unit.unsafe is None
        unit.measure("CUR.310", 5e-4, microamps())

    rig.run(both)

    assert "CUR.310" == rig.unit.unsafe


def test_a_unit_that_no_run_has_begun_for_measures_nothing() -> None:
    rig = Rig(number())

    with pytest.raises(SequenceError, match="did not declare"):
        rig.unit.measure("CUR.310", 4e-4, microamps())

    assert {} == rig.unit.measurements


def test_a_word_told_before_the_run_is_heard_by_nobody() -> None:
    rig = Rig(number())

    answer = rig.unit.ask("Ready?")

    assert "yes" == answer
    assert [] == rig.events


def test_a_unit_knows_no_other_unless_it_is_told() -> None:
    assert not Rig(number()).unit.known("SN2")
