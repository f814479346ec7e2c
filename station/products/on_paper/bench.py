"""Lend instruments on paper, routed to a nominal unit: to its sense resistor, its battery, or nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.clock import Stop
from station.core.equipment import Equipment
from station.core.errors import LoanError, SequenceError
from station.core.fixture_file import FixtureFile
from station.hardware.on_paper import Circuit, PaperDmm, PaperScope
from station.hardware.truevolt_budget import Surroundings
from station.products.on_paper.nest import PaperNest
from station.products.on_paper.unit import Nominal

SLOT = 1
_BATTERY, _SAG = 3.80, 30e-3  # V at rest, and by how much a haptic pulse lowers it
_RUNNING, _RESTING = 14e-3, 4e-6  # A out of the battery while it runs, and while it is off
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PaperBench:
    """The bench of a run on paper."""

    unit: Nominal
    file: FixtureFile
    answers: Mapping[str, str]
    mains_hz: int
    surroundings: Surroundings

    def nest(self, slot: int) -> PaperNest:
        """Return the slot."""
        return PaperNest(self.unit, self.file, self.answers, slot)

    @contextmanager
    def dmm(self, slot: int, stop: Stop, path: str = "sense", before: float | None = None) -> Iterator[PaperDmm]:
        """Lend the DMM, routed to `path`."""
        self._lend(slot, stop, before)
        yield self._meter(path)

    @contextmanager
    def scope(self, slot: int, stop: Stop, before: float | None = None) -> Iterator[PaperScope]:
        """Lend the oscilloscope."""
        self._lend(slot, stop, before)
        yield PaperScope(self.unit)

    @contextmanager
    def both(self, slot: int, stop: Stop, before: float | None = None) -> Iterator[tuple[PaperDmm, PaperScope]]:
        """Lend both."""
        self._lend(slot, stop, before)
        yield self._meter("sense"), PaperScope(self.unit)

    def fault(self, slot: int) -> str | None:
        """Return no fault, but of a slot that is not there: paper is patient."""
        return None if 1 <= slot <= self.file.slots else f"fixture {self.file.serial} has no slot {slot}"

    def equipment(self, slot: int) -> tuple[Equipment, ...]:
        """Return the fixture, which is not even simulated: its resistors are the only equipment that paper names."""
        sense = next(sense for (number, _), sense in self.file.sense.items() if number == slot)
        dates = (sense.certificate.calibrated.isoformat(), sense.certificate.due.isoformat())
        return (Equipment("fixture", "", self.file.model, "on paper", "", sense.certificate.number, *dates, simulated=True),)

    def open_window(
        self, slot: int, stop: Stop, *, seconds: float, loans: Mapping[str, int], waits: Callable[[float], None] | None = None
    ) -> float:
        """Return when `loans` must have begun that are wanted in the next `seconds` s: there are no others to wait for."""
        del waits
        self._lend(slot, stop, None)
        return self.unit.now() + (seconds if loans else 0.0)

    def close_window(self, slot: int) -> None:
        """Do nothing but refuse a slot that is not there: nobody waits."""
        if said := self.fault(slot):
            raise SequenceError(said)

    def _lend(self, slot: int, stop: Stop, before: float | None) -> None:
        """Refuse a loan as the real bench would: after a stop, when its moment is over, and for a slot that is not there."""
        stop.check()
        if said := self.fault(slot):
            raise SequenceError(said)
        if before is not None and before < self.unit.now():
            raise LoanError("the moment by which this loan must have begun is over")

    def _meter(self, path: str) -> PaperDmm:
        circuit: Circuit = self.unit if path == "sense" else self._elsewhere(path)
        return PaperDmm(circuit, self.mains_hz, self.surroundings)

    def _elsewhere(self, path: str) -> "_Elsewhere":
        if path == "battery":
            return _Elsewhere(self.unit, _BATTERY, _SAG)
        amps = 0.0 if path == "zero" else _RUNNING if self.unit.powered else _RESTING
        ohm = 0.0 if path == "zero" else self.file.shunts[SLOT, path].ohm
        return _Elsewhere(self.unit, amps * ohm, 0.0)


class _Elsewhere:
    """What a meter sees on another path than the sense resistor: one steady voltage in V, lower while the unit shakes."""

    def __init__(self, unit: Nominal, volts: float, sag: float) -> None:
        self._unit = unit
        self._volts = volts
        self._sag = sag

    def mean(self, input_ohm: float) -> float:
        """Return the voltage: the resistances behind it are too small for an input of `input_ohm` to matter."""
        return self._volts if input_ohm > 0 else 0.0

    def behind_edge(self, input_ohm: float, delay: float) -> float:
        """Return the voltage `delay` s behind an edge, which is that of the haptic pulse."""
        return self.mean(input_ohm) - (self._sag if delay >= 0 else 0.0)

    def rms(self, input_ohm: float) -> float:
        """Return no AC part."""
        return 0.0 * input_ohm

    def edge(self, since: float, patience: float) -> float | None:
        """Return when the haptic pulse comes, or the next pulse of the output."""
        return self._unit.shaken if self._unit.shaken is not None else self._unit.edge(since, patience)

    def volts(self, input_ohm: float, times: Floats) -> Floats:
        """Return the voltage, (n,) float64."""
        return np.full(times.size, self.mean(input_ohm))

    def now(self) -> float:
        """Return the time in s."""
        return self._unit.now()

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._unit.wait(seconds)
