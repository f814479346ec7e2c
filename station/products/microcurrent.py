"""Measure what every microcurrent device has: peak, RMS and DC current, pulse shape, charge and noise over a sense resistor.

Each function takes instruments that are on loan and returns a `Reading` in SI units with its budget, for
`unit.measure(id, *reading)`. A current is the voltage over the sense resistor that the load ends in, which the
instrument's own input resistance shunts.
"""

from collections.abc import Callable

import numpy as np

from station.core.budget import as_a_whole, within
from station.core.equipment import Sense
from station.core.errors import InstrumentError, NoTriggerError, UndecidedError
from station.core.instruments import Dmm, Nest, Scope
from station.core.uncertainty import Reading, Term, combine, derived, scaled
from station.core.waveform import Waveform
from station.products.microcurrent_budget import (
    crest_line,
    gain_line,
    loading_line,
    relay_line,
    scatter_line,
    sense_lines,
    step_line,
    time_base_line,
    zero_holds_line,
)
from station.signals.charge import net_charge, phase_charge
from station.signals.estimate import Estimate, Floats
from station.signals.pulses import Pulses, find_pulses

PULSE_WAIT = 3.0  # s to wait for a pulse of a device of 10 Hz before it counts as silent
MOST_ZERO = 20e-6  # V: two relays (2 µV each) and the DMM's offset (3.5 µV) stay below; more would hide a stuck output


def effective(sense: Sense, input_ohm: float) -> float:
    """Return the resistance in ohm that the current really meets: the sense resistor shunted by the instrument's input."""
    return sense.ohm * input_ohm / (sense.ohm + input_ohm)


def current(volts: Reading, sense: Sense, meter: Dmm, budget: str) -> Reading:
    """Return the current in A behind `volts` over `sense`; 1 % of doubt about the meter's input resistance is in the budget."""
    ohm = effective(sense, meter.input_ohm)
    amps = volts.value / ohm
    extra = (*sense_lines(sense, amps), loading_line(sense, meter, amps))
    return scaled(volts, 1.0 / ohm, "A", budget, extra)


def through_relays(volts: Reading, meter: Dmm) -> Reading:
    """Return `volts`, which was not freed of what the relays to the meter make, with that in its budget."""
    return Reading(volts.value, combine(volts.u.budget, volts.u.unit, (*volts.u.parts, relay_line(meter))))


def peak_current(dmm: Dmm, nest: Nest, span: float, *, delay: float, aperture: float, count: int = 10) -> Reading:
    """Return the plateau current in A: `count` pulses, each integrated for `aperture` s from `delay` s after its edge.

    `span` is the largest current in A that must be shown. A unit that gives no pulse is read untriggered: its current is
    whatever flows, which is nothing.
    """
    sense = nest.sense
    volts = span * effective(sense, dmm.input_ohm)
    try:
        reading = dmm.triggered_voltage(range=volts, delay=delay, aperture=aperture, count=count, patience=PULSE_WAIT)
    except NoTriggerError as missing:
        _surely_silent(nest, missing)
        reading = dmm.dc_voltage(range=volts)
    return current(through_relays(reading, dmm), sense, dmm, "plateau current, DMM over sense resistor")


def _surely_silent(nest: Nest, missing: NoTriggerError) -> None:
    """Raise UndecidedError when the fixture counts pulses that the trigger did not see: that is our wiring, not the unit."""
    if nest.pulses().state == "running":
        raise UndecidedError(
            "the fixture sees pulses, but no trigger reached the instrument: have the SYNC line checked"
        ) from missing


def rms_current(dmm: Dmm, sense: Sense, span: float, *, lowest: float, crest: float) -> Reading:
    """Return the RMS of the AC part of the current in A; `span` is the largest RMS in A, `crest` how far peaks stand above it."""
    volts = span * effective(sense, dmm.input_ohm)
    reading = dmm.ac_voltage(range=max(volts, volts * crest / 5.0), lowest=lowest)
    shaped = Reading(reading.value, combine(reading.u.budget, "V", (*reading.u.parts, crest_line(reading.value))))
    return current(shaped, sense, dmm, "RMS current, DMM ACV over sense resistor")


