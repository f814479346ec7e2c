"""Take a record of biphasic pulses apart: when each phase begins and ends, and how high it stands."""

from dataclasses import dataclass

import numpy as np

from station.core.errors import UndecidedError
from station.signals.edges import crossings
from station.signals.estimate import Floats
from station.signals.levels import find_levels

_PLATEAU = (0.25, 0.75)  # the part of a phase that is surely settled and surely before its end


@dataclass(frozen=True, slots=True)
class Pulses:
    """Whole biphasic pulses of a record, each array (n,) float64: times in s from the first sample, heights in V.

    `rise` and `fall` bound the positive phase, `dive` and `back` the negative one, each at half its own height; `high` and `low`
    are the plateaus over the `baseline`, `low` as a positive number.
    """

    rise: Floats
    fall: Floats
    dive: Floats
    back: Floats
    high: Floats
    low: Floats
    baseline: float

    @property
    def count(self) -> int:
        """Return how many whole pulses there are."""
        return int(self.rise.size)


def baseline(volts: Floats) -> float:
    """Return the level between pulses in V: the median, right for any pulse train that is quiet more than half its time."""
    return float(np.median(volts))


def _resting(volts: Floats) -> float:
    """Return the level between pulses in V, the middle of a square that never rests, the median where neither can be told."""
    try:
        levels = find_levels(volts)
    except UndecidedError:
        return baseline(volts)
    return levels.base if levels.rests else levels.base + 0.5 * (levels.top - levels.bottom)


def find_pulses(volts: Floats, dt: float, floor: float, share: float = 0.5) -> Pulses:
    """Return the whole biphasic pulses of `volts`, (n,) float64, one sample each `dt` s.

    Nothing lower than `floor` V is taken for a pulse; a record without pulses gives none. `share` is the part of the
    steady height at which phases are found: 0.5 for widths; lower to see the small first pulses of a soft start. A square that
    never rests is taken for one of two phases around its middle. For other families than biphasic pulses that begin with the
    positive phase there is `station.signals.analysis`.
    """
    if volts.size < 3:
        return _none(baseline(volts) if volts.size else 0.0)
    base = _resting(volts)
    over = volts - base
    height, depth = _plateau(over), _plateau(-over)
    if height < floor:
        return _none(base)
    rises, falls = crossings(over, dt, share * height, 0.4 * share * height)
    deep = max(depth, floor)
    backs, dives = crossings(over, dt, -share * deep, 0.4 * share * deep)
    phases = _whole(_phases(rises, falls, dives, backs), dt * volts.size)
    high = np.array([_mean(over, dt, rise, fall) for rise, fall, _, _ in phases])
    low = np.array([-_mean(over, dt, dive, back) for _, _, dive, back in phases])
    columns = np.array(phases, dtype=np.float64).reshape(-1, 4).T
    return Pulses(columns[0], columns[1], columns[2], columns[3], high, low, base)


def _none(base: float) -> Pulses:
    empty = np.empty(0)
    return Pulses(empty, empty, empty, empty, empty, empty, base)


def _plateau(over: Floats) -> float:
    """Return the height of the upper phase: the middle of the samples above half the highest one (noise left aside)."""
    top = float(np.percentile(over, 99.8))
    upper = over[over > 0.5 * top]
    return float(np.median(upper)) if top > 0 and upper.size else 0.0


def _phases(rises: Floats, falls: Floats, dives: Floats, backs: Floats) -> list[tuple[float, float, float, float]]:
    """Pair the edges into whole pulses; a pulse that lacks its negative phase has an empty one right behind the first."""
    found = []
    for number, rise in enumerate(rises):
        following = rises[number + 1] if number + 1 < rises.size else np.inf
        fall = _next(falls, rise)
        if not fall < following:
            continue
        dive, back = _next(dives, rise), _next(backs, _next(dives, rise))
        if not back < following:
            dive = back = fall
        found.append((float(rise), float(fall), float(dive), float(back)))
    return found


def _whole(phases: list[tuple[float, float, float, float]], end: float) -> list[tuple[float, float, float, float]]:
    """Leave out a last pulse whose negative phase may lie behind the `end` of the record (s)."""
    longest = max((back - rise for rise, fall, _, back in phases if back > fall), default=0.0)
    if phases and phases[-1][3] == phases[-1][1] and phases[-1][0] + 1.1 * longest > end:
        return phases[:-1]
    return phases


def _next(times: Floats, moment: float) -> float:
    index = int(np.searchsorted(times, moment, side="right"))
    return float(times[index]) if index < times.size else float("inf")


def _mean(over: Floats, dt: float, start: float, end: float) -> float:
    first = int(np.ceil((start + _PLATEAU[0] * (end - start)) / dt))
    last = int((start + _PLATEAU[1] * (end - start)) / dt)
    return float(np.mean(over[first : last + 1])) if last >= first else 0.0
