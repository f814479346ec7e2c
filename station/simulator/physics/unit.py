"""One physical unit: the same object for meter, scope, comparator and fixture, wherever it is placed."""

import math

import numpy as np
from numpy.random import Generator

from station.simulator.physics.breaks import Breaks
from station.simulator.physics.climate import Climate
from station.simulator.physics.drive import OPEN, Circuit
from station.simulator.physics.engine import Engine
from station.simulator.physics.history import History, Sums
from station.simulator.physics.noise import noise, ripple, seen, seen_ripple
from station.simulator.physics.parts import Loose, Parts
from station.simulator.physics.service import Service
from station.simulator.ports import Floats


class Unit:
    """A unit with its parts, its state, its loose contact if it has one, and its UART."""

    def __init__(self, serial: str, parts: Parts, climate: Climate, generator: Generator, born: float) -> None:
        self.serial = serial
        self.parts = parts
        self.engine = Engine(parts, climate, born)
        self.service = Service(serial, self.engine)
        self._generator = generator
        self._circuit = OPEN
        self._breaks = None if parts.loose is Loose.NOWHERE else Breaks(generator.spawn(1)[0], born)
        self._home: int | None = None  # the slot whose needles are to blame for a contact that opens now and then
        self._slot: int | None = None
        self._broken = False
        self._next_break = math.inf

    @property
    def history(self) -> History:
        """Return what the unit did so far."""
        return self.engine.history

    @property
    def next_change(self) -> float:
        """Return when something happens to the unit next if nobody touches it (infinite = never)."""
        return min(self._next_break, self.engine.next_change)

    def advance(self, now: float) -> None:
        """Pass all that happens to the unit by `now` (simulator seconds)."""
        while self._breaks and self._next_break <= now:
            moment = self._next_break
            self._broken = self._breaks.open_at(moment)
            self._next_break = self._breaks.next_change(moment)
            self.engine.connect(OPEN if self._broken else self._circuit, moment)
        self.engine.advance(now)

    def seat(self, slot: int | None, now: float) -> None:
        """Put the unit into a slot, or take it out (None)."""
        self.advance(now)
        self._slot = slot
        self._home = self._home or slot
        loose = self._breaks is not None and (self.parts.loose is Loose.INSIDE or self.at_needles)
        self._broken = loose and self._breaks_open(now)
        self._next_break = self._breaks.next_change(now) if self._breaks and loose else math.inf
        self.engine.connect(OPEN if self._broken else self._circuit, now)

    def connect(self, circuit: Circuit, now: float) -> None:
        """Put another circuit between the probes."""
        self.advance(now)
        self._circuit = circuit
        self.engine.connect(OPEN if self._broken else circuit, now)

    def touches(self, now: float) -> bool:
        """Tell whether the fixture's needles touch the probe pads at `now`."""
        return not (self.at_needles and self._breaks_open(now))

    def losses(self, start: float, end: float) -> int:
        """Return how often the fixture's needles lost the pads with start < time <= end."""
        return self._breaks.count(start, end) if self._breaks and self.at_needles else 0

    def current(self, times: Floats) -> Floats:
        """Return the output current in ampere, noise included, at each of `times` (ascending), both (n,) float64."""
        amps = np.empty_like(times)
        for stretch, part in self.history.split(times):
            piece = stretch.clean(times[part])
            if stretch.noise:
                piece += noise(self._generator, times[part], stretch.noise)
            if stretch.ripple:
                piece += ripple(times[part], stretch.ripple)
            amps[part] = piece
        return amps

    def current_seen(self, times: Floats, looks: int, step: float) -> Floats:
        """Return the mean of `looks` looks at the current, `step` seconds apart, around each of `times`, both (n,) float64."""
        amps = np.empty_like(times)
        around: Floats = step * (np.arange(looks, dtype=np.float64) - (looks - 1) / 2)
        for stretch, part in self.history.split(times):
            piece = stretch.clean_seen(times[part], around)
            if stretch.noise:
                piece += noise(self._generator, times[part], stretch.noise * seen(looks, step))
            if stretch.ripple:
                piece += ripple(times[part], stretch.ripple * seen_ripple(looks, step))
            amps[part] = piece
        return amps

    def cell_volts(self, times: Floats) -> Floats:
        """Return the voltage at the battery terminals at each of `times` (ascending), both (n,) float64."""
        volts = np.empty_like(times)
        for stretch, part in self.history.split(times):
            volts[part] = stretch.drain.volts(times[part])
        return volts

    def cell_amps(self, times: Floats) -> Floats:
        """Return the current out of the battery in ampere at each of `times` (ascending), both (n,) float64."""
        amps = np.empty_like(times)
        for stretch, part in self.history.split(times):
            amps[part] = stretch.drain.amps
        return amps

    def sums(self, start: float, end: float) -> Sums:
        """Return the integrals of the output current over an aperture."""
        return self.history.sums(start, end)

    def running_sums(self, times: Floats) -> Floats:
        """Return the same from the first of `times` (ascending, (n,) float64) to each of them, (4, n) float64."""
        return self.history.running_sums(times)

    @property
    def at_needles(self) -> bool:
        """Tell whether the unit sits where the fixture's needles lose it now and then."""
        return self.parts.loose is Loose.NEEDLES and self._slot is not None and self._slot == self._home

    def _breaks_open(self, now: float) -> bool:
        return self._breaks is not None and self._breaks.open_at(now)
