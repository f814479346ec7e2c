from dataclasses import replace

import pytest

from station.certificates.content import Content, content
from station.certificates.results import ResultLine
from station.core.canonical import digest
from station.core.events import RunEnded, as_row
from station.core.record import replay
from station.core.uncertainty import Part
from tests.certificates.records import (
    PULSES,
    SOFT,
    Sample,
    changed,
    count_row,
    equipment,
    events,
    exact_row,
    mc100,
    number_row,
    record,
    stopped_after,
    template,
)


def _content(samples: list[Sample], **how: object) -> Content:
    return content(record(samples, **how), template(), "EOL-01-2026-000042")


def _facts(told: Content) -> dict[str, str]:
    return {fact.label: f"{fact.value} | {fact.note}" for fact in told.facts}


def _line(told: Content, row_id: str) -> ResultLine:
    return next(line for line in told.results if line.id == row_id)


def test_a_certificate_names_unit_time_place_people_documents_and_versions() -> None:
    facts = _facts(_content(mc100(), simulated=False))

    assert facts["Serial number"] == "SN26-100401 | "
    assert facts["Product / revision"] == "MC-100 / A | "
    assert facts["Lot"] == "L26-0930 | "
    assert facts["Firmware"] == "1.4.2 / 9A41F00C | "
    assert facts["Test started"] == "2026-11-22 08:14:05 UTC | local 2026-11-22 09:14:05 +01:00"
    assert facts["Test ended"] == "2026-11-22 08:34:31 UTC | local 2026-11-22 09:34:31 +01:00"
    assert facts["Duration"] == "20 min 26 s | Attempt 1"
    assert facts["Temperature"] == "23.4 … 23.9 °C | "
    assert facts["Station / slot"] == "EOL-01 / 3 | Europe/Berlin"
    assert facts["Operator"] == "0417 | "
    assert facts["Sequence / version"] == "mc100 / 1.0.0 | recipe real-time"
    assert facts["Software"] == "station 0.1.0 | python 3.11.7, reportlab 5.1.0"
    assert facts["Limit set / revision"] == f"MC-100 / A | SHA-256 {digest(b'limits').removeprefix('sha256:')}"
    assert facts["Fixture"] == f"FX-0007 | SHA-256 {digest(b'fixture').removeprefix('sha256:')}"


def test_what_is_not_on_record_is_said_to_be_missing() -> None:
    facts = _facts(_content([number_row()], lot="", operator="", software={}))

    assert facts["Lot"] == "not recorded | "
    assert facts["Operator"] == "not recorded | "
    assert facts["Firmware"] == "not measured | "
    assert facts["Temperature"] == "not recorded | "
    assert facts["Software"] == "not recorded | "


def test_local_time_crosses_midnight_by_the_offset_on_record() -> None:
    facts = _facts(_content([number_row()], tz_offset_min=-570))

    assert facts["Test started"].endswith("local 2026-11-21 22:44:05 −09:30")


def test_a_retest_says_of_which_run_and_why() -> None:
    facts = _facts(_content([number_row()], attempt=2, parent_run_id="R-1", retest_reason="contact"))

    assert facts["Duration"].endswith("Attempt 2, a retest of run R-1: contact")


def test_a_passing_document_is_a_certificate() -> None:
    told = _content(mc100(), simulated=False)

    assert (told.passed, told.title, told.word) == (True, "Final test certificate", "PASS")
    assert told.claim == "Every row was measured and meets its acceptance limits: 39 of 39."
    assert told.failures == ()
    assert told.stamp == ""
    assert told.end == "End of certificate EOL-01-2026-000042"


def test_a_failing_document_is_a_nonconformance_report_that_says_first_what_failed() -> None:
    samples = stopped_after(changed(mc100(), "CUR.310", 451.2e-6), "CUR.310")

    told = _content(samples, because="CUR.310")

    assert (told.passed, told.title, told.word) == (False, "Nonconformance report", "FAIL")
    assert told.failures == (
        "1 of 39 rows failed.",
        "CUR.310  Peak current, level 3 (L3, 500 Ω): 451.2\u00a0µA is above the high limit of 432\u00a0µA.",
        "Safety-critical: the unit is quarantined and may not be tested again before a disposition is signed.",
    )


