from dataclasses import replace

import pytest

from station.certificates.content import content
from station.certificates.drawing import pages
from tests.certificates import random_records
from tests.certificates.random_records import drawn_at_random, layout, problems


@pytest.mark.parametrize("first", range(0, 48, 12))
def test_random_valid_records_lay_out_without_a_fault(first: int) -> None:
    assert [] == [what for seed in range(first, first + 12) for what in problems(seed)]


def test_the_random_records_are_hostile_and_of_every_size() -> None:
    drawn = [drawn_at_random(seed) for seed in range(60)]

    assert {"en", "de", "es"} == {template.language for _, _, template in drawn}
    assert {"A4", "letter"} == {template.paper for _, _, template in drawn}
    assert {0, 1, 2, 3, 4, 5, 6} == {len(held) for _, held, _ in drawn}
    assert 1 == min(len(told.rows) for told, _, _ in drawn)
    assert 150 < max(len(told.rows) for told, _, _ in drawn) <= 200
    assert {"PASS", "FAIL"} <= {told.verdict.name for told, _, _ in drawn}


def test_a_text_that_is_not_on_its_page_is_found() -> None:
    told, held, template = drawn_at_random(3)
    said = content(told, template, "N-1")
    placed = pages(said, held, template)

    longer = replace(said, place="a place that nobody drew")

    assert [] == layout(said, template, placed)
    assert "cut: 'a place that nobody drew'" in layout(longer, template, placed)


def test_an_empty_page_and_pieces_on_one_another_are_found() -> None:
    told, held, template = drawn_at_random(3)
    said = content(told, template, "N-1")
    placed = pages(said, held, template)

    found = layout(said, template, (tuple(replace(one, top=0.0) for one in placed[0]), *placed[1:], ()))

    assert any("runs into" in what for what in found)
    assert f"page {len(placed) + 1} is empty" in found


def test_the_program_tells_how_many_it_laid_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == random_records.main(1, 0)
    assert "1 records from seed 0 on, 0 faults\n" == capsys.readouterr().out
