"""Units that are alone on the line: the whole station in memory, for the times of the real sequence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.makespan.bound import Times
from benchmarks.makespan.script import Script, script, times_of
from station.core.errors import StationError
from station.core.verdict import Verdict
from tests.world.world import World, world

LOAD, UNLOAD = 8.0, 4.0  # s that the hand takes to scan and seat a unit, and to take one out: assumed, and added to the bound too
WARM = ("WARM1", "WARM2")
SERIALS = ("SN1", "SN2", "SN3")  # their shut-off times differ, as units' do


@dataclass(frozen=True, slots=True)
class Lone:
    """What one unit did and needed while nobody else was there; it `lasted` so many s, all in all."""

    script: Script
    times: Times
    lasted: float


def lone_units(serials: Sequence[str] = SERIALS) -> list[Lone]:
    """Return good units, each tested alone on a station that has tested some before; raises StationError unless all pass."""
    with TemporaryDirectory() as folder, world(Path(folder), slots=1, speed=1.0, documents=False) as made:
        return list(_tested(made, (*WARM, *serials)))[len(WARM) :]


def _tested(made: World, serials: Sequence[str]) -> Iterator[Lone]:
    for number, serial in enumerate(serials):
        if number:
            made.operate("REMOVE 1")
        made.heard.events.clear()
        made.loans.clear()
        outcome = made.test({1: serial})[0]
        if outcome.verdict is not Verdict.PASS:
            raise StationError(f"{serial} did not pass alone: {outcome.reason}")
        events, loans = made.heard.events, made.loans
        times = times_of(events, loans, load=LOAD, unload=UNLOAD)
        yield Lone(script(events, loans), times, events[-1].monotonic - events[0].monotonic)


def mean_times(units: Sequence[Lone]) -> Times:
    """Return what a unit needs on average."""
    return Times(*(sum(getattr(one.times, name.name) for one in units) / len(units) for name in fields(Times)))
