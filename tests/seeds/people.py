"""What people do to a line, and what befalls its records and its clock: stops, lids, a stalled journal, a stepped wall clock."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from station.core.errors import StoreError
from station.core.events import Event, RunEnded, RunStarted
from station.line.line import Journal
from tests.seeds.disturbances import ByHand, Deed
from tests.seeds.story import Course, Effect
from tests.world.line import Line
from tests.world.world import World

ALL = 0


@dataclass(frozen=True, slots=True)
class OperatorStops(ByHand):
    """The operator stops one slot, or every slot when `slot` is 0."""

    slot: int
    at: float

    @property
    def name(self) -> str:
        """Return what is stopped."""
        return "operator stops all" if self.slot == ALL else "operator stops a slot"

    def deeds(self) -> Iterable[Deed]:
        """Return the one moment."""
        return (Deed(self.at, self._stop),)

    def _stop(self, made: World, line: Line) -> None:
        if self.slot == ALL:
            line.stop_all("the operator")
        elif line.station.view().of(self.slot).outcome is None:
            line.stop(self.slot, "the operator")

    def effect(self, course: Course) -> Effect:
        """Return the slots that still ran."""
        running = course.running(self.at)
        mine = running if self.slot == ALL else running & {self.slot}
        return Effect(spoilt=mine, touched=mine)


@dataclass(frozen=True, slots=True)
class Interlock(ByHand):
    """Somebody opens the lid, or presses the E-stop, and closes or releases it `seconds` later."""

    name: str
    at: float
    seconds: float

    def deeds(self) -> Iterable[Deed]:
        """Return both moments."""
        on, off = {"lid": ("LID open", "LID closed"), "estop": ("ESTOP press", "ESTOP release")}[self.name]
        return (
            Deed(self.at, lambda made, _: made.operate(on)),
            Deed(self.at + self.seconds, lambda made, _: made.operate(off)),
        )

    def effect(self, course: Course) -> Effect:
        """Return all that ran."""
        running = course.running(self.at)
        return Effect(spoilt=running, touched=running)


@dataclass(frozen=True, slots=True)
class WallStep(ByHand):
    """The wall clock is stepped by `seconds`, forwards or backwards."""

    at: float
    seconds: float
    name: str = "wall clock steps"

    def deeds(self) -> Iterable[Deed]:
        """Return the one moment."""
        return (Deed(self.at, lambda made, _: made.step_wall(self.seconds)),)

    def effect(self, course: Course) -> Effect:
        """Return nobody: no duration may depend on it."""
        return Effect()


class TroubledJournal:
    """The journal as a line sees it: it stalls until `stalled_until` (s of the wire), or refuses for good."""

    def __init__(self, made: World, inner: Journal) -> None:
        self._clock = made.clock
        self._inner = inner
        self.stalled_until = 0.0
        self.is_full = False
        self.left_unsafe: set[int] = set()  # slots that were not safe when their run said that it ended
        self._made = made
        self._slots: dict[str, int] = {}

    def write(self, event: Event) -> None:
        """Take an event, late where it stalls; raises StoreError once it is full."""
        self._look(event)
        self._suffer()
        self._inner.write(event)

    def settle(self, run_id: str) -> None:
        """Wait until a run's end is kept; raises StoreError once it is full."""
        self._suffer()
        self._inner.settle(run_id)

    def _look(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._slots[event.run_id] = event.slot
        elif isinstance(event, RunEnded):
            slot = self._slots[event.run_id]
            unit = self._made.rig.bench.slot(slot, self._made.clock.now()).unit
            if not self._made.slot_is_safe(slot) or (unit is not None and unit.engine.on):
                self.left_unsafe.add(slot)

    def _suffer(self) -> None:
        transport = self._clock.transport
        transport.wait(max(0.0, self.stalled_until - transport.now()), transport.stop())
        if self.is_full:
            raise StoreError("the disk is full. What to do: make room, then start the station again")


def trouble(made: World) -> TroubledJournal:
    """Put a journal that can be troubled into `made`, and return it."""
    troubled = TroubledJournal(made, made.rooms.journal)
    made.rooms = replace(made.rooms, journal=troubled)
    return troubled


def _journal(made: World) -> TroubledJournal:
    found = made.rooms.journal
    assert isinstance(found, TroubledJournal)
    return found


@dataclass(frozen=True, slots=True)
class JournalStalls(ByHand):
    """The journal takes nothing for `seconds` of the wire."""

    at: float
    seconds: float
    name: str = "journal stalls"

    def deeds(self) -> Iterable[Deed]:
        """Return the one moment."""
        return (Deed(self.at, self._stall),)

    def _stall(self, made: World, _: Line) -> None:
        _journal(made).stalled_until = made.clock.transport.now() + self.seconds

    def effect(self, course: Course) -> Effect:
        """Return all that ran: who waits for the journal may come too late for an instrument."""
        return Effect(touched=course.running(self.at))


@dataclass(frozen=True, slots=True)
class JournalFull(ByHand):
    """The journal keeps nothing more."""

    at: float
    name: str = "journal refuses"

    def deeds(self) -> Iterable[Deed]:
        """Return the one moment."""
        return (Deed(self.at, self._fill),)

    def _fill(self, made: World, _: Line) -> None:
        _journal(made).is_full = True

    def effect(self, course: Course) -> Effect:
        """Return all whose end was not kept: they have no verdict that counts."""
        cut = course.open_runs(self.at)
        return Effect(spoilt=cut, touched=cut, unkept=cut)
