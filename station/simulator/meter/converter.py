"""Take one reading: settle, integrate or filter, change range when it must, zero, and say what is shown and when."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from station.simulator.meter.accuracy import Accuracy
from station.simulator.meter.functions import OVERRANGE, Range, Source
from station.simulator.meter.setup import Setup
from station.simulator.ports import Floats, Terminals
from station.simulator.scpi.numbers import OVERLOAD

RANGE_CHANGE_S = 0.02  # relays and settling; data sheets say "less than 20 ms"
TURNAROUND_S = 4e-4  # what limits a 34461A to 1,000 readings a second at the shortest aperture
DC_DELAY_S = {0.02: 1.0e-4, 0.2: 1.3e-4, 1.0: 1.6e-4, 10.0: 1.6e-4, 100.0: 1.6e-4}  # automatic delay by cycles
AC_SETTLING_S = {3.0: 1.5, 20.0: 0.375, 200.0: 0.015}  # automatic delay by filter; with the window 2.5, 0.625, 0.025
AC_WINDOW_S = {3.0: 1.0, 20.0: 0.25, 200.0: 0.01}  # three, five or two periods of the lowest frequency
_AC_CREST = 3.0  # an AC range takes peaks of three times its name
_DOWN = 0.1  # autorange leaves a range when the reading falls below a tenth of it
_GLANCE_S = 0.1  # what AUTO ONCE goes by
_WINDOWS = 64  # rectangles that a triangular window is made of: many, or their spacing beats with the pulses
_COUNTER_LOOKS = 20_000  # samples in a gate: cycles are found between them
_HYSTERESIS = 0.1  # of the swing: what a counter wants to see on both sides of the middle
_COUNTER_LEAST_V = 0.01  # a smaller swing does not trip the counter
_LOOKS = 256  # samples in an aperture that tell whether the input was overdriven


@dataclass(frozen=True, slots=True)
class Seen:
    """What the input showed over an aperture: its value in the function's unit, and its largest absolute peak."""

    value: float
    peak: float


