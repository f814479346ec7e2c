"""An instrument bus: where it is routed, what its SYNC follows, and what the instrument's terminals see of it."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from station.simulator.physics.noise import averaged
from station.simulator.physics.unit import Unit
from station.simulator.ports import Floats
from station.simulator.slot import Slot

T = TypeVar("T")
_FLOATING = 2e-6
"""Volt rms that an input sees when nothing is connected to it."""
_AC_OHM = 1e6
"""Ohm of a Truevolt's input on its AC ranges (34460A/61A data sheet: 1 Mohm, in parallel with less than 100 pF)."""
_SHORTED_OHM = 0.3
"""Ohm of a bus that is shorted at a slot: two relays and the leads."""
_KEEP = 500


@dataclass(frozen=True, slots=True)
class View:
    """What the terminals see from `start` on: `ohm` times a current, a voltage, or nothing, plus `emf` volt."""

    start: float
    unit: Unit | None
    path: str
    ohm: float
    emf: float

    def volts(self, times: Floats, looks: int = 1, step: float = 0.0) -> Floats:
        """Return the voltage without the floating input's noise at each of `times`, both (n,) float64.

        On the sense path it is the mean of `looks` looks around each time, `step` seconds apart; elsewhere nothing is so quick.
        """
        if self.unit is None or self.path in ("-", "zero"):
            return np.full_like(times, self.emf)
        if self.path == "sense":
            volts = self.unit.current(times) if looks == 1 else self.unit.current_seen(times, looks, step)
            volts *= self.ohm
            volts += self.emf
            return volts
        if self.path == "battery":
            return self.unit.cell_volts(times) + self.emf
        return self.unit.cell_amps(times) * self.ohm + self.emf

    @property
    def ohms(self) -> float:
        """Return the resistance of what a path of resistors ends at, in ohm; infinite where there is none."""
        if self.path == "zero":
            return _SHORTED_OHM
        return self.ohm if self.ohm > 0 and self.path not in ("-", "battery") else math.inf

    def integrals(self, start: float, end: float) -> tuple[float, float, float, float]:
        """Return the integrals over an aperture of voltage, its square, and the squares of noise and ripple."""
        if self.unit is None or self.path != "sense":
            volts = self.volts(np.linspace(start, end, 65))
            middle = (volts[1:] + volts[:-1]) / 2 * (end - start) / 64
            return float(middle.sum()), float((middle**2).sum() * 64 / (end - start)), 0.0, 0.0
        sums, seconds = self.unit.sums(start, end), end - start
        square = sums.square * self.ohm**2 + 2 * self.emf * sums.charge * self.ohm + self.emf**2 * seconds
        return (
            sums.charge * self.ohm + self.emf * seconds,
            square,
            sums.noise * self.ohm**2,
            sums.ripple * self.ohm**2,
        )


