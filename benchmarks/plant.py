"""A whole real station for benchmarks: drivers, journal and line in this process, on a simulator in a process of its own."""

import json
import secrets
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyvisa

from station.cli import assemble, elsewhere
from station.cli.bench_process import Addresses, command
from station.cli.home import Home, make, read
from station.clocks.steady import SteadyClock
from station.core.errors import StationError
from station.core.record import RunRecord
from station.hardware.lending import LoanEntry
from station.hardware.link import Sink
from station.hardware.opening import open_bench
from station.hardware.plugs import of_this_host
from station.line.crew import Crew
from station.line.feed import Feed
from station.line.line import Issued, Rooms
from station.line.papers import Papers
from station.line.station import Station
from station.sequencer.sequence import Sequence as Flow

Change = Callable[[Home], Home]


@dataclass(frozen=True, slots=True)
class Plant:
    """A station that is open, with the process and the operator's address of its simulator."""

    slots: int
    rooms: Rooms
    papers: Papers
    clock: SteadyClock
    operator: str
    simulator: int
    restore: Callable[[], None]

    def station(self) -> Station:
        """Return a line on this plant; one that was stopped starts nothing more, so each needs a new one, in a new session."""
        self.restore()
        return Station(self.rooms, self.papers, Feed(self.clock, self.slots))


@contextmanager
def plant(
    folder: Path,
    *,
    slots: int,
    speed: float,
    faults: Sequence[dict[str, object]] = (),
    flow: Flow | None = None,
    change: Change = lambda home: home,
    transcript: Callable[[str], Sink] | None = None,
) -> Iterator[Plant]:
    """Open a station of `slots` slots in `folder`; `flow` replaces the product's sequence, `change` its documents."""
    make(folder)
    with ExitStack() as stack:
        addresses, pid = stack.enter_context(_simulator(folder, slots, speed, faults))
        home = change(elsewhere.widened(elsewhere.simulated(read(folder), addresses), slots))
        clock = SteadyClock(speed)
        ids = assemble.new_ids(clock)
        kept = stack.enter_context(assemble.kept(home.config, clock, ids, ()))
        manager = pyvisa.ResourceManager("@py")
        stack.callback(manager.close)
        hands = stack.enter_context(Crew(clock))
        bench = stack.enter_context(
            open_bench(
                home.config, home.fixture, clock, of_this_host(manager, clock.transport), spawn=hands.start,
                nonces=lambda: secrets.token_bytes(4), news=lambda _: None, log=_unread, transcript=transcript,
            )
        )  # fmt: skip
        rooms = replace(assemble.rooms(clock, bench, kept, ids, is_simulated=True), issue=_no_document)
        papers = assemble.papers(home, flow or assemble.sequence_of(home), "", "", ids, speed)
        yield Plant(slots, rooms, papers, clock, addresses.operator or "", pid, bench.restore)


def _unread(_: LoanEntry) -> None:
    """Keep no loan log."""


def _no_document(_: RunRecord) -> Issued | None:
    return None


@contextmanager
def _simulator(folder: Path, slots: int, speed: float, faults: Sequence[dict[str, object]]) -> Iterator[tuple[Addresses, int]]:
    """Run a simulator with scripted faults, and yield where its devices are and its process id."""
    script = folder / "faults.json"
    script.write_text(json.dumps({"fault": list(faults)}), encoding="utf-8")
    words = command(["--slots", str(slots), "--speed", f"{speed:g}", "--until-eof", "--faults", str(script)])
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        if child.stdin is None or child.stdout is None:
            raise StationError("the simulator has no pipes")
        try:
            yield Addresses.parse(child.stdout.readline()), child.pid
        finally:
            child.stdin.close()
            child.wait(10.0)
