"""Puts the simulator together: one physics, and the devices that share it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from station.simulator.bench import Bench
from station.simulator.bus import Bus
from station.simulator.fixture import Fixture
from station.simulator.infiniivision import InfiniiVision
from station.simulator.leads import Leads
from station.simulator.operator import Hand
from station.simulator.physics.streams import stream
from station.simulator.shelf import Shelf
from station.simulator.truevolt import Truevolt
from station.simulator.truth import TruthFile

RIGHT: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rig:
    """A bench with its devices: meters on the buses D1, D2 …, oscilloscopes on S1, S2 …, the fixture, and the operator's hand."""

    bench: Bench
    dmms: tuple[Truevolt, ...]
    scopes: tuple[InfiniiVision, ...]
    fixture: Fixture
    operator: Hand

    @property
    def dmm(self) -> Truevolt:
        """Return the first meter."""
        return self.dmms[0]

    @property
    def scope(self) -> InfiniiVision:
        """Return the first oscilloscope."""
        return self.scopes[0]

    @property
    def instruments(self) -> dict[str, Truevolt | InfiniiVision]:
        """Return all instruments by name: dmm, dmm2, …, scope, scope2, …."""
        dmms = {_name("dmm", number): one for number, one in enumerate(self.dmms, 1)}
        return {**dmms, **{_name("scope", number): one for number, one in enumerate(self.scopes, 1)}}


def rig(
    transport_now: Callable[[], float],
    *,
    seed: int = 1,
    slots: int = 8,
    natural: bool = False,
    mains_hz: int = 50,
    truth_file: TruthFile | None = None,
    dmms: int = 1,
    scopes: int = 1,
    inputs: Mapping[str, str] = RIGHT,
    triggers: Mapping[str, str] = RIGHT,
) -> Rig:
    """Return a rig of `slots` empty slots with so many instruments; `natural` draws defects as production makes them.

    `inputs` and `triggers` say on which bus the input and the trigger of an instrument hang by mistake: {"dmm": "D2"}.
    """
    meters, screens = range(1, dmms + 1), range(1, scopes + 1)
    bench = Bench(seed, slots, (*(f"D{number}" for number in meters), *(f"S{number}" for number in screens)))
    fixture = Fixture(bench, transport_now)

    def leads(kind: str, number: int) -> Leads | Bus:
        name, bus = _name(kind, number), f"{kind[0].upper()}{number}"
        seen, heard = bench.buses[inputs.get(name, bus)], bench.buses[triggers.get(name, bus)]
        return seen if seen is heard else Leads(seen, heard)

    shelf = Shelf(seed, bench.climate, natural)
    return Rig(
        bench=bench,
        dmms=tuple(
            Truevolt(leads("dmm", number), stream(seed, _name("dmm", number)), serial=f"SIM34461A{number}", mains_hz=mains_hz)
            for number in meters
        ),
        scopes=tuple(
            InfiniiVision(leads("scope", number), stream(seed, _name("scope", number)), serial=f"SIMDSOX1204G{number}")
            for number in screens
        ),
        fixture=fixture,
        operator=Hand(bench, fixture, shelf, truth_file or TruthFile(None)),
    )


def _name(kind: str, number: int) -> str:
    """Return what an instrument is called: the first of a kind dmm or scope, those behind it dmm2, dmm3 or scope2, scope3."""
    return kind if number == 1 else f"{kind}{number}"