class Bus:
    """One bus (`D1`, `S1`) with its instrument's input resistance; it is the instrument's `Terminals`."""

    def __init__(self, name: str, input_ohm: float, generator: Generator) -> None:
        self.name = name
        self.input_ohm = input_ohm
        self.slot: Slot | None = None
        self.path = "-"
        self.follows: Slot | None = None
        self._generator = generator
        self._views = [View(-math.inf, None, "-", 0.0, 0.0)]
        self._followed: list[tuple[float, Slot | None]] = [(-math.inf, None)]
        self._joined: list[float] = []  # edges made by SYNC being turned to a slot that was high

    def look(self, view: View) -> None:
        """See something else from the view's start on."""
        self._views.append(view)
        del self._views[:-_KEEP]

    def follow(self, slot: Slot | None, now: float) -> None:
        """Let SYNC follow `slot` from `now` on, or hold it low (None)."""
        self._reach(now)
        if slot:
            slot.reach(now)
        was_high = self.follows is not None and self.follows.comparator.high(now)
        if slot and slot.comparator.high(now) and not was_high:
            self._joined.append(now)
        self.follows = slot
        self._followed.append((now, slot))
        del self._followed[:-_KEEP], self._joined[:-_KEEP]

    def pulse(self, now: float) -> None:
        """Raise SYNC for a moment, whatever it follows; a line that is high has no edge to give."""
        self._reach(now)
        if self.follows is None or not self.follows.comparator.high(now):
            self._joined.append(now)
            del self._joined[:-_KEEP]

    def _reach(self, moment: float) -> None:
        """Let time pass in the slots that this bus sees; what it saw before has been passed when it was turned away."""
        for slot in (self.slot, self.follows):
            if slot is not None:
                slot.reach(moment)

    def volts(self, times: Floats) -> Floats:
        """Return the voltage at the input at each of `times` (ascending), both (n,) float64; noise included."""
        return self.seen(times, 1, 0.0)

    def seen(self, times: Floats, looks: int, step: float) -> Floats:
        """Return the mean of `looks` looks at it, `step` seconds apart, around each of `times`, both (n,) float64."""
        if not times.size:
            return np.zeros_like(times)
        self._reach(float(times[-1]) + looks * step)
        volts = np.empty_like(times)
        begin = max(bisect_right(self._views, float(times[0]), key=_began) - 1, 0)
        views = self._views[begin : bisect_right(self._views, float(times[-1]), key=_began)] or self._views[:1]
        cuts = np.searchsorted(times, np.array([view.start for view in views[1:]])).tolist()
        for view, low, high in zip(views, [0, *cuts], [*cuts, times.size], strict=True):
            if high > low:
                volts[low:high] = view.volts(times[low:high], looks, step)
                if view.path == "-":
                    volts[low:high] += self._generator.normal(0, _FLOATING, high - low)
        return volts

    def mean(self, start: float, end: float) -> float:
        """Return the mean voltage between `start` and `end`, as an ideal integrating converter would."""
        total, _, noise, _ = self._integrals(start, end)
        seconds = end - start
        return total / seconds + float(self._generator.normal(0, 1)) * averaged(noise, seconds)

    def ac_rms(self, start: float, end: float) -> float:
        """Return the root mean square of the voltage between `start` and `end` after its mean was taken off."""
        total, square, noise, ripple = self._integrals(start, end)
        seconds = end - start
        return self._loading() * math.sqrt(max(0.0, (square + noise + ripple) / seconds - (total / seconds) ** 2))

    def ac_rms_each(self, starts: Floats, seconds: float) -> Floats:
        """Return `ac_rms` over the `seconds` behind each of `starts` (ascending), both (n,) float64."""
        first, last = float(starts[0]), float(starts[-1]) + seconds
        self._reach(last)
        seen = list(_spans(self._views, first, last, _began))
        unit = seen[0][2].unit if len(seen) == 1 and seen[0][2].path == "sense" else None
        if unit is None:
            return np.array([self.ac_rms(start, start + seconds) for start in starts.tolist()])
        times = np.unique(np.concatenate([starts, starts + seconds]))
        sums, view = unit.running_sums(times), seen[0][2]
        charge, square, noise, ripple = (
            sums[:, np.searchsorted(times, starts + seconds)] - sums[:, np.searchsorted(times, starts)]
        ) / seconds
        mean = charge * view.ohm + view.emf
        whole = (square + noise + ripple) * view.ohm**2 + 2 * view.emf * charge * view.ohm + view.emf**2
        found: Floats = self._loading() * np.sqrt(np.maximum(whole - mean**2, 0.0))
        return found

    def _loading(self) -> float:
        """Return how much less voltage an AC reading finds, because its input is 1 Mohm where a DC reading's is 10 Mohm."""
        view = self._views[-1]
        if view.path != "sense" or view.ohm <= 0:
            return 1.0
        return 1.0 / (1.0 + view.ohm * (1.0 / _AC_OHM - 1.0 / self.input_ohm))

    def ohms(self, start: float, end: float) -> float:
        """Return the largest resistance across the input between `start` and `end`, in ohm."""
        self._reach(end)
        return max((view.ohms for _, _, view in _spans(self._views, start, end, _began)), default=math.inf)

    def triggers(self, start: float, end: float) -> list[float]:
        """Return the times of the rising edges on SYNC with start < time <= end."""
        self._reach(end)
        edges = [moment for moment in self._joined if start < moment <= end]
        for low, high, (_, slot) in _spans(self._followed, start, end, itemgetter(0)):
            edges += slot.edges(low, high) if slot else []
        return sorted(edges)

    def _integrals(self, start: float, end: float) -> tuple[float, float, float, float]:
        self._reach(end)
        total = np.zeros(4)
        for low, high, view in _spans(self._views, start, end, _began):
            total += np.array(view.integrals(low, high))
            if view.path == "-":
                total[2] += _FLOATING**2 * (high - low)
        one, two, three, four = total.tolist()
        return one, two, three, four


_began = attrgetter("start")


def _spans(log: Sequence[T], start: float, end: float, since: Callable[[T], float]) -> Iterator[tuple[float, float, T]]:
    """Yield what was valid when, within [start, end], from a log in order of time; `since` tells when each began."""
    index = bisect_right(log, start, key=since) - 1
    for position in range(max(index, 0), len(log)):
        began = since(log[position])
        until = since(log[position + 1]) if position + 1 < len(log) else end
        if max(began, start) < min(until, end):
            yield max(began, start), min(until, end), log[position]
        if until >= end:
            return
