"""The measuring functions of a 34461A: their ranges, their one-year accuracy, and how their readings are named."""

from dataclasses import dataclass
from enum import Enum

VOLTAGE_OVERLOAD, CURRENT_OVERLOAD, TEMPERATURE_OVERLOAD, FREQUENCY_OVERLOAD = 1 << 0, 1 << 1, 1 << 4, 1 << 5
RESISTANCE_OVERLOAD, CAPACITANCE_OVERLOAD, MEMORY_OVERFLOW = 1 << 9, 1 << 10, 1 << 14
OVERRANGE = 1.2  # a range shows up to 120 % of its name


class Source(Enum):
    """What a function finds on the terminals of this wiring."""

    VOLTAGE = "the wired voltage"
    NO_CURRENT = "nothing drives current through the meter, and nothing is charged by it"
    RESISTANCE = "what lies across the terminals"
    OPEN = "nothing that conducts is across the terminals"
    FREQUENCY = "how often the wired voltage repeats"
    PERIOD = "how long the wired voltage takes to repeat"


@dataclass(frozen=True, slots=True)
class Range:
    """One range: full scale in the function's unit, 1-year accuracy as fractions of reading and of range."""

    full_scale: float
    of_reading: float
    of_range: float


@dataclass(frozen=True, slots=True)
class Function:
    """One measuring function: header in the manual's spelling, name in replies, unit words, ranges, input, and its bit.

    `settings` are the words under its header; what has none of them can only be configured.
    """

    header: str
    name: str
    suffix: str
    label: str
    ranges: tuple[Range, ...]
    source: Source
    alternating: bool
    overload_bit: int
    settings: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """It counts cycles over a gate instead of converting a voltage."""
        return self.source in {Source.FREQUENCY, Source.PERIOD}

    def at_least(self, value: float) -> Range:
        """Return the smallest range whose full scale holds `value`, or the largest there is."""
        return next((each for each in self.ranges if each.full_scale >= abs(value) * (1 - 1e-9)), self.ranges[-1])

    @property
    def least(self) -> float:
        """The full scale of the smallest range."""
        return self.ranges[0].full_scale

    @property
    def most(self) -> float:
        """The full scale of the largest range."""
        return self.ranges[-1].full_scale


def _ranges(*rows: tuple[float, float, float]) -> tuple[Range, ...]:
    """Make ranges from (full scale, % of reading, % of range) as the data sheet prints them, 1 year, 23 ± 5 °C."""
    return tuple(Range(full_scale, reading / 100, of_range / 100) for full_scale, reading, of_range in rows)


_DC_VOLTS = _ranges(
    (0.1, 0.0050, 0.0035), (1, 0.0040, 0.0007), (10, 0.0035, 0.0005), (100, 0.0045, 0.0006), (1000, 0.0045, 0.0010)
)
_AC_VOLTS = _ranges((0.1, 0.06, 0.04), (1, 0.06, 0.03), (10, 0.06, 0.03), (100, 0.06, 0.03), (750, 0.06, 0.03))
_DC_AMPS = _ranges(
    (1e-4, 0.05, 0.025), (1e-3, 0.05, 0.005), (1e-2, 0.05, 0.020), (0.1, 0.05, 0.005), (1, 0.10, 0.01), (3, 0.20, 0.02)
)
_AC_AMPS = _ranges((1e-4, 0.1, 0.04), (1e-3, 0.1, 0.04), (1e-2, 0.1, 0.04), (0.1, 0.1, 0.04), (1, 0.1, 0.04), (3, 0.2, 0.04))
_OHMS = _ranges(
    (100, 0.01, 0.004), (1e3, 0.01, 0.001), (1e4, 0.01, 0.001), (1e5, 0.01, 0.001),
    (1e6, 0.01, 0.001), (1e7, 0.04, 0.001), (1e8, 0.8, 0.01),
)  # fmt: skip

_FARADS = tuple(Range(full_scale, 0.0, 0.0) for full_scale in (1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4))


def _one(full_scale: float) -> tuple[Range, ...]:
    """Make the one range of a function whose errors no test looks at."""
    return (Range(full_scale, 0.0, 0.0),)


_RANGED = ("RANGe", "RESolution", "NULL")
_DIRECT = (*_RANGED, "NPLCycles", "ZERO")
_ALTERNATING = (*_RANGED, "BANDwidth")
_TEMPERATURE = ("NPLCycles", "ZERO", "NULL")
_COUNTED = ("APERture", "NULL")

WIRED = (
    Function("VOLTage[:DC]", "VOLT", "V", "VDC", _DC_VOLTS, Source.VOLTAGE, False, VOLTAGE_OVERLOAD, (*_DIRECT, "IMPedance")),
    Function("VOLTage:AC", "VOLT:AC", "V", "VAC", _AC_VOLTS, Source.VOLTAGE, True, VOLTAGE_OVERLOAD, _ALTERNATING),
    Function("CURRent[:DC]", "CURR", "A", "ADC", _DC_AMPS, Source.NO_CURRENT, False, CURRENT_OVERLOAD, _DIRECT),
    Function("CURRent:AC", "CURR:AC", "A", "AAC", _AC_AMPS, Source.NO_CURRENT, True, CURRENT_OVERLOAD, _ALTERNATING),
    Function("RESistance", "RES", "OHM", "OHM", _OHMS, Source.RESISTANCE, False, RESISTANCE_OVERLOAD, _DIRECT),
    Function("FRESistance", "FRES", "OHM", "OHM", _OHMS, Source.OPEN, False, RESISTANCE_OVERLOAD, _DIRECT),
)
"""The functions whose errors each meter draws for itself."""
FUNCTIONS = (
    *WIRED,
    Function("FREQuency", "FREQ", "HZ", "HZ", _one(3e5), Source.FREQUENCY, False, FREQUENCY_OVERLOAD, _COUNTED),
    Function("PERiod", "PER", "S", "SEC", _one(1 / 3), Source.PERIOD, False, FREQUENCY_OVERLOAD, _COUNTED),
    Function("CONTinuity", "CONT", "OHM", "OHM", _one(1e3), Source.OPEN, False, RESISTANCE_OVERLOAD, ()),
    Function("DIODe", "DIOD", "V", "VDC", _one(5.0), Source.OPEN, False, VOLTAGE_OVERLOAD, ()),
    Function("TEMPerature", "TEMP", "", "C", _one(1e3), Source.OPEN, False, TEMPERATURE_OVERLOAD, _TEMPERATURE),
    Function("CAPacitance", "CAP", "F", "F", _FARADS, Source.NO_CURRENT, False, CAPACITANCE_OVERLOAD, ("RANGe", "NULL")),
    Function("VOLTage[:DC]:RATio", "VOLT:RAT", "", "", _one(1.0), Source.OPEN, False, VOLTAGE_OVERLOAD, ()),
)
