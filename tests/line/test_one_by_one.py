"""What keeps the host busy is done by one at a time, and whoever breaks lets the next one in."""

from functools import partial

import pytest

from station.clocks.virtual import VirtualClock
from station.core.clock import Stop
from station.line.crew import Crew
from station.line.one_by_one import OneByOne


def test_of_two_kinds_of_work_behind_one_door_one_thing_is_done_at_a_time() -> None:
    clock, done = VirtualClock(), []
    door = OneByOne(clock)

    def work(what: str, _: Stop) -> None:
        clock.wait(2.0, clock.stop())
        done.append((what, clock.now()))

    reads, draws = door.behind(partial(work, "read")), door.behind(partial(work, "drawn"))
    with Crew(clock) as crew:
        for number in range(2):
            crew.start(f"reader {number}", reads)
            crew.start(f"drawer {number}", draws)
        crew.join()

    assert [2.0, 4.0, 6.0, 8.0] == [moment for _, moment in done]
    assert ["drawn", "drawn", "read", "read"] == sorted(what for what, _ in done)


def test_whoever_breaks_behind_the_door_lets_the_next_one_in() -> None:
    def broken() -> None:
        raise ValueError("broken")

    alone = OneByOne(VirtualClock()).behind(broken)
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            alone()