def mean_current(dmm: Dmm, nest: Nest, zero: Reading, *, span: float, quiet_after: float, period: float, count: int) -> Reading:
    """Return the DC component in A: the mean over whole periods of `period` s, made of apertures that cut no pulse, path zeroed.

    `count` apertures begin `quiet_after` s behind an edge, as many a third of a period later, as many two thirds. What is left
    of two periods of 0.1 s at 50 Hz mains is 0.2 s, whole by itself; at 60 Hz it is 0.1667 s, of which the three together make
    five whole periods. Each begins and ends between two pulses. Without pulses the mean is taken untriggered.
    """
    longest = 2.0 * period
    patience = PULSE_WAIT + 3.0 * count * longest  # autozero doubles each reading, and each waits for its edge
    sense = nest.sense
    volts = span * effective(sense, dmm.input_ohm)
    thirds = [quiet_after + number * period / 3.0 for number in range(3)]
    try:
        readings = [
            dmm.triggered_voltage(range=volts, delay=delay, aperture=longest, count=count, patience=patience) for delay in thirds
        ]
    except NoTriggerError as missing:
        _surely_silent(nest, missing)
        readings = [dmm.dc_voltage(range=volts, aperture=longest, count=count)]
    mean = mean_of(readings)
    return current(zeroed(mean, zero), sense, dmm, "DC current, DMM over sense resistor")


def mean_of(readings: list[Reading]) -> Reading:
    """Return the mean of `readings` of one instrument, whose common errors stay whole in its budget."""
    share = 1.0 / len(readings)
    value = sum(reading.value for reading in readings) * share
    terms = [Term(share, reading, f"aperture {number}") for number, reading in enumerate(readings, 1)]
    return derived(value, readings[0].u.budget, readings[0].u.unit, terms)


def everything(alternating: Reading, direct: Reading) -> Reading:
    """Return the RMS of a whole current in A from its AC part, which is all that a true-RMS meter sees, and its mean."""
    total = (alternating.value**2 + direct.value**2) ** 0.5
    shares = (alternating.value / total, direct.value / total) if total > 0 else (1.0, 1.0)
    terms = (Term(shares[0], alternating, "AC part"), Term(shares[1], direct, "direct current"))
    return derived(total, "RMS current, DMM ACV and DCV over sense resistor", "A", terms)


def asymmetry(positive: Reading, negative: Reading) -> Reading:
    """Return how much the positive plateau stands above the negative one, as a fraction of their mean height."""
    height_of_both = positive.value - negative.value
    if height_of_both <= 0:
        raise UndecidedError("the plateaus have no height to compare")
    share = 2.0 / height_of_both
    terms = (
        Term(-share * 2.0 * negative.value / height_of_both, positive, "positive"),
        Term(share * 2.0 * positive.value / height_of_both, negative, "negative"),
    )
    return derived(share * (positive.value + negative.value), "two plateau currents", "1", terms)


def path_zero(dmm: Dmm) -> Reading:
    """Return the voltage in V that the path from the slot to `dmm` makes by itself.

    Raises InstrumentError when it is more than relays make: taken off later readings, it would hide a current.
    """
    zero = dmm.zero_voltage(range=0.1, count=3)
    if abs(zero.value) > MOST_ZERO:
        raise InstrumentError(
            f"the path to the slot makes {zero.value * 1e6:.0f} µV by itself, which is more than its relays make: "
            "have the fixture serviced"
        )
    return Reading(zero.value, combine(zero.u.budget, "V", (*zero.u.parts, zero_holds_line())))


def zeroed(reading: Reading, zero: Reading) -> Reading:
    """Return `reading` with the path's own voltage `zero` taken off, and with it the meter's offset if both are on one range."""
    terms = (Term(1.0, reading, ""), Term(-1.0, zero, "zero of the path"))
    return derived(reading.value - zero.value, reading.u.budget, reading.u.unit, terms)


def height(sense: Sense, scope: Scope, amps: float) -> float:
    """Return the voltage in V that `amps` make over `sense` with the oscilloscope connected."""
    return amps * effective(sense, scope.input_ohm)


