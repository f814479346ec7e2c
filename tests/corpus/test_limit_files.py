"""Every malformed limit file is refused in its right line, with a remedy that mends it, in words that are kept."""

import pytest

from station.core.limit_file import parse
from tests.corpus.golden import FILE, problems, told
from tests.corpus.limit_files import CASES
from tests.corpus.making import RELEASED, Case

KEPT = {section.split("\n", 1)[0]: section for section in FILE.read_text(encoding="utf-8").split("== ")[1:]}
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_there_are_many_cases_and_each_has_its_own_name() -> None:
    assert len(CASES) >= 60
    assert len(CASES) == len({case.name for case in CASES})


def test_what_is_kept_is_what_the_cases_say_and_nothing_else() -> None:
    assert [case.name for case in CASES] == list(KEPT)


@every_case
@pytest.mark.hazard("LF-06")
def test_the_messages_are_the_kept_ones(case: Case) -> None:
    assert told(case).strip() == f"== {KEPT[case.name]}".strip()


@every_case
@pytest.mark.hazard("LF-06")
def test_every_message_names_the_key_and_the_line_that_must_change(case: Case) -> None:
    said = [(problem.key, problem.line) for problem in problems(case)]

    assert sorted(case.says) == sorted(said)


@every_case
def test_every_message_says_what_and_what_to_do_in_one_short_line(case: Case) -> None:
    for problem in problems(case):
        assert problem.what
        assert problem.remedy[0].isupper()
        assert len(str(problem)) < 400
        assert str(problem).isprintable()


@every_case
@pytest.mark.hazard("LF-06")
def test_the_correction_that_the_message_asks_for_makes_the_file_load(case: Case) -> None:
    assert case.bad != case.mended

    assert parse(case.mended, case.name).limits


@pytest.mark.parametrize(
    "layout",
    [
        RELEASED.replace(b"\n", b"\r\n"),
        RELEASED.replace(b" = ", b"\t=\t"),
        RELEASED.replace(b"\n", b"\t\n"),
        RELEASED.replace(b"\n", b"\n\n# [rows]\n"),
        RELEASED.replace(b"high = 1200,", b"high = 1_200.0,"),
        RELEASED.replace(b"high = 1200,", b"high = 0x4B0,"),
        RELEASED.replace(b"high = 1200,", b"high = +12e2,"),
        RELEASED.replace(b"nominal = 0,", b"nominal = -0.0,"),
        RELEASED.replace(b'"CUR.310"', rb'"CUR\u002E310"'),
    ],
)
def test_another_layout_or_spelling_of_the_same_content_is_the_same_released_set(layout: bytes) -> None:
    released = parse(RELEASED, "f")

    limits = parse(layout, "f")

    assert released.digest == limits.digest
    assert limits.unreleased is None
