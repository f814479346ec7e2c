"""Nothing that a run claims is believed: its record is folded from what was told."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.events import Event, Measured, Prompted, RunEnded, RunStarted, Skip, StepEnded, as_row
from station.core.limit import Sides
from station.core.record import replay, unproven
from station.core.verdict import Verdict
from tests.core.samples import (
    AT,
    LIMITS,
    METER,
    RUN,
    Changes,
    count,
    ended,
    exact,
    head,
    measured,
    number,
    numbered,
    step_of,
    story,
)

FAIL: Mapping[str, object] = {"verdict": "FAIL", "value": 5e-4}
PLACES = st.integers(0, len(story()) - 1)


def test_a_run_whose_every_row_passed_once_is_a_pass() -> None:
    record = replay(story())

    assert Verdict.PASS == record.verdict
    assert record.certifiable
    assert ["PASS"] * len(LIMITS) == [result.word for result in record.rows]
    assert ["PASS"] * len(LIMITS) == [step.verdict for step in record.steps]
    assert (100.0, "as told", "", ()) == (record.duration, record.reason, record.first_fail, record.failing)


@pytest.mark.parametrize("length", range(1, len(story())))
def test_every_beginning_of_a_passing_run_is_aborted(length: int) -> None:
    record = replay(story()[:length])

    assert Verdict.ABORTED == record.verdict
    assert (None, None) == (record.ended, record.duration)
    assert not record.certifiable


@pytest.mark.parametrize("length", range(1, len(story()) - 3))
@pytest.mark.parametrize("word", ["FAIL", "ERROR", "INCONCLUSIVE"])
@pytest.mark.hazard("FC-11")
def test_the_beginning_of_a_run_is_a_fail_once_a_row_has_failed(length: int, word: str) -> None:
    told = story(changed={"ID.020": {"verdict": word, "value": "9.9"}}, claim=ended("FAIL"))[:length]
    failed = any(isinstance(event, Measured) and event.verdict == "FAIL" for event in told)

    record = replay(told)

    assert (Verdict.FAIL if failed else Verdict.ABORTED) == record.verdict
    assert ("ID.020" if failed else "") == record.first_fail


@given(st.sets(PLACES), st.sampled_from(Verdict))
@pytest.mark.hazard("FC-10")
def test_no_run_with_events_lost_is_a_pass(lost: set[int], claim: Verdict) -> None:
    told = [event for number, event in enumerate(story(claim=ended(claim.name))) if number not in lost]

    for events in (told, numbered(told)):
        assert not lost or verdict_of(events) is not Verdict.PASS


@given(st.permutations(story()))
def test_no_run_with_its_events_in_another_order_is_a_pass(told: list[Event]) -> None:
    assert told == story() or verdict_of(told) is not Verdict.PASS


@given(PLACES, PLACES)
@pytest.mark.hazard("FC-10")
def test_no_run_with_an_event_told_twice_is_a_pass(which: int, where: int) -> None:
    told = story()
    told.insert(where, told[which])

    assert [None, None] == [None if one is not Verdict.PASS else one for one in (verdict_of(told), verdict_of(numbered(told)))]


def verdict_of(told: list[Event]) -> Verdict | None:
    """Return the verdict on `told`, None when they are refused as a run."""
    try:
        return replay(told).verdict
    except ValueError:
        return None


@pytest.mark.parametrize("row", ["CUR.310", "TIM.040", "ID.020", "ID.010"])
@pytest.mark.parametrize("word", ["INCONCLUSIVE", "ABORTED", "ERROR", "FAIL"])
@pytest.mark.hazard("FC-10")
def test_a_pass_claimed_over_a_row_that_is_none_is_not_one(row: str, word: str) -> None:
    told = [replace(e, verdict="PASS") if isinstance(e, StepEnded) else e for e in story(changed={row: {"verdict": word}})]

    record = replay(told)

    assert (Verdict.FAIL if word == "FAIL" else Verdict.ERROR) == record.verdict
    assert f"{row} is {word}" == record.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"CUR.310": {"value": 431e-6}},
        {"CUR.310": {"value": 433e-6}},
        {"CUR.311": {"value": 367e-6}},
        {"CUR.310": {"value": float("nan")}},
        {"CUR.310": {"value": None}},
        {"CUR.310": {"value": True}},
        {"CUR.310": {"value": "4e-4"}},
        {"CUR.310": {"u": None}},
        {"CUR.310": {"u": 1.1e-6}},
        {"CUR.310": {"u": -1e-9}},
        {"CUR.310": {"u": float("nan")}},
        {"CUR.310": {"u": True}},
        {"CUR.310": {"si": "V"}},
        {"TIM.040": {"value": 1}},
        {"TIM.040": {"value": 0.0}},
        {"TIM.040": {"value": False}},
        {"TIM.040": {"value": None}},
        {"ID.020": {"value": "1.4.3"}},
        {"ID.020": {"value": None}},
        {"ID.010": {"value": False}},
        {"ID.010": {"value": 1}},
        {"ID.010": {"value": None}},
    ],
    ids=str,
)
@pytest.mark.hazard("FC-10")
def test_a_row_that_claims_a_pass_its_value_does_not_prove_makes_the_run_an_error(changes: Changes) -> None:
    record = replay(story(changed=changes))

    assert Verdict.ERROR == record.verdict
    assert "does not prove" in record.reason
    assert not record.certifiable


@pytest.mark.parametrize(
    "changes",
    [
        {"low": None, "high": None, "accept_low": None, "accept_high": None},
        {"low": float("nan")},
        {"accept_high": float("nan")},
        {"u_max": None},
        {"u_max": float("nan")},
        {"kind": "flag", "expect": None},
        {"kind": "text", "expect": None},
        {"kind": "riddle", "u_max": None},
    ],
    ids=str,
)
def test_a_row_that_judges_nothing_proves_nothing(changes: dict[str, object]) -> None:
    told = story((number(),))
    row = replace(as_row(number()), **changes)  # type: ignore[arg-type]  # fields by name

    record = replay([head((row,)), *told[1:]])

    assert Verdict.ERROR == record.verdict


@pytest.mark.parametrize("value", [369e-6, 431e-6])
def test_a_value_inside_the_guard_band_proves_nothing_on_either_side(value: float) -> None:
    limits = (number(safety=Sides.BOTH),)

    assert Verdict.PASS == replay(story(limits)).verdict
    assert Verdict.ERROR == replay(story(limits, changed={"CUR.310": {"value": value}})).verdict


@pytest.mark.parametrize("value", [367e-6, 433e-6])
@pytest.mark.parametrize("band", [(None, None), (0.0, 1.0)])
def test_acceptance_limits_wider_than_the_tolerance_prove_nothing(value: float, band: tuple[float | None, float | None]) -> None:
    told = story((number(),), changed={"CUR.310": {"value": value}})
    row = replace(as_row(number()), accept_low=band[0], accept_high=band[1])

    assert Verdict.ERROR == replay([head((row,)), *told[1:]]).verdict


def edited(edit: Callable[[list[Event]], list[Event]], claim: RunEnded | None = None) -> list[Event]:
    """Return a passing run with its middle changed by `edit`."""
    told = story(claim=claim)
    return numbered([told[0], *edit(told[1:-1]), told[-1]])


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda told: told[3:], "CUR.310 is MISSING"),
        (lambda told: [*told, *told[:3]], "CUR.310 was measured 2 times"),
        (lambda told: [*told[:2], *told[1:]], "CUR.310 was measured 2 times"),
        (lambda told: [told[0], told[2], told[1], *told[3:]], "CUR.310 was measured outside the step that declares it"),
        (lambda told: [*told, *step_of(measured(number("CUR.310"), id="CUR.999"))], "CUR.999 is not a row of the limits"),
        (lambda told: told[:-1], "step 'Step ID.010' is ABORTED"),
        (lambda told: [*told[:-1], StepEnded(RUN, 0, AT, 1.0, "Step ID.010", "ERROR", "broke")], "step 'Step ID.010' is ERROR"),
    ],
)
@pytest.mark.hazard("FC-10")
def test_a_pass_claimed_without_every_row_measured_once_in_a_good_step_is_an_error(
    edit: Callable[[list[Event]], list[Event]], said: str
) -> None:
    record = replay(edited(edit))

    assert (Verdict.ERROR, said) == (record.verdict, record.reason)


@pytest.mark.hazard("FC-01")
def test_a_pass_over_no_rows_is_an_error() -> None:
    record = replay(numbered([head(), ended()]))

    assert (Verdict.ERROR, "no row was judged") == (record.verdict, record.reason)


def test_a_pass_over_a_row_that_stands_twice_in_the_limits_is_an_error() -> None:
    told = story()
    rows = [as_row(limit) for limit in (*LIMITS, number("CUR.310", high=1000.0))]

    record = replay([head(rows), *told[1:]])

    assert (Verdict.ERROR, "CUR.310 stands 2 times among the rows of the limits") == (record.verdict, record.reason)


def test_a_pass_with_a_row_skipped_is_an_error() -> None:
    record = replay(story(claim=ended(skipped=(Skip("CUR.310", "no time"),))))

    assert (Verdict.ERROR, "CUR.310 was skipped") == (record.verdict, record.reason)


@pytest.mark.parametrize("claim", ["ABORTED", "ERROR", "INCONCLUSIVE"])
def test_a_run_that_claims_less_than_its_rows_is_believed(claim: str) -> None:
    record = replay(story(claim=ended(claim)))

    assert Verdict[claim] == record.verdict


@pytest.mark.parametrize("claim", ["ABORTED", "ERROR", "INCONCLUSIVE", "PASS"])
@pytest.mark.hazard("FC-11")
def test_no_claim_turns_a_fail_into_something_that_may_be_tested_again(claim: str) -> None:
    record = replay(story(claim=ended(claim), changed={"CUR.311": FAIL}))

    assert (Verdict.FAIL, "CUR.311") == (record.verdict, record.first_fail)
    assert ["CUR.311"] == [result.row.id for result in record.failing]


@pytest.mark.hazard("FC-12")
def test_a_run_is_the_worst_of_its_rows_whatever_milder_it_claims() -> None:
    record = replay(story(claim=ended("INCONCLUSIVE"), changed={"CUR.311": {"verdict": "ERROR", "value": None}}))

    assert Verdict.ERROR == record.verdict


def test_a_fail_claimed_without_a_row_stays_a_fail() -> None:
    record = replay(story(claim=ended("FAIL", first_fail="CUR.310")))

    assert (Verdict.FAIL, "CUR.310") == (record.verdict, record.first_fail)


@pytest.mark.parametrize("claim", [verdict.name for verdict in Verdict])
@pytest.mark.parametrize("changes", [{}, {"CUR.310": FAIL}])
def test_a_struck_run_is_an_error_without_a_failing_row(claim: str, changes: Changes) -> None:
    told = story(claim=ended(claim, struck="the meter was power-cycled", first_fail="CUR.310"), changed=changes)

    record = replay(told)

    assert (Verdict.ERROR, "", ()) == (record.verdict, record.first_fail, record.failing)
    assert not record.certifiable


def test_rows_that_were_not_reached_are_skipped_by_name_or_missing() -> None:
    told = story((number("CUR.310", safety=Sides.HIGH),), changed={"CUR.310": FAIL})
    rows = [as_row(limit) for limit in LIMITS]
    end = ended("FAIL", skipped=(Skip("CUR.311", "CUR.310"),))

    record = replay(numbered([head(rows), *told[1:-1], end]))

    assert ["FAIL", "SKIPPED", "MISSING", "MISSING", "MISSING"] == [result.word for result in record.rows]
    assert "CUR.310" == record.rows[1].skipped


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([], "begins with RunStarted"),
        (story()[1:], "begins with RunStarted"),
        ([*story()[:-1], ended()], "not one run in order"),
        ([replace(story()[0], run_id="another"), *story()[1:]], "not one run in order"),
        (numbered([*story(), ended()]), "goes on after its end"),
        (numbered([*story(), *step_of(measured(LIMITS[0]))]), "goes on after its end"),
        (numbered([story()[0], *story()]), "begins twice"),
        (story(claim=ended("GOOD")), "a verdict 'GOOD', which is none"),
        (story(claim=ended("pass")), "a verdict 'pass', which is none"),
        (story(changed={"CUR.310": {"verdict": ""}}), "a verdict '', which is none"),
        (numbered([head(), StepEnded(RUN, 0, AT, 1.0, "x", "PASS"), ended()]), "'x' ends without having begun"),
        (numbered([*story()[:4], *story()[3:]]), "'Step CUR.310' ends without having begun"),
    ],
)
def test_what_is_not_one_run_in_order_is_refused(told: list[Event], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replay(told)


def test_a_step_that_ends_under_another_name_is_refused() -> None:
    told = numbered([head(), *step_of(measured(LIMITS[0]))[:2], StepEnded(RUN, 0, AT, 1.0, "another", "PASS")])

    with pytest.raises(ValueError, match="'another' ends without having begun"):
        replay(told)


def test_two_steps_of_one_name_are_two_steps() -> None:
    first = step_of(measured(LIMITS[0]), verdict="ERROR")
    second = step_of(measured(LIMITS[1], step="Step CUR.310"))

    record = replay(numbered([head(as_row(limit) for limit in LIMITS[:2]), *first, *second, ended()]))

    assert ["ERROR", "PASS"] == [step.verdict for step in record.steps]
    assert Verdict.ERROR == record.verdict


def test_a_step_that_was_cut_off_says_so() -> None:
    record = replay(story()[:3])

    assert [("ABORTED", "cut off", None)] == [(step.verdict, step.error, step.ended) for step in record.steps]


def test_the_first_fail_of_a_cut_run_is_the_first_in_time() -> None:
    told = numbered(
        [
            head(as_row(limit) for limit in LIMITS),
            *step_of(measured(LIMITS[1], **FAIL), verdict="FAIL"),
            *step_of(measured(LIMITS[0], **FAIL), verdict="FAIL"),
        ]
    )

    assert "CUR.311" == replay(told).first_fail


@pytest.mark.hazard("LF-01")
def test_a_pass_on_limits_that_nobody_released_earns_no_certificate() -> None:
    told = story()
    started = told[0]
    assert isinstance(started, RunStarted)
    draft = replace(started, documents=replace(started.documents, limits_unreleased="its status is draft"))

    record = replay([draft, *told[1:]])

    assert (Verdict.PASS, False) == (record.verdict, record.certifiable)


def test_what_a_person_answered_is_in_the_record() -> None:
    prompt = Prompted(RUN, 0, AT, 101.0, "Is the light blue?", "yes")

    record = replay(edited(lambda told: [prompt, *told]))

    assert [("Is the light blue?", "yes")] == [(one.question, one.answer) for one in record.prompts]
    assert Verdict.PASS == record.verdict


def test_a_pass_is_proven_before_its_end_is_told() -> None:
    assert unproven(story()[:-1]) is None
    assert "CUR.310 is MISSING" == unproven(story()[:1])


def test_a_one_sided_row_is_proven_by_its_one_side() -> None:
    low, high = number("CUR.310", low=None, safety=Sides.HIGH), number("CUR.311", high=None)

    assert Verdict.PASS == replay(story((low, high))).verdict
    assert Verdict.ERROR == replay(story((low, high), changed={"CUR.311": {"value": 1e-4}})).verdict


def test_rows_of_every_kind_are_proven_by_their_value() -> None:
    limits = (count(), exact(), exact("ID.010", expect=True))

    assert Verdict.PASS == replay(story(limits)).verdict


POOL = tuple(replace(METER, serial=serial, lent=True) for serial in ("MY1", "MY2", "MY3"))
TIMER = replace(METER, role="fixture timer", serial="FX1")


def with_pool(*had: str) -> list[Event]:
    """Return a run on a bench with a pool of meters, of which each step had one of `had` in turn."""
    told: list[Event] = []
    for event in story():
        if isinstance(event, RunStarted):
            told.append(replace(event, equipment=(*POOL, TIMER)))
        elif isinstance(event, StepEnded) and had:
            told.append(replace(event, instruments=(had[len(told) % len(had)],)))
        else:
            told.append(event)
    return told


def test_only_the_instruments_that_a_step_had_are_equipment_of_the_run() -> None:
    assert ["MY2", "FX1"] == [one.serial for one in replay(with_pool("MY2")).equipment]
    assert ["FX1"] == [one.serial for one in replay(with_pool()).equipment]
    assert (METER,) == replay(story()).equipment


def test_a_step_that_was_cut_off_may_have_had_any_of_them() -> None:
    whole = with_pool("MY2")
    inside = next(number for number, event in enumerate(whole) if isinstance(event, StepEnded))

    assert (*POOL, TIMER) == replay(whole[:inside]).equipment
