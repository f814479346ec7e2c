"""A whole station and its simulated bench in memory, on a clock that is turned by hand: deterministic from a seed.

with world(folder, seed=1) as made:
    outcomes = made.test({1: "SN1", 2: "SN2"})
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from station.cli import assemble, elsewhere
from station.cli.bench_process import Addresses
from station.cli.home import Home, make, read
from station.clocks.virtual import VirtualClock
from station.core.clock import Clock, Stop
from station.core.equipment import named
from station.core.events import Event
from station.core.instruments import Bench
from station.core.record import RunRecord
from station.hardware.bench import StationBench
from station.hardware.lending import LoanEntry
from station.hardware.link import Sink
from station.hardware.opening import open_bench
from station.hardware.plugs import Plugs
from station.hardware.replies import FixtureEvent
from station.hardware.stream import StreamWire
from station.line.crew import Crew
from station.line.floor import Floor
from station.line.line import Issued, Outcome, Rooms
from station.line.papers import Papers
from station.line.tray import Hand
from station.sequencer.sequence import Sequence as Flow
from station.simulator.faults import Fault
from station.simulator.outlet import Outlet
from station.simulator.rig import RIGHT, Rig, rig
from station.store.ids import Ids
from station.store.journal import Journal
from tests.world.line import Line, MemoryHand
from tests.world.switchboard import Exchange, Pace, Switchboard

SPEED = 20.0
MONDAY = datetime(2026, 12, 7, 6, 0, tzinfo=UTC)  # the documents of the home are in force by then


class Heard:
    """Every event that was told, in its order; threads may wait for one."""

    def __init__(self, clock: Clock, log: Sequence[Exchange]) -> None:
        self._monitor = clock.monitor()
        self._log = log
        self.events: list[Event] = []
        self.marks: list[int] = []  # how many exchanges were logged when each event was told

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        with self._monitor:
            self.events.append(event)
            self.marks.append(len(self._log))
            self._monitor.notify()

    def await_one(self, wanted: Callable[[Event], bool], stop: Stop) -> None:
        """Wait until an event that is `wanted` was heard; raises Stopped when `stop` comes first."""
        with self._monitor:
            self._monitor.wait_for(lambda: any(wanted(event) for event in self.events), None, stop)


@dataclass(frozen=True, slots=True)
class Overheard:
    """The journal as the line sees it; `heard` hears each event at once, before it is on disk."""

    journal: Journal
    heard: Heard

    def write(self, event: Event) -> None:
        """Pass an event on."""
        self.journal.write(event)
        self.heard(event)

    def settle(self, run_id: str) -> None:
        """Wait until a run's end is kept."""
        self.journal.settle(run_id)


@dataclass
class World:
    """What is there while the `with` lasts; `heard` are the events as they are told."""

    home: Home
    clock: Clock
    rig: Rig
    board: Switchboard
    bench: StationBench
    kept: assemble.Kept
    rooms: Rooms
    papers: Papers
    loans: list[LoanEntry]
    news: list[FixtureEvent]
    heard: Heard
    floor: bool

    def operate(self, line: str) -> str:
        """Tell the operator's hand what to do and return its answer."""
        with self.board.monitor:  # the hand is one more of those who share the bench
            now = self.clock.now()
            self.rig.operator.receive(line.encode() + b"\n", now)
            return self.rig.operator.poll(now).decode().strip()

    def place(self, slot: int, serial: str, defect: str = "") -> dict[str, object]:
        """Put a unit into a slot and return the truth about it."""
        said = self.operate(f"PLACE {slot} {serial} {defect}".strip())
        assert said.startswith("OK"), said
        truth: dict[str, object] = json.loads(self.operate(f"TRUTH {slot}").removeprefix("OK "))
        return truth

    def line(
        self,
        tray: Mapping[int, str],
        waiting: Sequence[str] = (),
        defects: Mapping[str, str] | None = None,
        hand: Hand | None = None,
    ) -> Line:
        """Return a line for a tray; `defects` are forced on units, by serial, unless another `hand` puts them in."""
        hand = hand or MemoryHand(self.operate, defects or {})
        floor = Floor() if self.floor else None
        slots = len(self.rig.bench.slots)
        papers = replace(self.papers, scanned=frozenset((*tray.values(), *waiting)))
        line = Line(self.rooms, papers, tray, waiting, slots=slots, hand=hand, floor=floor, log=self.loans.append)
        self.kept.mourners.append(line.stop_all)
        return line

    def test(self, tray: Mapping[int, str], defects: Mapping[int, str] | None = None) -> list[Outcome]:
        """Test a tray of units, good but for those whose slot has a defect; a line before it ended its session by going home."""
        self.bench.restore()
        return self.line(tray, (), {serial: (defects or {}).get(slot, "good") for slot, serial in tray.items()}).test()

    @property
    def is_safe(self) -> bool:
        """Tell whether every load is open, no charger on, nothing routed and no unit puts out."""
        bits = self.rig.bench
        return all(self.slot_is_safe(slot.number) for slot in bits.slots) and all(bus.slot is None for bus in bits.buses.values())

    def slot_is_safe(self, number: int) -> bool:
        """Tell whether one slot's load is open and its charger off."""
        slot = self.rig.bench.slots[number - 1]
        return slot.load == "open" and not slot.charging

    def step_wall(self, seconds: float) -> None:
        """Step the wall clock, which only a clock that is turned by hand lets us do."""
        assert isinstance(self.clock, VirtualClock)
        self.clock.set_wall(seconds)

    def wait(self, seconds: float) -> None:
        """Let line time pass."""
        self.clock.wait(seconds, self.clock.stop())


