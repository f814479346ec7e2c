"""What an approval is bound to, and when a limit file is released: never by its layout, never before its day."""

import copy
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.limit_file import parse
from station.core.limit_set import Approval, LimitSet, Status, same_person
from tests.core.limit_content import CONTENTS, Content, plainly, spread_out
from tests.corpus.making import RELEASED

DAY = date(2026, 11, 22)
TEXT = """[limits]
product = "MC-100"
revision = "A"
effective = 2026-11-22
status = "released"
author = "Ada Quality"
[rows]
"CUR.310" = { title = "Peak", unit = "uA", low = 368, high = 432, u_max = 1, method = "DMM" }
"""


def released(*approvals: Approval, **changes: object) -> LimitSet:
    limits = replace(parse(TEXT, "f"), **changes)  # type: ignore[arg-type]  # fields by name
    return replace(limits, approvals=approvals)


def by(name: str, role: str = "quality", day: date = DAY, digest: str = "") -> Approval:
    return Approval(name, role, day, digest or parse(TEXT, "f").digest)


@settings(max_examples=60, deadline=None)
@given(st.data(), CONTENTS)
def test_the_digest_depends_on_no_layout_order_comment_or_spelling(data: st.DataObject, content: Content) -> None:
    plain = parse(plainly(content), "a")

    other = parse(data.draw(spread_out(content)), "b")

    assert plain.digest == other.digest


@settings(max_examples=60, deadline=None)
@given(st.data(), CONTENTS)
def test_the_digest_depends_on_every_value(data: st.DataObject, content: Content) -> None:
    changed = copy.deepcopy(content)
    row_id = data.draw(st.sampled_from(sorted(content["rows"])))
    row = changed["rows"][row_id]
    assert isinstance(row, dict)
    key = data.draw(st.sampled_from([key for key in row if key in ("title", "method", "condition", "u_max", "high", "expect")]))
    row[key] = _another(key, row[key])

    assert parse(plainly(content), "a").digest != parse(plainly(changed), "b").digest


def _another(key: str, value: object) -> object:
    if isinstance(value, bool):
        return not value
    if (key, value) == ("high", "none"):
        return 3500
    return value + 1 if isinstance(value, int | float) else f"{value} "


def test_a_file_without_author_keeps_the_digest_it_was_approved_by() -> None:
    without = TEXT.replace('author = "Ada Quality"\n', "")

    assert parse(without, "f").digest == parse(TEXT.replace("Ada Quality", ""), "f").digest
    assert parse(without, "f").digest != parse(TEXT, "f").digest
    assert ("Q. Example",) == tuple(one.name for one in parse(RELEASED, "f").releasing)


def test_it_is_released_from_its_effective_date_on() -> None:
    limits = released(by("Eva"))

    assert limits.unreleased is None
    assert "it takes effect on 2026-11-22, and it is 2026-11-21" == limits.unreleased_on(date(2026, 11, 21))
    assert [None, None] == [limits.unreleased_on(DAY), limits.unreleased_on(date(2030, 1, 1))]


def test_an_approval_of_a_day_to_come_releases_nothing_yet() -> None:
    limits = released(by("Eva", day=date(2026, 11, 24)), by("Ada Quality", day=DAY))

    assert "its approval is dated 2026-11-24, and it is 2026-11-23" == limits.unreleased_on(date(2026, 11, 23))
    assert limits.unreleased_on(date(2026, 11, 24)) is None


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.RETIRED])
def test_no_other_status_releases_on_any_day(status: Status) -> None:
    limits = released(by("Eva"), status=status.value)

    assert f"its status is {status}" == limits.unreleased_on(DAY)


def test_the_authors_own_approval_releases_nothing() -> None:
    assert "of quality only its author, Ada Quality, has approved it" == released(by("ada  quality")).unreleased
    assert released(by("Ada Quality"), by("Eva")).unreleased is None


def test_of_several_approvals_one_of_this_content_by_another_person_is_enough() -> None:
    old = by("Eva", digest="sha256:old")

    assert str(released(old).unreleased).startswith("it was changed after its approval")
    assert (by("Eva"),) == released(old, by("Eva"), by("Tom", "technician")).releasing


@settings(deadline=None)  # a busy host is no fault
@given(st.text(max_size=9), st.text(max_size=9))
def test_a_person_is_the_same_whatever_the_blanks_and_capitals(one: str, other: str) -> None:
    assert same_person(f" {one}\t{other}", f"{one}  {other} ")
    assert same_person(one, other) == same_person(other, one)


def test_the_example_s_approval_releases_nothing_for_real_units() -> None:
    example, late = by("Q. Example"), by("Eva", day=date(2026, 11, 24))

    said = "only Q. Example, the example of the starter documents, has approved it"
    assert [None, said] == [released(example).unreleased_for(DAY, simulated=is_simulated) for is_simulated in (True, False)]
    both = released(example, late)
    assert "its approval is dated 2026-11-24, and it is 2026-11-22" == both.unreleased_for(DAY, simulated=False)
    assert both.unreleased_for(date(2026, 11, 24), simulated=False) is None
    assert "its status is draft" == released(example, status="draft").unreleased_for(DAY, simulated=False)
