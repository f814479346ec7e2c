"""Be an MC-100 that is worth exactly its nominal values: no spread of parts, no defect, nothing but the nominal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from station.core.clock import Clock, Stop
from station.core.equipment import Sense
from station.products.microcurrent import effective

_PERIOD, _PHASE, _GAP = 0.1, 5e-3, 0.5e-3  # s
_FEELS, _GOES_ON, _RUNS = 0.4, 0.5, 1170.0  # s from contact to the first pulse, from lift-off to the last, and of a whole run
_ASKS, _ASKS_FOR = 5e-6, 1e-3  # A and s of the pulses by which it looks for skin
_BRIDGED = 60e3  # ohm: above, the unit does not feel a skin
_LEVELS = {1: 100e-6, 2: 200e-6, 3: 400e-6}  # A
_HISS = 0.6e-6  # A RMS between the pulses
_LEAKS = 0.02e-6  # A behind the shut-off
_FIRST, _RISE = 0.25, 0.15  # soft start: the first pulse's share of the height, and each further one's
Floats = NDArray[np.float64]


@dataclass
class Nominal:
    """The unit: its keys, its load, and from when to when it gives pulses; currents in A, times in s of `clock`."""

    clock: Clock
    stop: Stop
    plateaus: Mapping[tuple[int, float], float]
    resistor: Callable[[float], Sense]
    level: int = 3
    load: float | None = None
    powered: bool = False
    charging: bool = False
    hurry: float = 1.0
    armed: float = 0.0
    gap: float = np.inf
    ends: float = np.inf
    shaken: float | None = None  # when its haptic pulse comes
    stretches: list[tuple[float, float]] = field(default_factory=list)

    def now(self) -> float:
        """Return the time in s."""
        return self.clock.now()

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.clock.wait(seconds, self.stop)

    @property
    def bridged(self) -> bool:
        """Return whether a load is closed that feels like skin."""
        return self.load is not None and self.load < _BRIDGED

    def switch_on(self) -> None:
        """Start a run: what ended by itself stays ended."""
        self._end(self.ends)
        self.powered, self.ends = True, np.inf
        self.begin()

    def begin(self) -> None:
        """Give pulses from now on, if it is on and feels skin."""
        if self.powered and self.bridged and not self.charging and self.now() < self.ends:
            begin = self.now() + _FEELS
            self.ends = min(self.ends, begin + _RUNS / self.hurry)
            self.stretches.append((begin, np.inf))

    def halt(self) -> None:
        """Give no pulses from now on."""
        self._end(self.now())

    def lose(self) -> None:
        """Feel no skin from now on: pulses go on until that is sure."""
        self._end(self.now() + _GOES_ON)

    def _end(self, moment: float) -> None:
        self.stretches = [(begin, min(end, moment)) for begin, end in self.stretches if begin <= self.now()]

    def pulses(self, since: float, until: float) -> Floats:
        """Return when pulses begin within [since, until], (n,) float64."""
        found = [np.empty(0)]
        for begin, end in self.stretches:
            first, last = max(since, begin), min(until, end, self.ends)
            low, high = np.ceil((first - begin) / _PERIOD - 1e-6), np.floor((last - begin) / _PERIOD + 1e-6)
            found.append(begin + _PERIOD * np.arange(max(low, 0.0), high + 1.0))
        return np.concatenate(found)

    @property
    def flows(self) -> bool:
        """Return whether pulses come now."""
        return any(begin - _PERIOD <= self.now() < min(end, self.ends) for begin, end in self.stretches)

    @property
    def amps(self) -> float:
        """Return the height of a pulse at the level and into the load of now: the limit's nominal value where there is one."""
        return self.plateaus.get((self.level, self.load or 0.0), _LEVELS[self.level])

    def ohm(self, input_ohm: float) -> float:
        """Return the resistance in ohm that the current meets with an instrument of `input_ohm` connected."""
        return effective(self.resistor(self.load or 0.0), input_ohm)

    # What an instrument on paper sees of it.

    def mean(self, input_ohm: float) -> float:
        """Return the mean voltage in V: nothing but what leaks, for the phases cancel."""
        return (0.0 if self.flows else _LEAKS) * self.ohm(input_ohm)

    def behind_edge(self, input_ohm: float, delay: float) -> float:
        """Return the voltage in V `delay` s behind the edge of a pulse."""
        return float(self._shape(np.array([delay]))[0]) * self.amps * self.ohm(input_ohm)

    def rms(self, input_ohm: float) -> float:
        """Return the RMS in V of pulses and noise."""
        height = self.amps * (2.0 * _PHASE / _PERIOD) ** 0.5 if self.flows else 0.0
        return float(np.hypot(height, _HISS if self.powered and self.now() < self.ends else 0.0)) * self.ohm(input_ohm)

    def edge(self, since: float, patience: float) -> float | None:
        """Return when the first pulse comes behind `since` s, at most `patience` s from now."""
        found = self.pulses(since, self.now() + patience)
        return float(found[0]) if found.size else None

    def volts(self, input_ohm: float, times: Floats) -> Floats:
        """Return the voltage in V at each of `times` s, both (n,) float64."""
        amps = np.random.default_rng(2).normal(0.0, _HISS, times.size)
        for begin, end in self.stretches:
            inside = (times >= begin) & (times < min(end, self.ends))
            since = times[inside] - begin
            grown = np.minimum(1.0, _FIRST + _RISE * np.floor(since / _PERIOD))
            amps[inside] += self.amps * grown * self._shape(np.mod(since, _PERIOD))
        if self.powered and not self.bridged and not self.charging:
            amps += _ASKS * (np.mod(times, _PERIOD) < _ASKS_FOR)
        return np.asarray(amps * self.ohm(input_ohm), dtype=np.float64)

    @staticmethod
    def _shape(within: Floats) -> Floats:
        second = _PHASE + _GAP
        negative = (within >= second) & (within < second + _PHASE)
        return np.asarray(1.0 * (within < _PHASE) - 1.0 * negative, dtype=np.float64)
