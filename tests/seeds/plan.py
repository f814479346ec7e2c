"""Draw a disturbed shift from a seed: one to three units, good or not, and what goes wrong while they are tested."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from station.core.recipe import Recipe
from station.simulator.faults import Fault
from station.simulator.physics.defects import DEFECTS
from tests.seeds.disturbances import Disturbance, FixtureRestart, GainDrift, PowerCycle, SlowRange, TimerDrift, WireFault
from tests.seeds.in_the_slot import DroppedPulses, LiftedNeedles, LiftedUnit, StuckRelay
from tests.seeds.people import ALL, Interlock, JournalFull, JournalStalls, OperatorStops, WallStep
from tests.seeds.pools import ONE_OF_EACH, Pools, pools, spread

_KINDS = (
    "silence", "late", "duplicate", "truncate", "garble", "extra_line", "half_then_stall", "close", "reset", "one_byte",
    "reboot", "flip",
)  # fmt: skip
_SECONDS = {"late": 3.0, "one_byte": 1.0}  # of the wire; the rest wait for ever
_FOREVER = 1e9
_OPENED = 9  # exchanges of a link after which the bench is open for certain
_EXCHANGES = {"dmm": 349, "scope": 105, "fixture": 460}  # of one unit, about
_GOOD = 0.65  # share of units that are forced to have no defect
_UNSEEN = (
    "weak_cell",
    "early_shutoff",
    "contact_unit",
    "contact_slot",
)  # what comes now and then: a run of 90 s cannot claim to see it
_INSIDE = 1.5e-5  # of a reading: the meter's specification is 20 ppm and more
_MOMENTS = {  # from when to when in s of the line, and how often: before, at and behind the start, and around the shut-off
    Recipe.REAL_TIME: ((0.0, 40.0, 4), (40.0, 180.0, 4), (180.0, 1150.0, 1), (1150.0, 1225.0, 3)),
    Recipe.ACCELERATED: ((0.0, 45.0, 1), (45.0, 85.0, 1)),
}


@dataclass(frozen=True, slots=True)
class Guest:
    """A unit of the shift: its slot, its serial, and its defect or `good`."""

    slot: int
    serial: str
    defect: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A shift as it is drawn from `seed`, which also makes the bench and the units."""

    seed: int
    recipe: Recipe
    guests: tuple[Guest, ...]
    disturbances: tuple[Disturbance, ...]
    pools: Pools = ONE_OF_EACH

    def __str__(self) -> str:
        """Return the plan as a person reads it."""
        units = ", ".join(f"{guest.serial} in slot {guest.slot}: {guest.defect}" for guest in self.guests)
        bench = "" if self.pools == ONE_OF_EACH else f" on {', '.join(self.pools.links)}"
        return (
            f"seed {self.seed}, {self.recipe}{bench}; {units}; {'; '.join(map(repr, self.disturbances)) or 'nothing goes wrong'}"
        )


