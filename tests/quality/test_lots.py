"""What became of each unit of a lot: the run that decides, units that are still tested, runs that count nowhere."""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from station.core.events import Event, RunEnded, RunStarted
from station.quality.lots import OPEN, LotUnit, lot_units, of_lot, others, run_outcomes, titles
from station.quality.runs import ended_runs
from station.quality.shares import Share
from station.quality.yields import Yields, pareto, yields
from station.store.archive import Archive
from station.store.numbering import Instead
from tests.store.stories import at_work, cut_off, ids, keep, start, story

LATER = "2026-11-02T09:00:00.000000Z"


def told(run_id: str, serial: str, outcome: str, at: str = "2026-11-02T08:00:00.000000Z", lot: str = "L7") -> list[Event]:
    """Return the events of a run that came to `outcome`."""
    stream = story(run_id, serial, fails="CUR.310" if outcome == "FAIL" else "", at=at, lot=lot)
    ending = stream[-1]
    assert isinstance(ending, RunEnded)
    return stream if outcome in ("PASS", "FAIL") else [*stream[:2], replace(ending, seq=2, verdict=outcome, skipped=())]


@contextmanager
def store(path: Path, stories: list[list[Event]]) -> Iterator[sqlite3.Connection]:
    with at_work(path) as journal:
        for one in stories:
            keep(journal, one)
    with Archive(path).reading() as connection:
        yield connection


def units(path: Path, stories: list[list[Event]], lot: str = "L7", *, simulated: bool = False) -> tuple[LotUnit, ...]:
    with store(path, stories) as connection:
        return lot_units(connection, lot, simulated=simulated)


@pytest.mark.parametrize(
    ("runs", "came_to"),
    [
        (("PASS",), "PASS"),
        (("FAIL", "PASS"), "PASS"),
        (("PASS", "FAIL"), "FAIL"),
        (("FAIL", "ABORTED"), "FAIL"),
        (("PASS", "ERROR"), "PASS"),
        (("ERROR", "ABORTED"), "ABORTED"),
        (("ABORTED", "INCONCLUSIVE"), "INCONCLUSIVE"),
    ],
)
def test_a_run_that_says_nothing_about_the_unit_takes_nothing_back(tmp_path: Path, runs: tuple[str, ...], came_to: str) -> None:
    mint = ids(3)
    stories = [
        told(mint.new(), "SN1", outcome, f"2026-11-02T{8 + number:02}:00:00.000000Z") for number, outcome in enumerate(runs)
    ]

    (unit,) = units(tmp_path / "s", stories)

    assert came_to == unit.outcome
    assert len(runs) == len(unit.runs)


def test_units_come_in_the_order_in_which_they_were_tested_and_other_lots_stay_out(tmp_path: Path) -> None:
    mint = ids(3)
    stories = [told(mint.new(), "SN2", "PASS"), told(mint.new(), "SN1", "FAIL", LATER), told(mint.new(), "SN3", "PASS", lot="L8")]

    found = units(tmp_path / "s", stories)

    assert ["SN2", "SN1"] == [unit.serial for unit in found]
    assert {"PASS": 1, "FAIL": 1} == run_outcomes(found)
    assert {"CUR.310": "Row CUR.310"} == titles(found)
    assert "MC-100 / A sha256:1" == found[0].runs[0].limits


def test_a_unit_whose_run_has_not_ended_has_come_in_all_the_same(tmp_path: Path) -> None:
    mint = ids(3)
    with store(tmp_path / "s", [told(mint.new(), "SN1", "PASS")]):
        pass
    cut_off(tmp_path / "s", [replace(start(mint.new(), "SN9"), lot="L7")])

    with Archive(tmp_path / "s").reading() as connection:
        found = lot_units(connection, "L7", simulated=False)

    assert [("SN1", "PASS"), ("SN9", OPEN)] == [(unit.serial, unit.outcome) for unit in found]
    assert found[1].decisive is None


def test_golden_and_debug_runs_are_counted_apart_and_simulated_ones_never(tmp_path: Path) -> None:
    mint = ids(3)
    stories = [
        story(mint.new(), "SN1"),
        story(mint.new(), "GOLD", run_type="golden"),
        story(mint.new(), "SN2", run_type="debug"),
        story(mint.new(), "SN3", simulated=True),
        story(mint.new(), "SN4", run_type="rework"),
    ]

    with store(tmp_path / "s", stories) as connection:
        found = lot_units(connection, "L7", simulated=False)
        apart = others(connection, "L7", simulated=False)

    assert ["SN1", "SN4"] == sorted(unit.serial for unit in found)
    assert 2 == apart


