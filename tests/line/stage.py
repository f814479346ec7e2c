"""A station of fake rooms on a clock that is turned by hand: its one step does what each serial is told.

stage = Stage(slots=4)
with stage.station.at_work():
    stage.begin(1, "SN-1", bad)
    stage.pass_by(1.0)
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from station.cli.assemble import papers
from station.cli.home import Home, read
from station.clocks.virtual import VirtualClock
from station.core.errors import LinkError, StationError, StoreError
from station.core.events import Event, RunEnded, RunStarted
from station.core.instruments import Nest
from station.core.measurement import Evidence
from station.core.recipe import Recipe
from station.core.record import RunRecord, replay
from station.core.uncertainty import Uncertainty
from station.core.waveform import Waveform
from station.line.feed import ROOM, Feed
from station.line.floor import Floor
from station.line.line import Issued, Rooms
from station.line.papers import Papers
from station.line.slots import SlotView
from station.line.station import Station
from station.sequencer.sequence import Sequence, step
from station.sequencer.unit import Unit
from station.store.history import Attempt, History
from station.store.ids import Ids
from tests.sequencer.fakes import FakeBench, FakeNest

Body = Callable[[Unit], None]


@cache
def home() -> Home:
    """Return the repository's own home."""
    return read(Path(__file__).parents[2])


@dataclass
class FakeJournal:
    """A journal that keeps events in lists and tells `hear` of them; `full` after so many, it takes `commit` s to settle."""

    clock: VirtualClock
    hear: Callable[[Event], None] = lambda _: None
    full: int = 10_000
    commit: float = 0.0
    events: dict[str, list[Event]] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)

    def write(self, event: Event) -> None:
        if sum(len(told) for told in self.events.values()) >= self.full:
            raise StoreError("the disk is full")
        self.events.setdefault(event.run_id, []).append(event)
        self.hear(event)

    def settle(self, run_id: str) -> None:
        if not isinstance(self.events[run_id][-1], RunEnded):
            raise StoreError("the end is not on record")
        self.clock.wait(self.commit, self.clock.stop())
        self.settled.add(run_id)

    def record(self, run_id: str) -> RunRecord:
        return replay(self.events[run_id])

    def history(self, serial: str) -> History:
        """Return what was settled of `serial` so far."""
        records = [self.record(run_id) for run_id in self.events if run_id in self.settled]
        runs = [
            Attempt(one.started.run_id, one.verdict.name, one.started.slot, one.first_fail, one.started.at, "production")
            for one in records
            if one.started.serial == serial
        ]
        return History(tuple(runs), ())


class ManySlots(FakeBench):
    """A bench whose every slot is a nest of its own."""

    def nest(self, slot: int) -> Nest:
        return FakeNest(number=slot)


def good(unit: Unit) -> None:
    unit.measure("BAT.010", 3.8, Uncertainty(1e-4, "V", "test"))


def bad(unit: Unit) -> None:
    unit.measure("BAT.010", 3.0, Uncertainty(1e-4, "V", "test"))


def lasting(seconds: float, then: Body = good) -> Body:
    """Return a test that takes `seconds`."""

    def body(unit: Unit) -> None:
        unit.wait(seconds)
        then(unit)

    return body


def paper(clock: VirtualClock, body: Body) -> Papers:
    """Return the papers of a test of one row, by one step."""
    limits = replace(home().limits, limits={"BAT.010": home().limits.limits["BAT.010"]})
    battery = step("Battery", "BAT.010")(body)
    sequence = Sequence("MC-100", "1", Recipe.REAL_TIME, (battery,), lambda unit: unit.nest.safe())
    return papers(replace(home(), limits=limits), sequence, "", "", Ids(clock, lambda bits: 7), 1.0)


def no_document(_: RunRecord) -> Issued | None:
    return None


def no_evidence(wave: Waveform, title: str) -> Evidence:
    raise StationError("nothing is kept here")


def nobody(question: str) -> str:
    raise StationError(question)


class Stage:
    """What a station is built from, and the station; `bodies` says what a serial's test does, `barred` what keeps all from it."""

    def __init__(
        self,
        slots: int = 4,
        *,
        floor: Floor | None = None,
        room: int = ROOM,
        issue: Callable[[RunRecord], Issued | None] = no_document,
    ) -> None:
        self.clock = VirtualClock()
        self.feed = Feed(self.clock, slots, room)
        self.journal = FakeJournal(self.clock, self.feed.hear)
        self.bench = ManySlots()
        self.bodies: dict[str, Body] = {}
        self.barred: StationError | None = None
        self.made_safe: list[float] = []
        self.line_lost = False
        ids = Ids(self.clock, lambda bits: 7)
        self.rooms = Rooms(
            self.clock, self.bench, self.journal, no_evidence, nobody, ids.new, lambda serial: 1, self.journal.record, issue,
            self._make_safe, self.journal.history, lambda: self.barred,
        )  # fmt: skip
        self.papers = paper(self.clock, lambda unit: self.bodies.get(unit.serial, good)(unit))
        self.station = Station(self.rooms, self.papers, self.feed, floor)

    def begin(self, slot: int, serial: str, body: Body = good) -> None:
        """Load a unit and start its test."""
        self.bodies[serial] = body
        self.station.ready(slot, serial)
        self.station.start(slot)

    def slot(self, number: int) -> SlotView:
        """Return a slot as it is now."""
        return self.station.view().of(number)

    def pass_by(self, seconds: float) -> None:
        """Let time pass, and everybody do what is due."""
        self.clock.wait(seconds, self.clock.stop())

    def runs_of(self, serial: str) -> list[RunRecord]:
        """Return the records of a serial."""
        starts = [events[0] for events in self.journal.events.values()]
        return [self.journal.record(one.run_id) for one in starts if isinstance(one, RunStarted) and one.serial == serial]

    def _make_safe(self, reason: str) -> None:
        self.made_safe.append(self.clock.now())
        if self.line_lost:
            raise LinkError("the fixture's line is lost")
