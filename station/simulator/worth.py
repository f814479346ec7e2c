"""The true values of a unit, row by row of the limit table, at 23 degC: formulas, no measurement."""

import math
from dataclasses import dataclass

from station.simulator.physics.battery import HAPTIC_AMPS, UVLO_OFF, Drain
from station.simulator.physics.drive import EDGE_FARAD, SENSE_WIDTH
from station.simulator.physics.output import LIMIT, SENSE_AMPS, command, delivered, steady
from station.simulator.physics.parts import FREQUENCY, PHASE_GAP, PHASE_WIDTH, RIPPLE, SHUT_OFF, Parts

_CELSIUS = 23.0
_PATH_OHM = 2.1
"""A typical probe contact and a relay, in series with each load."""
_HURRIED = 60.0
_FIRST_CHANGE = 120.0
"""Seconds after the first pulse at which a test changes the level at the earliest."""

Values = dict[str, float | None]


def worth(parts: Parts, soc: float) -> Values:
    """Return the true value of each row that has one, in the row's unit; None for an end that never comes."""
    unit = _Worth(parts, soc)
    groups = (unit.identity(), unit.battery(), unit.currents(), unit.shape(), unit.absence(), unit.timing())
    rows = {row: value for group in groups for row, value in group.items()}
    return {row: None if value is None else float(f"{value:.9g}") for row, value in rows.items()}


