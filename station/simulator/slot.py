"""One slot of the fixture: a unit if there is one, the relays around it, the comparator and the pulse log."""

import math
from collections.abc import Callable

from station.simulator.physics.comparator import Comparator, is_counted, is_silent
from station.simulator.physics.drive import OPEN, Circuit
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit
from station.simulator.pulselog import PulseLog
from station.simulator.resistors import resistors

_RELAY_OHM = 0.1
_RELAY_AGES = 1e-6
"""Share by which a relay's resistance grows each time it closes."""
_KEEP = 100


def _nobody(_: int) -> None:
    """Tell nobody."""


class Slot:
    """Holds one unit; `number` counts from 1. Moments are simulator seconds and never run backwards.

    Time passes in it only when somebody asks (`reach`); `stirred` is told its number when what it is up to has changed.
    """

    def __init__(self, seed: int, number: int, stirred: Callable[[int], None] = _nobody) -> None:
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
        self._press = math.inf  # when the haptic key is going to be pressed
        self._strobes: list[float] = []
        self._stirred = stirred
        self._deaf = (math.inf, -math.inf)  # from when to when the comparator drops what it sees
        self._stuck = self._lifted = False
        self._wanted = "open"

    def drop_pulses(self, start: float, end: float) -> None:
        """Let the comparator drop the pulses with start <= time < end; a fault that only tests ask for."""
        self._deaf = (start, end)
        self._stirred(self.number)

    def stick(self, stuck: bool, now: float) -> None:
        """Let the load's relays stay as they are, or obey again what they were told; a fault that only tests ask for."""
        self._stuck = stuck
        if not stuck:
            self.close(self._wanted, now)

    def lift(self, lifted: bool, now: float) -> None:
        """Take the needles off the probe pads, or put them back; a fault that only tests ask for."""
        self.advance(now)
        self._lifted = lifted
        if lifted:
            self._removals.append(now)
        if self.unit:
            self.unit.connect(self._circuit(), now)

    def reach(self, now: float) -> None:
        """Pass what happens by `now`, unless that was passed already: whatever is read of a slot is read behind this."""
        if now > self._seen:
            self.advance(now)

    def quiet_until(self, now: float) -> float:
        """Return until when it has no news if nobody touches it, seen from `now` up to which it was reached.

        Minus infinity means that it must be looked at each time.
        """
        return min(self._press, self.unit.next_change if self.unit else math.inf, self._log_quiet_until(now))

    def _log_quiet_until(self, now: float) -> float:
        """Return until when the pulse log stays as it is: pulses are counted on, or none comes before its gap is over."""
        off_at, stretch = self.log.off_at, self.unit.history.last if self.unit else None
        if not self.log.listens or now >= off_at:
            return math.inf
        if stretch is None or is_silent(stretch):
            return off_at
        hears_all = self._deaf[0] >= self._deaf[1]
        return math.inf if off_at < math.inf and is_counted(stretch) and hears_all else -math.inf

    def advance(self, now: float) -> None:
        """Pass all that happens in the slot by `now`, and log the pulses."""
        if self._press <= now:
            moment, self._press = self._press, math.inf
            self.advance(moment)
            self._strobes = [*self._strobes, moment][-_KEEP:]
            if self.unit:
                self.unit.engine.buzz(moment)
        if self.unit:
            self.unit.advance(now)
            self.log.pulses(self._heard(self.comparator.watch(self.unit.history, self._seen, now)))
        else:
            self.comparator.absent(now)
        self._seen = now

    def press_haptic_at(self, moment: float) -> None:
        """Press the unit's haptic key at `moment`, with a strobe on SYNC; infinite: do not."""
        self._press = moment
        self._stirred(self.number)

    def edges(self, start: float, end: float) -> list[float]:
        """Return the rising edges that SYNC gives for this slot with start < time <= end: pulses, and strobes of the key."""
        strobes = [moment for moment in self._strobes if start < moment <= end]
        return sorted([*self._heard(self.comparator.edges(start, end)), *strobes])

    def _heard(self, edges: list[float]) -> list[float]:
        start, end = self._deaf
        return [edge for edge in edges if not start <= edge < end] if start < end else edges

    def place(self, unit: Unit, now: float) -> None:
        """Put `unit` in; its probes meet the needles anew."""
        self.advance(now)
        self.unit = unit
        self._probe_ohm = float(2.0 * self._chance.lognormal(0, 0.5))
        self._placed = now
        unit.seat(self.number, now)
        unit.engine.heed = lambda: self._stirred(self.number)
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
        self._wanted = load
        if self._stuck:
            return
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
        return self.unit is not None and not self._lifted and self.unit.touches(now)

    def opens(self, now: float) -> int:
        """Return how often the needles lost their pads since the log was armed, whatever froze its pulses since."""
        start = self.log.armed
        taken = sum(start < moment <= now for moment in self._removals)
        begin = max(start, self._placed)
        return taken + (self.unit.losses(begin, now) if self.unit and begin < now else 0)

    def sense_ohm(self) -> float:
        """Return the true sense resistor of the closed load in ohm: 0 when the load is open."""
        return self.resistors.loads[self.load].sense_ohm if self.load != "open" else 0.0

    def _circuit(self) -> Circuit:
        if self.load == "open" or self._lifted:
            return OPEN
        ohm = self.resistors.loads[self.load].ohm
        relay = _RELAY_OHM * (1 + _RELAY_AGES * self._closures)
        return Circuit(ohm=ohm + self._probe_ohm + relay, load=ohm)
