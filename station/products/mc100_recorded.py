"""Time the hurried shut-off of the MC-100 in one record that its first pulse triggers, where a fixture has no timer.

The record begins some seconds behind the first pulse, so that the oscilloscope itself sees both ends: no host time is in it.
"""

import math
from collections.abc import Callable
from dataclasses import replace

from station.core.errors import NoTriggerError, UndecidedError
from station.core.instruments import Scope
from station.core.uncertainty import Reading, combine
from station.products.mc100_interval import as_seen, looks_line, measure_interval
from station.products.mc100_looked import Seen, listen, narrowed
from station.products.mc100_looks import SAMPLE, TALLEST, Bracket, Look, pulses_in
from station.products.microcurrent import PULSE_WAIT, effective, height
from station.products.microcurrent_budget import time_base_line
from station.sequencer.unit import Unit

LATER, SPAN = 18.0, 5.0  # s behind the first pulse that the record begins, and how long it is: what still runs then runs too long
STARTED = 2.0  # s until a unit that starts has started
_AT = Bracket(0.0, 0.0)  # the first pulse: all times here are counted from it


def recorded(unit: Unit, meanwhile: Callable[[Unit], None] | None = None, *, silence: bool = False) -> Seen | None:
    """Start a hurried unit, do something `meanwhile`, and return what one record saw; None of one that gave no pulse.

    Moments are in s behind the first pulse. With `silence` the ten seconds behind the record are looked at too. That there was
    no pulse is told while the unit would be on: later a DMM could not say any more that it was.
    """
    with unit.scope() as scope:
        scope.arm(span=SPAN, before=-LATER, peak=height(unit.nest.sense, scope, TALLEST), points=round(SPAN / SAMPLE))
        pressed = unit.now()
        key = unit.nest.press("start", level=3)
        unit.wait(STARTED)
        log = unit.nest.pulses()
        if log.first is None:
            return None
        if meanwhile is not None:
            meanwhile(unit)
        try:
            wave = scope.read(patience=PULSE_WAIT)
        except NoTriggerError as missing:
            raise UndecidedError(
                "the fixture sees pulses, but no trigger reached the oscilloscope: check the SYNC line"
            ) from missing
        pulses = pulses_in(wave, unit.nest.comparator * effective(unit.nest.sense, scope.input_ohm))
        look = Look(wave.start, wave.start + wave.span, wave.span, pulses)
        triggered = pressed + max(0.0, log.first - key)
        return replace(_taken(unit, scope, look, triggered, silence=silence), time_base=scope.time_accuracy, scope=scope.serial)


def _taken(unit: Unit, scope: Scope, look: Look, triggered: float, *, silence: bool) -> Seen:
    index, over = look.before_silence, unit.now()
    if index is None:
        return Seen(_AT, look.when(look.pulses[-1]), forced=True, looks=1, over=look.after, off_seen=look.after)
    seen = Seen(_AT, narrowed(_AT, look, index), back=len(look.pulses) - index, looks=1, over=look.after, off_seen=look.after)
    if not silence:
        return seen
    ended = Look(triggered + look.before, over, look.span, look.pulses)  # in the line's time: not earlier than `triggered`
    heard = listen(unit, scope, Seen(_AT, Bracket(0.0, over), looks=1), ended, index)
    return Seen(_AT, seen.last, False, heard.back, heard.unwatched, heard.looks, look.after, look.after)


def measure_record(unit: Unit, row_id: str, seen: Seen) -> None:
    """Measure the time between first and last pulse as row `row_id`."""
    accuracy = seen.time_base
    low, high = seen.shortest, seen.longest
    lines = (looks_line(0.5 * (high - low)), time_base_line(0.5 * (low + high), accuracy, seen.scope))
    reading = Reading(0.5 * (low + high), combine("first to last pulse in one record, oscilloscope", "s", lines))
    doubt = 2.0 * accuracy
    between = (low * (1.0 - doubt), math.inf if seen.forced else high * (1.0 + doubt))
    measure_interval(unit, row_id, between, reading, as_seen(seen))
