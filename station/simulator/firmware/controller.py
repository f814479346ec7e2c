"""What the fixture's controller can do: safe states, clock stamps and news, whoever asks for it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from station.simulator.bench import Bench
from station.simulator.firmware.interlocks import Interlocks, Watchdog
from station.simulator.firmware.refusal import RefusedError
from station.simulator.firmware.uart import Uart
from station.simulator.frames import encode
from station.simulator.physics.streams import stream
from station.simulator.slot import Slot

_CLOCK_ERROR = 5e-6


@dataclass(slots=True)
class News:
    """Events that wait to be sent; `last` is the number of the last one, None when there was none yet."""

    last: int | None = None
    frames: bytearray = field(default_factory=bytearray)

    def tell(self, body: str) -> None:
        """Put an event into the queue."""
        self.last = 0 if self.last is None else (self.last + 1) % 256
        self.frames += encode("!", self.last, body)


class Controller:
    """The state of one fixture controller since its boot; moments are simulator seconds."""

    def __init__(self, bench: Bench, transport_now: Callable[[], float], boots: int, reset: str, booted: float) -> None:
        self.bench = bench
        self.transport_now = transport_now
        self.boots = boots
        self.reset = reset
        self.interlocks = Interlocks()
        self.watchdog = Watchdog()
        self.news = News()
        self.uarts = [Uart() for _ in bench.slots]
        rate = 1 + float(stream(bench.seed, "fixture clock").normal(0, _CLOCK_ERROR))
        self._paces = [(booted, 0.0, rate)]  # since when, what the clock said then, and how fast it goes

    def stamp(self, moment: float) -> str:
        """Return `moment` as whole microseconds of the fixture's own clock since boot."""
        since, said, rate = self._paces[-1]
        if moment < since:
            since, said, rate = next((pace for pace in reversed(self._paces) if pace[0] <= moment), self._paces[0])
        return str(math.floor((said + (moment - since) * rate) * 1e6))

    def drift(self, share: float, now: float) -> None:
        """Let the clock go faster by the share `share` from `now` on; a fault that only tests ask for."""
        since, said, rate = self._paces[-1]
        self._paces.append((now, said + (now - since) * rate, rate * (1.0 + share)))

    def seconds(self, microseconds: int) -> float:
        """Return how long `microseconds` of the fixture's clock last in simulator seconds."""
        return microseconds / self._paces[-1][2] * 1e-6

    def allow(self) -> None:
        """Refuse a command that moves relays unless watchdog and interlocks allow it."""
        self.watchdog.check()
        self.interlocks.check()

    def energise(self, slot: Slot) -> None:
        """Refuse a command that energises for a slot unless everything allows it, and there is a unit."""
        self.allow()
        if slot.unit is None:
            raise RefusedError(23, "no unit is present in the slot")

    def make_safe(self, slot: Slot, now: float) -> None:
        """Bring a slot to its safe state: unit stopped, load open, charger off, UART idle, no bus routed."""
        self.bench.slot(slot.number, now)
        slot.log.freeze(now)
        for bus in self.bench.routed(slot):
            bus.follow(None, now)
            self.bench.route(bus, None, "-", now)
        if slot.unit:
            slot.unit.engine.stop(now)
        slot.press_haptic_at(math.inf)
        self.bench.charge(slot.number, False, now)
        self.bench.load(slot.number, "open", now)
        self.uarts[slot.number - 1].drop(slot.unit, now)

    def make_all_safe(self, now: float) -> None:
        """Bring every slot to its safe state and open all buses."""
        for slot in self.bench.slots:
            self.make_safe(slot, now)
        for bus in self.bench.buses.values():
            bus.follow(None, now)
