"""Find where a signal crosses the trigger level: coarse steps with hysteresis, then ever finer ones."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from station.simulator.ports import Floats

Look = Callable[[Floats], Floats]
_CHUNK = 8192
_FINER = 64
_FINEST_S = 1e-9


@dataclass(frozen=True, slots=True)
class Edge:
    """What counts as a crossing: `level` in volts, `hysteresis` in volts, which way, and the coarse `step` in seconds."""

    level: float
    hysteresis: float
    slope: str
    step: float


def first_crossing(look: Look, edge: Edge, start: float, end: float) -> float | None:
    """Return the time of the first crossing after `start` and up to `end`, or None; `look` gives volts at times."""
    best: float | None = None
    for sign in _signs(edge.slope):
        limit = end if best is None else best
        best = _rising(_above(look, edge.level, sign), edge, start, limit) or best
    return best


def _above(look: Look, level: float, sign: float) -> Look:
    """Return how far the signal is above the level, or below it when `sign` is -1."""
    return lambda times: sign * (look(times) - level)


def _signs(slope: str) -> tuple[float, ...]:
    return {"POS": (1.0,), "NEG": (-1.0,)}.get(slope, (1.0, -1.0))


def _rising(height: Look, edge: Edge, start: float, end: float) -> float | None:
    """Return when `height` first comes from below the hysteresis to zero or above, going through chunks of time."""
    ready = False
    while start < end:
        count = min(int(np.ceil((end - start) / edge.step)), _CHUNK)
        times = start + np.arange(count + 1) * edge.step
        times = np.minimum(times, end)
        place, ready = _schmitt(height(times), edge.hysteresis, ready)
        if place is not None:
            return _refined(height, float(times[max(place - 1, 0)]), float(times[place]))
        start = float(times[-1])
    return None


def _schmitt(heights: Floats, hysteresis: float, ready: bool) -> tuple[int | None, bool]:
    """Return the place of the first rise and whether the signal has been low and may still rise."""
    low = np.flatnonzero(heights < -hysteresis)
    first = 0 if ready else int(low[0]) if len(low) else len(heights)
    high = np.flatnonzero(heights[first:] >= 0.0)
    if len(high):
        return first + int(high[0]), False
    return None, ready or bool(len(low))


def _refined(height: Look, before: float, after: float) -> float:
    """Narrow a rise between two times down to a nanosecond."""
    while after - before > _FINEST_S:
        times = np.linspace(before, after, _FINER + 1)
        high = np.flatnonzero(height(times) >= 0.0)
        place = max(int(high[0]), 1) if len(high) else _FINER
        narrower = float(times[place - 1]), float(times[place])
        if narrower == (before, after):
            break
        before, after = narrower
    return after
