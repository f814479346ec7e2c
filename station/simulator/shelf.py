"""All units there are: a serial is one physical unit for as long as the simulator runs."""

from station.simulator.physics.climate import Climate
from station.simulator.physics.draw import IN_CONTROL, Process, draw
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit


class Shelf:
    """Makes a unit when its serial is first named, and hands out the same one ever after."""

    def __init__(self, seed: int, climate: Climate, natural: bool) -> None:
        self._seed = seed
        self._climate = climate
        self._natural = natural
        self._process = IN_CONTROL
        self._units: dict[str, Unit] = {}
        self._defects: dict[str, tuple[str, ...]] = {}

    def unit(self, serial: str, forced: tuple[str, ...] | None, now: float) -> Unit:
        """Return the unit `serial`, made at `now` if it is new: with the `forced` defects, or by chance (None)."""
        if serial not in self._units:
            defects = forced if forced is not None or self._natural else ()
            parts, names = draw(self._seed, serial, defects, self._process)
            self._units[serial] = Unit(serial, parts, self._climate, stream(self._seed, serial, "noise"), now)
            self._defects[serial] = names
        return self._units[serial]

    def produce(self, process: Process) -> None:
        """Draw all units that are named from now on from `process`; those that exist stay what they are."""
        self._process = process

    def defects(self, serial: str) -> tuple[str, ...] | None:
        """Return the names of the defects of a unit that exists, None for one that does not yet."""
        return self._defects.get(serial)
