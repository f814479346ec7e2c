"""Measure frequency and durations of a train by its edges: safe values that no shape of an edge spoils."""

import numpy as np

from station.core.errors import UndecidedError
from station.core.uncertainty import rectangular
from station.signals.comb import slope
from station.signals.estimate import Estimate, Floats, mean_of
from station.signals.order import Family
from station.signals.train import Train, is_square


def pulse_frequency(train: Train) -> Estimate:
    """Return the frequency of the pulses in Hz; inside of bursts where there are such."""
    return reciprocal(train.period)


def reciprocal(lasts: Estimate) -> Estimate:
    """Return the frequency in Hz of something that `lasts` so many s."""
    return Estimate(1.0 / lasts.value, lasts.u / lasts.value**2)


def burst_frequency(train: Train) -> Estimate:
    """Return the frequency in Hz at which pairs of bursts, one of each polarity, repeat."""
    if train.order.family is not Family.REVERSING:
        raise UndecidedError("its polarity is not reversed every burst")
    firsts = [burst[0] for burst in bursts(train) if train.phases.sign[burst[0]] > 0]
    starts = train.phases.start[firsts]
    starts = starts[np.isfinite(starts)][1:]  # the first burst may be cut off by the beginning of the record
    if starts.size < 3:
        raise UndecidedError("the record does not show three pairs of bursts")
    rank = np.arange(starts.size)
    return reciprocal(slope(starts, rank, np.zeros_like(rank), train.dt))


def bursts(train: Train) -> list[np.ndarray]:
    """Return the positions of the phases of each burst of one polarity, each (n,) int64."""
    sign = train.phases.sign
    return np.split(np.arange(sign.size), np.flatnonzero(np.diff(sign)) + 1)


def phase_width(train: Train, sign: int) -> Estimate:
    """Return the mean width in s of the phases of one `sign`, at half height of both edges; none is left out.

    A pulse that lacks this phase counts with no width; so does a train that has none.
    """
    order, phases = train.order, train.phases
    if is_square(train) and sign < 0:
        return _mean_length(train, phases.start[1:] - phases.end[:-1])
    lengths = (phases.end - phases.start)[phases.sign == sign]
    if order.family is Family.BIPHASIC:
        index = order.first if sign == order.lead else order.second
        lengths = np.concatenate((lengths, np.zeros(int(np.sum(index[1:-1] < 0)))))
    return _mean_length(train, lengths if lengths.size else np.zeros(1))


def phase_gap(train: Train) -> Estimate:
    """Return the mean pause in s between the two phases of a pulse, from half height to half height."""
    order, phases = train.order, train.phases
    if is_square(train):
        return _mean_length(train, np.zeros(1))
    both = (order.first >= 0) & (order.second >= 0)
    if order.family is not Family.BIPHASIC or not both.any():
        raise UndecidedError("its pulses have one phase only: there is no pause inside of them")
    return _mean_length(train, phases.start[order.second[both]] - phases.end[order.first[both]])


def _mean_length(train: Train, lengths: Floats) -> Estimate:
    """Average lengths between two edges, each edge known to a rectangle of width dt; what scatter is beyond that is averaged."""
    lengths = lengths[np.isfinite(lengths)]
    if lengths.size == 0:
        raise UndecidedError("the record holds no whole phase")
    found, rectangles = mean_of(lengths), train.dt**2 / 6.0 / lengths.size
    beyond = max(found.u**2 - rectangles, 0.0)
    variance = beyond + rectangles * train.together.mean**2 + rectangular(_shift(train)) ** 2
    return Estimate(found.value, variance**0.5)


def _shift(train: Train) -> float:
    """Return by how many s what is left of an edge shifts the next one's half height at most: tau ln(1 + exp(-pause/tau))."""
    if train.tau is None:
        return 0.0
    pauses = np.diff(train.edges.time)
    return float(train.tau * np.log1p(np.exp(-np.median(pauses[pauses <= 1.5 * np.min(pauses)]) / train.tau)))
