"""The facade on the real flow, in memory: slots come and go one by one, and those that run are none the worse for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.cli.hands import Person
from station.core.verdict import Verdict
from station.line.feed import Feed
from station.line.line import Outcome
from station.line.slots import State
from station.line.station import Station
from tests.world.world import World, world


@contextmanager
def station(folder: Path) -> Iterator[tuple[World, Station]]:
    """Open a station of three slots in a world of its own."""
    with world(folder, slots=8, documents=False) as made:
        feed = Feed(made.clock, 3)
        opened = Station(made.rooms, made.papers, feed)
        with opened.at_work():
            yield made, opened


def begin(made: World, opened: Station, slot: int, serial: str) -> None:
    opened.ready(slot, serial)
    made.place(slot, serial, "good")
    opened.start(slot)


def test_one_is_stopped_one_joins_in_the_middle_and_the_third_takes_no_notice(tmp_path: Path) -> None:
    with station(tmp_path) as (made, opened):
        begin(made, opened, 1, "SN1")
        begin(made, opened, 2, "SN2")
        made.wait(600.0)
        opened.stop(2, "the operator")
        made.wait(1.0)
        stopped = opened.view().of(2)
        opened.free(2)
        made.operate("REMOVE 2")
        begin(made, opened, 3, "SN3")
        begin(made, opened, 2, "SN2")
        made.wait(2000.0)
        outcomes = [one.outcome for one in opened.view().slots]

    assert State.DONE == stopped.state
    assert stopped.outcome is not None
    assert Verdict.ABORTED == stopped.outcome.verdict
    assert [Verdict.PASS] * 3 == [outcome.verdict for outcome in outcomes if outcome is not None]
    assert [Verdict.ABORTED, Verdict.PASS] == [one.verdict for one in made.kept.archive.records("SN2")]


def test_a_unit_that_a_person_changes_under_the_open_lid_of_the_fixture_is_seen_to_be_changed(tmp_path: Path) -> None:
    said: list[str] = []
    with world(tmp_path, documents=False) as made:
        made.place(1, "SN1")
        hand = Person(made.bench, {}, said.append)
        hand.change(1, Outcome(1, "SN1", Verdict.FAIL, ""), "SN2")
        seen = []
        for deed in ("LID open", "REMOVE 1", "PLACE 1 SN2", "LID closed"):
            made.operate(deed)
            made.wait(1.0)
            seen.append(hand.seated(1))

    assert ([False, False, False, True], ["station: slot 1: take SN1 (FAIL) out and put SN2 in\n"]) == (seen, said)
