"""Take a record of pulses apart, and refuse what cannot be: clipped, too short, not resolved, not recognised."""

from dataclasses import dataclass

import numpy as np

from station.core.errors import UndecidedError
from station.core.waveform import Waveform
from station.signals.estimate import Estimate
from station.signals.levels import Levels, find_levels
from station.signals.order import Family, Order, put_in_order
from station.signals.phases import Phases, find_phases
from station.signals.pulse_edges import Edges, line_up, period
from station.signals.running import Running
from station.signals.sampling import Together, together
from station.signals.time_constant import first_tau

_VOLTAGE = 1e30  # V: beyond, squares would overflow, and below its inverse vanish
_SAMPLES = 4  # of a phase: a shorter one may be anything
_PERIOD = 10.0  # samples of a period: below, a record may be the alias of something faster
_HEIGHT = 8.0  # times the noise: lower pulses cannot be told from it sample by sample
_SETTLED = 5.0  # time constants: exp(-5) is 0.7 %
_FLAT = 0.06  # of its height: a phase whose middle varies more has no plateau


@dataclass(frozen=True, slots=True)
class Train:
    """A record taken apart: its samples over the base, of a converter with codes of `step` V; what they show.

    `zero` is the level without output in V where it is known; `period` that of the pulses in s, from their edges; `together` what
    sampling does to many edges; `tau` about the time constant in s where it is resolved.
    """

    record: Running
    step: float
    zero: float | None
    levels: Levels
    phases: Phases
    order: Order
    edges: Edges
    period: Estimate
    together: Together
    tau: float | None

    @property
    def dt(self) -> float:
        """Return the sampling interval in s."""
        return self.record.dt

    @property
    def coarse(self) -> bool:
        """Return whether the noise is too small to spread the converter's codes: they then err alike everywhere."""
        return self.levels.coarse(self.step)

    @property
    def height(self) -> float:
        """Return the mean height of the phases in V."""
        return float(np.mean(self.phases.height))

    @property
    def longest(self) -> float:
        """Return the length of the longest whole phase in s."""
        return float(np.max((self.phases.end - self.phases.start)[self.phases.whole], initial=0.0))


def take_apart(wave: Waveform, floor: float, zero: float | None = None) -> Train:
    """Return what `wave` is made of: phases at least `floor` V high; `zero` is the level without output in V where it is known.

    Raises UndecidedError with the reason where the record cannot be trusted or understood.
    """
    _refuse_record(wave)
    levels = find_levels(wave.volts, wave.step, zero)
    if not levels.rests:
        levels = find_levels(wave.volts, wave.step)
    _refuse_height(levels, floor)
    record = Running(wave.volts, wave.dt, levels.base)
    phases = find_phases(record, levels, floor)
    _refuse_phases(phases, wave.dt, levels)
    order = put_in_order(phases, wave.dt, levels.rests)
    edges = line_up(phases, order)
    lasts = period(edges, wave.dt)
    if lasts.value < _PERIOD * wave.dt:
        raise UndecidedError(f"a period has {lasts.value / wave.dt:.1f} samples, {_PERIOD:g} are needed: take a shorter record")
    sampled = together(np.unique(edges.number), lasts.value, wave.dt)
    tau = first_tau(record, levels, phases, edges)
    _refuse_slow(phases, tau)
    return Train(record, wave.step, zero, levels, phases, order, edges, lasts, sampled, tau)


def _refuse_record(wave: Waveform) -> None:
    if wave.clipped:
        raise UndecidedError("the record is clipped: the signal left the oscilloscope's screen")
    if wave.volts.size < 3 * _PERIOD:
        raise UndecidedError(f"the record has {wave.volts.size} samples only: it is too short")
    if not (np.abs(wave.volts) < _VOLTAGE).all():
        raise UndecidedError("the record holds something that is no voltage")


def _refuse_height(levels: Levels, floor: float) -> None:
    if levels.peak < max(floor, 1.0 / _VOLTAGE):
        raise UndecidedError(f"the signal goes {levels.peak:.3g} V off its level of rest; {floor:.3g} V make a pulse: no output")
    if levels.peak < _HEIGHT * levels.sigma:
        raise UndecidedError(f"pulses of {levels.peak:.3g} V do not stand out of {levels.sigma:.3g} V of noise")


def _refuse_phases(phases: Phases, dt: float, levels: Levels) -> None:
    """Refuse phases that the sampling does not resolve, and such as have no plateau."""
    lengths = (phases.end - phases.start)[phases.whole]
    if lengths.size == 0:
        raise UndecidedError("the record holds no whole phase: it is too short")
    shortest = float(np.median(lengths)) / dt
    if shortest < _SAMPLES:
        raise UndecidedError(
            f"a phase has {shortest:.1f} samples, {_SAMPLES} are needed: it is not resolved, take a shorter record"
        )
    uneven = float(np.median(phases.ripple - 3.0 * levels.sigma - _FLAT * phases.height))
    if uneven > 0:
        raise UndecidedError("its phases have no plateau: this waveform is not recognised")


def _refuse_slow(phases: Phases, tau: float | None) -> None:
    """Refuse edges so slow that phases end before they have settled: half their height then says nothing about the unit."""
    if tau is not None and float(np.median((phases.end - phases.start)[phases.whole])) < _SETTLED * tau:
        raise UndecidedError(
            f"its edges, {tau:.2g} s, are so slow that its phases do not settle: this waveform is not recognised"
        )


def is_square(train: Train) -> bool:
    """Return whether the signal is a square that does not rest between its phases."""
    return train.order.family is Family.SQUARE
