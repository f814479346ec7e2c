"""A whole station in memory: the same law as over sockets, and the same story from the same seed."""

from itertools import pairwise
from pathlib import Path

from station.core.canonical import canonical
from station.core.event_json import to_json
from station.core.verdict import Verdict
from tests.world.world import World, world

DEFECTS = {1: "good", 2: "no_shutoff", 3: "bridge_leg", 4: "good"}


def story(made: World) -> list[bytes]:
    """Return all that is on record, run by run, as canonical bytes."""
    archive = made.kept.archive
    return [canonical(to_json(event)) for run in archive.runs() for event in archive.events(run.run_id)]


def told(folder: Path, seed: int) -> list[bytes]:
    with world(folder, seed=seed, documents=False) as made:
        made.test({slot: f"SN{slot}" for slot in DEFECTS}, DEFECTS)
        return story(made)


def test_units_get_the_verdicts_they_deserve(tmp_path: Path) -> None:
    with world(tmp_path, documents=False) as made:
        outcomes = made.test({slot: f"SN{slot}" for slot in DEFECTS}, DEFECTS)

    assert [Verdict.PASS, Verdict.FAIL, Verdict.FAIL, Verdict.PASS] == [outcome.verdict for outcome in outcomes]


def test_the_same_seed_gives_the_same_records_and_another_seed_others(tmp_path: Path) -> None:
    first = told(tmp_path / "a", 7)

    assert told(tmp_path / "b", 7) == first
    assert told(tmp_path / "c", 8) != first


def test_loans_never_overlap_and_long_waits_hold_none(tmp_path: Path) -> None:
    with world(tmp_path, documents=False) as made:
        made.test({slot: f"SN{slot}" for slot in (1, 2, 3)})

    for name in ("dmm", "scope"):
        spans = sorted((loan.got, loan.gave_back) for loan in made.loans if name in loan.instruments and loan.got is not None)
        assert all(before <= begin for (_, before), (begin, _) in pairwise(spans))
        assert max(end - begin for begin, end in spans) < 60.0
