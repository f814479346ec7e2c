"""Line up the edges of pulses: of which kind each is, and of which pulse."""

from dataclasses import dataclass

import numpy as np

from station.core.errors import UndecidedError
from station.signals.comb import Ints, slope, weighted
from station.signals.estimate import Estimate, Floats
from station.signals.order import Family, Order
from station.signals.phases import Phases

START, END, SECOND_START, SECOND_END = range(4)


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a record in their order, each array (m,): when (s), of which kind, of which pulse and run, of which phase.

    In a biphasic pulse the kinds are the two edges of the leading and of the trailing phase; in others those of positive and of
    negative phases.
    """

    time: Floats
    kind: Ints
    number: Ints
    run: Ints
    phase: Ints

    def of(self, kind: int) -> "Edges":
        """Return the edges of one kind."""
        return self.only(self.kind == kind)

    def only(self, chosen: np.ndarray) -> "Edges":
        """Return the edges for which `chosen`, (m,) bool, holds."""
        return Edges(self.time[chosen], self.kind[chosen], self.number[chosen], self.run[chosen], self.phase[chosen])


def line_up(phases: Phases, order: Order) -> Edges:
    """Return all edges that the record shows, those of a pulse that its beginning cuts off included."""
    number, run, known = _numbers(phases, order)
    rows = []
    for index, kinds in ((order.first, (START, END)), (order.second, (SECOND_START, SECOND_END))):
        there = known & (index >= 0)
        phase = index[there]
        shift = 2 * (phases.sign[phase] < 0) if order.family is not Family.BIPHASIC else np.zeros(phase.size, dtype=np.int64)
        for times, kind in zip((phases.start, phases.end), kinds, strict=True):
            rows.append(np.array([times[phase], kind + shift, number[there], run[there], phase], dtype=np.float64))
    table = np.concatenate(rows, axis=1)
    table = table[:, np.isfinite(table[0])]
    table = table[:, np.lexsort((table[4], table[0]))]
    whole = table[1:].astype(np.int64)
    return Edges(table[0], whole[0], whole[1], whole[2], whole[3])


def _numbers(phases: Phases, order: Order) -> tuple[Ints, Ints, np.ndarray]:
    """Return number and run of every pulse, and whether it has them; the first may be numbered from its later edges."""
    count = order.first.size
    number, run, known = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
    number[order.numbered], run[order.numbered], known[order.numbered] = order.comb.number, order.comb.run, True
    if not known[0] and known[1:].any():
        other = int(order.numbered[0])
        for index in (order.first, order.second):
            if index[0] < 0 or index[other] < 0 or phases.sign[index[0]] != phases.sign[index[other]]:
                continue
            steps = (phases.end[index[other]] - phases.end[index[0]]) / order.comb.period
            if np.isfinite(steps) and abs(steps - round(steps)) < 0.1 and round(steps) > 0:
                number[0], run[0], known[0] = number[other] - round(steps), run[other], True
    return number, run, known


def period(edges: Edges, dt: float) -> Estimate:
    """Return the period in s: each kind of edge regressed on its number, and the slopes weighted by what they are worth."""
    kinds = [each for each in (edges.of(kind) for kind in range(4)) if _enough(each)]
    if not kinds:
        raise UndecidedError("the record holds too few pulses in a row to tell a frequency: it is too short")
    return weighted([slope(each.time, each.number, each.run, dt) for each in kinds])


def _enough(edges: Edges) -> bool:
    """Return whether there are edges enough for a slope and its scatter."""
    return edges.time.size - np.unique(edges.run).size >= 2
