"""Fit the template of a pulse train, one pole, to a record whose edges are known: what the samples say beyond the edges."""

from dataclasses import dataclass, replace

import numpy as np

from station.core.errors import UndecidedError
from station.signals.estimate import Estimate
from station.signals.order import Family
from station.signals.pulse_edges import Edges
from station.signals.pulse_layout import Plan, may_touch, plan
from station.signals.sampling import together
from station.signals.template import Fit, Samples, fit
from station.signals.train import Train

_EXACT = 1e-6  # of the height: a record without any noise is as exact as its numbers are
_SEEN = 4.0  # by so many variances of a sample the squares must sum to less for a gap to be seen: 2 standard deviations
_MISFIT = 1.25  # times the noise: residuals beyond, behind edges or on plateaus, are not noise


@dataclass(frozen=True, slots=True)
class PulseFit:
    """What the template says: time constant in s, period and lengths in s, heights in V of the two phases, the charges in V·s.

    `lengths` are leading phase, gap, trailing phase of a biphasic pulse, else positive and negative pulse; `charges` belong to
    the phases, in the same order.
    """

    tau: Estimate
    period: Estimate
    lengths: tuple[Estimate, ...]
    heights: tuple[Estimate, ...]
    charges: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """What was fitted, what was found, and where phases touch what was found with a gap between them, which was not better."""

    drawn: Plan
    found: Fit
    apart: Fit | None


def fit_pulses(train: Train) -> PulseFit:
    """Return what the template of the train's family says of its record.

    Raises UndecidedError with the reason where the template does not hold: edges not resolved, pulses not alike, residuals
    beyond the noise.
    """
    tau = train.tau
    if tau is None:
        raise UndecidedError("the sampling does not resolve the edges")
    misfit = ""
    for each in (False, True):
        chosen = _choose(train, tau, each)
        misfit = _misfit(chosen.found, max(train.levels.sigma, _EXACT * train.height))
        if not misfit:
            return _told(chosen, train, _doubt(chosen.found, chosen.drawn.edges, train))
    raise UndecidedError(misfit)


def _choose(train: Train, tau: float, each: bool) -> _Choice:
    """Return the fit of two phases with a gap or, where one is not seen, of two that touch.

    Raises UndecidedError where the record does not tell how long a gap might be: no other length would be known then.
    """
    if not may_touch(train.order, train.edges, tau, train.dt):
        return _try(train, tau, False, each)
    touching, apart = _try(train, tau, True, each), _try(train, tau, False, each)
    samples = apart.drawn.last - apart.drawn.first
    better = samples * (touching.found.rms**2 - apart.found.rms**2) > _SEEN * apart.found.rms**2
    return apart if better else replace(touching, apart=apart.found)


def _try(train: Train, tau: float, touching: bool, each: bool) -> _Choice:
    drawn = plan(train, tau, touching, each)
    found = fit(Samples(train.record, drawn.first, drawn.last), drawn.layout, drawn.timing, tau, drawn.level)
    return _Choice(drawn, found, None)


def _misfit(found: Fit, sigma: float) -> str:
    """Say where residuals are more than noise: the unknowns are then not what they are called; nothing when they are not."""
    if found.far > _MISFIT * sigma:
        return f"plateaus differ from the template by {found.far / sigma:.2g} times the noise"
    allowed = max(found.far, sigma) * (1.0 + 5.0 / max(found.samples_near, 1) ** 0.5)
    if found.near > max(allowed, _MISFIT * sigma):
        return f"edges differ from the template by {found.near / sigma:.2g} times the noise"
    return ""


def _doubt(found: Fit, edges: Edges, train: Train) -> float:
    """Return the standard deviation in V that the covariance is to be multiplied with, in squares.

    Codes that noise does not spread err alike at all edges that are sampled at the same place between two samples.
    """
    rms = float(max(found.rms, found.near, train.step / np.sqrt(12.0)))
    if not train.coarse:
        return rms
    numbers = np.unique(edges.number)
    return rms * max(together(numbers, float(found.timing[0]), train.dt).mean, 1.0)


def _told(chosen: _Choice, train: Train, doubt: float) -> PulseFit:
    """Name the unknowns."""
    found, touching = chosen.found, chosen.drawn.touching
    u = doubt * np.sqrt(np.diag(found.covariance))
    count, phases = found.timing.size, found.level.size - 1
    biphasic = train.order.family is Family.BIPHASIC
    widths = ([1, 2] if touching else [1, 3]) if biphasic else list(range(1, 1 + phases))
    level, moment = _codes(found, train)
    unseen = doubt * float(np.sqrt(chosen.apart.covariance[2, 2])) if chosen.apart else 0.0
    moment = float(np.hypot(moment, unseen))
    lengths = [_both(float(found.timing[place]), u[place], moment) for place in widths]
    heights = [_both(abs(float(found.level[1 + place])), u[count + 2 + place], level) for place in range(phases)]
    charges = [_times(found, width, place, doubt, level) for place, width in enumerate(widths[:phases])]
    if biphasic:
        lengths.insert(1, Estimate(0.0, moment) if touching else _both(float(found.timing[2]), u[2], moment))
    tau = _both(found.tau, found.tau * u[count], moment)
    return PulseFit(tau, Estimate(float(found.timing[0]), float(u[0])), tuple(lengths), tuple(heights), tuple(charges))


def _codes(found: Fit, train: Train) -> tuple[float, float]:
    """Return the standard uncertainties of a height in V and of a length in s from codes that the noise does not spread.

    Plateau and base may each be off by half a code, which is a rectangle, sqrt(2/12) for both, and moves where an edge is seen
    by about as much of the time constant as that is of the height: 0.4 to 0.85 tau step / height were found by simulation.
    """
    if not train.coarse:
        return 0.0, 0.0
    return train.step / 6.0**0.5, 0.75 * found.tau * train.step / train.height


def _both(value: float, one: float, other: float) -> Estimate:
    return Estimate(value, float(np.hypot(one, other)))


def _times(found: Fit, width: int, height: int, doubt: float, level: float) -> Estimate:
    """Return a phase's charge, height times length, in V·s; both are correlated, and `level` V of the height is not known."""
    column = found.timing.size + 2 + height
    tall, long = abs(float(found.level[1 + height])), float(found.timing[width])
    weights, both = np.array([tall, long]), np.ix_([width, column], [width, column])
    variance = float(weights @ found.covariance[both] @ weights)
    return _both(tall * long, doubt * max(variance, 0.0) ** 0.5, long * level)
