"""Switch the MC-100 on where it must give nothing: with its probes not bridged, and on the charger."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from station.core.budget import within
from station.core.equipment import Sense
from station.core.errors import UndecidedError, UnfitError
from station.core.instruments import Dmm, Scope
from station.core.uncertainty import Reading, combine
from station.core.waveform import Waveform
from station.products.mc100_course import OFF_AFTER, begin
from station.products.mc100_parts import CREST, LOWEST, held
from station.products.microcurrent import current, effective, everything, height, rms_current, through_relays
from station.products.microcurrent_budget import gain_line, sense_lines, step_line
from station.sequencer.sequence import step
from station.sequencer.unit import Unit

SENSE_SPAN = 0.5  # s: five of the pulses by which a unit looks for skin
SENSE_POINTS = 50_000
WINDOW = 1e-4  # s over which a record is averaged before its highest place is looked for: a tenth of a sense pulse
LEAST_SENSE = 2e-6  # A: a unit that is on looks for skin with 5 µA; one that shows less may never have been on
STARTED = 2.0  # s until a unit that starts has started
UNBRIDGED = "although its probes are not bridged"


@step("No output without skin", "CON.020", "CON.010")
def without_skin(unit: Unit) -> None:
    """Start it with its probes not bridged: it must only sense for contact, and that with a few microamperes."""
    unit.nest.connect(load=200_000)
    begin(unit)
    with switched_on(unit):
        if not without_output(unit, "CON.020", UNBRIDGED):
            unit.fail("CON.010", f"it gives its output {UNBRIDGED}")
            return
        with unit.scope() as scope, held(unit):
            sense = unit.nest.sense
            peak = height(sense, scope, unit.span("CON.010"))
            wave = scope.look(span=SENSE_SPAN, peak=peak, points=SENSE_POINTS)
            found = highest(wave, sense, scope)
    if found.value < LEAST_SENSE:
        raise UndecidedError("it does not look for skin: it may not have been switched on; have the fixture's key checked")
    unit.measure("CON.010", *found, evidence=(unit.keep(wave, "Sensing for contact into 200 kΩ"),))


@step("No output while charging", "CHG.010")
def while_charging(unit: Unit) -> None:
    """Stop a unit that works by its key; then connect the charger to it, and start it again: it must go off, and stay off."""
    unit.nest.connect(load=2_000)
    begin(unit)
    with switched_on(unit):
        _working(unit)
        if flows := _behind_its_key(unit):
            unit.fail("CHG.010", flows)
            return
        unit.nest.press("start", level=3)
        _working(unit)
        with charging(unit):
            unit.nest.press("start", level=3)
            unit.wait(OFF_AFTER)
            begin(unit)
            without_output(unit, "CHG.010", "while the charger is connected")


def _working(unit: Unit) -> None:
    """Raise UndecidedError where a unit that was switched on gives no output."""
    with held(unit):
        unit.wait(STARTED)
        works = unit.nest.pulses().state == "running"
    if not works:
        raise UndecidedError("it gave no output before the charger was connected: that it gives none behind it proves nothing")


def _behind_its_key(unit: Unit) -> str:
    """Stop a unit that gives output, and say what direct current it goes on with; nothing where it is off.

    Raises UnfitError where its pulses go on, which ends the run: the fixture may not have reached its key, and what follows needs
    a unit that is off.
    """
    unit.nest.press("stop")
    unit.wait(OFF_AFTER)
    begin(unit)
    with unit.dmm() as dmm, held(unit):
        direct = _direct(unit, dmm, unit.span("CHG.010"))
        times = unit.nest.pulses().count
    if times:
        raise UnfitError(f"it goes on behind its stop key, pulses counted: {times}; have the fixture's key checked")
    high = unit.limits["CHG.010"].high
    if high is None or abs(direct.value) <= high:
        return ""
    return f"{abs(direct.value) * 1e6:.1f} µA of direct current flow behind its stop key"


def without_output(unit: Unit, row_id: str, when: str) -> bool:
    """Look for pulses with the comparator and for less with the DMM, as row `row_id`; return whether there were no pulses.

    The DMM reads the AC part and the mean: a direct current is output too, and a true-RMS meter is blind to it.
    """
    with unit.dmm() as dmm, held(unit):
        sense, span = unit.nest.sense, unit.span(row_id)
        alternating = rms_current(dmm, sense, span, lowest=LOWEST, crest=CREST)
        direct = _direct(unit, dmm, span)
        times = unit.nest.pulses().count
    if times:
        unit.fail(row_id, f"its current rose above {unit.nest.comparator * 1e6:g} µA {when}; pulses counted: {times}")
        return False
    detail = {"alternating": alternating.value, "direct": direct.value}
    unit.measure(row_id, *everything(alternating, direct), detail=detail)
    return True


def _direct(unit: Unit, dmm: Dmm, span: float) -> Reading:
    """Return the mean current in A; `span` is the largest that must be shown."""
    volts = through_relays(dmm.dc_voltage(range=span * unit.nest.sense.ohm), dmm)
    return current(volts, unit.nest.sense, dmm, "direct current, DMM over sense resistor")


def highest(wave: Waveform, sense: Sense, scope: Scope) -> Reading:
    """Return the largest current in A of either sign that lasts for WINDOW, above the level that the record has most of the time.

    Noise lifts the highest of many places: by three of its own standard deviations at most, which the budget says.
    """
    if wave.clipped:
        raise UndecidedError("the record is clipped: the signal left the oscilloscope's screen")
    width = max(1, round(WINDOW / wave.dt))
    smooth = np.convolve(wave.volts - np.median(wave.volts), np.full(width, 1.0 / width), mode="valid")
    ohm = effective(sense, scope.input_ohm)
    amps = float(np.max(np.abs(smooth))) / ohm
    middle = float(np.median(np.abs(smooth))) / 0.6745 / ohm  # of Gaussian noise: its standard deviation, whatever the pulses are
    parts = (
        within("noise at the highest place", 3.0 * middle, unit="A", source="measured: the quiet part of the record"),
        gain_line(amps, scope),
        step_line("converter step", wave.step, 1.0 / ohm),
        *sense_lines(sense, amps),
    )
    return Reading(amps, combine("highest current, scope over sense resistor", "A", parts))


@contextmanager
def switched_on(unit: Unit) -> Iterator[None]:
    """Switch the unit on, and off again whatever happens: what follows must meet a unit that is off."""
    unit.nest.press("start", level=3)
    try:
        yield
    finally:
        unit.nest.press("stop")


@contextmanager
def charging(unit: Unit) -> Iterator[None]:
    """Connect the charger, and disconnect it whatever happens: a unit on the charger gives no output."""
    unit.nest.charger(on=True)
    try:
        yield
    finally:
        unit.nest.charger(on=False)
