"""Put phases together to pulses, and say to which family of waveforms they belong."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from station.core.errors import UndecidedError
from station.signals.comb import Comb, Ints, comb
from station.signals.estimate import Floats
from station.signals.phases import Phases


class Family(StrEnum):
    """What kind of waveform it is."""

    BIPHASIC = "biphasic"
    MONOPHASIC = "monophasic"
    REVERSING = "monophasic, polarity reversed every burst"
    SQUARE = "square of two levels"


@dataclass(frozen=True, slots=True)
class Order:
    """The pulses of a record: for each the index of its leading phase and of its trailing one, (n,) int64, -1 for none.

    `lead` is the sign of the phases that lead in a biphasic pulse, or that all have; +1 where polarity is reversed. `comb`
    `numbered` (their positions, ascending) names: those whose leading edge is in the record.
    """

    family: Family
    lead: int
    first: Ints
    second: Ints
    numbered: Ints
    comb: Comb


def put_in_order(phases: Phases, dt: float, rests: bool) -> Order:
    """Return the pulses that `phases` make; raises UndecidedError when they are too few or make no sense.

    `dt` is the sampling interval in s; `rests` whether the signal has a level of rest.
    """
    family, lead = _family(phases, dt, rests)
    first, second = _pairs(phases, lead) if family is Family.BIPHASIC else (np.arange(phases.count), np.full(phases.count, -1))
    starts = begins(phases, first, second)
    numbered = np.flatnonzero(np.isfinite(starts))
    if numbered.size < 3:
        raise UndecidedError(f"the record holds {numbered.size} beginnings of pulses, 3 are needed: it is too short")
    return Order(family, lead, first, second, numbered, comb(starts[numbered]))


def begins(phases: Phases, first: Ints, second: Ints) -> Floats:
    """Return when each pulse begins, in s, (n,) float64; -inf where the beginning of the record cuts it off.

    A pulse whose leading phase is missing begins as long before its trailing one as the others do.
    """
    both = (first >= 0) & (second >= 0)
    apart = phases.start[second[both]] - phases.start[first[both]]
    apart = apart[np.isfinite(apart)]
    late = phases.start[second] - (float(np.median(apart)) if apart.size else 0.0)
    return np.where(first >= 0, phases.start[first], np.where(late > 0, late, -np.inf))


def _family(phases: Phases, dt: float, rests: bool) -> tuple[Family, int]:
    if phases.count < 3:
        raise UndecidedError(f"the record holds {phases.count} phases: it is too short, or shows no output")
    sign = phases.sign
    turned = float(np.mean(sign[1:] != sign[:-1]))
    if turned == 0:
        return (Family.MONOPHASIC if rests else Family.SQUARE), int(sign[0])
    lengths = _lengths_of_bursts(sign)
    inner = lengths[1:-1] if lengths.size > 2 else lengths
    if float(np.median(inner)) >= 2.0:
        return Family.REVERSING, 1
    if turned >= 0.7:
        return (Family.BIPHASIC if rests else Family.SQUARE), _leading(phases, dt)
    raise UndecidedError("its phases are neither pairs, nor of one polarity, nor bursts of each: this waveform is not recognised")


def _leading(phases: Phases, dt: float) -> int:
    """Return the sign of the phases that a shorter pause follows: a pulse is what stands closer together."""
    pause = phases.start[1:] - phases.end[:-1]
    after_positive = pause[(phases.sign[:-1] > 0) & (phases.sign[1:] < 0)]
    after_negative = pause[(phases.sign[:-1] < 0) & (phases.sign[1:] > 0)]
    if after_negative.size == 0 or after_positive.size == 0:
        return int(phases.sign[0])
    shorter, longer = float(np.median(after_negative)), float(np.median(after_positive))
    return -1 if shorter < 0.9 * longer - 2.0 * dt else 1


def _pairs(phases: Phases, lead: int) -> tuple[Ints, Ints]:
    """Pair each leading phase with the trailing one right behind it; a trailing phase alone is a pulse without a leading one."""
    leads = phases.sign == lead
    follows = np.concatenate(([False], leads[:-1])) & ~leads
    index = np.arange(phases.count)
    opens = leads | ~follows
    first = np.where(leads[opens], index[opens], -1)
    second = np.where(leads[opens], np.where(np.append(follows, False)[index[opens] + 1], index[opens] + 1, -1), index[opens])
    return first, second


def _lengths_of_bursts(sign: Ints) -> Ints:
    turns = np.flatnonzero(np.diff(sign)) + 1
    return np.diff(np.concatenate(([0], turns, [sign.size])))
