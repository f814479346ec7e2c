import json
from dataclasses import fields, replace
from types import MappingProxyType
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.budget import certified
from station.core.canonical import Json, canonical
from station.core.equipment import Equipment
from station.core.event_json import from_json, plain_row, to_json
from station.core.event_text import written
from station.core.events import (
    Controlled,
    Event,
    Measured,
    Prompted,
    Row,
    RunEnded,
    RunStarted,
    Skip,
    StepEnded,
    StepStarted,
    Waiting,
    as_row,
)
from station.core.limit import Sides
from station.core.measurement import Evidence
from station.core.uncertainty import Part
from tests.core.samples import LIMITS, count, ended, exact, head, measured, number, story, through_json

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
REAL = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | REAL | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
KINDS = {
    str: TEXT,
    float: REAL,
    int: st.integers(),
    Json: JSON,
}
for kind in (Row, Skip, Part, Evidence, Controlled, Equipment, *get_args(Event)):
    st.register_type_strategy(kind, lambda made: st.builds(made, **{one.name: strategy(one.type) for one in fields(made)}))


def strategy(hint: object) -> st.SearchStrategy[object]:
    """Return values of the type `hint` of a field, such as JSON can carry."""
    shown = str(hint)
    if shown.startswith("collections.abc.Mapping[str, str"):
        return st.dictionaries(TEXT, TEXT, max_size=3)
    if shown.startswith("collections.abc.Mapping"):
        return st.dictionaries(TEXT, JSON, max_size=3)
    if shown.startswith("tuple"):
        return st.lists(strategy(get_args(hint)[0]), max_size=3).map(tuple)
    if get_args(hint):
        return st.one_of(*map(strategy, get_args(hint)))
    return KINDS[hint] if hint in KINDS else st.from_type(hint)  # type: ignore[arg-type]  # hints are objects to mypy


EVENTS = st.one_of(*(st.from_type(kind) for kind in get_args(Event)))


@given(EVENTS)
def test_an_event_comes_back_from_json_text_as_it_was(event: Event) -> None:
    assert event == through_json(event)


@given(EVENTS)
def test_an_event_has_one_text(event: Event) -> None:
    assert json.dumps(to_json(event)) == json.dumps(to_json(through_json(event)))


@given(EVENTS)
def test_an_event_is_written_in_the_canonical_form_of_its_json(event: Event) -> None:
    assert canonical(to_json(event)).decode() == written(event)


def test_rows_that_are_equal_are_each_written_as_they_are() -> None:
    bounds = (0.0, -0.0, 0, False)
    rows = [replace(as_row(LIMITS[0]), low=bound) for bound in bounds]

    for event in [replace(head(()), rows=(row,)) for row in rows]:
        assert canonical(to_json(event)).decode() == written(event)


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), b"\xff", {1.0}, float, "\udc80"], ids=str)
def test_what_is_no_json_is_not_written(value: object) -> None:
    for event in (measured(LIMITS[0], value=value), measured(LIMITS[0], detail={"readings": value})):
        with pytest.raises((ValueError, TypeError)):
            written(event)


def test_every_kind_of_event_of_a_run_comes_back() -> None:
    told = [
        *story(),
        replace(ended(), skipped=(Skip("CUR.310", "x"),)),
        Prompted("r", 1, "at", 1.0, "q", "a"),
        Waiting("r", 2, "at", 1.0, 40.0),
    ]

    assert told == [through_json(event) for event in told]
    assert {RunStarted, StepStarted, Measured, StepEnded, RunEnded, Prompted, Waiting} == {type(event) for event in told}


def test_what_cannot_be_changed_can_be_written() -> None:
    event = measured(LIMITS[0], detail=MappingProxyType({"readings": [1.0]}))

    assert {"readings": [1.0]} == to_json(event)["detail"]
    assert canonical(to_json(event)).decode() == written(event)


def test_a_written_event_shares_nothing_with_the_event() -> None:
    readings: list[Json] = [1.0]
    written = to_json(measured(LIMITS[0], detail={"readings": readings}))

    readings.append(2.0)

    assert {"readings": [1.0]} == written["detail"]


