"""An approval is written into the file it approves, for exactly its content, and moves nothing else."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.errors import UsageError
from station.core.limit_file import parse
from station.core.problems import LimitsError
from station.quality.approval import approved
from tests.core.limit_content import CONTENTS, Content, plainly, spread_out
from tests.corpus.making import APPROVAL, RELEASED

DAY = date(2026, 11, 23)
REVIEW = RELEASED.replace(b'status = "released"', b'status = "review"  # since Monday')
BARE = REVIEW.removesuffix(APPROVAL)


def approve(text: bytes, name: str = "Eva", role: str = "quality") -> bytes:
    return approved(text, "f.toml", name, role, DAY)


def test_an_approval_of_quality_releases_a_file_in_review() -> None:
    limits = parse(approve(REVIEW), "f")

    assert limits.unreleased_on(DAY) is None
    last = limits.approvals[-1]
    assert ("Eva", "quality", DAY, limits.digest) == (last.name, last.role, last.day, last.digest)
    assert 2 == len(limits.approvals)


@pytest.mark.parametrize("text", [REVIEW, BARE, BARE.rstrip(), BARE + b"\n\n# the end", REVIEW.replace(b"\n", b"\r\n")])
def test_every_line_stays_as_it_was_but_the_status_and_what_is_added_at_the_end(text: bytes) -> None:
    before, after = text.decode().splitlines(keepends=True), approve(text).decode().splitlines(keepends=True)

    changed = [(old, new) for old, new in zip(before, after, strict=False) if old.strip() and old.rstrip() != new.rstrip()]
    end = "\r\n" if b"\r\n" in text else "\n"
    assert [(f'status = "review"  # since Monday{end}', f'status = "released"  # since Monday{end}')] == changed
    added = [f"[[approval]]{end}", f'name = "Eva"{end}', f'role = "quality"{end}', f"date = 2026-11-23{end}"]
    assert added == after[-5:-1]
    assert after[-1].startswith("digest = ")


def test_approvals_kept_in_a_list_are_continued_there() -> None:
    text = b'approval = [ { name = "A", role = "quality", date = 2026-11-22, digest = "x" } ]\n' + BARE

    limits = parse(approve(text), "f")

    assert ["A", "Eva"] == [one.name for one in limits.approvals]
    assert limits.unreleased is None


@settings(max_examples=40, deadline=None)
@given(st.data(), CONTENTS)
def test_whatever_the_layout_the_approval_is_of_the_content_and_changes_none_of_it(data: st.DataObject, content: Content) -> None:
    content["limits"].pop("author", None)
    text = data.draw(spread_out(content)).replace('status\t= "draft"', 'status\t= "review"').encode()

    after = parse(approve(text), "f")

    assert parse(plainly(content), "g").digest == after.digest
    assert ("released", None) == (after.status, after.unreleased)


def test_the_approval_of_another_role_is_kept_and_releases_nothing() -> None:
    limits = parse(approve(BARE, role="technician"), "f")

    assert ("review", "technician") == (limits.status, limits.approvals[0].role)


def test_a_second_person_may_approve_a_released_file() -> None:
    limits = parse(approve(RELEASED), "f")

    assert ["Q. Example", "Eva"] == [one.name for one in limits.releasing]


@pytest.mark.parametrize(
    ("text", "name", "role", "said"),
    [
        (REVIEW, " ", "quality", "an approval needs the name of a person"),
        (REVIEW, "E\nva", "quality", "an approval needs the name of a person"),
        (REVIEW, "Eva", "administrator", "'administrator' is no role that approves. Give --role as one of quality"),
        (REVIEW, "q.  EXAMPLE", "quality", "has approved this very content as quality already"),
        (REVIEW.replace(b'"review"', b'"draft"'), "Eva", "quality", "its status is draft: it is still being written"),
        (REVIEW.replace(b'"review"', b'"retired"'), "Eva", "quality", "its status is retired, which is for good"),
        (RELEASED.replace(b"low = 90", b"low = 91", 1), "Eva", "quality", "it says released, but it was changed after its appro"),
        (REVIEW.replace(b"[rows]", b'author = "Eva"\n[rows]'), "eva", "quality", "Eva wrote it, and nobody approves their own"),
    ],
)
def test_an_approval_that_cannot_be_given_is_refused_with_the_reason(text: bytes, name: str, role: str, said: str) -> None:
    with pytest.raises(UsageError, match=r"^f\.toml: ") as refusal:
        approve(text, name, role)

    assert said in str(refusal.value)


def test_who_approved_a_file_that_went_back_to_review_is_told_how_it_is_released() -> None:
    released = approve(BARE)

    with pytest.raises(UsageError, match=r"is review all the same\. Take that approval out of the file, and approve it anew"):
        approve(released.replace(b'status = "released"', b'status = "review"'))
    with pytest.raises(UsageError, match=r"already\. Nothing is left to do"):
        approve(released)


def test_a_file_that_cannot_be_used_is_not_approved() -> None:
    with pytest.raises(LimitsError):
        approve(REVIEW.replace(b"low = 90,", b"", 1))
