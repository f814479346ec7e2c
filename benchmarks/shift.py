"""How long a virtual shift takes: a thousand units of twenty minutes in 32 slots, the whole station and its bench in memory.

Links, drivers, lending, runner, journal, evidence and simulator are the real ones; only the wires are memory and the clock is
turned by hand. `full evidence` tests all rows by the product's own sequence, with every record of the oscilloscope, 100 k points
each, kept on disk. `without waveforms` leaves out every step that needs the oscilloscope, and the rows that these measure or that
are derived from them: fewer rows are asked for, none is made up, and no waveform is read. No certificates are drawn.

`python -m benchmarks.shift --units 64 --slots 16` runs a shorter one.
"""

import argparse
import ctypes
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.makespan.bound import bound
from benchmarks.makespan.units import lone_units, mean_times
from benchmarks.report import say
from station.cli.home import Home
from station.core.errors import StationError
from station.core.verdict import Verdict
from station.products.mc100 import SEQUENCE
from station.products.mc100_absence import while_charging
from station.products.mc100_battery import asleep, battery, under_motor, working
from station.products.mc100_course import begin
from station.products.mc100_hurried import accelerated
from station.products.mc100_identity import identity, service_left
from station.products.mc100_output import level_3, level_ratios, lower_levels
from station.products.mc100_phases import measure_peak
from station.products.mc100_shut_off import shut_off
from station.products.mc100_start import LOANS, MEASURED_BY, two_minutes
from station.sequencer.sequence import Sequence as Flow
from station.sequencer.sequence import step
from station.sequencer.unit import Unit
from tests.world.world import world

UNITS, SLOTS = 1000, 32
_TARGETS = {"full evidence": 100.0, "without waveforms": 20.0}  # s for a thousand units
_KEEP_MEMORY = ((-1, 1 << 30), (-3, 1 << 30), (-8, 1))  # malloc.h: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX
_STARTED = 2.0  # s until a unit that starts has started


@step("Start without a look")
def started(unit: Unit) -> None:
    """Start the twenty minutes at the highest level, once there is room for all their loans."""
    unit.open_window(seconds=MEASURED_BY, loans=LOANS)
    unit.nest.connect(load=2_000)
    begin(unit)
    unit.nest.press("start", level=3)
    unit.wait(_STARTED)


@step("Highest level into the other loads", "CUR.310", "CUR.312", "CUR.313")
def other_loads(unit: Unit) -> None:
    """Measure the plateau into each of them by the DMM alone."""
    for load, row_id in ((500, "CUR.310"), (10_000, "CUR.312"), (30_000, "CUR.313")):
        measure_peak(unit, load, row_id)


_STEPS = (
    identity, battery, asleep, under_motor, while_charging, accelerated, started, level_3, other_loads, working, two_minutes,
    lower_levels, level_ratios, shut_off, service_left,
)  # fmt: skip
WITHOUT_WAVEFORMS: Flow = replace(SEQUENCE, version=f"{SEQUENCE.version} without waveforms", steps=_STEPS)
"""The product's sequence without the oscilloscope."""


def only_measured(home: Home) -> Home:
    """Return `home` with the limits of those rows alone that are measured without the oscilloscope."""
    ids = set(chain.from_iterable(one.ids for one in WITHOUT_WAVEFORMS.steps))
    limits = {row_id: limit for row_id, limit in home.limits.limits.items() if row_id in ids}
    return replace(home, limits=replace(home.limits, limits=limits))


def shift(
    units: int, slots: int, flow: Flow | None = None, change: Callable[[Home], Home] = lambda home: home
) -> tuple[float, float, float]:
    """Test a shift of units as production makes them, and return s by the wall, s of the processor, and s of the line."""
    serials = [f"SN{number:06d}" for number in range(1, units + 1)]
    began, worked = time.perf_counter(), time.process_time()
    with (
        TemporaryDirectory() as folder,
        world(Path(folder), slots=slots, natural=True, documents=False, floor=False, flow=flow, change=change) as made,
    ):
        outcomes = made.line(dict(enumerate(serials[:slots], 1)), serials[slots:]).test()
        if unlike := sorted({outcome.verdict.name for outcome in outcomes} - {"PASS", "FAIL", "INCONCLUSIVE"}):
            raise StationError(f"the shift has verdicts that no unit deserves: {', '.join(unlike)}")
        if len(outcomes) != units or sum(one.verdict is Verdict.PASS for one in outcomes) < units / 2:
            raise StationError(f"{len(outcomes)} of {units} units came to an end, and most of them must pass")
        return time.perf_counter() - began, time.process_time() - worked, made.clock.now()


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep to one core where the system lets us: one thread runs at a time, and hands over more cheaply to one beside it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def keep_memory() -> None:
    """Have the C library keep what a record of 100 k points took: asking the system for it each time is a tenth of the work.

    Where it is no GNU C library, or another allocator serves, nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    for option, value in _KEEP_MEMORY:
        if mallopt is not None:
            mallopt(option, value)


def run(units: int = UNITS, slots: int = SLOTS) -> None:
    """Print the figures."""
    name = f"{units} units in {slots} slots, virtual time"
    keep_memory()
    with on_one_core():
        full = shift(units, slots)
        bare = shift(units, slots, WITHOUT_WAVEFORMS, only_measured)
    for what, (wall, worked, _) in zip(_TARGETS, (full, bare), strict=True):
        allowed = _TARGETS[what] * units / UNITS
        say("shift", f"{name}, {what}, by the wall, beside what is allowed", wall, "s", allowed, 1.0)
        say("shift", f"{name}, {what}, processor time, beside what is allowed", worked, "s", allowed, None)
    alone = replace(mean_times(lone_units()), load=0.0, unload=0.0)  # the hand in memory takes no time
    least = bound(alone, units, slots)
    say("shift", f"{name}, makespan beside the bound of one DMM (set by the {least.because})", full[2], "s", least.seconds, None)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a shift of another size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=UNITS, help=f"how many (default {UNITS})")
    parser.add_argument("--slots", type=int, default=SLOTS, help=f"in how many slots (default {SLOTS})")
    wanted = parser.parse_args(arguments)
    run(wanted.units, wanted.slots)


if __name__ == "__main__":
    main()
