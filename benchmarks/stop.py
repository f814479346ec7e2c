"""How long from a stop until every slot is safe, while all slots measure and an instrument's call hangs?

The station is the real one, with its drivers and its journal, on the simulator's process; every slot's unit is on, and the slots
take the DMM in turn. At scripted answers the DMM falls silent: as soon as its driver waits in vain, every slot is stopped. The
operator's eye tells when each unit is off, each load open and each bus free.
"""

import logging
import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.eye import SAFE, Eye
from benchmarks.plant import Plant, plant
from benchmarks.report import say
from station.cli.home import Home
from station.core.errors import StationError
from station.core.recipe import Recipe
from station.hardware.link import Sink
from station.sequencer.sequence import Sequence, step
from station.sequencer.unit import Unit

_SLOTS = 8
_STOPS = 100
_TARGET = 0.2  # s
_ROW = "BAT.010"
_EVERY = 80  # answers of the DMM after which it falls silent once: more than bringing it back takes
_LAST = 200  # times that it may fall silent
_HANGS = 0.3  # s without an answer: its readings take far less
_PATIENCE = 60.0  # s until something that must happen has happened
_LOOK = 0.002  # s between two looks


@dataclass
class Wait:
    """What the DMM's driver waits for: since when (s, the host's), None while it waits for nothing."""

    since: float | None = None

    def sink(self, role: str) -> Sink:
        """Return what listens to the link of `role`."""

        def heard(direction: str, data: bytes, _: float) -> None:
            if role == "dmm":
                self.since = time.perf_counter() if direction == ">" and b"?" in data else None

        return heard

    @property
    def hangs(self) -> bool:
        """Tell whether the driver has waited longer than any reading takes."""
        since = self.since
        return since is not None and time.perf_counter() - since > _HANGS


@step("Measure until stopped", _ROW)
def _measure_for_ever(unit: Unit) -> None:
    unit.nest.connect(load=2_000)
    unit.nest.press("start", level=3)
    while True:
        with unit.dmm() as dmm:
            dmm.dc_voltage(range=1.0, aperture=0.02)


def _one_row(home: Home) -> Home:
    """Return `home` with the one row that the benchmark's sequence declares."""
    return replace(home, limits=replace(home.limits, limits={_ROW: home.limits.limits[_ROW]}))


def run() -> None:
    """Print the figures."""
    logging.disable(logging.CRITICAL)  # a call that hangs ends in an error that is meant
    taken = sorted(_times())
    logging.disable(logging.NOTSET)
    name = f"until {_SLOTS} slots are safe while the DMM hangs"
    say("stop", f"{name}, median of {_STOPS} stops", statistics.median(taken), "s", _TARGET, 1.0)
    say("stop", f"{name}, 99 of {_STOPS} stops", taken[math.ceil(0.99 * len(taken)) - 1], "s", _TARGET, 1.0)
    say("stop", f"{name}, worst of {_STOPS} stops", taken[-1], "s", _TARGET, None)


def _times() -> Iterator[float]:
    """Yield how long each stop took, in s."""
    faults: list[dict[str, object]] = [
        {"link": "dmm", "exchange": _EVERY * number, "kind": "silence"} for number in range(1, _LAST)
    ]
    flow = Sequence("MC-100", "1", Recipe.REAL_TIME, (_measure_for_ever,), lambda unit: unit.nest.safe())
    wait = Wait()
    with (
        TemporaryDirectory() as folder,
        plant(Path(folder), slots=_SLOTS, speed=1.0, faults=faults, flow=flow, change=_one_row, transcript=wait.sink) as made,
        Eye(made.operator) as eye,
    ):
        for number in range(_STOPS):
            yield _stopped(made, eye, wait, number)


def _stopped(made: Plant, eye: Eye, wait: Wait, number: int) -> float:
    """Start a unit in every slot, stop them all once the DMM hangs, and return how long it took until all were safe, in s."""
    units = {slot: f"SN{number}-{slot}" for slot in range(1, made.slots + 1)}
    eye.say(*(f"PLACE {slot} {serial} good" for slot, serial in units.items()))
    station = made.station()
    with station.at_work():
        for slot, serial in units.items():
            station.ready(slot, serial)
            station.start(slot)
        _await(lambda: wait.hangs and all(" on=1 " in seen for seen in eye.look(made.slots)), "the DMM does not hang")
        began = time.perf_counter()
        station.stop_all("the benchmark")
        _await(lambda: all(seen.endswith(SAFE) for seen in eye.look(made.slots)), "the slots do not become safe")
        took = time.perf_counter() - began
    eye.say(*(f"REMOVE {slot}" for slot in units))
    return took


def _await(holds: Callable[[], bool], otherwise: str) -> None:
    end = time.perf_counter() + _PATIENCE
    while not holds():
        if time.perf_counter() > end:
            raise StationError(f"{otherwise} within {_PATIENCE:g} s")
        time.sleep(_LOOK)
