"""A fixture without a timer, in memory: looks of the simulated oscilloscope time the shut-off of every kind of unit."""

from dataclasses import replace
from pathlib import Path

from station.cli.home import Home
from station.core.equipment import Witness
from station.core.events import Measured
from station.core.recipe import Recipe
from station.core.verdict import Verdict
from station.line.feed import Feed
from station.line.station import Station
from tests.world.world import World, world

APART = 60.0  # s between two starts: what the looks of one shut-off and of the silence behind it need, and room


DEFECTS = {1: "good", 2: "timer_restart", 3: "good", 4: "good"}


def by_looks(home: Home) -> Home:
    """Return `home` with a fixture whose shut-offs are timed by looks."""
    timer = replace(home.fixture.timer, witness=Witness.LOOKS)
    return replace(home, fixture=replace(home.fixture, timer=timer))


def measured(made: World, serial: str, row_id: str) -> Measured:
    """Return what row `row_id` of a unit's only run came to."""
    run = next(one for one in made.kept.archive.runs() if one.serial == serial)
    events = made.kept.archive.events(run.run_id)
    return next(one for one in events if isinstance(one, Measured) and one.id == row_id)


def test_each_unit_gets_the_verdict_it_deserves_by_looks(tmp_path: Path) -> None:
    defects = {1: "early_shutoff", 2: "no_shutoff", 3: "good"}
    with world(tmp_path, documents=False, change=by_looks) as made:
        outcomes = made.test({slot: f"SN{slot}" for slot in defects}, defects)
        early, never, good = (measured(made, *one) for one in (("SN1", "TIM.010"), ("SN2", "TIM.020"), ("SN3", "TIM.010")))

    assert [Verdict.FAIL, Verdict.FAIL, Verdict.PASS] == [outcome.verdict for outcome in outcomes]
    assert ("FAIL", "FAIL", "PASS") == (early.verdict, never.verdict, good.verdict)
    assert "looks" == good.detail["witness"]


def test_good_units_pass_the_accelerated_recipe_by_looks(tmp_path: Path) -> None:
    def hurried(home: Home) -> Home:
        return by_looks(replace(home, config=replace(home.config, recipe=Recipe.ACCELERATED)))

    with world(tmp_path, documents=False, change=hurried) as made:
        outcomes = made.test({1: "SN1", 2: "SN2"}, {2: "timer_restart"})

    assert [Verdict.PASS, Verdict.FAIL] == [outcome.verdict for outcome in outcomes], [outcome.reason for outcome in outcomes]


def test_slots_that_are_loaded_one_by_one_take_turns_and_get_what_they_deserve(tmp_path: Path) -> None:
    with world(tmp_path, documents=False, change=by_looks) as made:
        opened = Station(made.rooms, made.papers, Feed(made.clock, 4))
        with opened.at_work():
            truths = [_begin(made, opened, slot, defect) for slot, defect in DEFECTS.items()]
            made.wait(1800.0)
            outcomes = [one.outcome for one in opened.view().slots]
        found = [measured(made, f"SN{slot}", "TIM.010") for slot in (1, 2, 3, 4)]

    assert [Verdict.PASS, Verdict.FAIL, Verdict.PASS, Verdict.PASS] == [
        outcome.verdict for outcome in outcomes if outcome is not None
    ]
    assert isinstance(found[1].value, float)
    assert 1230.0 <= found[1].value
    for truth, one in ((truths[slot], found[slot]) for slot in (0, 2, 3)):
        shortest, longest = one.detail["shortest"], one.detail["longest"]
        assert isinstance(shortest, float)
        assert isinstance(longest, float)
        assert shortest * (1 - 2e-5) <= truth <= longest * (1 + 2e-5)


def _begin(made: World, opened: Station, slot: int, defect: str) -> float:
    """Load and start a unit, wait until the next may follow, and return its true shut-off time in s."""
    opened.ready(slot, f"SN{slot}")
    truth = made.place(slot, f"SN{slot}", defect)
    opened.start(slot)
    made.wait(APART)
    values = truth["values"]
    assert isinstance(values, dict)
    return float(values["TIM.010"])
