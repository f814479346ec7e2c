"""Every requirement is shown by a test, every mark means a requirement, and the page that says so is the one on file."""

import pytest

from tests.hazards.marks import Shown, read, shown_in
from tests.hazards.table import AGAIN, HOME, PAGE, REQUIREMENTS, Requirement, faults, page, requirements

WANTED = requirements(REQUIREMENTS.read_text(encoding="utf-8"))
SHOWN = shown_in(HOME)
ONE = Requirement("FC-1", "Values", "A NaN never passes.", "A reading that is none is taken for good.")


def test_every_requirement_has_a_test_and_every_mark_a_requirement() -> None:
    assert [] == faults(WANTED, SHOWN)


def test_the_page_is_the_one_on_file() -> None:
    assert page(WANTED, SHOWN) == PAGE.read_text(encoding="utf-8"), AGAIN


@pytest.mark.parametrize("one", WANTED, ids=lambda one: one.id)
def test_a_requirement_is_a_sentence_and_so_is_its_hazard(one: Requirement) -> None:
    for sentence in (one.requirement, one.hazard):
        assert sentence.endswith(".")
        assert not sentence[0].islower()
        assert "|" not in sentence


def test_marks_are_found_on_tests_on_cases_and_on_files() -> None:
    text = (
        "pytestmark = [pytest.mark.process, pytest.mark.hazard('FC-1')]\n"
        "@pytest.mark.hazard('FC-2', 'FC-1')\ndef test_a(): ...\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.hazard('FC-3'))])\ndef test_b(x): ...\n"
        "@pytest.mark.hazard('FC-4')\ndef helper(): ...\n"
    )

    found = list(read(text, "tests/test_x.py"))

    assert [("FC-2", "test_a"), ("FC-1", "test_a"), ("FC-3", "test_b"), ("FC-1", "test_b")] == [
        (one.requirement, one.name) for one in found
    ]


def test_a_mark_that_cannot_be_read_without_running_the_test_is_refused() -> None:
    with pytest.raises(ValueError, match=r"tests/test_x\.py:1: a hazard mark names its requirements as plain texts"):
        list(read("@pytest.mark.hazard(*ALL)\ndef test_a(): ...\n", "tests/test_x.py"))


def test_a_requirement_without_a_test_is_a_fault() -> None:
    assert ["FC-1 has no test: A NaN never passes."] == faults([ONE], [])


def test_a_mark_without_a_requirement_is_a_fault() -> None:
    shown = [Shown("FC-1", "tests/test_x.py", "test_a"), Shown("FC-9", "tests/test_x.py", "test_a")]

    assert ["tests/test_x.py::test_a is marked FC-9, which is no requirement"] == faults([ONE], shown)


def test_a_requirement_that_stands_twice_is_refused() -> None:
    row = '{ id = "FC-1", requirement = "A.", hazard = "B." }'

    with pytest.raises(ValueError, match="stand twice: FC-1"):
        requirements(f'[[group]]\ntitle = "Values"\nrequirements = [{row}, {row}]\n')


def test_a_row_of_the_page_names_requirement_hazard_and_each_test() -> None:
    written = page([ONE], [Shown("FC-1", "tests/core/test_x.py", "test_a"), Shown("FC-1", "tests/core/test_x.py", "test_b")])

    link = "[core/test_x.py::{0}](../../tests/core/test_x.py)"
    assert f"| FC-1 | {ONE.requirement} | {ONE.hazard} | {link.format('test_a')}<br>{link.format('test_b')} |\n" in written
    assert "1 requirements, shown by 2 tests" in written
