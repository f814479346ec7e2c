"""A sample of the fault matrix: a fault in any exchange of any link never becomes a verdict. `make soak` runs all of it."""

import pytest

from tests.matrix.cells import KINDS, Course, Fate, course, fate, sample

PARTS = 6
CELLS = 60


@pytest.fixture(scope="module")
def reference() -> Course:
    return course()


@pytest.mark.parametrize("part", range(PARTS))
def test_a_fault_in_any_exchange_never_becomes_a_verdict(reference: Course, part: int) -> None:
    cells = sample(reference.cells(), CELLS, seed=11)[part::PARTS]

    fates = [fate(cell, reference.values) for cell in cells]

    assert [] == [f"{one.cell}: {one.verdict}: {'; '.join(one.breaches)}" for one in fates if one.breaches]


def test_a_fault_while_the_wiring_of_two_meters_is_proven_opens_no_bench_that_measures_wrongly() -> None:
    pool = course(dmms=2)
    opening = [cell for cell in pool.cells() if cell.part == "opening"]

    fates = [fate(cell, pool.values) for cell in sample(opening, 32, seed=7)]

    assert any("RES" in cell.asked for cell in opening)
    assert [] == [f"{one.cell}: {one.verdict}: {'; '.join(one.breaches)}" for one in fates if one.breaches]
    assert {"refused", "PASS"} <= {one.verdict for one in fates}


def test_every_link_and_every_kind_of_fault_is_in_the_matrix(reference: Course) -> None:
    cells = reference.cells()

    assert {(link, kind) for link in ("dmm", "scope", "fixture") for kind in KINDS} == {(one.link, one.kind) for one in cells}
    assert 10 * len(reference.exchanges) == len(cells)


def test_a_fault_that_nothing_heals_ends_as_an_error_that_says_what_to_do(reference: Course) -> None:
    silent = next(one for one in reference.cells() if one.asked.startswith(":FETC?") and one.kind == "silence")

    assert Fate(silent, "ERROR", ()) == fate(silent, reference.values)


def test_a_lost_frame_on_the_fixtures_line_is_healed_and_the_unit_passes(reference: Course) -> None:
    lost = next(one for one in reference.cells() if "ROUTE" in one.asked and one.kind == "silence")

    assert Fate(lost, "PASS", ()) == fate(lost, reference.values)
