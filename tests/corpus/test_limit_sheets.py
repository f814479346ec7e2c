"""Every malformed spreadsheet is refused by line and column, with a remedy that mends it, in words that are kept."""

import pytest

from station.core.limit_file import parse
from station.core.limit_writing import from_sheet
from tests.corpus.golden import SHEETS, sheet_problems, sheet_told
from tests.corpus.limit_sheets import CASES, Case
from tests.corpus.making import RELEASED

KEPT = {section.split("\n", 1)[0]: section for section in SHEETS.read_text(encoding="utf-8").split("== ")[1:]}
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_what_is_kept_is_what_the_cases_say_and_nothing_else() -> None:
    assert [case.name for case in CASES] == list(KEPT)


@every_case
def test_the_messages_are_the_kept_ones(case: Case) -> None:
    assert sheet_told(case).strip() == f"== {KEPT[case.name]}".strip()


@every_case
def test_every_message_is_one_short_line_with_a_remedy(case: Case) -> None:
    found = sheet_problems(case)

    assert found
    for problem in found:
        assert problem.line >= 1
        assert problem.what
        assert problem.remedy[0].isupper()
        assert str(problem).isprintable()
        assert len(str(problem)) < 400


@every_case
def test_the_correction_that_the_message_asks_for_gives_the_good_content_back(case: Case) -> None:
    limits, _ = from_sheet(case.mended, case.name, comma=case.comma)

    assert parse(RELEASED, "f").digest == limits.digest
