"""Write down a pulse train as the template wants it: edge times and levels as matrices times few unknowns."""

from dataclasses import dataclass

import numpy as np

from station.core.errors import UndecidedError
from station.signals.estimate import Floats
from station.signals.order import Family, Order
from station.signals.phases import Phases
from station.signals.pulse_edges import END, SECOND_END, SECOND_START, START, Edges
from station.signals.template import Layout
from station.signals.train import Train

_MOST_RUNS = 40  # bursts with a beginning of their own: each is one more unknown
_DEAD = 14.0  # time constants after which nothing is left of an edge
_COLUMNS = {
    START: (),
    END: (1,),
    SECOND_START: (1, 2),
    SECOND_END: (1, 2, 3),
}  # which lengths add up to an edge of a biphasic pulse
_APART = {START: (), END: (1,), SECOND_START: (), SECOND_END: (2,)}  # the same where each phase is a pulse of its own


@dataclass(frozen=True, slots=True)
class Plan:
    """What to fit, and what to begin with: times in s, levels in V over the base; which samples, from `first` to before `last`.

    `touching` tells that the two phases of a pulse have one edge in common.
    """

    layout: Layout
    timing: Floats
    level: Floats
    edges: Edges
    touching: bool
    first: int
    last: int


def plan(train: Train, tau: float, touching: bool, each: bool) -> Plan:
    """Return what to fit to the record of `train` where edges have about the time constant `tau` s.

    `touching` takes the end of the first phase of each pulse for the beginning of the second; `each` gives each phase its own
    height, as it was seen, where else all of a polarity are alike.

    Raises UndecidedError where pulses are not alike.
    """
    phases, order = train.phases, train.order
    _refuse(phases, order, train.edges)
    edges, first, last = _explained(train, tau)
    if touching:
        edges = edges.only(edges.kind != SECOND_START)
    matrix, timing = _timing(order, edges, tau, touching)
    rows, level = _levels(phases, order, edges, touching, _scale(phases) if each else np.ones(phases.count))
    return Plan(Layout(matrix, rows), timing, level, edges, touching, first, last)


def _refuse(phases: Phases, order: Order, edges: Edges) -> None:
    """Raise UndecidedError for a train that is no repetition of one pulse."""
    if np.unique(edges.run).size > _MOST_RUNS:
        raise UndecidedError(f"its {np.unique(edges.run).size} bursts have too many beginnings for one template")
    lengths = np.where(phases.whole, phases.end - phases.start, np.nan)
    lacking = order.family is Family.BIPHASIC and bool(((order.first < 0) | (order.second < 0))[1:-1].any())
    for sign in (-1, 1):
        same = lengths[(phases.sign == sign) & phases.whole]
        lacking = lacking or (same.size > 0 and bool((np.abs(same / np.median(same) - 1.0) > 0.2).any()))
    if lacking:
        raise UndecidedError("its pulses are not all alike")


def _explained(train: Train, tau: float) -> tuple[Edges, int, int]:
    """Leave out what the ends of the record cut off too short; return the other edges and the samples that they explain."""
    size, dt, phases, edges = train.record.size, train.dt, train.phases, train.edges
    visible, begin = _DEAD * tau + 8.0 * dt, _DEAD * tau + dt
    if not np.isfinite(phases.start[0]) and phases.end[0] < visible:
        edges, begin = _behind(edges, begin)
    if not np.isfinite(phases.end[-1]) and size * dt - phases.start[-1] < visible:
        edges = edges.only(edges.phase != phases.count - 1)
    if edges.time.size < 6:
        raise UndecidedError("the record holds too few whole pulses for a template")
    first = max(int(min(begin, edges.time[0] - tau - dt) / dt), 0)
    return edges, first, min(size, int((_next_edge(edges, train.period.value) - tau) / dt) - 2)


def _behind(edges: Edges, dead: float) -> tuple[Edges, float]:
    """Leave out the first phase, and what follows an edge left out sooner than `dead` s; return the rest and its beginning."""
    kept = edges.phase != 0
    while True:
        begin = float(np.max(edges.time[~kept], initial=0.0)) + dead
        if not (late := kept & (edges.time < begin)).any():
            return edges.only(kept), begin
        kept &= ~late


def _next_edge(edges: Edges, period: float) -> float:
    """Return when, in s, the next edge behind the last one is due: the record may end in the middle of it."""
    end = float(edges.time[-1])
    last = np.array([edges.time[edges.kind == kind][-1] for kind in np.unique(edges.kind)])
    return float(np.min(last + period * (np.floor((end - last) / period) + 1.0)))


def may_touch(order: Order, edges: Edges, tau: float, dt: float) -> bool:
    """Return whether the two phases of a pulse may have one edge in common: half height to half height then takes 1.1 tau."""
    between = (edges.kind[:-1] == END) & (edges.kind[1:] == SECOND_START)
    gaps = np.diff(edges.time)[between]
    return order.family is Family.BIPHASIC and gaps.size > 0 and float(np.median(gaps)) < 0.7 * dt + 1.3 * tau


def _timing(order: Order, edges: Edges, tau: float, touching: bool) -> tuple[Floats, Floats]:
    """Return the matrix that makes edge times of period, lengths and beginnings of runs, and what to begin with, in s."""
    columns = _COLUMNS if order.family is Family.BIPHASIC else _APART
    used = sorted({column for kind in np.unique(edges.kind) for column in columns[int(kind)]} - ({2} if touching else set()))
    runs = np.unique(edges.run)
    matrix = np.zeros((edges.time.size, 1 + len(used) + runs.size))
    matrix[:, 0] = edges.number - np.mean(edges.number)
    for place, column in enumerate(used):
        matrix[:, 1 + place] = np.isin(edges.kind, [kind for kind, parts in columns.items() if column in parts])
    matrix[:, 1 + len(used) :] = edges.run[:, None] == runs
    begun = np.linalg.lstsq(matrix, edges.time - tau * np.log(2.0), rcond=None)[0]
    return matrix, np.asarray(begun, dtype=np.float64)


def _levels(phases: Phases, order: Order, edges: Edges, touching: bool, scale: Floats) -> tuple[Floats, Floats]:
    """Return the matrix that makes levels of the base and of both heights, and what to begin with, in V over the base."""
    starts = edges.kind % 2 == 0
    next_one = np.where((edges.kind == END) & (edges.phase + 1 < phases.count) & touching, edges.phase + 1, -1)
    into = np.concatenate(([-1 if starts[0] else edges.phase[0]], np.where(starts, edges.phase, next_one)))
    second = (phases.sign != order.lead).astype(np.int64)
    on = np.flatnonzero(into >= 0)
    rows = np.zeros((into.size, 3))
    rows[:, 0] = 1.0
    rows[on, 1 + second[into[on]]] = (scale * phases.sign)[into[on]]
    present = np.abs(rows).sum(axis=0) > 0
    heights = [float(np.mean(phases.height[second == which])) if (second == which).any() else 0.0 for which in (0, 1)]
    return rows[:, present], np.array([0.0, *heights])[present]


def _scale(phases: Phases) -> Floats:
    """Return the height of each phase over the mean of those of its polarity, (n,)."""
    scale = np.ones(phases.count)
    for sign in (-1, 1):
        same = phases.sign == sign
        if same.any():
            scale[same] = phases.height[same] / np.mean(phases.height[same])
    return scale
