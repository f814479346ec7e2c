"""Does the station's memory grow with the units it has tested? Ten thousand of them, in virtual time, into a real journal."""

import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.makespan.script import Script
from benchmarks.makespan.scripted import LentBench, SlowHand, follow, rooms_of
from benchmarks.makespan.units import LOAD, UNLOAD, lone_units
from benchmarks.report import say
from benchmarks.scale.probe import resident
from station.clocks.virtual import VirtualClock
from station.core.errors import StationError
from station.core.verdict import Verdict
from station.line.crew import Crew
from station.line.feed import Feed
from station.line.station import Station
from station.line.tray import Tray
from station.store.archive import Archive
from station.store.ids import Ids
from station.store.journal import Journal
from tests.line.stage import paper

_UNITS, _TRAY, _SLOTS = 10_000, 100, 8
_WARM = 0.5  # of the trays, before what is kept on purpose has found its size: the journal knows the last 4096 runs that ended
_NONE = 0.01  # of the memory at first: less over all the units is none


def run() -> None:
    """Print the figures."""
    seen = list(_tested(lone_units(("SN1",))[0].script))
    what = f"grown over {_UNITS} units (line, lending, runner, journal, archive; fitted to the second half)"
    _say(f"memory {what}", "MB", [one.memory / 1e6 for one in seen])
    _say(f"Python objects {what}", "objects", [float(one.objects) for one in seen])


def _say(name: str, unit: str, seen: list[float]) -> None:
    kept = np.array(seen[int(len(seen) * _WARM) :])
    slope = float(np.polyfit(np.arange(len(kept)) * _TRAY, kept, 1)[0])  # of the unit, for each unit under test
    say("scale", name, slope * _UNITS, unit, float(kept[0]), _NONE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a process had after a tray: resident memory in bytes, and objects that the garbage collector knows."""

    memory: int
    objects: int


def _tested(script: Script) -> Iterator[Seen]:
    """Test tray after tray, and yield what is seen after each."""
    with TemporaryDirectory() as folder:
        clock, path, chance = VirtualClock(), Path(folder) / "station.sqlite", np.random.default_rng(1)
        ids = Ids(clock, lambda bits: int.from_bytes(chance.bytes(10)) % (1 << bits))
        with Journal(path, clock, ids) as journal, Crew(clock) as crew:
            crew.start("journal", journal.pump)
            rooms = rooms_of(clock, LentBench(clock, lambda _: None), journal, Archive(path).record)
            papers = paper(clock, lambda unit: follow(unit, script))
            for first in range(0, _UNITS, _TRAY):
                station = Station(rooms, papers, Feed(clock, _SLOTS))
                tray = Tray(station, SlowHand(clock, LOAD, UNLOAD), clock)
                with station.at_work():
                    tray.test({}, [f"SN{number}" for number in range(first, first + _TRAY)])
                if [one for one in tray.outcomes if one.verdict is not Verdict.PASS]:
                    raise StationError("a unit of the benchmark did not pass")
                del station, tray
                gc.collect()
                yield Seen(resident(os.getpid()), len(gc.get_objects()))
