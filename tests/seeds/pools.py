"""Draw benches of several instruments: every third seed has them, by a stream of its own; the others keep their stories."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace

from station.core.equipment import named
from station.simulator.faults import Fault
from tests.seeds.disturbances import Deed, Disturbance, GainDrift, PowerCycle, SlowRange, WireFault, kind_of
from tests.seeds.story import Course, Effect

EVERY = 3  # seeds
_PROVEN = 30  # exchanges of a link by which a bench with pools is open for certain: more, because its wiring is proven
_PROOF = 2.0  # s of the line that the proof of the wiring takes, at most
_UNANSWERED = 202.0  # s of the line that one who does not answer is waited for: 2 s of the wire, at the speed of a shift
_GOES = 0.25  # share of such benches one of whose instruments goes for good
_LONG = 3000  # exchanges: as many no instrument is ever asked in a shift
_WHOLE = 400  # exchanges of a link in a shift, about


@dataclass(frozen=True, slots=True)
class LostInstrument:
    """One of a pool falls silent for good from its `first` answer on: before the bench is open, or in the middle of the shift."""

    link: str
    first: int

    @property
    def name(self) -> str:
        """Return what is lost, and when."""
        return f"{kind_of(self.link)} is {'dead at the opening' if self.first == 1 else 'lost for good'}"

    def faults(self) -> Iterable[Fault]:
        """Return silence for all that it is asked from then on."""
        return [Fault(self.link, self.first + number, "silence", 0.0) for number in range(_LONG)]

    def deeds(self) -> Iterable[Deed]:
        """Return nothing: it happens by itself."""
        return ()

    def effect(self, course: Course) -> Effect:
        """Return who was measuring with it: the others go on with those that are left."""
        mine = course.asker(self.link, self.first)
        return Effect(spoilt=mine, touched=mine)


@dataclass(frozen=True, slots=True)
class Pools:
    """How many DMMs and oscilloscopes a bench has, and which of them is lost."""

    dmms: int = 1
    scopes: int = 1
    lost: LostInstrument | None = None

    @property
    def opens(self) -> float:
        """Return by when such a bench is open for certain, in s of the line."""
        if self.lost is not None and self.lost.first == 1:
            return _UNANSWERED
        return 0.0 if self == ONE_OF_EACH else _PROOF

    @property
    def links(self) -> tuple[str, ...]:
        """Return what all of them are called."""
        return (*named("dmm", self.dmms), *named("scope", self.scopes))

    def like(self, link: str) -> tuple[str, ...]:
        """Return the instruments of the kind of `link`; the fixture is alone."""
        return tuple(one for one in self.links if kind_of(one) == link) or (link,)


ONE_OF_EACH = Pools()


def pools(seed: int) -> Pools:
    """Return what the bench of a seed has, and which of it is lost."""
    if seed % EVERY:
        return ONE_OF_EACH
    chance = random.Random(f"pools of {seed}")
    bench = Pools(chance.choices((1, 2, 3), (1, 3, 2))[0], chance.choices((1, 2), (1, 1))[0])
    spare = [link for link in bench.links if len(bench.like(kind_of(link))) > 1]
    if not spare or chance.random() >= _GOES:
        return bench
    return replace(bench, lost=LostInstrument(chance.choice(spare), chance.choice((1, _PROVEN + chance.randint(1, _WHOLE)))))


def spread(seed: int, bench: Pools, disturbances: tuple[Disturbance, ...]) -> tuple[Disturbance, ...]:
    """Let what was drawn for a bench with one of each befall any instrument of `bench`, and lose the one that is to be lost."""
    if bench == ONE_OF_EACH:
        return disturbances
    chance = random.Random(f"troubles of the pools of {seed}")
    found = tuple(_moved(one, bench, chance) for one in disturbances)
    return found if bench.lost is None else (*found, bench.lost)


def _moved(one: Disturbance, bench: Pools, chance: random.Random) -> Disturbance:
    if isinstance(one, WireFault):
        link = chance.choice(bench.like(one.fault.link))
        return WireFault(replace(one.fault, link=link, exchange=one.fault.exchange + _PROVEN))
    if isinstance(one, SlowRange):
        return replace(one, link=chance.choice(bench.like("dmm")), first=one.first + _PROVEN)
    if isinstance(one, PowerCycle):
        return replace(one, link=chance.choice(bench.like(one.link)))
    if isinstance(one, GainDrift):
        return replace(one, link=chance.choice(bench.like("dmm")))
    return one
