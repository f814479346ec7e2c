"""Write the lines that the budgets of a microcurrent device have in common: resistor, loading, relays, converter, time base."""

from station.core.budget import certified, observed, within
from station.core.equipment import Sense
from station.core.instruments import Dmm, Nest, Scope
from station.core.uncertainty import Part

ROOM = 3.0  # K: how far from the calibrations' 23 degC the room may be while anything is measured
INPUT = 0.02  # of an instrument's input resistance: what a 34972A's AC input and a DSOX2024A are specified to
RELAY = 2e-6  # V: standard uncertainty of the thermal EMF of one relay
HOLDS = 1e-6  # V: the most by which a path's zero is taken to move between being read and being used
CREST = 0.003  # of an RMS reading: what a crest factor between 3 and 4 costs


def sense_lines(sense: Sense, amps: float) -> tuple[Part, ...]:
    """Return what is not known of the resistor that `amps` A flow through: certificate, drift since, and temperature."""
    number = sense.certificate.number
    lines = [
        certified(
            "sense resistor", 2.0 * sense.u, unit="ohm", sensitivity=-amps / sense.ohm,
            source=f"certificate {number}: U (k = 2)", origin=f"resistor {number}",
        )
    ]  # fmt: skip
    if sense.drift > 0.0:
        source = f"resistor's data sheet: at most {sense.drift * 1e6:g} ppm between two calibrations"
        lines.append(
            within("resistor's drift", sense.drift, unit="1", sensitivity=-amps, source=source, origin=f"drift {number}")
        )
    if sense.per_kelvin > 0.0:
        source = f"room within {ROOM:g} K of 23 °C, checked at the seat; {sense.per_kelvin * 1e6:g} ppm/K"
        share = -amps * sense.per_kelvin
        lines.append(
            within("resistor's temperature", ROOM, unit="K", sensitivity=share, source=source, origin=f"warmth {number}")
        )
    return tuple(lines)


def loading_line(sense: Sense, meter: Dmm, amps: float) -> Part:
    """Return what is not known of the correction for the meter's input, which shunts the resistor."""
    input_ohm = meter.input_ohm
    sensitivity = -amps * sense.ohm / (input_ohm * (sense.ohm + input_ohm))
    source = f"input of {input_ohm / 1e6:g} MΩ in parallel, corrected; {INPUT:.0%} of it assumed"
    return within(
        "input resistance",
        INPUT * input_ohm,
        unit="ohm",
        sensitivity=sensitivity,
        source=source,
        origin=f"input {meter.serial} {input_ohm:g} ohm",
    )


def relay_line(meter: Dmm) -> Part:
    """Return the thermal EMF in V of the two relays of the path to a meter, for a reading that was not freed of it."""
    source, origin = "two relays of 2 µV each, fixture's relays", f"thermal EMF of the path to {meter.serial}"
    return certified("thermal EMF of the path", 2.0 * 2.0**0.5 * RELAY, unit="V", source=source, origin=origin)


def zero_holds_line() -> Part:
    """Return how far the zero of a path in V can be trusted until it is used."""
    return within("zero's stability", HOLDS, unit="V", source="relays and meter at a steady temperature for one run")


def crest_line(volts: float) -> Part:
    """Return what pulses cost a true-RMS meter that is specified for sines, for a reading of `volts` V."""
    return within("crest factor", CREST, unit="1", sensitivity=volts, source="34972A user's guide: 0.3 % for 3 < CF <= 4")


def time_base_line(value: float, accuracy: float, scope: str) -> Part:
    """Return what is not known of the time base of oscilloscope `scope` (serial): the fraction `accuracy` of `value`."""
    source, origin = "oscilloscope's data sheet (unverified): time base and ageing", f"scope {scope} time base"
    return within("time base", accuracy * 3.0**0.5, unit="1", sensitivity=value, source=source, origin=origin)


def gain_line(value: float, scope: Scope) -> Part:
    """Return what is not known of the oscilloscope's gain, for a height `value` that it measured."""
    source, origin = "oscilloscope's data sheet (unverified): DC gain", f"scope {scope.serial} gain"
    return within("gain", scope.gain_accuracy * 3.0**0.5, unit="1", sensitivity=value, source=source, origin=origin)


def step_line(name: str, step: float, sensitivity: float) -> Part:
    """Return the rounding of a converter whose step is `step` V, for a value that changes by `sensitivity` for each V."""
    return within(name, 0.5 * step, unit="V", sensitivity=sensitivity, source="half a step of the converter, seen in the record")


def timer_lines(nest: Nest, seconds: float) -> tuple[Part, ...]:
    """Return what is not known of `seconds` s by the fixture's timer: its clock, and its steps of 1 µs."""
    source = "calibration of the fixture's timer: U (k = 2)"
    clock = certified(
        "fixture timer", 2.0 * nest.timer_accuracy, unit="1", sensitivity=seconds, source=source, origin="fixture timer"
    )
    return clock, within("resolution", 1e-6, unit="s", source="the timer's step of 1 µs")


def scatter_line(name: str, u: float, unit: str, source: str, dof: float | None = None, sensitivity: float = 1.0) -> Part:
    """Return what the readings or the record themselves show of their scatter, as a standard uncertainty `u` in `unit`."""
    return observed(name, u, dof, unit=unit, sensitivity=sensitivity, source=f"measured: {source}")