@pytest.mark.parametrize(
    ("sample", "sentence"),
    [
        (number_row(value=367.2), "367.2\u00a0µA is below the low limit of 368\u00a0µA."),
        (number_row(value=429.13, safety="high"), "429.1\u00a0µA lies within the tolerance, but is not proven"),
        (number_row("CUR.340", "Ratio", "1", 1.85, 2.15, value=2.4, u=0.01, u_max=0.1), "2.400 is above the high limit of 2.15."),
        (exact_row("ID.020", "Firmware", "1.4.2", "1.4.1"), "“1.4.1” was read; “1.4.2” is required."),
        (exact_row("SVC.010", "Service mode left", expect=True, value=False), "“no” was read; “yes” is required."),
        (count_row("TIM.040", "Pulses after off", 0, 0, 4), "4\u00a0pulses is above the high limit of 0\u00a0pulses."),
    ],
)  # fmt: skip
def test_every_kind_of_failure_is_told_in_words(sample: Sample, sentence: str) -> None:
    told = _content([number_row("BAT.010", "Voltage", "V", 3.0, 4.0, value=3.5, u=0.01, u_max=0.1), sample])

    assert any(sentence in failure for failure in told.failures)


def test_the_first_failure_is_told_first() -> None:
    samples = changed(changed(mc100(), "CUR.310", 451.2e-6), "TIM.010", 1201.0)
    stream = events(samples)
    ended = stream[-1]
    assert isinstance(ended, RunEnded)
    stream[-1] = replace(ended, first_fail="TIM.010")

    told = content(replay(stream), template(), "N-1")

    assert told.failures[1].startswith("TIM.010")
    assert told.failures[2].startswith("CUR.310")


def test_rows_not_reached_say_because_of_which_row_and_rows_without_value_say_why() -> None:
    samples = stopped_after(changed(mc100(), "CUR.310", 451.2e-6), "CUR.310")

    reached = _line(_content(samples, because="CUR.310"), "CUR.311")
    missing = _line(_content(samples), "CUR.311")

    assert (reached.said, reached.word, reached.decided) == ("not reached because of CUR.310", "NOT REACHED", None)
    assert (missing.said, missing.word) == ("not measured", "NOT MEASURED")


def test_a_row_says_limits_acceptance_value_unit_uncertainty_and_whether_it_is_safety_critical() -> None:
    line = next(line for line in _content(mc100()).results if line.id == "CUR.310")

    said = line.figures
    assert (
        said.low,
        said.high,
        said.accept_low,
        said.accept_high,
        said.value,
        said.u,
    ) == ("368", "432", "368", "428", "403.6", "1.2")
    assert (line.unit, line.word, line.safety, line.note) == ("µA", "PASS", True, "L3, 500 Ω · DMM")
    assert line.bar is not None


def test_a_value_that_could_not_be_judged_says_why() -> None:
    samples = changed(changed(mc100(), "CUR.310", 451.2e-6), "WAV.080", 0.6e-6, u=5e-6)

    line = next(line for line in _content(samples).results if line.id == "WAV.080")

    assert line.word == "INCONCLUSIVE"
    assert line.said == "the uncertainty is larger than this row allows: the method is not capable"


def test_each_waveform_is_shown_once_with_all_rows_measured_from_it() -> None:
    figures = _content(mc100()).figures

    assert [(SOFT.digest, ("CUR.350",)), (PULSES.digest, ("WAV.010", "WAV.020", "WAV.021", "WAV.030"))] == [
        (figure.digest, figure.rows) for figure in figures
    ]


def test_the_shut_off_in_real_time_is_a_time_line_and_is_said_to_be_in_real_time() -> None:
    told = _content(mc100())

    assert told.shut_off is not None
    assert told.shut_off.last == "last pulse 1167.812 s"
    assert told.shut_off.silence_name == "then 10 s watched: 0 pulses"
    assert any("timed in real time" in statement.text for statement in told.statements)


def test_a_hurried_clock_is_told() -> None:
    assert _facts(_content([number_row()], speed=40.0))["Duration"].endswith("Attempt 1 · on a clock hurried 40 times")


@pytest.mark.parametrize("detail", [{"off_seen": None}, {"off_seen": 1230.6, "forced": True}])
def test_an_output_that_never_stopped_is_not_called_a_last_pulse(detail: dict[str, object]) -> None:
    told = _content(changed(mc100(), "TIM.010", 1230.0, detail={"first": 0.0, "last": 1230.0, "after": 0, **detail}))

    assert told.shut_off is not None
    assert told.shut_off.last == "still on at 1230.000 s"
    assert told.shut_off.silence_name == ""


def test_an_accelerated_test_says_what_it_cannot_see() -> None:
    rows = [number_row("TIM.020", "Accelerated shut-off", "s", 19.0, 20.0, value=19.5, u=0.001, u_max=0.01)]

    told = _content(rows)

    assert told.shut_off is None
    assert any("accelerated mode only" in statement.text for statement in told.statements)
    assert not any("real time" in statement.text for statement in told.statements)


