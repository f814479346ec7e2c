"""The record that travels is read back whole or not at all, and judged again from its own values."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any  # a JSON document is bent at will here

import pytest

from station.certificates.fingerprint import canonical_record
from station.certificates.record_file import read_record, unfounded
from station.core.canonical import canonical
from station.core.record import RunRecord
from tests.certificates.records import changed, mc100, record, stopped_after

GOOD = record(mc100(), simulated=False)
BAD = record(stopped_after(changed(mc100(), "CUR.310", 451.2e-6), "CUR.310"), because="CUR.310")


@pytest.mark.parametrize("told", [GOOD, BAD], ids=["good", "bad"])
def test_a_record_comes_back_as_it_was(told: RunRecord) -> None:
    assert told == read_record(canonical_record(told))
    assert unfounded(told) is None


def bent(bend: Callable[[Any], object]) -> bytes:
    told = json.loads(canonical_record(GOOD))
    bend(told)
    return canonical(told)


@pytest.mark.parametrize(
    "bend",
    [
        lambda told: told.pop("rows"),
        lambda told: told.update(verdict="MAYBE"),
        lambda told: told.update(more=1),
        lambda told: told["rows"].pop(),
        lambda told: told["rows"][3].update(more=1),
        lambda told: told["rows"][3]["measured"].update(value=[1]),
        lambda told: told["rows"][3]["row"].update(high=99.0),
        lambda told: told["started"].update(serial=7),
        lambda told: told["steps"].append({"name": "more"}),
        lambda told: told.update(rows={}),
        lambda told: told["rows"][3]["measured"].update(evidence=[]),
    ],
)
def test_a_record_that_is_not_in_its_one_form_is_refused(bend: Callable[[Any], object]) -> None:
    with pytest.raises(ValueError, match=r"no record|not in the canonical form|not have|no "):
        read_record(bent(bend))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"rows": 1}', canonical_record(GOOD) + b"\n", b"\xff"])
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever reader stumbles first says it
        read_record(content)


def with_row(number: int, **changes: object) -> RunRecord:
    rows = list(GOOD.rows)
    measured = rows[number].measured
    assert measured is not None
    rows[number] = replace(rows[number], measured=replace(measured, **changes))  # type: ignore[arg-type]  # fields by name
    return replace(GOOD, rows=tuple(rows))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (with_row(16, value=1.0), "claims PASS, which 1.0"),
        (with_row(16, u=9.0), "claims PASS"),
        (with_row(16, si="V"), "claims PASS"),
        (with_row(16, verdict="FAIL"), "is FAIL"),
        (with_row(16, id="CUR.999"), "holds the measurement of another row or run"),
        (with_row(16, run_id="other"), "holds the measurement of another row or run"),
        (replace(GOOD, rows=(replace(GOOD.rows[0], measured=None), *GOOD.rows[1:])), "was not measured"),
        (replace(GOOD, rows=(GOOD.rows[1], *GOOD.rows[1:])), "stands 2 times among the rows"),
        (replace(GOOD, rows=()), "no row was judged"),
        (replace(GOOD, ended=None), "did not end as a PASS"),
        (replace(GOOD, steps=(replace(GOOD.steps[0], verdict="ERROR"),)), "step 'all' is ERROR"),
    ],
)
def test_a_pass_that_its_rows_do_not_prove_is_unfounded(told: RunRecord, said: str) -> None:
    assert said in (unfounded(told) or "")


def test_a_fail_of_a_value_that_passes_is_unfounded() -> None:
    assert BAD.rows[15].measured is not None
    rows = list(BAD.rows)
    rows[15] = replace(rows[15], measured=replace(BAD.rows[15].measured, value=400e-6))

    assert "CUR.310 claims FAIL, and its value passes" == unfounded(replace(BAD, rows=tuple(rows)))


def test_a_fail_without_a_row_that_failed_is_unfounded() -> None:
    assert "no row failed" == unfounded(replace(BAD, rows=GOOD.rows))


def test_a_field_that_says_nothing_is_left_out_so_that_later_versions_may_know_more_of_them() -> None:
    told = json.loads(canonical_record(GOOD))

    assert "error" not in told["steps"][0] or told["steps"][0]["error"] == ""
    assert "evidence" not in told["rows"][0]["measured"]
    assert "skipped" not in told["rows"][0]
