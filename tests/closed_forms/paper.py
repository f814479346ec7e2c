"""The MC-100 on paper: closed forms from the product description's "Model of a unit", all in SI units.

Nothing here was taken from the simulator. `PRODUCT.md` is the product description.
"""

from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

OUTPUT_RESISTANCE = 5e6
"""Ro ("numbers")."""
COMPLIANCE = 14.0 - 0.5
"""Vboost - V_hd in volts ("numbers"), while the battery is above 3.3 V: the clip is then 1 ("comply")."""
SHARPNESS = 12
"""m of the soft minimum ("comply")."""
OUTPUT_CAPACITANCE = 2e-9
"""C_out ("edges")."""
SOFT_START = (0.25, 0.40, 0.55, 0.70, 0.85, 1.0, 1.0)
"""A_n = min(1, 0.25 + 0.15 n) of the first pulses ("edges")."""
NOISE = 0.3e-6
RIPPLE = 0.5e-6
"""RMS of noise and of the converter's ripple at 150 kHz ("Good-unit spread")."""
INPUT_RESISTANCE = 10e6
"""Of the meter on its lower DC voltage ranges ("Load and sense")."""
SENSE = {500: 100.0, 2000: 1000.0, 10_000: 1000.0, 30_000: 1000.0, 200_000: 1000.0}
"""The low side of each load, part of it ("Load and sense"; fixtures/README.md, 1)."""
CRYSTALS = 150e-6
"""Part of a time by which fixture and unit may disagree about it: U = 20 ppm of the fixture's timer, four of the oscillator's
50 ppm/K for the 0.5 K by which the bench wanders from 23 degC, and some ppm for the battery (0.1 %/V)."""


def saturated(command: float, load: float) -> float:
    """Return I = (I_set^-m + I_lim^-m)^(-1/m) with I_lim = 13.5 V / `load` ("comply"); amperes, ohms."""
    limit = COMPLIANCE / load
    return float((command**-SHARPNESS + limit**-SHARPNESS) ** (-1 / SHARPNESS))


def delivered(command: float, load: float) -> float:
    """Return what of `command` flows through `load`: I_out = I·Ro/(Ro + R_total) ("comply"); amperes, ohms."""
    return saturated(command, load) * OUTPUT_RESISTANCE / (OUTPUT_RESISTANCE + load)


@dataclass(frozen=True, slots=True)
class Train:
    """A biphasic pulse train ("phase"): +`positive` for `width`, nothing for `gap`, -`negative` for `width`, once a `period`.

    Amperes and seconds; `tau` is the one pole of the edges, `direct` the direct current below it all.
    """

    positive: float
    negative: float
    width: float
    gap: float
    period: float
    tau: float = 0.0
    direct: float = 0.0

    def charge(self, until: float) -> float:
        """Return the integral of the current from the first edge to `until`, in coulombs.

        The current is a sum of steps, each answered by 1 - exp(-t/tau); the integral of that is t - tau·(1 - exp(-t/tau)).
        """
        starts = [number * self.period for number in range(int(until / self.period) + 1)]
        steps = [(start + at, height) for start in starts for at, height in self._edges()]
        return sum(height * self._ramp(until - at) for at, height in steps if at < until) + self.direct * until

    def mean(self, begin: float, aperture: float) -> float:
        """Return what an integrating meter reads whose `aperture` begins `begin` behind the first edge, in amperes."""
        return (self.charge(begin + aperture) - self.charge(begin)) / aperture

    def rms(self) -> float:
        """Return the root of the mean square without the mean, as an AC-coupled meter sees it, in amperes.

        A one-pole pulse loses 2·tau - tau/2 of its square while it rises, and leaves tau/2 behind its end: width - tau in all.
        """
        square = (self.positive**2 + self.negative**2) * (self.width - self.tau) / self.period
        mean = (self.positive - self.negative) * self.width / self.period
        return float(np.sqrt(square - mean**2))

    def _edges(self) -> tuple[tuple[float, float], ...]:
        second = self.width + self.gap
        return (0.0, self.positive), (self.width, -self.positive), (second, -self.negative), (second + self.width, self.negative)

    def _ramp(self, time: float) -> float:
        return time - (self.tau * (1 - exp(-time / self.tau)) if self.tau else 0.0)


def train_of(truth: dict[str, float], load: int) -> Train:
    """Return the train at level 3 of the unit whose `truth` is by row of the limit table, through 500, 2000, 10000 or 30000 ohm.

    CUR.31x is the plateau of the positive phase: I·(1 + a/2) + I_dc. WAV.050 is the net charge a·I·PW of a pulse whose baseline
    was removed. WAV.060 is the direct current: that charge once a period, and I_dc. So I_dc = WAV.060 - WAV.050·f.
    """
    row = {500: "CUR.310", 2000: "CUR.311", 10_000: "CUR.312", 30_000: "CUR.313"}[load]
    frequency, width = truth["WAV.010"], truth["WAV.020"] * 1e-3
    direct = truth["WAV.060"] * 1e-6 - truth["WAV.050"] * 1e-9 * frequency
    positive = truth[row] * 1e-6 - direct
    asymmetry = truth["WAV.050"] * 1e-9 / width * truth[row] / truth["CUR.310"]
    tau = load * OUTPUT_CAPACITANCE
    return Train(positive, positive - asymmetry, width, truth["WAV.030"] * 1e-3, 1 / frequency, tau, direct)


def meter_error(volts: float, span: float) -> float:
    """Return how far a 34461A may be off at `volts` DC on its range of `span` volts, one year after its calibration.

    Full scale errors of 8.5, 47 and 400 uV (docs/explanation/uncertainty.md): 50 + 35, 40 + 7, 35 + 5 ppm of reading and range.
    """
    reading, of_range = {0.1: (50e-6, 35e-6), 1.0: (40e-6, 7e-6), 10.0: (35e-6, 5e-6)}[span]
    return abs(volts) * reading + span * of_range


def current_error(amperes: float, sense: float, span: float, scatter: float = 0.0) -> float:
    """Return how far a current read as a voltage over `sense` may be off, in amperes.

    The meter's error, its converter's step (20 ppm of range at the short apertures), 200 ppm of the resistor's certificate,
    and six times the standard error. The truth is about 23 degC, from which the bench wanders by 0.5 K: four of TC's 150 ppm/K.
    """
    return (meter_error(amperes * sense, span) + 20e-6 * span) / sense + abs(amperes) * 500e-6 + 6 * scatter


def standard_error(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1) / np.sqrt(values.size))