@pytest.mark.parametrize(("value", "verdict"), [(20.5, "FAIL"), (19.5, "INCONCLUSIVE"), (None, "FAIL")])
def test_an_accelerated_test_that_did_not_pass_proves_nothing(value: float | None, verdict: str) -> None:
    row = number_row("TIM.020", "Accelerated shut-off", "s", 19.0, 20.0, value=19.5, u=0.001, u_max=0.01)
    failed = [replace(row, value=value, verdict=verdict)]

    told = _shut_off(_content(failed))

    assert ["tested in accelerated mode only, and did not pass: counter and cut-off are not proven."] == told
    assert not any("not pass" in text for text in _shut_off(content(record(failed), template(), "EOL-01-2026-000042", looks=3)))


def _shut_off(told: Content) -> list[str]:
    return [one.text.removeprefix("The automatic shut-off was ") for one in told.statements if one.title == "Shut-off"]


@pytest.mark.parametrize("known", ["budget", "equipment"])
def test_a_shut_off_that_was_timed_by_looks_names_no_timer_of_the_fixture(known: str) -> None:
    told = record(mc100())
    if known == "budget":
        part = Part("between two looks", 1.0, "B", "uniform", 1.0, "s", 1.0, 1.0, None, "", "looks")
        rows = tuple(
            replace(one, measured=replace(one.measured, parts=(part,))) if one.row.id == "TIM.010" and one.measured else one
            for one in told.rows
        )
        told = replace(told, rows=rows)
    else:
        dmm, scope, timer, sense = equipment(simulated=True)
        told = record(mc100(), equipment=(dmm, scope, replace(timer, role="host's clock"), sense))

    (said,) = _shut_off(content(told, template(), "EOL-01-2026-000042"))
    (before,) = _shut_off(content(told, template(), "EOL-01-2026-000042", looks=3))

    assert said.startswith("timed in real time, from the first to the last output pulse, by repeated records of the oscilloscope")
    assert before.endswith("by the fixture’s own comparator and timer.")


def test_a_shut_off_in_real_time_that_failed_without_a_value_is_no_accelerated_test() -> None:
    rows = [
        replace(number_row("TIM.010", "Shut-off", "s", 1140.0, 1200.0), value=None, u=None, verdict="FAIL"),
        number_row("TIM.020", "Accelerated shut-off", "s", 19.0, 20.0, value=19.5, u=0.001, u_max=0.01),
    ]

    (said,) = _shut_off(_content(rows))

    assert said.startswith("timed in real time")


def test_the_rows_that_a_recipe_leaves_out_are_named() -> None:
    left_out = as_row(number_row("TIM.010", "Automatic shut-off time", "s", 1140.0, 1200.0).limit)
    statement = "“accelerated”. Rows of the limit set that this recipe does not measure: TIM.010 Automatic shut-off time."

    told = _content([number_row()], recipe="accelerated", omitted=(replace(left_out, recipes=("real-time",)),))

    assert any(statement in one.text for one in told.statements)
    assert not any("does not measure" in one.text for one in _content(mc100()).statements)


def test_the_faults_that_a_recipe_cannot_see_are_named() -> None:
    faults = ("a weak cell", "a contact inside the unit that opens now and then")

    (said,) = [one for one in _content([number_row()], unseen=faults).statements if one.title == "Not seen"]

    assert said.text.endswith("cannot see: a weak cell; a contact inside the unit that opens now and then.")
    assert "Not seen" not in [one.title for one in _content(mc100()).statements]


def test_equipment_is_called_calibrated_only_when_it_was() -> None:
    claim = "within its calibration interval"
    due = (replace(equipment(simulated=False)[0], due="2026-11-21"),)

    assert any(claim in statement.text for statement in _content(mc100()).statements)
    assert not any(claim in statement.text for statement in _content(mc100(), equipment=due).statements)
    assert not any(claim in statement.text for statement in _content(mc100(), equipment=()).statements)


def test_the_scope_is_this_serial_only_and_the_code_holds_number_serial_and_digest() -> None:
    told = _content(mc100())

    assert any("relates only to the unit with serial number SN26-100401" in statement.text for statement in told.statements)
    kind, number, serial, begins = told.code.split("|")
    assert (kind, number, serial, len(begins)) == ("EOL1", "EOL-01-2026-000042", "SN26-100401", 16)
    assert any(begins in statement.text for statement in told.statements)


@pytest.mark.hazard("EQ-10")
def test_a_simulated_record_is_stamped_and_noted() -> None:
    told = _content(mc100(), simulated=True)

    assert (told.stamp, told.note) == ("SIMULATED – NOT VALID", "Made by a simulator: no device was tested.")


def test_a_failed_run_that_was_cut_off_says_so() -> None:
    stream = events(changed(mc100(), "CUR.310", 451.2e-6))[:-1]

    facts = _facts(content(replay(stream), template(), "N-1"))

    assert facts["Test ended"] == "not on record (cut off) | "
    assert facts["Duration"].startswith("not recorded")
