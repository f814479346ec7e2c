"""Give a reading of the 34461A its budget: specification at the reading, resolution, and the scatter of the very readings."""

from dataclasses import dataclass

import numpy as np

from station.core.budget import observed, within
from station.core.uncertainty import Part, Reading, combine
from station.hardware import truevolt_tables as tables


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a specification depends on beside the reading: `years` since the calibration, and the temperature in degC.

    `meter` is the serial of the one that reads: its errors are its own, and no other's cancel them.
    """

    years: float = 1.0
    celsius: float = 23.0
    meter: str = ""

    @property
    def outside(self) -> float:
        """Return by how many kelvin it is warmer or colder than the specification holds for."""
        low, high = tables.TEMPERATURE
        return max(0.0, low - self.celsius, self.celsius - high)


@dataclass(frozen=True, slots=True)
class Method:
    """One way to read: the function, the lowest frequency in Hz (None for DC), the resolution as a fraction of the range."""

    function: str
    lowest: float | None
    resolution: float
    words: str

    def accuracy(self, full: float, years: float) -> tables.Accuracy:
        """Return the specification of the range of `full` V, `years` after the calibration."""
        if self.lowest is None:
            return tables.dc_accuracy(full, years)
        return tables.ac_accuracy(full, self.lowest, years)


def dc_method(nplc: float) -> Method:
    """Return how a DC voltage is read with an integration of `nplc` mains periods."""
    return Method("VOLT", None, tables.RESOLUTION[nplc], f"NPLC {nplc:g}")


def ac_method(lowest: float) -> Method:
    """Return how the RMS of a signal is read that has nothing below `lowest` Hz."""
    return Method("VOLT:AC", lowest, tables.AC_RESOLUTION, f"filter {tables.filter_for(lowest):g} Hz")


def budgeted(method: Method, full: float, readings: list[float], surroundings: Surroundings) -> Reading:
    """Return the mean of `readings` in V, taken on the range of `full` V, with its budget.

    The specification's two terms are two errors, each anywhere within its limits: a gain and an offset of this range. They
    stay the same from reading to reading of one meter: a ratio or a difference of two of its readings is free of what they share.
    """
    value = float(np.mean(readings))
    parts = [*_specification(method, full, value, surroundings), _resolution(method, full)]
    if len(readings) > 1:
        spread = float(np.std(readings, ddof=1)) / len(readings) ** 0.5
        source = f"measured: standard error of the {len(readings)} readings"
        parts.append(observed("scatter", spread, len(readings) - 1.0, unit="V", source=source))
    budget = f"34461A {method.function}, range {full:g} V, {method.words}, {len(readings)} readings"
    return Reading(value, combine(budget, "V", parts))


def _specification(method: Method, full: float, value: float, surroundings: Surroundings) -> list[Part]:
    accuracy, outside = method.accuracy(full, surroundings.years), surroundings.outside
    one, other = accuracy.reading, accuracy.range
    sheet = f"34461A data sheet (unverified), {method.function}, range {full:g} V, {max(1.0, surroundings.years):.3g} a"
    origin = f"dmm {surroundings.meter} {method.function} {full:g} V"
    parts = [
        _gain("specification, of reading", one, value, f"{sheet}: {one * 1e6:g} ppm of reading", f"{origin} gain"),
        _offset("specification, of range", other * full, f"{sheet}: {other * 1e6:g} ppm of range", f"{origin} offset"),
    ]
    if outside > 0.0:
        said = f"{sheet}: coefficient for {outside:g} K outside 18 to 28 °C"
        parts.append(_gain("temperature, of reading", accuracy.kelvin_reading * outside, value, said, f"{origin} warm gain"))
        parts.append(_offset("temperature, of range", accuracy.kelvin_range * outside * full, said, f"{origin} warm offset"))
    return parts


def _gain(name: str, share: float, value: float, source: str, origin: str) -> Part:
    return within(name, share, unit="1", sensitivity=value, source=source, origin=origin)


def _offset(name: str, volts: float, source: str, origin: str) -> Part:
    return within(name, volts, unit="V", source=source, origin=origin)


def _resolution(method: Method, full: float) -> Part:
    source = f"34461A guide, resolution at {method.words}: {method.resolution * 1e6:g} ppm of range"
    return within("resolution", method.resolution * full, unit="V", source=source)
