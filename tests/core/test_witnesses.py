"""Which of several instruments measured a row is told by its budget, and where that names nobody by its step."""

from dataclasses import replace

import pytest

from station.core.events import Event, Measured, RunStarted, StepEnded
from station.core.record import RunRecord, replay
from station.core.uncertainty import Part
from station.core.witnesses import measured_with
from tests.core.samples import METER, number, story

SECOND, SCOPE = replace(METER, serial="MY10"), replace(METER, role="scope", serial="CN 7.1")
TIMER = replace(METER, role="timer", serial="FX1")
LENT = tuple(replace(one, lent=True) for one in (METER, SECOND, SCOPE))


def told(*origins: str, had: tuple[str, ...] = ("MY1", "MY10", "CN 7.1"), u: float | None = 0.5e-6) -> RunRecord:
    """Return the record of a run whose one row has parts of these origins, in a step that `had` these instruments."""

    def changed(event: Event) -> Event:
        match event:
            case RunStarted():
                return replace(event, equipment=(*LENT, TIMER))
            case Measured():
                return replace(event, u=u, parts=tuple(Part("part", 1e-9, origin=origin) for origin in origins))
            case StepEnded():
                return replace(event, instruments=had)
            case _:
                return event

    return replay(changed(event) for event in story([number()]))


def witnesses(record: RunRecord) -> tuple[str, ...]:
    return measured_with(record, record.rows[0])


@pytest.mark.parametrize(
    ("origin", "serial"),
    [
        ("dmm MY1 VOLT 10 V gain", "MY1"),
        ("dmm MY10 VOLT:AC 1 V offset", "MY10"),
        ("input MY10 1e+07 ohm", "MY10"),
        ("thermal EMF of the path to MY10", "MY10"),
        ("scope CN 7.1 time base", "CN 7.1"),
    ],
)
def test_the_one_whose_own_error_is_in_the_budget_measured_it(origin: str, serial: str) -> None:
    assert (serial,) == witnesses(told("", "resistor SIM-SR-1", origin))


def test_a_ratio_of_two_meters_was_measured_with_both_in_the_order_of_the_equipment() -> None:
    assert ("MY1", "MY10") == witnesses(told("dmm MY10 VOLT 1 V gain", "dmm MY1 VOLT 1 V gain"))


def test_what_the_fixture_timed_was_measured_with_no_instrument_although_its_step_had_one() -> None:
    assert () == witnesses(told("fixture timer"))


def test_where_the_budget_names_nobody_it_was_what_the_step_had() -> None:
    assert ("CN 7.1",) == witnesses(told(had=("CN 7.1",)))
    assert ("CN 7.1",) == witnesses(told("", had=("CN 7.1",)))


def test_what_is_no_number_with_an_uncertainty_names_no_instrument() -> None:
    assert () == witnesses(told(had=("MY1",), u=None))


def test_a_row_that_was_not_measured_names_no_instrument() -> None:
    record = told("dmm MY1 VOLT 1 V gain")

    assert () == measured_with(record, replace(record.rows[0], measured=None))


def test_a_serial_that_is_a_part_of_another_word_is_not_taken_for_it() -> None:
    assert ("MY10",) == witnesses(told("dmm MY10 VOLT 1 V gain"))
    assert () == witnesses(told("dmm MYX1 VOLT 1 V gain", "resistor MY1"))