def yields_of(path: Path, stories: list[list[Event]], lot: str = "L7") -> tuple[tuple[LotUnit, ...], Yields]:
    with store(path, stories) as connection:
        found = lot_units(connection, lot, simulated=False)
        return found, yields(of_lot(found, ended_runs(connection)))


def test_what_another_lot_found_out_later_changes_no_yield_of_this_one(tmp_path: Path) -> None:
    mint = ids(3)
    stories = [told(mint.new(), "SN1", "FAIL"), told(mint.new(), "SN1", "PASS", LATER, lot="L8")]

    (here,), first = yields_of(tmp_path / "s", stories)
    with Archive(tmp_path / "s").reading() as connection:
        (there,) = lot_units(connection, "L8", simulated=False)
        second = yields(of_lot([there], ended_runs(connection)))

    assert ("FAIL", Share(0, 1)) == (here.outcome, first.product.last)
    assert ("PASS", Share(1, 1)) == (there.outcome, second.product.last)
    assert Share(0, 1) == second.product.first  # it failed before, and that is not forgotten


def test_a_unit_that_two_recipes_tested_is_one_unit_in_the_yields_of_its_lot(tmp_path: Path) -> None:
    mint = ids(3)
    again = told(mint.new(), "SN1", "PASS", LATER)
    head = again[0]
    assert isinstance(head, RunStarted)

    (unit,), found = yields_of(tmp_path / "s", [told(mint.new(), "SN1", "FAIL"), [replace(head, recipe="sample"), *again[1:]]])

    assert ("PASS", Share(1, 1), Share(0, 1)) == (unit.outcome, found.product.last, found.product.first)


def test_the_document_of_a_unit_is_the_one_that_none_superseded_though_numbers_began_again(tmp_path: Path) -> None:
    run_id = ids(3).new()
    with at_work(tmp_path / "s") as journal:
        keep(journal, told(run_id, "SN1", "PASS"))
        old = journal.certify(run_id, "EOL-01-2026-", lambda _: b"2026")
        old = journal.certify(run_id, "EOL-01-2026-", lambda _: b"2026", instead=Instead(old, "q", "r"))
        new = journal.certify(run_id, "EOL-01-2027-", lambda _: b"2027", instead=Instead(old, "q", "r"))

    with Archive(tmp_path / "s").reading() as connection:
        (unit,) = lot_units(connection, "L7", simulated=False)

    assert "EOL-01-2027-000001" == new == unit.runs[0].document


def test_what_another_lot_knew_says_nothing_of_a_unit_that_this_one_learnt_nothing_of(tmp_path: Path) -> None:
    mint = ids(3)
    stories = [told(mint.new(), "SN1", "PASS", lot="L8"), told(mint.new(), "SN1", "ABORTED", LATER)]

    (unit,), found = yields_of(tmp_path / "s", stories)

    assert ("ABORTED", Share(0, 0)) == (unit.outcome, found.product.last)


@pytest.mark.parametrize("seed", range(8))
def test_yields_and_what_failed_first_never_contradict_what_the_units_came_to(tmp_path: Path, seed: int) -> None:
    rng, mint, lots = random.Random(seed), ids(seed), ("L7", "L8")
    stories = []
    for hour in range(8, 20):
        outcome = rng.choice(("PASS", "FAIL", "ERROR", "ABORTED", "INCONCLUSIVE"))
        head, *rest = told(mint.new(), f"SN{rng.randint(1, 4)}", outcome, f"2026-11-02T{hour:02}:00:00.000000Z", rng.choice(lots))
        assert isinstance(head, RunStarted)
        recipe, kind = rng.choice(("normal", "sample")), rng.choice(("production", "production", "golden"))
        stories.append([replace(head, recipe=recipe, run_type=kind, simulated=rng.random() < 0.2), *rest])

    with store(tmp_path / "s", stories) as connection:
        for lot, simulated in product(lots, (False, True)):
            found = lot_units(connection, lot, simulated=simulated)
            theirs = of_lot(found, ended_runs(connection, simulated=simulated))
            came_to, told_of = Counter(unit.outcome for unit in found), yields(theirs).product

            assert Share(came_to["PASS"], came_to["PASS"] + came_to["FAIL"]) == told_of.last
            assert told_of.first.of - told_of.first.good == sum(bar.count for bar in pareto(theirs))