@dataclass(frozen=True, slots=True)
class _Worth:
    """A unit's parts with its cell at `soc`: each method gives some rows."""

    parts: Parts
    soc: float

    @property
    def cell(self) -> Drain:
        parts = self.parts
        return Drain(0.0, self.soc, parts.running, parts.capacity, parts.resistance)

    @property
    def scale(self) -> float:
        parts = self.parts
        warm, high = _CELSIUS - 25, self.cell.volts_at(0) - 3.8
        return 1 + parts.detune + parts.detune_per_kelvin * warm + parts.detune_per_volt * high

    @property
    def frequency(self) -> float:
        return 0.0 if self.parts.dead else FREQUENCY * self.scale

    @property
    def hiss(self) -> float:
        return 0.0 if self.parts.dead else math.hypot(self.parts.noise, RIPPLE)

    def plateaus(self, level: int, load: float) -> tuple[float, float]:
        """Return the heights of the positive and of the negative phase in ampere."""
        if self.parts.dead:
            return 0.0, 0.0
        amps = delivered(command(self.parts, level, _CELSIUS), self.cell.volts_at(0), load + _PATH_OHM)
        half = self.parts.asymmetry / 2
        negative = min(amps * (1 - half), LIMIT) if self.parts.negative_leg else 0.0
        return min(amps * (1 + half), LIMIT), negative

    def peak(self, level: int, load: float) -> float:
        """Return what flows at the positive plateau in ampere: the pulse, and the direct current under it."""
        return self.plateaus(level, load)[0] + self.under(load)

    def under(self, load: float) -> float:
        """Return the direct current under the pulses in ampere."""
        return steady(self.parts, not self.parts.dead, self.cell.volts_at(0), load + _PATH_OHM)

    def rms(self, level: int, load: float) -> float:
        """Return the rms of the pulses in ampere."""
        positive, negative = self.plateaus(level, load)
        return math.sqrt(self.frequency * PHASE_WIDTH / self.scale * (positive**2 + negative**2))

    def mean(self, level: int, load: float) -> float:
        """Return the mean of the pulses in ampere: what is left of two phases that differ."""
        positive, negative = self.plateaus(level, load)
        return self.frequency * PHASE_WIDTH / self.scale * (positive - negative)

    def identity(self) -> Values:
        return {"ID.030": None if self.parts.dead else SHUT_OFF}

    def battery(self) -> Values:
        rest = Drain(0.0, self.soc, 0.0, self.parts.capacity, self.parts.resistance)
        return {
            "BAT.010": rest.volts_at(0),
            "BAT.020": self.parts.quiescent * 1e6,
            "BAT.030": (self.parts.quiescent if self.parts.dead else self.parts.running) * 1e3,
            "BAT.040": (0.0 if self.parts.dead else HAPTIC_AMPS) * self.parts.resistance * 1e3,
        }

    def currents(self) -> Values:
        levels = (1, 2, 3)
        loads = {"0": 500.0, "1": 2e3, "2": 10e3}
        peak = {f"CUR.{n}1{k}": self.peak(n, ohm) * 1e6 for n in levels for k, ohm in loads.items()}
        return {
            **peak,
            "CUR.313": self.peak(3, 30e3) * 1e6,
            "CUR.320": self.rms(3, 2e3) * 1e6,
            "CUR.330": _ratio(peak["CUR.312"] - peak["CUR.310"], peak["CUR.310"], 100),
            "CUR.340": _ratio(peak["CUR.211"], peak["CUR.111"]),
            "CUR.341": _ratio(peak["CUR.311"], peak["CUR.211"]),
            "CUR.350": 25.0 if self.parts.soft_start else 100.0,
            "CUR.351": 25.0 if self.parts.soft_start else 100.0,
        }

    def shape(self) -> Values:
        width = 0.0 if self.parts.dead else PHASE_WIDTH / self.scale
        positive, negative = self.plateaus(3, 500)
        direct = self.under(500)
        high, low = self.plateaus(3, 2e3)
        return {
            "WAV.010": self.frequency,
            "WAV.020": width * 1e3,
            "WAV.021": width * 1e3 if self.parts.negative_leg else 0.0,
            "WAV.030": PHASE_GAP / self.scale * 1e3 if self.parts.negative_leg and not self.parts.dead else None,
            "WAV.040": positive * width * 1e6,
            "WAV.050": (positive - negative) * width * 1e9,
            "WAV.060": (direct + (positive - negative) * width * self.frequency) * 1e6,
            "WAV.070": _ratio(high - low + 2 * self.under(2e3), (high + low) / 2, 100),
            "WAV.080": self.hiss * 1e6,
        }

    def absence(self) -> Values:
        """Return what must not be there: output without contact, while charging, and after off; direct current is output too."""
        volts, ohm = self.cell.volts_at(0), 200e3 + _PATH_OHM
        sense, tau = 0.0 if self.parts.dead else delivered(SENSE_AMPS, volts, ohm), ohm * EDGE_FARAD
        pulses, mean = math.sqrt(self.frequency * _energy(SENSE_WIDTH, tau)) * sense, sense * SENSE_WIDTH * self.frequency
        peak = sense * (1.0 - math.exp(-SENSE_WIDTH / tau))  # as high as the edge comes before the pulse is over
        if not self.parts.senses_contact:
            peak, pulses, mean = self.plateaus(3, 200e3)[0], self.rms(3, 200e3), self.mean(3, 200e3)
        works = not self.parts.charge_interlock
        charging, charged = (self.rms(3, 2e3), self.mean(3, 2e3)) if works else (0.0, 0.0)
        return {
            "CON.010": peak * 1e6,
            "CON.020": _whole(pulses, mean, steady(self.parts, not self.parts.dead, volts, ohm), self.hiss) * 1e6,
            "CHG.010": _whole(charging, charged, steady(self.parts, works, volts, 2e3 + _PATH_OHM), self.hiss) * 1e6,
            "LEK.010": steady(self.parts, False, volts, 500 + _PATH_OHM) * 1e6,
        }

    def timing(self) -> Values:
        hurry = _HURRIED if self.parts.service_stuck else 1.0
        later = _FIRST_CHANGE if self.parts.restarts_timer else 0.0
        span, hurried = self._span(hurry, later), self._span(_HURRIED, 0.0)
        return {
            "TIM.010": span,
            "TIM.020": hurried,
            "TIM.030": None if span is None else span * self.frequency,
            "TIM.040": 0.0,
            "TIM.050": span,
        }

    def _span(self, rate: float, later: float) -> float | None:
        """Return the seconds from the first pulse to the last, None when there is no end; `later` is a restart."""
        if self.parts.dead:
            return 0.0
        counted = later + SHUT_OFF / self.scale / rate if self.parts.shuts_off else math.inf
        end = min(counted, self.parts.early, self.cell.reaches(UVLO_OFF) if self._is_weak(counted) else math.inf)
        return None if math.isinf(end) else (math.ceil(end * self.frequency - 1e-6) - 1) / self.frequency

    def _is_weak(self, counted: float) -> bool:
        """Tell whether the cell gives up before the timer does, or before any sane test ends."""
        return self.cell.reaches(UVLO_OFF) < min(counted, 3600.0)


def _whole(pulses: float, mean: float, direct: float, hiss: float) -> float:
    """Return the RMS of all that flows: pulses of this RMS and `mean`, a `direct` current under them, and noise."""
    return math.sqrt(max(0.0, pulses**2 + 2.0 * mean * direct + direct**2) + hiss**2)


def _ratio(part: float, whole: float, scale: float = 1.0) -> float | None:
    return scale * part / whole if whole else None


def _energy(width: float, tau: float) -> float:
    """Return the integral of the square of a pulse of height 1 with one-pole edges, in s: width - tau (1 - exp(-width/tau))."""
    return width - tau * (1.0 - math.exp(-width / tau))
