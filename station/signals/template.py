"""Fit a train of one-pole edges to the samples of a record: Gauss-Newton with damping, near the Cramér-Rao bound.

The model is a signal that each edge, at t_e, sends from wherever it is towards a level T_e with the time constant tau:
y(t) = T_e + D_e exp(-(t - t_e)/tau), where D_e is what is left to go. Edge times and levels are linear in few unknowns, so that
every family of waveforms is a pair of matrices. Behind an edge every derivative is a sum of the three functions 1, e and x e,
with x = (t - t_e)/tau and e = exp(-x): three by three sums for each edge are all that the normal equations need of the samples.
"""

from dataclasses import dataclass

import numpy as np

from station.core.errors import UndecidedError
from station.signals.estimate import Floats
from station.signals.running import Running

_DIES = 14.0  # time constants after which an edge has died out: exp(-14) is less than a millionth
_NEAR = 4.0  # time constants behind an edge in which the shape of an edge shows
_SETTLED = 0.03  # squared standard uncertainties: a move below a sixth of one changes nothing that the samples tell
_BEFORE = 3  # edges whose tails may still be felt
_ROUNDS = 40  # steps of Gauss-Newton; five are usual


@dataclass(frozen=True, slots=True)
class Layout:
    """Which edges a record has: their times are `timing` @ unknowns, (m, p), their levels `level` @ unknowns, (m + 1, q).

    The first row of `level` holds before the first edge.
    """

    timing: Floats
    level: Floats