class Converter:
    """The measuring part of a meter: terminals, mains frequency and its own errors."""

    def __init__(self, terminals: Terminals, accuracy: Accuracy, mains_hz: int) -> None:
        self._terminals = terminals
        self._accuracy = accuracy
        self._mains_hz = mains_hz

    def delay(self, setup: Setup) -> float:
        """Return the automatic trigger delay in seconds."""
        return AC_SETTLING_S[setup.band.value] if setup.function.alternating else DC_DELAY_S[setup.cycles.value]

    def duration(self, setup: Setup) -> float:
        """Return how long a reading takes that changes no range, in seconds, its delay included."""
        aperture = self._aperture(setup)
        return self.delay(setup) + aperture + TURNAROUND_S + aperture * _zeroes(setup)

    def range_once(self, setup: Setup, now: float) -> None:
        """Set the range that fits what was on the terminals just before `now`, as AUTO ONCE does."""
        start = max(now - _GLANCE_S, 0.0)
        if now > start:
            setup.range.value = _best(setup, self._look(setup, start, now)).full_scale

    def reading(self, setup: Setup, start: float) -> "Iterator[Moment]":
        """Take a reading whose aperture begins at `start`; yields when to go on, and at last the value."""
        aperture = self._aperture(setup)
        for _ in setup.function.ranges:
            end = start + aperture
            yield Moment(end)
            seen = self._look(setup, start, end)
            better = self._better(setup, seen)
            if better is None:
                break
            setup.range.value = better.full_scale
            start = end + RANGE_CHANGE_S + self.delay(setup)
        yield Moment(end + TURNAROUND_S + aperture * _zeroes(setup))
        yield Moment(end, self._shown(setup, seen))

    def _aperture(self, setup: Setup) -> float:
        if setup.function.alternating:
            return AC_WINDOW_S[setup.band.value]
        if setup.function.counts:
            return setup.gate.value
        return setup.cycles.value / self._mains_hz

    def _look(self, setup: Setup, start: float, end: float) -> Seen:
        """Return what the terminals showed between `start` and `end`, in seconds."""
        if setup.function.source is Source.OPEN:
            return Seen(np.inf, np.inf)
        if setup.function.source is Source.RESISTANCE:
            ohms = self._terminals.ohms(start, end)
            return Seen(ohms, ohms)
        if setup.function.source is Source.NO_CURRENT:
            return Seen(0.0, 0.0)
        if setup.function.counts:
            return self._counted(setup.function.source is Source.PERIOD, start, end)
        take = self._smoothed_rms if setup.function.alternating else self._terminals.mean
        peak = np.max(np.abs(self._terminals.volts(np.linspace(start, end, _LOOKS))))
        return Seen(take(start, end), float(peak))

    def _counted(self, as_period: bool, start: float, end: float) -> Seen:
        """Return the frequency in hertz, or the period in seconds, of the cycles between `start` and `end`; 0 without any."""
        times = np.linspace(start, end, _COUNTER_LOOKS)
        volts = self._terminals.volts(times)
        low, high = float(volts.min()), float(volts.max())
        rises = _rises(times, volts - (low + high) / 2, _HYSTERESIS * (high - low))
        if high - low < _COUNTER_LEAST_V or len(rises) < 2:
            return Seen(0.0, 0.0)
        period = float((rises[-1] - rises[0]) / (len(rises) - 1))
        return Seen(period if as_period else 1 / period, 0.0)

    def _smoothed_rms(self, start: float, end: float) -> float:
        """Return the AC RMS over a triangular window from `start` to `end`, as a converter's filter weighs it.

        A window with hard ends would count one pulse of ten more or less, by chance; no real filter does.
        """
        half = (end - start) / 2
        windows = self._terminals.ac_rms_each(np.linspace(start, end - half, _WINDOWS), half)
        return float(np.sqrt(np.mean(windows**2)))

    def _better(self, setup: Setup, seen: Seen) -> Range | None:
        """Return the range that autorange goes to, or None when the one in use is right or fixed."""
        if not setup.auto.value:
            return None
        best, used = _best(setup, seen), setup.used
        up = best.full_scale > used.full_scale
        down = best.full_scale < used.full_scale and abs(seen.value) < _DOWN * used.full_scale
        return best if up or down else None

    def _shown(self, setup: Setup, seen: Seen) -> float:
        if not _holds(setup, setup.used, seen):
            return float(np.copysign(OVERLOAD, seen.value))
        if setup.function.counts:
            return setup.null.apply(float(f"{seen.value:.6e}"))
        return setup.null.apply(self._accuracy.shown(seen.value, setup.function, setup.used, setup.cycles.value))


@dataclass(frozen=True, slots=True)
class Moment:
    """A step of a reading: look again at `time` (seconds), or, with a `value`, the reading is done."""

    time: float
    value: float | None = None


def _rises(times: Floats, volts: Floats, least: float) -> Floats:
    """Return when `volts` went from below -`least` to above it: noise around zero is counted by no counter."""
    clear = np.abs(volts) > least
    at, above = times[clear], volts[clear] > 0
    found: Floats = at[1:][above[1:] & ~above[:-1]]
    return found


def _zeroes(setup: Setup) -> bool:
    """Return whether each reading is followed by one of the zero."""
    return setup.autozero.value and "ZERO" in setup.function.settings


def _best(setup: Setup, seen: Seen) -> Range:
    """Return the smallest range that shows what was seen, or the largest there is."""
    ranges = setup.function.ranges
    return next((each for each in ranges if _holds(setup, each, seen)), ranges[-1])


def _holds(setup: Setup, used: Range, seen: Seen) -> bool:
    """Return whether a range shows what was seen without being overdriven at the peaks."""
    crest = _AC_CREST if setup.function.alternating else 1.0
    return abs(seen.value) <= OVERRANGE * used.full_scale and seen.peak <= OVERRANGE * crest * used.full_scale
