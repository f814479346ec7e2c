"""Puts the simulator together: one physics, and the four devices that share it."""

from collections.abc import Callable
from dataclasses import dataclass

from station.simulator.bench import Bench
from station.simulator.fixture import Fixture
from station.simulator.infiniivision import InfiniiVision
from station.simulator.operator import Hand
from station.simulator.physics.streams import stream
from station.simulator.shelf import Shelf
from station.simulator.truevolt import Truevolt
from station.simulator.truth import TruthFile


@dataclass(frozen=True, slots=True)
class Rig:
    """A bench with its devices: the meter on bus D1, the oscilloscope on S1, the fixture, and the operator's hand."""

    bench: Bench
    dmm: Truevolt
    scope: InfiniiVision
    fixture: Fixture
    operator: Hand


def rig(
    transport_now: Callable[[], float],
    *,
    seed: int = 1,
    slots: int = 8,
    natural: bool = False,
    mains_hz: int = 50,
    truth_file: TruthFile | None = None,
) -> Rig:
    """Return a rig of `slots` empty slots; `natural` draws defects as production makes them."""
    bench = Bench(seed, slots)
    fixture = Fixture(bench, transport_now)
    shelf = Shelf(seed, bench.climate, natural)
    return Rig(
        bench=bench,
        dmm=Truevolt(bench.buses["D1"], stream(seed, "dmm"), serial="SIM34461A1", mains_hz=mains_hz),
        scope=InfiniiVision(bench.buses["S1"], stream(seed, "scope"), serial="SIMDSOX1204G1"),
        fixture=fixture,
        operator=Hand(bench, fixture, shelf, truth_file or TruthFile(None)),
    )
