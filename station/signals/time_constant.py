"""See the time constant of edges in how fast they die out behind their middle."""

import numpy as np

from station.signals.estimate import Floats
from station.signals.levels import Levels
from station.signals.phases import Phases
from station.signals.pulse_edges import Edges
from station.signals.running import Running

_RESOLVED = 0.35  # time constants per sampling interval: with fewer no sample lies on most edges


def first_tau(record: Running, levels: Levels, phases: Phases, edges: Edges) -> float | None:
    """Return the time constant in s that the mean decay behind all edges shows, or None where the sampling does not resolve it.

    Samples behind an edge decay by exp(-dt/tau) each, wherever between two of them the edge was.
    """
    dt, size = record.dt, record.size
    ends = edges.time == phases.end[edges.phase]
    height = (phases.sign * phases.height)[edges.phase]
    target, swing = np.where(ends, 0.0, height), np.where(ends, height, -height)
    first = np.ceil(edges.time / dt).astype(np.int64)
    room = np.diff(np.append(edges.time, size * dt)) / dt
    for reach in (24, 240, 2400):
        kept = np.flatnonzero((room > 0.5 * reach) & (first + reach < size))[: 1 + 200_000 // reach]
        if kept.size == 0:
            return None
        index = first[kept, None] + np.arange(reach)
        left = np.mean((record.over[index] - target[kept, None]) / swing[kept, None], axis=0)
        least = max(0.012, 4.0 * levels.sigma / float(np.mean(phases.height)) / kept.size**0.5)
        shown = int(np.argmax(left < least)) if (left < least).any() else reach
        if shown < reach // 2 or reach == 2400:
            return _decay(left[:shown], dt)
    return None


def _decay(left: Floats, dt: float) -> float | None:
    if left.size < 2:
        return None
    rate = float(np.polyfit(np.arange(left.size), np.log(left), 1, w=left)[0])
    return -dt / rate if -rate * _RESOLVED < 1.0 and rate < 0 else None
