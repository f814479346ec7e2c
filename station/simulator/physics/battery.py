"""The lithium cell: open-circuit voltage over state of charge, and what is left of it under load."""

from dataclasses import dataclass

import numpy as np

from station.simulator.ports import Floats

_CHARGE = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
_VOLTS = np.array([3.00, 3.35, 3.50, 3.61, 3.67, 3.71, 3.76, 3.84, 3.93, 4.02, 4.10, 4.18])

UVLO_OFF = 3.20
"""Below this cell voltage the unit switches itself off."""
UVLO_ON = 3.35
"""Above this cell voltage a unit that was too low may be switched on again."""
HAPTIC_AMPS = 0.120
"""What the vibration motor takes."""
MAH = 3.6
"""Coulomb in one milliampere hour."""


def open_circuit(soc: Floats) -> Floats:
    """Return the open-circuit voltage at each state of charge (0 to 1), both (n,) float64."""
    volts: Floats = np.interp(soc, _CHARGE, _VOLTS)
    return volts


def state_of_charge(volts: float) -> float:
    """Return the state of charge (0 to 1) at which the open-circuit voltage is `volts`."""
    return float(np.interp(volts, _VOLTS, _CHARGE))


@dataclass(frozen=True, slots=True)
class Drain:
    """A constant `amps` out of a cell that held `soc` at `start` seconds."""

    start: float
    soc: float
    amps: float
    capacity: float
    resistance: float

    def soc_at(self, times: Floats) -> Floats:
        """Return the state of charge at each of `times` (seconds), both (n,) float64."""
        return np.maximum(self.soc - self.amps * (times - self.start) / self.capacity, 0.0)

    def soc_at_one(self, moment: float) -> float:
        """Return the state of charge at one `moment`."""
        return max(self.soc - self.amps * (moment - self.start) / self.capacity, 0.0)

    def volts(self, times: Floats) -> Floats:
        """Return the voltage at the cell's terminals at each of `times` (seconds), both (n,) float64."""
        return open_circuit(self.soc_at(times)) - self.amps * self.resistance

    def volts_at(self, moment: float) -> float:
        """Return the voltage at the cell's terminals at one `moment`."""
        return float(np.interp(self.soc_at_one(moment), _CHARGE, _VOLTS)) - self.amps * self.resistance

    def reaches(self, volts: float, lead_ohm: float = 0.0) -> float:
        """Return when the voltage behind `lead_ohm` falls below `volts`: never before `start`."""
        floor = state_of_charge(volts + self.amps * (self.resistance + lead_ohm))
        return self.start + max(0.0, (self.soc - floor) * self.capacity / self.amps)
