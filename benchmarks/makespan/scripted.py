"""Play scripts in virtual time on the real facade, tray, runner, lending and admission; only what is lent is not there."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from benchmarks.makespan.script import Close, Loan, Open, Pause, Script, Until
from station.clocks.virtual import VirtualClock
from station.core.clock import Stop
from station.core.equipment import named
from station.core.errors import StationError
from station.core.events import Event, RunEnded, RunStarted
from station.core.instruments import Dmm, Nest, Scope
from station.core.record import RunRecord, replay
from station.core.verdict import Verdict
from station.hardware.lending import LoanEntry, lending
from station.line.feed import Feed
from station.line.line import Journal, Outcome, Rooms
from station.line.station import Station
from station.line.tray import Tray
from station.sequencer.unit import Unit
from station.store.history import History
from station.store.ids import Ids
from tests.line.stage import good, no_document, no_evidence, nobody, paper
from tests.sequencer.fakes import FakeBench, FakeDmm, FakeNest, FakeScope

_T = TypeVar("_T")


class LentBench(FakeBench):
    """A bench whose instruments are nothing but the turn they are lent in, by the station's own office, with `meters` DMMs."""

    def __init__(self, clock: VirtualClock, log: Callable[[LoanEntry], None], meters: int = 1) -> None:
        super().__init__()
        self._office = lending(clock, log, {"dmm": named("dmm", meters), "scope": named("scope", 1)})

    def nest(self, slot: int) -> Nest:
        """Return a nest that is always well."""
        return FakeNest(number=slot)

    def dmm(self, slot: int, stop: Stop, path: str = "sense", before: float | None = None) -> AbstractContextManager[Dmm]:
        """Lend the DMM; every path takes it as long."""
        del path
        return self._turn(slot, frozenset({"dmm"}), FakeDmm(), stop, before)

    def scope(self, slot: int, stop: Stop, before: float | None = None) -> AbstractContextManager[Scope]:
        """Lend the oscilloscope."""
        return self._turn(slot, frozenset({"scope"}), FakeScope(), stop, before)

    def open_window(
        self, slot: int, stop: Stop, *, seconds: float, loans: Mapping[str, int], waits: Callable[[float], None] | None = None
    ) -> float:
        """Wait for the right to start."""
        return self._office.windows.open(slot, stop, seconds=seconds, loans=loans, waits=waits)

    def close_window(self, slot: int) -> None:
        """Give the window up."""
        self._office.windows.close(slot)

    @contextmanager
    def _turn(self, slot: int, names: frozenset[str], thing: _T, stop: Stop, before: float | None) -> Iterator[_T]:
        with self._office.turn(slot, names, stop, before):
            yield thing


class SlowHand:
    """A hand that takes `load` s to put a unit in, and `unload` s to take one out."""

    def __init__(self, clock: VirtualClock, load: float, unload: float) -> None:
        self._clock, self._load, self._unload = clock, load, unload
        self._done = 0.0

    def change(self, slot: int, out: Outcome | None, into: str) -> None:
        """Begin to change a slot's unit; every slot takes it as long."""
        del slot, into
        self._done = self._clock.now() + self._load + (self._unload if out else 0.0)

    def seated(self, slot: int) -> bool:
        """Return whether it is done; the hand is at one slot at a time."""
        del slot
        return self._clock.now() >= self._done


@dataclass
class Memory:
    """A journal that forgets nothing and commits in no time."""

    events: dict[str, list[Event]] = field(default_factory=dict)

    def write(self, event: Event) -> None:
        """Keep an event."""
        self.events.setdefault(event.run_id, []).append(event)

    def settle(self, run_id: str) -> None:
        """Return at once."""

    def record(self, run_id: str) -> RunRecord:
        """Return what is kept of a run."""
        return replay(self.events[run_id])


@dataclass(frozen=True, slots=True)
class Span:
    """A unit's run: its slot, and from when to when, in s of the line's clock."""

    slot: int
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Played:
    """What a scripted line did from 0 s to its last verdict at `seconds`: each unit's run, and the log of loans.

    `lost` says of each unit that did not pass why: its turn never came.
    """

    seconds: float
    spans: tuple[Span, ...]
    loans: tuple[LoanEntry, ...]
    lost: tuple[str, ...]


def play(scripts: Sequence[Script], *, units: int, slots: int, load: float, unload: float, meters: int = 1) -> Played:
    """Test `units` units in `slots` slots with `meters` DMMs, each unit by one of the `scripts` in turn.

    Raises StationError when one was not tested.
    """
    clock, memory, loans = VirtualClock(), Memory(), list[LoanEntry]()
    rooms = rooms_of(clock, LentBench(clock, loans.append, meters), memory, memory.record)
    serials = [f"SN{number}" for number in range(units)]
    by_serial = dict(zip(serials, (scripts[number % len(scripts)] for number in range(units)), strict=True))
    papers = paper(clock, lambda unit: follow(unit, by_serial[unit.serial]))
    station = Station(rooms, papers, Feed(clock, slots))
    tray = Tray(station, SlowHand(clock, load, unload), clock, loans.append)
    with station.at_work():
        tray.test({}, serials)
    spans = tuple(_span(told) for told in memory.events.values())
    lost = tuple(one.reason for one in tray.outcomes if one.verdict is not Verdict.PASS)
    if len(spans) != units:
        raise StationError(f"{len(spans)} of {units} units were tested: {lost[:3]}")
    return Played(max(span.ended for span in spans), spans, tuple(loans), lost)


def rooms_of(clock: VirtualClock, bench: LentBench, journal: Journal, recorded: Callable[[str], RunRecord]) -> Rooms:
    """Return what a scripted line is built from."""
    chance = random.Random(1)
    return Rooms(
        clock=clock, bench=bench, journal=journal, keep=no_evidence, ask=nobody, new_run_id=Ids(clock, chance.getrandbits).new,
        attempt=lambda _: 1, recorded=recorded, issue=no_document, safe_all=lambda _: None,
        history=lambda _: History((), ()), barred=lambda: None,
    )  # fmt: skip


def follow(unit: Unit, script: Script) -> None:
    """Do what the script says; a loan that comes late moves what follows it, but for what is fixed by the start."""
    start = 0.0
    for act in script:
        match act:
            case Pause(seconds):
                unit.wait(seconds)
            case Until(seconds):
                unit.wait_until(start + seconds)
            case Loan(instruments, seconds):
                with unit.dmm() if "dmm" in instruments else unit.scope():
                    unit.wait(seconds)
            case Open(seconds, loans):
                unit.open_window(seconds=seconds, loans=loans)
                start = unit.now()
            case Close():
                unit.close_window()
    good(unit)


def _span(told: Sequence[Event]) -> Span:
    started, ended = told[0], told[-1]
    if not isinstance(started, RunStarted) or not isinstance(ended, RunEnded):
        raise StationError("a run has no beginning or no end")
    return Span(started.slot, started.monotonic, ended.monotonic)