@pytest.mark.parametrize("whole", [1, -0, 2**60])
def test_a_whole_number_where_a_float_belongs_becomes_one(whole: int) -> None:
    event = from_json({**to_json(ended()), "monotonic": whole})

    assert float is type(event.monotonic)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "RunEnding"},
        {"kind": None},
        {"kind": "Row"},
        {"schema": 2},
        {"schema": "1"},
        {"verdict": 3},
        {"verdict": None},
        {"seq": "0"},
        {"seq": True},
        {"seq": 0.5},
        {"monotonic": "now"},
        {"monotonic": 10**400},
        {"skipped": {"id": "CUR.310"}},
        {"skipped": "CUR.310"},
        {"skipped": ["CUR.310"]},
        {"skipped": [{"id": "CUR.310"}]},
        {"skipped": [{"id": "CUR.310", "because": "x", "more": 1}]},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_event_is_refused(changes: dict[str, Json]) -> None:
    with pytest.raises(ValueError, match=r"RunEnded|Skip|not an event of schema 1"):
        from_json({**to_json(ended()), **changes})


@pytest.mark.parametrize("name", [one.name for one in fields(RunEnded) if one.name != "struck"])
def test_an_event_with_a_piece_missing_is_refused(name: str) -> None:
    content = to_json(ended())
    del content[name]

    with pytest.raises(ValueError, match="RunEnded"):
        from_json(content)


@pytest.mark.parametrize(
    "changes", [{"value": [1.0]}, {"value": {}}, {"u": "1"}, {"u": True}, {"parts": [1]}, {"detail": []}], ids=str
)
def test_a_measurement_of_strange_values_is_refused(changes: dict[str, Json]) -> None:
    with pytest.raises(ValueError, match="not a Measured"):
        from_json({**to_json(measured(LIMITS[0])), **changes})


@pytest.mark.parametrize("value", [1, 1.0, True, "1", None])
def test_a_value_keeps_its_kind(value: object) -> None:
    event = through_json(measured(LIMITS[0], value=value))

    assert isinstance(event, Measured)
    assert (value, type(value)) == (event.value, type(event.value))


def test_a_row_on_record_is_of_base_types_and_says_what_was_applied() -> None:
    row = as_row(number(safety=Sides.HIGH))

    assert {str, float, type(None), tuple} == {type(getattr(row, one.name)) for one in fields(row)}
    assert ("uA", "A", "0.000001", "µA", "guarded r=1 high", "high") == (
        row.unit,
        row.si,
        row.scale,
        row.printed,
        row.rule,
        row.safety,
    )
    assert [368e-6, pytest.approx(430e-6)] == [row.accept_low, row.accept_high]


def test_a_row_of_every_kind_goes_on_record() -> None:
    kinds = [as_row(limit) for limit in (number(), count(), exact(), exact("ID.010", expect=True))]

    assert ["number", "count", "text", "flag"] == [row.kind for row in kinds]
    assert [None, None, "1.4.2", True] == [row.expect for row in kinds]
    assert ["simple"] * 4 == [row.rule for row in kinds]


def test_the_head_of_a_run_comes_back_whole() -> None:
    event = head((as_row(limit) for limit in LIMITS), software=MappingProxyType({"station": "0.1"}))

    assert replace(event, software={"station": "0.1"}) == through_json(event)


def test_a_line_of_a_budget_that_says_only_its_contribution_is_written_as_ever() -> None:
    event = measured(LIMITS[0], parts=(Part("meter", 1e-6),))

    assert [{"name": "meter", "u": 1e-6}] == to_json(event)["parts"]


def test_a_line_of_a_budget_is_kept_whole() -> None:
    line = certified("resistor", 0.02, unit="ohm", sensitivity=-4e-6, dof=12.0, source="certificate R-1", origin="resistor R-1")
    event = measured(LIMITS[0], parts=(line,))

    assert event == through_json(event)
    assert [{
        "name": "resistor", "u": 4e-8, "distribution": "normal", "amount": 0.02, "unit": "ohm", "divisor": 2.0,
        "sensitivity": -4e-6, "dof": 12.0, "source": "certificate R-1", "origin": "resistor R-1",
    }] == to_json(event)["parts"]  # fmt: skip


def test_a_line_of_an_older_station_is_read_with_what_it_does_not_say() -> None:
    content = to_json(measured(LIMITS[0]))
    content["parts"] = [{"name": "meter", "u": 2e-6}]

    event = from_json(content)

    assert isinstance(event, Measured)
    assert (Part("meter", 2e-6),) == event.parts


def test_a_number_of_another_library_is_written_as_the_number_it_is() -> None:
    class Figure(float):
        """A float of somebody else's making."""

    event = measured(LIMITS[0], value=Figure(3.8))

    assert 3.8 == to_json(event)["value"]
    assert canonical(to_json(event)).decode() == written(event)


def test_a_row_in_base_types_is_the_row_as_it_goes_on_record() -> None:
    row = as_row(LIMITS[0])

    assert row.id == plain_row(row)["id"]
    assert set(plain_row(row)) == {one.name for one in fields(Row)}
