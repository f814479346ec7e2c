"""What goes wrong in one slot: relays that stick, a comparator that drops pulses, needles and hands that lift the unit."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.seeds.disturbances import ByHand, Deed
from tests.seeds.story import NOBODY, Course, Effect
from tests.world.line import Line
from tests.world.world import World


@dataclass(frozen=True, slots=True)
class StuckRelay(ByHand):
    """The load's relays of a slot stay as they are for `seconds`, whatever they are told."""

    slot: int
    at: float
    seconds: float
    name: str = "relay sticks"

    def deeds(self) -> Iterable[Deed]:
        """Return when they begin to stick, and when they are free again."""
        return (Deed(self.at, self._stick), Deed(self.at + self.seconds, self._free))

    def _stick(self, made: World, _: Line) -> None:
        now = made.clock.now()
        made.rig.bench.slot(self.slot, now).stick(True, now)

    def _free(self, made: World, _: Line) -> None:
        now, bench = made.clock.now(), made.rig.bench
        slot = bench.slot(self.slot, now)
        slot.stick(False, now)
        bench.load(self.slot, slot.load, now)  # so that the instruments see it too

    def effect(self, course: Course) -> Effect:
        """Return the slot: it may pass when nothing was switched meanwhile, and then by true values."""
        mine = frozenset({self.slot}) & course.running(self.at, self.at + self.seconds)
        still = course.done_with(self.slot) < self.at + self.seconds
        return Effect(touched=mine, stuck=mine if still else NOBODY)


@dataclass(frozen=True, slots=True)
class DroppedPulses(ByHand):
    """The comparator of a slot drops all pulses for `seconds`."""

    slot: int
    at: float
    seconds: float
    name: str = "comparator drops pulses"

    def deeds(self) -> Iterable[Deed]:
        """Return when it is told; it begins and ends by itself."""
        return (Deed(self.at, self._deafen),)

    def _deafen(self, made: World, _: Line) -> None:
        now = made.clock.now()
        made.rig.bench.slot(self.slot, now).drop_pulses(now, now + self.seconds)

    def effect(self, course: Course) -> Effect:
        """Return the slot: its unit may fail, for a unit that drops pulses looks the same."""
        mine = frozenset({self.slot}) & course.running(self.at, self.at + self.seconds)
        return Effect(touched=mine, failing=mine)


@dataclass(frozen=True, slots=True)
class LiftedNeedles(ByHand):
    """The needles of a slot lose the probe pads for `seconds`."""

    slot: int
    at: float
    seconds: float
    name: str = "contact opens"

    def deeds(self) -> Iterable[Deed]:
        """Return when they leave the pads, and when they are back."""
        return (Deed(self.at, self._lift), Deed(self.at + self.seconds, self._lower))

    def _lift(self, made: World, _: Line) -> None:
        now = made.clock.now()
        made.rig.bench.slot(self.slot, now).lift(True, now)

    def _lower(self, made: World, _: Line) -> None:
        now = made.clock.now()
        made.rig.bench.slot(self.slot, now).lift(False, now)

    def effect(self, course: Course) -> Effect:
        """Return the slot: where it mattered the station must say that it lost contact, and never that the unit is bad."""
        mine = frozenset({self.slot}) & course.running(self.at, self.at + self.seconds)
        return Effect(spoilt=course.timed(self.slot, self.at), touched=mine)


@dataclass(frozen=True, slots=True)
class LiftedUnit(ByHand):
    """A hand takes the unit of a slot out and puts it back after `seconds`, or puts `other` in."""

    slot: int
    serial: str
    other: str
    at: float
    seconds: float

    @property
    def name(self) -> str:
        """Return which of the two it was."""
        return "unit is changed for another" if self.other else "unit is lifted out and put back"

    def deeds(self) -> Iterable[Deed]:
        """Return when it is taken, and when the slot is full again."""
        into = f"PLACE {self.slot} {self.other} good" if self.other else f"PLACE {self.slot} {self.serial}"
        return (
            Deed(self.at, lambda made, _: made.operate(f"REMOVE {self.slot}")),
            Deed(self.at + self.seconds, lambda made, _: made.operate(into)),
        )

    def effect(self, course: Course) -> Effect:
        """Return the slot: what was measured on two units is evidence of none."""
        mine = frozenset({self.slot}) & course.running(self.at)
        if self.other:
            return Effect(spoilt=mine, touched=mine, strangers=mine)
        return Effect(spoilt=course.timed(self.slot, self.at), touched=mine)
