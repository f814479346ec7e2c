"""Measure what every microcurrent device has: peak, RMS and DC current, pulse shape, charge and noise over a sense resistor.

Each function takes instruments that are on loan and returns a `Reading` in SI units with its budget, for
`unit.measure(id, *reading)`. A current is the voltage over the sense resistor that the load ends in, which the
instrument's own input resistance shunts.
"""

from collections.abc import Callable

import numpy as np

from station.core.errors import InstrumentError, NoTriggerError, UndecidedError
from station.core.instruments import Dmm, Nest, Scope, Sense
from station.core.uncertainty import Part, Reading, combine, rectangular, scaled
from station.core.waveform import Waveform
from station.signals.charge import net_charge, phase_charge
from station.signals.estimate import Estimate, Floats
from station.signals.pulses import Pulses, find_pulses

PULSE_WAIT = 3.0  # s to wait for a pulse of a device of 10 Hz before it counts as silent
MOST_ZERO = 20e-6  # V: two relays (2 µV each) and the DMM's offset (3.5 µV) stay below; more would hide a stuck output


def effective(sense: Sense, input_ohm: float) -> float:
    """Return the resistance in ohm that the current really meets: the sense resistor shunted by the instrument's input."""
    return sense.ohm * input_ohm / (sense.ohm + input_ohm)


def current(volts: Reading, sense: Sense, input_ohm: float, budget: str) -> Reading:
    """Return the current in A behind `volts` over `sense`; 1 % of doubt about the input resistance goes into the budget."""
    ohm = effective(sense, input_ohm)
    amps = volts.value / ohm
    extra = (
        Part("sense resistor", abs(amps) * sense.u / sense.ohm),
        Part("input resistance", rectangular(abs(amps) * 0.01 * sense.ohm / (sense.ohm + input_ohm))),
    )
    return scaled(volts, 1.0 / ohm, "A", budget, extra)


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
    return current(reading, sense, dmm.input_ohm, "plateau current, DMM over sense resistor")


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
    shape = Part("crest factor", rectangular(0.003 * abs(reading.value)))  # 34401A user's guide: 0.3 % for 3 < CF <= 4
    shaped = Reading(reading.value, combine(reading.u.budget, "V", (*reading.u.parts, shape)))
    return current(shaped, sense, dmm.input_ohm, "RMS current, DMM ACV over sense resistor")


def mean_current(dmm: Dmm, nest: Nest, zero: Reading, *, span: float, quiet_after: float, period: float, count: int) -> Reading:
    """Return the DC component in A: means over whole periods, each begun in the quiet part of a period, path zeroed.

    The apertures begin `quiet_after` s behind an edge. Up to 17 periods leave a DMM at 50 Hz mains two whole periods of 0.1 s,
    and one at 60 Hz 1.67 s, which cuts no pulse either. Without pulses the mean is taken untriggered.
    """
    longest = 17.0 * period
    patience = PULSE_WAIT + 2.5 * count * longest  # autozero doubles each reading, and each waits for its edge
    sense = nest.sense
    volts = span * effective(sense, dmm.input_ohm)
    try:
        reading = dmm.triggered_voltage(range=volts, delay=quiet_after, aperture=longest, count=count, patience=patience)
    except NoTriggerError as missing:
        _surely_silent(nest, missing)
        reading = dmm.dc_voltage(range=volts, aperture=2.0 * period, count=count)
    return current(zeroed(reading, zero), sense, dmm.input_ohm, "DC current, DMM over sense resistor")


def everything(alternating: Reading, direct: Reading) -> Reading:
    """Return the RMS of a whole current in A from its AC part, which is all that a true-RMS meter sees, and its mean."""
    total = (alternating.value**2 + direct.value**2) ** 0.5
    shares = (alternating.value / total, direct.value / total) if total > 0 else (1.0, 1.0)
    parts = (Part("AC part", abs(shares[0]) * alternating.u.u), Part("direct current", abs(shares[1]) * direct.u.u))
    return Reading(total, combine("RMS current, DMM ACV and DCV over sense resistor", "A", parts))


def asymmetry(positive: Reading, negative: Reading) -> Reading:
    """Return how much the positive plateau stands above the negative one, as a fraction of their mean height."""
    height_of_both = positive.value - negative.value
    if height_of_both <= 0:
        raise UndecidedError("the plateaus have no height to compare")
    share = 2.0 / height_of_both
    parts = (
        Part("positive plateau", share * abs(2.0 * negative.value / height_of_both) * positive.u.u),
        Part("negative plateau", share * abs(2.0 * positive.value / height_of_both) * negative.u.u),
    )
    return Reading(share * (positive.value + negative.value), combine("two plateau currents", "1", parts))


def path_zero(dmm: Dmm) -> Reading:
    """Return the voltage in V that the path to the slot makes by itself; `dmm` is routed to its zero.

    Raises InstrumentError when it is more than relays make: taken off later readings, it would hide a current.
    """
    zero = dmm.dc_voltage(range=0.1, count=3)
    if abs(zero.value) > MOST_ZERO:
        raise InstrumentError(
            f"the path to the slot makes {zero.value * 1e6:.0f} µV by itself, which is more than its relays make: "
            "have the fixture serviced"
        )
    return zero


def zeroed(reading: Reading, zero: Reading) -> Reading:
    """Return `reading` with the path's own voltage `zero` taken off."""
    parts = (*reading.u.parts, Part("zero of the path", zero.u.u))
    return Reading(reading.value - zero.value, combine(reading.u.budget, reading.u.unit, parts))


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


def timed(estimate: Estimate, time_accuracy: float, unit: str, budget: str) -> Reading:
    """Return a time or frequency from a record; `time_accuracy` is the time base's, as a fraction."""
    parts = (
        Part("scatter and sampling", estimate.u),
        Part("time base", abs(estimate.value) * time_accuracy),
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
    step = rectangular(0.5 * wave.step)
    estimate = integral(wave.volts, wave.dt, pulses)
    amount = estimate.value * amps_per_volt
    parts = (
        Part("scatter", estimate.u * amps_per_volt),
        Part("plateau current", abs(amount) * peak.u.u / peak.value),
        Part("converter step in the amplitude", abs(amount) * step / high),
        Part("converter step in the integral", step * width * 2.0**0.5 * amps_per_volt),
        Part("sampling of the edges", wave.dt / 12.0**0.5 * peak.value / max(pulses.count, 1) ** 0.5),
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
    parts = (
        Part("scatter", rms / ohm / (2.0 * max(wave.volts.size / 100, 1.0)) ** 0.5),  # noise within a band: samples are not free
        Part("gain", amps * scope.gain_accuracy),
        Part("oscilloscope's own noise", rectangular(floor / ohm)),
        Part("sense resistor", amps * sense.u / sense.ohm),
    )
    return Reading(amps, combine("noise, scope over sense resistor", "A", parts))
