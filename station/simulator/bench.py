"""The bench: slots with units, loads and relays, and the buses by which the instruments look at them."""

from collections.abc import Callable

from station.simulator.bus import Bus, View
from station.simulator.physics.climate import Climate, climate
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit
from station.simulator.slot import Slot

PATHS = {"D": ("sense", "zero", "battery", "shunt1", "shunt1k"), "S": ("sense",)}
"""The paths that a bus has, by the first letter of its name."""
_INPUT_OHM = {"D": 10e6, "S": 1e6}
_RELAYS_PER_PATH = 2
_RELAY_EMF = 2e-6


class Bench:
    """All that instruments and fixture share; moments are simulator seconds and never run backwards.

    What happens in a slot is felt in no other, so time passes in each when somebody asks for it: by `slot` and by the buses.
    """

    def __init__(self, seed: int, slots: int, buses: tuple[str, ...] = ("D1", "S1")) -> None:
        self.seed = seed
        self.climate: Climate = climate(seed)
        self._restless = set(range(1, slots + 1))
        self.slots = [Slot(seed, number, self._restless.add) for number in range(1, slots + 1)]
        self.buses = {name: self._bus(name) for name in buses}
        self._thermals: dict[tuple[str, int], float] = {}
        self._now = 0.0

    def advance(self, now: float) -> None:
        """Pass all that happens by `now`, in every slot."""
        for slot in self.slots:
            slot.reach(now)

    def slot(self, number: int, now: float) -> Slot:
        """Return slot `number` as it is at `now`, for whoever wants to read or to do something there."""
        self._restless.add(number)
        slot, self._now = self.slots[number - 1], self._moment(now)
        slot.reach(now)
        return slot

    def restless(self) -> list[int]:
        """Return the numbers of the slots that something was done to since this was asked last."""
        if not self._restless:
            return []
        found = sorted(self._restless)
        self._restless.clear()
        return found

    def place(self, number: int, unit: Unit, now: float) -> None:
        """Put `unit` into an empty slot."""
        self._change(number, now, lambda slot, moment: slot.place(unit, moment))

    def remove(self, number: int, now: float) -> Unit | None:
        """Take the unit out of a slot and return it."""
        unit = self.slots[number - 1].unit
        self._change(number, now, lambda slot, moment: slot.remove(moment))
        return unit

    def load(self, number: int, name: str, now: float) -> None:
        """Close a load of a slot, make before break."""
        self._change(number, now, lambda slot, moment: slot.close(name, moment))

    def charge(self, number: int, on: bool, now: float) -> None:
        """Apply VBUS to the unit in a slot, or take it away."""
        self._change(number, now, lambda slot, moment: slot.charge(on, moment))

    def route(self, bus: Bus, number: int | None, path: str, now: float) -> None:
        """Connect a bus to a path of a slot, or to nothing (None)."""
        touched = {slot.number for slot in (bus.slot, self.slots[number - 1] if number else None) if slot}
        bus.slot = self.slots[number - 1] if number else None
        bus.path = path if number else "-"
        for each in sorted(touched):
            self._change(each, now, lambda _, __: None)
        if bus.slot is None:
            bus.look(View(self._moment(now), None, "-", 0.0, 0.0))

    def routed(self, slot: Slot) -> list[Bus]:
        """Return the buses that are routed to `slot`."""
        return [bus for bus in self.buses.values() if bus.slot is slot]

    def _change(self, number: int, now: float, act: Callable[[Slot, float], object]) -> None:
        """Do something to a slot, and let all that look at it see it from then on."""
        slot = self.slot(number, now)
        moment = self._moment(now)
        act(slot, moment)
        slot.feed_through(self._lead_ohm(slot), moment)
        for bus in self.routed(slot):
            bus.look(self._view(bus, slot, moment))

    def _moment(self, now: float) -> float:
        return max(now, self._now)

    def _lead_ohm(self, slot: Slot) -> float:
        return sum(slot.resistors.shunts.get(bus.path, 0.0) for bus in self.routed(slot))

    def _view(self, bus: Bus, slot: Slot, moment: float) -> View:
        ohm = slot.resistors.shunts.get(bus.path) or self._loaded_sense_ohm(slot)
        unit = None if bus.path == "sense" and slot.load == "open" else slot.unit
        return View(moment, unit, bus.path, ohm, self._thermal(bus, slot))

    def _loaded_sense_ohm(self, slot: Slot) -> float:
        """Return the sense resistor with the inputs in parallel that are routed to it, in ohm."""
        if not slot.sense_ohm():
            return 0.0
        inputs = (1 / bus.input_ohm for bus in self.routed(slot) if bus.path == "sense")
        return 1 / (1 / slot.sense_ohm() + sum(inputs))

    def _thermal(self, bus: Bus, slot: Slot) -> float:
        """Return the thermal EMF in volt of the relays between a bus and a slot."""
        key = (bus.name, slot.number)
        if key not in self._thermals:
            self._thermals[key] = float(stream(self.seed, "emf", *key).normal(0, _RELAY_EMF, _RELAYS_PER_PATH).sum())
        return self._thermals[key]

    def _bus(self, name: str) -> Bus:
        return Bus(name, _INPUT_OHM[name[0]], stream(self.seed, "bus", name))
