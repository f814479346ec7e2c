"""How long a shift's units take in 8 to 64 slots, beside the shortest time that is possible; in virtual time."""

from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.makespan.bound import bound, meters_needed
from benchmarks.makespan.scripted import play
from benchmarks.makespan.units import LOAD, UNLOAD, Lone, lone_units, mean_times
from benchmarks.report import say
from tests.world.world import world

_ROUNDS = 23  # units a slot: a shift of eight hours
_TARGETS = {8: 1.03, 16: 1.03, 32: 1.03, 64: 1.05}
_METERS = 1  # what the station supports today
_CHECKED = (8, 16)  # slots and units of the line that is also played with its whole bench in memory


def run() -> None:
    """Print the figures."""
    alone = lone_units()
    for slots, target in _TARGETS.items():
        _shift(alone, slots, target)
    _check(alone)


def _shift(alone: list[Lone], slots: int, target: float) -> None:
    units = slots * _ROUNDS
    times = mean_times(list(islice(cycle(alone), units)))
    took = play([one.script for one in alone], units=units, slots=slots, load=LOAD, unload=UNLOAD).seconds
    least, needed = bound(times, units, slots, _METERS), meters_needed(times, slots)
    name = f"{units} units in {slots} slots, one DMM"
    say("makespan", f"{name}, beside the bound (set by the {least.because})", took, "s", least.seconds, target)
    if needed > _METERS:
        name = f"{name} of the {needed} it needs (one is supported today), beside the bound of {needed}"
        say("makespan", name, took, "s", bound(times, units, slots, needed).seconds, target)


def _check(alone: list[Lone]) -> None:
    """Play one tray with drivers, simulator and all in memory: does the scripted line take as long?"""
    slots, units = _CHECKED
    scripted = play([one.script for one in alone], units=units, slots=slots, load=0.0, unload=0.0).seconds
    serials = [f"SN{number}" for number in range(1, units + 1)]
    with TemporaryDirectory() as folder, world(Path(folder), slots=slots, speed=1.0, documents=False, floor=False) as made:
        began = made.clock.now()
        line = made.line(dict(enumerate(serials[:slots], 1)), serials[slots:], dict.fromkeys(serials, "good"))
        line.test()
        whole = made.clock.now() - began
    say(
        "makespan",
        f"{units} units in {slots} slots, the whole bench in memory, beside the scripted line",
        whole,
        "s",
        scripted,
        None,
    )
