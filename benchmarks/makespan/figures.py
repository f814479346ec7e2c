"""How long a shift's units take in 8 to 64 slots, beside the shortest time that is possible; in virtual time."""

from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.makespan.bound import bound, meters_needed
from benchmarks.makespan.scripted import play
from benchmarks.makespan.units import LOAD, UNLOAD, Lone, lone_units, mean_times
from benchmarks.report import say
from station.core.errors import StationError
from tests.world.world import world

_ROUNDS = 23  # units a slot: a shift of eight hours
_LINES = ((8, 1, 1.03), (16, 1, 1.03), (32, 1, 1.03), (32, 2, 1.03), (64, 3, 1.05))  # slots, DMMs, target
_CHECKED = ((8, 16, 1), (16, 32, 2))  # slots, units and DMMs of the lines that are also played with its whole bench in memory
_MANY = 10_000  # units of which none may starve


def run() -> None:
    """Print the figures."""
    alone = lone_units()
    for slots, meters, target in _LINES:
        _shift(alone, slots, meters, target)
    _starved(alone)
    for slots, units, meters in _CHECKED:
        _check(alone, slots, units, meters)


def _shift(alone: list[Lone], slots: int, meters: int, target: float) -> None:
    units = slots * _ROUNDS
    times = mean_times(list(islice(cycle(alone), units)))
    played = play([one.script for one in alone], units=units, slots=slots, load=LOAD, unload=UNLOAD, meters=meters)
    if played.lost:
        raise StationError(f"{len(played.lost)} units did not pass: {played.lost[:3]}")
    least, needed = bound(times, units, slots, meters), meters_needed(times, slots)
    enough = "" if meters >= needed else f" of the {needed} it needs"
    name = f"{units} units in {slots} slots, {_meters(meters)}{enough}, beside the bound (set by the {least.because})"
    say("makespan", name, played.seconds, "s", least.seconds, target)


def _starved(alone: list[Lone]) -> None:
    """Count the units whose turn never came, on the largest line with no DMM to spare."""
    slots, meters, _ = _LINES[-1]
    played = play([one.script for one in alone], units=_MANY, slots=slots, load=LOAD, unload=UNLOAD, meters=meters)
    name = f"starved of {_MANY:,} units in {slots} slots, {_meters(meters)}"
    say("makespan", name, float(len(played.lost)), "units", float(_MANY), 0.0)


def _meters(meters: int) -> str:
    return "one DMM" if meters == 1 else f"{meters} DMMs"


def _check(alone: list[Lone], slots: int, units: int, meters: int) -> None:
    """Play one tray with drivers, simulator and all in memory: does the scripted line take as long?"""
    scripted = play([one.script for one in alone], units=units, slots=slots, load=0.0, unload=0.0, meters=meters).seconds
    serials = [f"SN{number}" for number in range(1, units + 1)]
    with (
        TemporaryDirectory() as folder,
        world(Path(folder), slots=slots, dmms=meters, speed=1.0, documents=False, floor=False) as made,
    ):
        began = made.clock.now()
        line = made.line(dict(enumerate(serials[:slots], 1)), serials[slots:], dict.fromkeys(serials, "good"))
        line.test()
        whole = made.clock.now() - began
    say(
        "makespan",
        f"{units} units in {slots} slots, {_meters(meters)}, the whole bench in memory, beside the scripted line",
        whole,
        "s",
        scripted,
        None,
    )
