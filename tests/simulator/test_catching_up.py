"""A simulator that was held up has no hour of small looks to catch up with: on a hurried clock it would never be done.

Found by the soak: an instrument that a killed station had left waiting for a trigger kept the whole simulator busy for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.simulator.fakes import Steps, Talk, meter, scope

HOUR = 3600.0


@dataclass
class Watched(Steps):
    """Terminals that count how often somebody looks for a trigger."""

    looks: int = 0

    def triggers(self, start: float, end: float) -> list[float]:
        self.looks += 1
        return super().triggers(start, end)


def waiting_meter(terminals: Watched) -> Talk:
    talk = meter(terminals)
    talk.send("TRIG:SOUR EXT;:INIT")
    return talk


def waiting_scope(terminals: Watched) -> Talk:
    talk = scope(terminals, ":TIM:RANG 0.02;:TRIG:EDGE:SOUR EXT;:TRIG:SWE NORM")
    talk.send(":SING")
    return talk


@pytest.mark.parametrize("waits", [waiting_meter, waiting_scope])
def test_an_instrument_that_waits_for_a_trigger_is_caught_up_with_in_a_few_looks(waits: Callable[[Watched], Talk]) -> None:
    terminals = Watched(((1.0, 0.5),))
    talk = waits(terminals)
    before = terminals.looks

    talk.pass_time(HOUR)

    assert 0 < terminals.looks - before < 100


def test_a_trigger_in_the_time_that_was_jumped_over_is_found_at_its_own_moment() -> None:
    terminals = Watched(((HOUR - 100.0, 0.25), (1e9, 0.75)), edges=[HOUR - 200.0])
    talk = waiting_meter(terminals)

    talk.pass_time(HOUR)

    assert abs(talk.value("FETC?") - 0.25) < 1e-3