@dataclass(frozen=True, slots=True)
class Fit:
    """What a template found: unknowns of time (s), time constant (s), unknowns of level (V), and how well it knows them.

    `covariance`, (p + q + 1,) squared, is of the unknowns in the order timing, log of tau, level, for noise of 1 V RMS; `rms` is
    the residual's in V, all over the record; `near` that behind edges, `far` that on the plateaus, of `samples_near` samples.
    """

    timing: Floats
    tau: float
    level: Floats
    covariance: Floats
    rms: float
    near: float
    far: float
    samples_near: int


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of a record from `first` to before `last`."""

    record: Running
    first: int
    last: int


def fit(samples: Samples, layout: Layout, timing: Floats, tau: float, level: Floats) -> Fit:
    """Return the least-squares fit of `layout` to `samples`, begun at `timing` (p,) s, `tau` s and `level` (q,) V.

    Raises UndecidedError when it does not settle.
    """
    unknowns = np.concatenate((timing, [np.log(tau)], level))
    here = _Normal(samples, layout, unknowns)
    damping = 1e-4
    for _ in range(_ROUNDS):
        move = here.step(damping)
        small = float(move @ here.matrix @ move) < _SETTLED * here.variance
        there = _Normal(samples, layout, unknowns + move) if layout_holds(layout, unknowns + move) else None
        if there is not None and there.cost <= here.cost:
            unknowns, here, damping = unknowns + move, there, damping * 0.1
        else:
            damping = max(30.0 * damping, 0.1)  # less damping than that changes no step
        if small:
            return here.result(unknowns)
    raise UndecidedError("the fit of the pulse template does not settle")


def layout_holds(layout: Layout, unknowns: Floats) -> bool:
    """Return whether the edges stand in their order, and the time constant is one."""
    count = layout.timing.shape[1]
    return bool((np.diff(layout.timing @ unknowns[:count]) >= 0).all() and abs(unknowns[count]) < 60.0)


def _along(one: Floats, other: Floats) -> Floats:
    """Return the sums of products along the samples behind each edge, (m,)."""
    return np.asarray(np.einsum("mk,mk->m", one, other), dtype=np.float64)


class _Normal:
    """The normal equations at one set of unknowns."""

    def __init__(self, samples: Samples, layout: Layout, unknowns: Floats) -> None:
        count = layout.timing.shape[1]
        self._count = count
        self._tau = float(np.exp(unknowns[count]))
        edges, targets = layout.timing @ unknowns[:count], layout.level @ unknowns[count + 1 :]
        begin = np.clip(np.ceil(edges / samples.record.dt).astype(np.int64), samples.first, samples.last)
        self._begin = np.concatenate(([samples.first], begin))
        self._end = np.concatenate((begin, [samples.last]))
        self._edges = np.concatenate(([samples.first * samples.record.dt], edges))
        self._decay = np.exp(-np.maximum(np.diff(self._edges), 0.0) / self._tau)
        self._left = self._to_go(targets)
        self._exact = (1e-9 * float(np.ptp(targets))) ** 2  # V²: rounding
        self._sum_up(samples, targets)
        self._build(layout)

    def _to_go(self, targets: Floats) -> Floats:
        """Return how far the signal is from its new level at each edge, in V: the step, and what the edges before left over."""
        steps = targets[:-1] - targets[1:]
        left = np.concatenate(([0.0], steps))
        for _ in range(_BEFORE):
            left[1:] = steps + left[:-1] * self._decay
        return left

    def _to_go_by(self, layout: Layout) -> Floats:
        """Return how much each unknown changes what is left to go at each edge, (m + 1, p + 1 + q)."""
        count = self._count
        over = self._left[:-1] * self._decay
        own = np.zeros((self._left.size, count + 1 + layout.level.shape[1]))
        own[2:, :count] = (over[1:] / self._tau)[:, None] * -np.diff(layout.timing, axis=0)
        own[1:, count] = over * np.maximum(np.diff(self._edges), 0.0) / self._tau
        own[1:, count + 1 :] = layout.level[:-1] - layout.level[1:]
        by = own.copy()
        for _ in range(_BEFORE):
            by[1:] = own[1:] + by[:-1] * self._decay[:, None]
        return by

    def _sum_up(self, samples: Samples, targets: Floats) -> None:
        """Sum residuals and products of 1, e and x e over the samples behind each edge."""
        length = self._end - self._begin
        wide = int(min(length.max(initial=1), np.ceil(_DIES * self._tau / samples.record.dt) + 1))
        column = np.arange(wide)
        inside = column < length[:, None]
        index = np.minimum(self._begin[:, None] + column, samples.last - 1)
        x = np.maximum(index * samples.record.dt - self._edges[:, None], 0.0) / self._tau
        one = inside.astype(np.float64)
        e = np.exp(-x) * one
        xe = x * e
        rest = (samples.record.over[index] - targets[:, None] - self._left[:, None] * e) * one
        tail = np.minimum(self._begin + wide, self._end)
        total, squares = samples.record.sums(tail, self._end)
        number = (self._end - tail).astype(np.float64)
        basis = (one, e, xe)
        self._gram = np.empty((length.size, 3, 3))
        for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)):
            self._gram[:, i, j] = self._gram[:, j, i] = _along(basis[i], basis[j])
        self._gram[:, 0, 0] += number
        self._rest = np.stack([_along(each, rest) for each in basis], axis=1)
        self._rest[:, 0] += total - number * targets
        far = float(np.sum(squares - 2.0 * targets * total + number * targets**2))
        self.cost = max(float(np.sum(_along(rest, rest))) + far, 0.0)
        close = inside[1:] & (x[1:] < _NEAR)
        self._near, self._samples_near = float(np.sum(np.square(rest[1:][close]))), int(np.count_nonzero(close))
        self._samples = int(np.sum(length))

    def _build(self, layout: Layout) -> None:
        m, count = layout.level.shape[0], self._count
        parts = np.zeros((m, 3, count + 1 + layout.level.shape[1]))
        parts[:, 0, count + 1 :] = layout.level
        parts[:, 1] = self._to_go_by(layout)
        parts[1:, 1, :count] += (self._left[1:] / self._tau)[:, None] * layout.timing
        parts[:, 2, count] = self._left
        self.matrix: Floats = np.einsum("mip,miq->pq", parts, self._gram @ parts)
        self._slope: Floats = np.einsum("mip,mi->p", parts, self._rest)

    @property
    def variance(self) -> float:
        """Return the variance of the residual in V²."""
        return max(self.cost, self._exact) / max(self._samples - self._slope.size, 1.0)

    def step(self, damping: float) -> Floats:
        """Return the next move of the unknowns."""
        scale = np.sqrt(np.maximum(np.diag(self.matrix), 1e-300))
        normal = self.matrix / scale / scale[:, None]
        try:
            move = np.linalg.solve(normal + damping * np.eye(scale.size), self._slope / scale)
        except np.linalg.LinAlgError as singular:
            raise UndecidedError("the record does not tell the template's unknowns apart") from singular
        return np.asarray(move / scale, dtype=np.float64)

    def result(self, unknowns: Floats) -> Fit:
        """Return what was found; raises UndecidedError when the record does not tell the unknowns apart."""
        scale = np.sqrt(np.maximum(np.diag(self.matrix), 1e-300))
        normal = self.matrix / scale / scale[:, None]
        if not np.isfinite(normal).all() or np.linalg.cond(normal) > 1e12:
            raise UndecidedError("the record does not tell the template's unknowns apart")
        covariance = np.linalg.inv(normal) / scale / scale[:, None]
        far = max(self.cost - self._near, 0.0) / max(self._samples - self._samples_near, 1)
        near = self._near / max(self._samples_near, 1)
        count = self._count
        return Fit(unknowns[:count], self._tau, unknowns[count + 1 :], covariance, self.variance**0.5, near**0.5, far**0.5,
                   self._samples_near)  # fmt: skip
