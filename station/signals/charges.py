"""Integrate the phases of a train over its level of rest: phase charge and net charge in V·s, whatever the family."""

import numpy as np

from station.core.errors import UndecidedError
from station.signals.areas import Calm, areas, calm, margins, sampled
from station.signals.durations import bursts, phase_width
from station.signals.estimate import Estimate, Floats, mean_of
from station.signals.order import Family, begins
from station.signals.train import Train, is_square

_MORE = 1.25  # times white noise: what is between pulses beyond that is hum, drift or ringing


def rest(train: Train) -> Calm:
    """Return level and noise between pulses; raises UndecidedError where the signal does not rest."""
    if is_square(train):
        raise UndecidedError("a square of half duty does not rest: there is nothing between its pulses")
    order, phases = train.order, train.phases
    last = np.where(order.second >= 0, order.second, order.first)
    return calm(
        train.record, begins(phases, order.first, order.second), phases.end[last], train.step / 12.0**0.5 if train.coarse else 0.0
    )


def zero_level(train: Train) -> Estimate:
    """Return the level without output in V: that between pulses, or the known one of a square."""
    if not is_square(train):
        return rest(train).level
    if train.zero is None:
        raise UndecidedError("a square of half duty does not rest, and its level without output is not known: no charge")
    return Estimate(train.zero, 0.0)


def mean_phase_charge(train: Train, tau: float | None) -> Estimate:
    """Return the mean charge of the positive phases in V·s, of the negative ones where none is positive; `tau` s, if resolved."""
    phases, level = train.phases, zero_level(train)
    if is_square(train):
        return _charge_of_square(train, level.value)
    sign = 1 if (phases.sign > 0).any() else -1
    begin, end = _reach(train, tau)
    chosen = (phases.sign == sign) & phases.whole
    if not chosen.any():
        raise UndecidedError("the record holds no whole phase")
    values = sign * areas(train.record, level.value, begin[chosen], end[chosen])
    return _known(train, tau, mean_of(values), values.size, 2, level.u * train.longest)


def _charge_of_square(train: Train, zero: float) -> Estimate:
    """Return the charge of the upper half of a square over the known `zero` V: plateau times width."""
    width, heights = phase_width(train, 1), mean_of(train.phases.height)
    high = train.levels.base + heights.value - zero
    return Estimate(
        high * width.value, ((high * width.u) ** 2 + (width.value * max(heights.u, train.levels.sigma / 10.0)) ** 2) ** 0.5
    )


def mean_net_charge(train: Train, tau: float | None) -> Estimate:
    """Return the mean in V·s of what one repetition leaves over: a pulse, or a whole pair of bursts of both polarities.

    Raises UndecidedError where the record holds no whole repetition, or its level without output is not known.
    """
    level = zero_level(train)
    begin, end = _reach(train, tau)
    if is_square(train):
        starts = train.phases.start[np.isfinite(train.phases.start)]
        values, edges, length = areas(train.record, level.value, starts[:-1], starts[1:]), 2, train.period.value
    elif train.order.family is Family.REVERSING:
        values, edges, length = _pairs_of_bursts(train, areas(train.record, level.value, begin, end))
    else:
        values, edges, length = _pulses(train, level.value, begin, end)
    if values.size == 0:
        raise UndecidedError("the record holds no whole repetition")
    return _known(train, tau, mean_of(values), values.size, edges, level.u * length)


def _pulses(train: Train, level: float, begin: Floats, end: Floats) -> tuple[Floats, int, float]:
    """Return what each whole pulse leaves over (V·s), how many edges it has, and how long it is integrated (s)."""
    order = train.order
    opening = np.where(order.first >= 0, order.first, order.second)
    closing = np.where(order.second >= 0, order.second, order.first)
    whole = train.phases.whole[opening] & train.phases.whole[closing]
    edges = 4 if order.family is Family.BIPHASIC else 2
    if order.family is Family.BIPHASIC:
        whole[-1] &= order.second[-1] >= 0  # its other phase may lie behind the record
        whole[0] &= order.first[0] >= 0
    opening, closing = opening[whole], closing[whole]
    length = float(np.mean(end[closing] - begin[opening])) if whole.any() else 0.0
    return areas(train.record, level, begin[opening], end[closing]), edges, length


def _pairs_of_bursts(train: Train, charges: Floats) -> tuple[Floats, int, float]:
    """Return what each pair of bursts leaves over; first and last burst may be cut off and do not count."""
    kept = bursts(train)[1:-1]
    kept = kept[: 2 * (len(kept) // 2)]
    sums = np.array([float(np.sum(charges[burst])) for burst in kept]).reshape(-1, 2).sum(axis=1)
    pulses = sum(burst.size for burst in kept) / max(len(kept), 1)
    return sums, round(4 * pulses), 2.0 * pulses * train.longest


def _reach(train: Train, tau: float | None) -> tuple[Floats, Floats]:
    """Return from when to when each phase is integrated, in s; cut ones from or to where the record is cut."""
    phases = train.phases
    pause = np.concatenate(([np.inf], np.maximum(phases.start[1:] - phases.end[:-1], 0.0), [np.inf]))
    front, tail = margins(train.dt, tau, pause[:-1], pause[1:])
    begin = np.where(np.isfinite(phases.start), phases.start - front, 0.0)
    return begin, np.where(np.isfinite(phases.end), phases.end + tail, train.dt * train.record.size)


def _known(train: Train, tau: float | None, mean: Estimate, count: int, edges: int, of_level: float) -> Estimate:
    """Add what scatter does not show: edges between samples, the level's own doubt in V·s, codes that are not spread."""
    at_edges = sampled(train.dt, tau, train.height) * (edges / count) ** 0.5 * train.together.mean
    long = train.longest * edges / 2.0
    white = train.levels.sigma * (train.dt * long / count) ** 0.5  # the scatter of few pulses may be small by chance
    codes = train.step / 12.0**0.5 * long if train.coarse else 0.0
    return Estimate(mean.value, (max(mean.u, at_edges, white) ** 2 + of_level**2 + codes**2 + (_hum(train) * long) ** 2) ** 0.5)


def _hum(train: Train) -> float:
    """Return in V RMS what moves the level between pulses more slowly than white noise: hum may be in step with the pulses."""
    if is_square(train):
        return 0.0
    noise, sigma = rest(train).noise.value, _MORE * train.levels.sigma
    return float(np.sqrt(max(noise**2 - sigma**2, 0.0)))