@contextmanager
def world(
    folder: Path,
    *,
    seed: int = 1,
    slots: int = 8,
    dmms: int = 1,
    scopes: int = 1,
    speed: float = SPEED,
    natural: bool = False,
    faults: Sequence[Fault] = (),
    documents: bool = True,
    flow: Flow | None = None,
    transcript: Callable[[str], Sink] | None = None,
    inputs: Mapping[str, str] = RIGHT,
    triggers: Mapping[str, str] = RIGHT,
    lid_open: bool = False,
    around: Callable[[Bench], Bench] = lambda bench: bench,
    change: Callable[[Home], Home] = lambda home: home,
    logging: bool = False,
    floor: bool = True,
    clock: Clock | None = None,
) -> Iterator[World]:
    """Open a station in `folder` on a simulated bench of its own.

    `documents` says whether PDFs are drawn, `logging` whether the switchboard remembers every exchange, `floor` whether the
    floor's rules may hold the line.
    `inputs` and `triggers` say which instrument's cable hangs on another's bus. `lid_open`: it was left open.
    `clock` is another one than a virtual clock of `speed` from a Monday morning on.
    """
    make(folder)
    addresses = Addresses(named("dmm", dmms), named("scope", scopes), "fixture", "operator")
    home = change(elsewhere.widened(elsewhere.simulated(read(folder), addresses), slots))
    clock = clock or VirtualClock(speed, MONDAY)
    chance = random.Random(seed)
    ids = Ids(clock, chance.getrandbits)
    bits = rig(
        clock.transport.now, seed=seed, slots=slots, natural=natural, mains_hz=home.config.mains_hz, dmms=dmms, scopes=scopes,
        inputs=inputs, triggers=triggers,
    )  # fmt: skip
    bits.fixture.lid(lid_open, 0.0)
    board = Switchboard(clock, _outlets(bits, Pace(clock), list(faults)), logging=logging)
    loans, news = list[LoanEntry](), list[FixtureEvent]()
    plugs = Plugs(lambda address: StreamWire(board.dial(address), clock.transport), board.dial, lambda _: nullcontext())
    sequence = flow or assemble.sequence_of(home)
    with ExitStack() as stack:
        heard = Heard(clock, board.log)
        kept = stack.enter_context(assemble.kept(home.config, clock, ids, ()))
        hands = stack.enter_context(Crew(clock))
        bench = stack.enter_context(
            open_bench(
                home.config, home.fixture, clock, plugs, spawn=hands.start, nonces=lambda: chance.randbytes(4),
                news=news.append, log=loans.append, transcript=transcript,
            )
        )  # fmt: skip
        rooms = assemble.rooms(clock, bench, kept, ids, is_simulated=True)
        if not documents:
            rooms = replace(rooms, issue=_no_document)
        rooms = replace(rooms, bench=around(bench), journal=Overheard(kept.journal, heard))
        papers = assemble.papers(home, sequence, "", "", ids, clock.speed)
        yield World(home, clock, bits, board, bench, kept, rooms, papers, loans, news, heard, floor)


def _no_document(_: RunRecord) -> Issued | None:
    return None


def _outlets(bits: Rig, clock: Pace, faults: list[Fault]) -> dict[str, Outlet]:
    def of(link: str) -> list[Fault]:
        return [fault for fault in faults if fault.link == link]

    return {
        **{name: Outlet(one, clock, of(name), one.power_cycle) for name, one in bits.instruments.items()},
        "fixture": Outlet(bits.fixture, clock, of("fixture"), lambda now: bits.fixture.reboot("brownout", now)),
    }
