"""See a run of the MC-100 by looks of the oscilloscope, where a fixture has no timer: each moment lies in a bracket.

A look is a record taken at once. The line's clock is read before and behind it, so that each pulse in it is known to lie between
two moments: as far apart as arming and reading took. Nothing is timed by one host time stamp alone.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from station.core.budget import within
from station.core.equipment import Witness
from station.core.errors import UndecidedError
from station.core.instruments import Scope
from station.core.uncertainty import Reading, combine
from station.core.waveform import Waveform
from station.products.mc100_course import OFF_AFTER, STARTED_NOTE
from station.products.mc100_parts import L3
from station.products.microcurrent import effective, height
from station.sequencer.unit import Unit

SAMPLE = 1e-4  # s between two samples of a look
SMOOTH = 1e-3  # s over which a look is averaged: a fifth of a phase
PULSE = 0.02  # s: what lies closer together is one pulse; its two phases and their gap last 10.5 ms
LEAD = 0.15  # s of silence, before the first pulse of a record, in which a unit that already ran would have given one
TALLEST = 1.5 * L3  # A that a look must hold: half as much again as the highest level


class Bracket(NamedTuple):
    """Two moments of the line's clock in s between which something surely happened."""

    earliest: float
    latest: float

    @property
    def middle(self) -> float:
        """Return the moment halfway."""
        return 0.5 * (self.earliest + self.latest)

    @property
    def half(self) -> float:
        """Return half the width in s."""
        return 0.5 * (self.latest - self.earliest)


@dataclass(frozen=True, slots=True)
class Look:
    """One look: begun behind `before`, over by `after` (line's clock), `span` s long; `pulses` in s from its beginning."""

    before: float
    after: float
    span: float
    pulses: tuple[float, ...]

    def when(self, moment: float) -> Bracket:
        """Return when the line's clock showed what is `moment` s behind the beginning of the record."""
        cut = PULSE if moment < PULSE else SMOOTH  # the record may have begun in the middle of a pulse
        return Bracket(self.before + moment - cut, self.after - self.span + moment + SMOOTH)

    @property
    def before_silence(self) -> int | None:
        """Return how many pulses lie before the first silence that is long enough to mean off; None where there is none."""
        gaps = np.diff((0.0, *self.pulses, self.span))
        return next((number for number, gap in enumerate(gaps) if gap >= OFF_AFTER), None)


def by_looks(unit: Unit) -> bool:
    """Return whether the fixture has no timer that could time the shut-off."""
    return unit.nest.witness is Witness.LOOKS


def see(unit: Unit, scope: Scope, span: float) -> Look:
    """Look for `span` s at what the unit gives."""
    return look_with_record(unit, scope, span, round(span / SAMPLE))[0]


def look_with_record(unit: Unit, scope: Scope, span: float, points: int) -> tuple[Look, Waveform]:
    """Look for `span` s, and return the record of `points` samples too."""
    sense = unit.nest.sense
    before = unit.now()
    wave = scope.look(span=span, peak=height(sense, scope, TALLEST), points=points)
    after = unit.now()
    pulses = pulses_in(wave, unit.nest.comparator * effective(sense, scope.input_ohm))
    return Look(before + min(0.0, wave.start), after, wave.span, pulses), wave


def pulses_in(wave: Waveform, floor: float) -> tuple[float, ...]:
    """Return when each pulse of `wave` begins, in s from its first sample: whatever leaves its rest by `floor` V, up or down."""
    if wave.clipped:
        raise UndecidedError("the record is clipped: the signal left the oscilloscope's screen")
    width = max(1, round(SMOOTH / wave.dt))
    smooth = np.convolve(wave.volts - np.median(wave.volts), np.full(width, 1.0 / width), mode="same")
    times = wave.dt * np.flatnonzero(np.abs(smooth) > floor)
    if times.size == 0:
        return ()
    begins = np.concatenate(([True], np.diff(times) > PULSE / 2))
    return tuple(float(moment) for moment in times[begins])


def note_start(unit: Unit, pressed: float, look: Look) -> None:
    """Remember between which moments the first pulse came: behind `pressed` (line's clock), where the look missed it by there."""
    unit.notes.pop(STARTED_NOTE, None)
    if not look.pulses:
        return
    seen = look.when(look.pulses[0])
    began = seen if look.pulses[0] >= LEAD else Bracket(pressed, seen.latest)
    line = within("first pulse", began.half, unit="s", source="line's clock before and behind the look that saw it")
    unit.notes[STARTED_NOTE] = Reading(began.middle, combine("first pulse, oscilloscope look", "s", (line,)))


def start_and_look(unit: Unit, scope: Scope, span: float) -> tuple[Look, Waveform]:
    """Start the unit at its highest level, and look at once for `span` s, in which its first pulse is to come."""
    pressed = unit.now()
    unit.nest.press("start", level=3)
    look, wave = look_with_record(unit, scope, span, 100_000)
    note_start(unit, pressed, look)
    return look, wave


def first_pulse(unit: Unit) -> Bracket | None:
    """Return between which moments the run's first pulse came; None where no look saw it."""
    if STARTED_NOTE not in unit.notes:
        return None
    middle, u = unit.notes[STARTED_NOTE]
    half = u.parts[0].amount or 0.0
    return Bracket(middle - half, middle + half)


def missed_start(look: Look) -> bool:
    """Return whether the unit may have given pulses before the look that was to see its first one."""
    return bool(look.pulses) and look.pulses[0] < LEAD
