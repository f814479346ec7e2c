"""What disturbs a line: each by its name, what it does and when, and which slots it has to do with afterwards.

What a station cannot know is left out or bounded here: a gain that drifts inside its specification may shift nothing, one that
drifts further without leaving a trace is found at the next verification and by nothing in a run; pulses that a comparator drops
cannot be told from pulses that a unit does not give, so a good unit may fail by them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from station.simulator.faults import Fault
from station.simulator.truevolt import Truevolt
from tests.seeds.story import NOBODY, Course, Effect
from tests.world.line import Line
from tests.world.world import World

Act = Callable[[World, Line], object]
_LOOK = b":DATA:POIN?"  # how many readings are there: one that is cut off is looked at again, and no reading is lost by it


def kind_of(link: str) -> str:
    """Return what an instrument is, by its name: dmm2 is a dmm."""
    return link.rstrip("2345678")


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done at a moment, in s of the line."""

    at: float
    act: Act


class Disturbance(Protocol):
    """Something that goes wrong, drawn before the run and known in full."""

    @property
    def name(self) -> str:
        """Return what it is called in counts."""
        ...

    def faults(self) -> Iterable[Fault]:
        """Return what is scripted on the wires."""
        ...

    def deeds(self) -> Iterable[Deed]:
        """Return what is done when."""
        ...

    def effect(self, course: Course) -> Effect:
        """Return which slots it had to do with, now that all is over."""
        ...


class ByHand:
    """A disturbance that is done by hand, not by the wire."""

    __slots__ = ()

    def faults(self) -> Iterable[Fault]:
        """Return nothing: the wires are sound."""
        return ()


@dataclass(frozen=True, slots=True)
class WireFault:
    """The how-manieth answer of a link goes wrong."""

    fault: Fault

    @property
    def name(self) -> str:
        """Return the link and what happens on it."""
        return f"wire: {kind_of(self.fault.link)} {self.fault.kind}"

    def faults(self) -> Iterable[Fault]:
        """Return the one fault."""
        return (self.fault,)

    def deeds(self) -> Iterable[Deed]:
        """Return nothing: it happens by itself."""
        return ()

    def effect(self, course: Course) -> Effect:
        """Return who was asking: an instrument's loan is spoilt, what the fixture's protocol heals is not."""
        link, number, kind = self.fault.link, self.fault.exchange, self.fault.kind
        at = course.moment(link, number)
        if at is None:
            return Effect()
        if link == "fixture":
            running = course.running(at)
            fatal = kind in ("close", "reset", "reboot")
            return Effect(spoilt=running - course.over(link, number) if fatal else NOBODY, touched=running, line=True)
        mine = course.asker(link, number)
        if kind in ("one_byte", "flip"):  # bytes come one by one; a bit may be turned over where nothing is measured
            return Effect(touched=mine)
        if kind == "duplicate":
            taken_up, behind = course.taken_up(link, number), course.asker(link, number + 1)
            return Effect(spoilt=NOBODY if taken_up else mine & behind, touched=mine | behind | taken_up)
        is_shorter_count = kind == "truncate" and course.asked(link, number).startswith(_LOOK)
        return Effect(spoilt=NOBODY if is_shorter_count else mine, touched=mine)


@dataclass(frozen=True, slots=True)
class SlowRange:
    """A meter takes its time over `count` settings in a row from the `first` answer on, `seconds` of the wire each."""

    first: int
    count: int
    seconds: float
    link: str = "dmm"
    name: str = "meter is slow"

    def faults(self) -> Iterable[Fault]:
        """Return an answer late for each setting."""
        return [Fault(self.link, self.first + number, "late", self.seconds) for number in range(self.count)]

    def deeds(self) -> Iterable[Deed]:
        """Return nothing: it happens by itself."""
        return ()

    def effect(self, course: Course) -> Effect:
        """Return whose loans they were, and who may come too late because of it: all that run."""
        begin = course.moment(self.link, self.first)
        return Effect() if begin is None else Effect(touched=course.running(begin))


@dataclass(frozen=True, slots=True)
class PowerCycle(ByHand):
    """An instrument is switched off and on; its link stays up."""

    link: str
    at: float

    @property
    def name(self) -> str:
        """Return whose supply it was."""
        return f"power cycle: {kind_of(self.link)}"

    def deeds(self) -> Iterable[Deed]:
        """Return the one moment."""
        return (Deed(self.at, self._cycle),)

    def _cycle(self, made: World, _: Line) -> None:
        made.rig.instruments[self.link].power_cycle(made.clock.now())

    def effect(self, course: Course) -> Effect:
        """Return the first that asked it anything afterwards; who set it up anew, as behind a lost answer, may pass."""
        hit = course.first_to_ask(self.link, self.at)
        return Effect(spoilt=NOBODY if course.set_up_next(self.link, self.at) else hit, touched=hit)


@dataclass(frozen=True, slots=True)
class FixtureRestart(ByHand):
    """The fixture's controller starts anew."""

    at: float
    name: str = "fixture restarts"

    def deeds(self) -> Iterable[Deed]:
        """Return the one moment."""
        return (Deed(self.at, lambda made, _: made.rig.fixture.reboot("brownout", made.clock.now())),)

    def effect(self, course: Course) -> Effect:
        """Return all that ran."""
        running = course.running(self.at)
        return Effect(spoilt=running, touched=running, line=True)


@dataclass(frozen=True, slots=True)
class TimerDrift(ByHand):
    """The fixture's clock, the only witness of the twenty minutes, goes wrong by a `share` from a moment on."""

    at: float
    share: float
    name: str = "fixture's clock drifts"

    def deeds(self) -> Iterable[Deed]:
        """Return the one moment."""
        return (Deed(self.at, lambda made, _: made.rig.fixture.drift(self.share, made.clock.now())),)

    def effect(self, course: Course) -> Effect:
        """Return all that ran; who ran on it long enough for 0.15 % of its whole time may not pass: 0.1 % is what is allowed."""
        running = course.running(self.at)
        return Effect(spoilt=frozenset(slot for slot in running if self._off(course, slot) > 1.5e-3), touched=running, line=True)

    def _off(self, course: Course, slot: int) -> float:
        run = course.span(slot)
        return (
            0.0 if run is None or run.proven == run.begin else abs(self.share) * (run.proven - self.at) / (run.proven - run.begin)
        )


@dataclass(frozen=True, slots=True)
class GainDrift(ByHand):
    """A meter's gain moves inside its specification."""

    at: float
    share: float
    link: str = "dmm"
    name: str = "meter drifts"

    def deeds(self) -> Iterable[Deed]:
        """Return the one moment."""
        return (Deed(self.at, self._drift),)

    def _drift(self, made: World, _: Line) -> None:
        meter = made.rig.instruments[self.link]
        assert isinstance(meter, Truevolt)
        meter.misadjust("VOLT", self.share)

    def effect(self, course: Course) -> Effect:
        """Return nobody: the budget bears it."""
        return Effect()
