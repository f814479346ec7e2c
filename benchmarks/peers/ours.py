"""The work, done by our runner and our journal on a bench of plain values: `python -m benchmarks.peers.ours FOLDER`."""

import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from benchmarks.peers.timing import HIGH, LOW, RUNS, STEPS, UNIT_STEPS, UNITS, VALUE, tell, timed
from station.clocks.steady import SteadyClock
from station.core.errors import StationError
from station.core.events import Event, as_rows
from station.core.limit import Limit
from station.core.measurement import Evidence
from station.core.recipe import Recipe
from station.core.uncertainty import Uncertainty
from station.core.verdict import Verdict
from station.core.waveform import Waveform
from station.line.crew import Crew
from station.sequencer.runner import run
from station.sequencer.sequence import Sequence, Step
from station.sequencer.unit import Unit
from station.store.ids import Ids
from station.store.journal import Journal
from tests.core.samples import head, number
from tests.sequencer.fakes import FakeBench

_SLOT = 3
_PAUSE = 2e-3  # s between two steps of the run whose events are watched on their way to the disk
_WATCHED = 200  # steps of it
_PAGE = bytes(4096)
_SEEN = Uncertainty(1e-7, "A", "benchmark")


@dataclass
class Watch:
    """When each event was told, and how long after that it was on disk, in s."""

    told: dict[tuple[str, int], float] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)

    def heard(self, event: Event) -> None:
        """Take an event that was committed."""
        told = self.told.pop((event.run_id, event.seq), None)
        if told is not None:
            self.late.append(time.perf_counter() - told)


class Executor:
    """Runs units of so many steps into one journal; every run ends with its record on disk."""

    def __init__(self, journal: Journal, clock: SteadyClock, ids: Ids) -> None:
        self._journal, self._clock, self._ids = journal, clock, ids
        self._numbers = count(1)

    def test(self, sequence: Sequence, limits: Mapping[str, Limit], sink: Callable[[Event], None]) -> None:
        """Test one unit; raises StationError unless it passes."""
        run_id, serial = self._ids.new(), f"SN{next(self._numbers)}"
        started = replace(head(as_rows(limits)), run_id=run_id, serial=serial)
        unit = Unit(
            serial, _SLOT, 1, limits=limits, bench=FakeBench(), clock=self._clock, stop=self._clock.stop(),
            keep=_nothing_kept, ask=str,
        )  # fmt: skip
        verdict = run(sequence, unit, started, sink)
        self._journal.settle(run_id)
        if verdict is not Verdict.PASS:
            raise StationError(f"the benchmark's unit is {verdict.name}")


def _nothing_kept(_: Waveform, title: str) -> Evidence:
    raise StationError(f"no evidence is kept here: {title}")


def work(steps: int, pause: float = 0.0) -> tuple[Sequence, dict[str, Limit]]:
    """Return a sequence of `steps` steps, each with one measurement, and their limits; `pause` s are between two steps."""
    limits = {f"CUR.{n}": number(f"CUR.{n}", low=LOW * 1e6, high=HIGH * 1e6) for n in range(steps)}
    flow = tuple(Step(f"Step {row_id}", (row_id,), _measuring(row_id, pause)) for row_id in limits)
    return Sequence("MC-100", "1.0.0", Recipe.REAL_TIME, flow, lambda unit: unit.nest.safe()), limits


def _measuring(row_id: str, pause: float) -> Callable[[Unit], None]:
    def body(unit: Unit) -> None:
        if pause:
            unit.wait(pause)
        unit.measure(row_id, VALUE, _SEEN)

    return body


@contextmanager
def executor(folder: Path, watch: Watch) -> Iterator[tuple[Executor, Journal]]:
    """Open a journal in `folder`, pumped by a thread of its own, and what runs units into it."""
    clock = SteadyClock()
    ids = Ids(clock, secrets.randbits)
    with Journal(folder / "station.sqlite", clock, ids, listen=(watch.heard,)) as journal, Crew(clock) as crew:
        crew.start("journal", journal.pump)
        yield Executor(journal, clock, ids), journal


def lateness(runs: Executor, journal: Journal, watch: Watch) -> list[float]:
    """Return how late each event of a run with pauses was on disk, in s."""

    def sink(event: Event) -> None:
        watch.told[event.run_id, event.seq] = time.perf_counter()
        journal.write(event)

    runs.test(*work(_WATCHED, _PAUSE), sink)
    return sorted(watch.late)


def bare(seconds: float, folder: Path) -> Callable[[], None]:
    """Return what takes `seconds` s of the processor in one thread and syncs one page, and does nothing else.

    How long it takes by the wall says what the host gives just now: work that holds the interpreter takes hardly less.
    """
    file = folder / "bare"

    def act() -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass
        with file.open("wb") as opened:
            opened.write(_PAGE)
            opened.flush()
            os.fsync(opened.fileno())

    return act


def main(folder: Path) -> None:
    """Do the work and print what it took."""
    watch = Watch()
    with executor(folder, watch) as (runs, journal):
        long, short = work(STEPS), work(UNIT_STEPS)
        figures = {
            "steps": timed(lambda: runs.test(*long, journal.write), RUNS),
            "unit": timed(lambda: runs.test(*short, journal.write), UNITS),
        }
        figures["bare steps"] = timed(bare(figures["steps"].cpu, folder), RUNS)
        figures["bare unit"] = timed(bare(figures["unit"].cpu, folder), UNITS)
        late = lateness(runs, journal, watch)
    tell({**figures, "late_median": late[len(late) // 2], "late_worst": late[-1]})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