def pulse_record(scope: Scope, nest: Nest) -> Waveform | None:
    """Return the record that `scope` is armed for, or None of a unit that gives no pulse."""
    try:
        return scope.read(patience=PULSE_WAIT)
    except NoTriggerError as missing:
        _surely_silent(nest, missing)
        return None


def pulses_of(wave: Waveform, floor: float, share: float = 0.5) -> Pulses:
    """Return the whole pulses of `wave` above `floor` V; raises UndecidedError when the record is clipped."""
    if wave.clipped:
        raise UndecidedError("the record is clipped: the signal left the oscilloscope's screen")
    return find_pulses(wave.volts, wave.dt, floor, share)


def timed(estimate: Estimate, scope: Scope, unit: str, budget: str) -> Reading:
    """Return a time or frequency from a record of `scope`."""
    parts = (
        scatter_line("scatter and sampling", estimate.u, unit, "edges of the record"),
        time_base_line(estimate.value, scope.time_accuracy, scope.serial),
    )
    return Reading(estimate.value, combine(budget, unit, parts))


def charge_of(
    wave: Waveform, pulses: Pulses, peak: Reading, integral: Callable[[Floats, float, Pulses], Estimate], width: float
) -> Reading:
    """Return a pulse's charge in C by `integral` (phase_charge or net_charge); `width` is the length of one phase in s.

    Shape and time come from the record, the amplitude from `peak`, the plateau current that the DMM read into the same
    load: an oscilloscope's gain is too coarse for it. The converter's step is taken as a rectangle that stays the same for
    every sample of a plateau, because noise may be too small to spread it.
    """
    if pulses.count == 0 or peak.value <= 0:
        raise UndecidedError("the record holds no whole pulse")
    high = float(np.mean(pulses.high))
    amps_per_volt = peak.value / high
    estimate = integral(wave.volts, wave.dt, pulses)
    amount = estimate.value * amps_per_volt
    edges = peak.value / max(pulses.count, 1) ** 0.5
    parts = (
        scatter_line("scatter", estimate.u, "V s", "pulses of the record", sensitivity=amps_per_volt),
        as_a_whole("plateau current", peak, amount / peak.value),
        step_line("converter step in the amplitude", wave.step, amount / high),
        step_line("converter step in the integral", wave.step, width * 2.0**0.5 * amps_per_volt),
        within("sampling of the edges", 0.5 * wave.dt, unit="s", sensitivity=edges, source="half a sample of the record"),
    )
    return Reading(amount, combine("charge: shape by scope, amplitude by DMM", "C", parts))


def net_charge_of(wave: Waveform, pulses: Pulses, peak: Reading, width: float) -> Reading:
    """Return the net charge per pulse in C; `width` is the length of one phase in s."""
    return charge_of(wave, pulses, peak, net_charge, width)


def phase_charge_of(wave: Waveform, pulses: Pulses, peak: Reading, width: float) -> Reading:
    """Return the charge of the positive phase in C; `width` is its length in s."""
    return charge_of(wave, pulses, peak, phase_charge, width)


def noise_current(wave: Waveform, sense: Sense, scope: Scope, floor: float) -> Reading:
    """Return the noise between pulses in A RMS: a record without pulses, its mean taken off.

    `floor` is what is known of the oscilloscope's own noise in V RMS, at least that of its converter's step: it is taken off
    in squares, and stays in the budget whole.
    """
    if wave.clipped:
        raise UndecidedError("the record is clipped: a pulse fell into the quiet part")
    ohm = effective(sense, scope.input_ohm)
    rms = float(np.std(wave.volts, ddof=1))
    amps = max(rms**2 - floor**2, 0.0) ** 0.5 / ohm
    spread = rms / ohm / (2.0 * max(wave.volts.size / 100, 1.0)) ** 0.5  # noise within a band: samples are not free
    parts = (
        scatter_line("scatter", spread, "A", "samples of the record, a hundredth of them free"),
        gain_line(amps, scope),
        within("oscilloscope's own noise", floor / ohm, unit="A", source="at least the converter's step, taken off in squares"),
        *sense_lines(sense, amps),
    )
    return Reading(amps, combine("noise, scope over sense resistor", "A", parts))
