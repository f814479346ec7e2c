"""One slot of the fixture: a unit if there is one, the relays around it, the comparator and the pulse log."""

from station.simulator.physics.comparator import Comparator
from station.simulator.physics.drive import OPEN, Circuit
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit
from station.simulator.pulselog import PulseLog
from station.simulator.resistors import resistors

_RELAY_OHM = 0.1
_RELAY_AGES = 1e-6
"""Share by which a relay's resistance grows each time it closes."""


class Slot:
    """Holds one unit; `number` counts from 1. Moments are simulator seconds and never run backwards."""

    def __init__(self, seed: int, number: int) -> None:
        self.number = number
        self.resistors = resistors(stream(seed, "resistors", number))
        self.comparator = Comparator(stream(seed, "comparator", number))
        self.log = PulseLog()
        self.unit: Unit | None = None
        self.load = "open"
        self.charging = False
        self._chance = stream(seed, "contact", number)
        self._probe_ohm = 2.0
        self._closures = 0
        self._placed = self._seen = 0.0
        self._removals: list[float] = []

    def advance(self, now: float) -> None:
        """Pass all that happens in the slot by `now`, and log the pulses."""
        if self.unit:
            self.unit.advance(now)
            for edge in self.comparator.watch(self.unit.history, self._seen, now):
                self.log.pulse(edge)
        else:
            self.comparator.absent(now)
        self._seen = now

    def place(self, unit: Unit, now: float) -> None:
        """Put `unit` in; its probes meet the needles anew."""
        self.advance(now)
        self.unit = unit
        self._probe_ohm = float(2.0 * self._chance.lognormal(0, 0.5))
        self._placed = now
        unit.seat(self.number, now)
        unit.engine.charger(self.charging, now)
        unit.connect(self._circuit(), now)

    def remove(self, now: float) -> Unit | None:
        """Take the unit out and return it; it keeps whatever state it has."""
        self.advance(now)
        unit, self.unit = self.unit, None
        if unit:
            unit.connect(OPEN, now)
            unit.engine.charger(False, now)
            unit.engine.feed_through(0.0, now)
            unit.seat(None, now)
            self.comparator.absent(now)
            self._removals.append(now)
        return unit

    def close(self, load: str, now: float) -> None:
        """Switch to another load, make before break."""
        self.advance(now)
        self._closures += load not in ("open", self.load)
        self.load = load
        if self.unit:
            self.unit.connect(self._circuit(), now)

    def charge(self, on: bool, now: float) -> None:
        """Apply VBUS or take it away."""
        self.advance(now)
        self.charging = on
        if self.unit:
            self.unit.engine.charger(on, now)

    def feed_through(self, lead_ohm: float, now: float) -> None:
        """Put the shunts that are routed, `lead_ohm` altogether, into the battery lead."""
        self.advance(now)
        if self.unit:
            self.unit.engine.feed_through(lead_ohm, now)

    def contact(self, now: float) -> bool:
        """Tell whether the needles touch the probe pads of a unit."""
        return self.unit is not None and self.unit.touches(now)

    def opens(self, now: float) -> int:
        """Return how often the needles lost their pads since the log was armed, until it was frozen."""
        start, end = self.log.armed, now if self.log.frozen is None else self.log.frozen
        taken = sum(start < moment <= end for moment in self._removals)
        begin = max(start, self._placed)
        return taken + (self.unit.losses(begin, end) if self.unit and begin < end else 0)

    def sense_ohm(self) -> float:
        """Return the true sense resistor of the closed load in ohm: 0 when the load is open."""
        return self.resistors.loads[self.load].sense_ohm if self.load != "open" else 0.0

    def _circuit(self) -> Circuit:
        if self.load == "open":
            return OPEN
        ohm = self.resistors.loads[self.load].ohm
        relay = _RELAY_OHM * (1 + _RELAY_AGES * self._closures)
        return Circuit(ohm=ohm + self._probe_ohm + relay, load=ohm)
