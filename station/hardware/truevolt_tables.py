"""State what a Keysight 34461A can do: ranges, integration times, one-year accuracy.

Ranges, NPLC and the resolution of each: Truevolt Operating and Service Guide, table "Range, Resolution and Integration Time".

The DC accuracies, one year, 23 +-5 degC, are those by which the 34401A is verified at full scale (34401A Service Guide,
chapter 4, "Gain Verification Test": 8.5 uV, 47 uV, 400 uV, 5.1 mV, 55 mV), whose one-year figures the 34461A took over.
[unverified]: that it did, how they divide into reading and range, the AC accuracies, ageing and temperature coefficients; no
copy of the 34461A's data sheet was at hand. Hold all of them against the sheet that came with your instrument.
"""

import math
from dataclasses import dataclass, replace

from station.core.errors import SequenceError

RANGES = (0.1, 1.0, 10.0, 100.0, 1000.0)  # V, DC and AC
OVER_RANGE = 1.2  # each range but the last reads 20 % beyond its name
NPLC = (0.02, 0.2, 1.0, 10.0, 100.0)  # integration times, in periods of the mains
RESOLUTION = {0.02: 100e-6, 0.2: 10e-6, 1.0: 3e-6, 10.0: 1e-6, 100.0: 0.3e-6}  # as a fraction of the range
AC_RESOLUTION = 1e-6  # as a fraction of the range
DC_INPUT_OHM = 10e6  # with the automatic input impedance off, on every range
AC_INPUT_OHM = 1e6
AC_FILTERS = (200.0, 20.0, 3.0)  # Hz, the lowest that each lets through
AC_SECONDS = {3.0: 2.5, 20.0: 0.65, 200.0: 0.1}  # one settled reading; unverified, so it only sizes waits


TEMPERATURE = (18.0, 28.0)  # degC: outside, the specification is widened for each kelvin


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A specification as the maker writes it: fractions of the reading and of the range, and both for each kelvin outside."""

    reading: float
    range: float
    kelvin_reading: float
    kelvin_range: float


# AC is specified for sines: who measures pulses adds what their crest factor costs.

_DC = {
    0.1: Accuracy(50e-6, 35e-6, 5e-6, 5e-6),
    1.0: Accuracy(40e-6, 7e-6, 5e-6, 1e-6),
    10.0: Accuracy(35e-6, 5e-6, 5e-6, 1e-6),
    100.0: Accuracy(45e-6, 6e-6, 5e-6, 1e-6),
    1000.0: Accuracy(45e-6, 10e-6, 5e-6, 1e-6),
}
_DC_AGEING, _AC_AGEING = 15e-6, 100e-6  # of reading, for each year behind the first: what the two-year columns add


def dc_accuracy(full: float, years: float = 1.0) -> Accuracy:
    """Return the DC accuracy of the range of `full` V, `years` after the calibration: the one-year columns at least."""
    return replace(_DC[full], reading=_DC[full].reading + _DC_AGEING * _further(years))


def ac_accuracy(full: float, lowest: float, years: float = 1.0) -> Accuracy:
    """Return the AC accuracy of the range of `full` V for a sine of `lowest` Hz, `years` after the calibration."""
    reading = 0.01 if lowest < 5.0 else 0.0035 if lowest < 10.0 else 0.0006
    offset = 0.0004 if full == RANGES[0] else 0.0003
    return Accuracy(reading + _AC_AGEING * _further(years), offset, 50e-6, 40e-6)


def _further(years: float) -> float:
    """Return how many years behind the first have begun; a fresh calibration is not taken for better than the year's."""
    return max(0.0, math.ceil(years - 1e-9) - 1.0)


def range_for(volts: float) -> float:
    """Return the smallest range that holds `volts` V."""
    for full in RANGES:
        if abs(volts) <= full * OVER_RANGE and abs(volts) <= RANGES[-1]:
            return full
    raise SequenceError(f"no range of the DMM holds {volts:g} V")


def range_above(full: float) -> float | None:
    """Return the range above that of `full` V, or None for the highest."""
    return next((above for above in RANGES if above > full), None)


def nplc_at_least(aperture: float, mains_hz: int) -> float:
    """Return the shortest integration, in mains periods, of at least `aperture` s."""
    for nplc in NPLC:
        if nplc / mains_hz >= aperture * (1 - 1e-9):
            return nplc
    raise SequenceError(f"the DMM integrates {NPLC[-1] / mains_hz:g} s at most, not {aperture:g} s; take several readings")


def nplc_within(aperture: float, mains_hz: int) -> float:
    """Return the longest integration, in mains periods, that fits into `aperture` s."""
    for nplc in reversed(NPLC):
        if nplc / mains_hz <= aperture * (1 + 1e-9):
            return nplc
    raise SequenceError(f"the DMM integrates {NPLC[0] / mains_hz:g} s at least; that does not fit into {aperture:g} s")


def filter_for(lowest: float) -> float:
    """Return the AC filter in Hz for a signal with nothing below `lowest` Hz."""
    for band in AC_FILTERS:
        if band <= lowest:
            return band
    raise SequenceError(f"the DMM's lowest AC filter is 3 Hz; it cannot read a signal of {lowest:g} Hz")