class _Chance:
    """What is drawn for one shift."""

    def __init__(self, seed: int, recipe: Recipe, guests: tuple[Guest, ...], opens: float, chance: random.Random) -> None:
        self._seed = seed
        self._recipe = recipe
        self._guests = guests
        self._opens = opens
        self._chance = chance

    def moment(self) -> float:
        stretches = _MOMENTS[self._recipe]
        begin, end, _ = self._chance.choices(stretches, [weight for *_, weight in stretches])[0]
        return self._opens + self._chance.uniform(begin, end)

    def seconds(self, shortest: float, longest: float) -> float:
        """Draw a length, every order of magnitude as often as any other."""
        return float(shortest * (longest / shortest) ** self._chance.random())

    def guest(self) -> Guest:
        return self._chance.choice(self._guests)

    def wire(self) -> Disturbance:
        link, kind = self._chance.choice(tuple(_EXCHANGES)), self._chance.choice(_KINDS)
        return WireFault(Fault(link, self._exchange(link), kind, _SECONDS.get(kind, _FOREVER)))

    def _exchange(self, link: str) -> int:
        return self._chance.randint(_OPENED + 1, _OPENED + _EXCHANGES[link] * len(self._guests))

    def slow(self) -> Disturbance:
        return SlowRange(self._exchange("dmm"), self._chance.randint(1, 5), self.seconds(0.005, 0.5))

    def power(self) -> Disturbance:
        return PowerCycle(self._chance.choice(("dmm", "scope")), self.moment())

    def timer(self) -> Disturbance:
        return TimerDrift(self.moment(), self._sign() * self.seconds(2e-3, 5e-2))

    def gain(self) -> Disturbance:
        return GainDrift(self.moment(), self._chance.uniform(-_INSIDE, _INSIDE))

    def relay(self) -> Disturbance:
        return StuckRelay(self.guest().slot, self.moment(), self.seconds(0.1, 100.0))

    def comparator(self) -> Disturbance:
        return DroppedPulses(self.guest().slot, self.moment(), self.seconds(0.05, 60.0))

    def needles(self) -> Disturbance:
        return LiftedNeedles(self.guest().slot, self.moment(), self.seconds(0.02, 10.0))

    def lifted(self) -> Disturbance:
        guest = self.guest()
        other = self._chance.choice(("", f"X{self._seed}"))
        return LiftedUnit(guest.slot, guest.serial, other, self.moment(), self.seconds(1.0, 5.0))

    def stops(self) -> Disturbance:
        return OperatorStops(self._chance.choice((ALL, self.guest().slot)), self.moment())

    def interlock(self) -> Disturbance:
        return Interlock(self._chance.choice(("lid", "estop")), self.moment(), self.seconds(0.5, 50.0))

    def wall(self) -> Disturbance:
        return WallStep(self.moment(), self._sign() * self.seconds(1.0, 1e5))

    def _sign(self) -> float:
        return self._chance.choice((-1.0, 1.0))

    def stall(self) -> Disturbance:
        return JournalStalls(self.moment(), self.seconds(0.01, 5.0))


_DRAWS: tuple[tuple[Callable[[_Chance], Disturbance], int], ...] = (
    (_Chance.wire, 8),
    (_Chance.slow, 1),
    (_Chance.power, 2),
    (lambda chance: FixtureRestart(chance.moment()), 1),
    (_Chance.timer, 2),
    (_Chance.gain, 1),
    (_Chance.relay, 2),
    (_Chance.comparator, 4),
    (_Chance.needles, 3),
    (_Chance.lifted, 2),
    (_Chance.stops, 2),
    (_Chance.interlock, 2),
    (_Chance.stall, 1),
    (lambda chance: JournalFull(chance.moment()), 1),
    (_Chance.wall, 1),
)


def plan(seed: int) -> Plan:
    """Return the shift of a seed."""
    chance = random.Random(seed)
    recipe = chance.choices((Recipe.REAL_TIME, Recipe.ACCELERATED), (3, 1))[0]
    slots = chance.sample(range(1, 9), chance.choices((1, 2, 3), (5, 3, 1))[0])
    guests = tuple(Guest(slot, f"S{seed}-{number}", _defect(recipe, chance)) for number, slot in enumerate(sorted(slots), 1))
    bench = pools(seed)
    draw = _Chance(seed, recipe, guests, bench.opens, chance)
    count = chance.choices((0, 1, 2, 3), (1, 8, 4, 2))[0]
    chosen = chance.choices([make for make, _ in _DRAWS], [weight for _, weight in _DRAWS], k=count)
    return Plan(seed, recipe, guests, spread(seed, bench, tuple(make(draw) for make in chosen)), bench)


def _defect(recipe: Recipe, chance: random.Random) -> str:
    if chance.random() < _GOOD:
        return "good"
    return chance.choice([name for name in DEFECTS if recipe is Recipe.REAL_TIME or name not in _UNSEEN])
