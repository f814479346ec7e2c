"""How large the output current is: command, compliance, output resistance and the hardware limiter."""

import math

from station.simulator.physics.parts import LEVEL_AMPS, Parts

BOOST = 14.0
"""Volt that the boost converter makes from a healthy cell."""
HEADROOM = 0.5
"""Volt that the current source keeps for itself."""
OUTPUT_OHM = 5e6
"""Resistance of the current source."""
LIMIT = 600e-6
"""Ampere above which the hardware limiter does not let the output rise."""
SENSE_AMPS = 5e-6
"""Height of a contact sense pulse in ampere."""
_SHARPNESS = 12


def command(parts: Parts, level: int, celsius: float) -> float:
    """Return the current in ampere that the unit asks of its source at the key's `level`."""
    index = parts.level_map[level - 1] - 1
    scale = 1 + parts.gain + parts.level_gains[index]
    warm = 1 + parts.per_kelvin * (celsius - 25)
    return parts.sense_factor * LEVEL_AMPS[index] * scale * warm + parts.offset


def ceiling(cell_volts: float, ohm: float) -> float:
    """Return the largest current in ampere that the boost voltage can drive through `ohm`."""
    healthy = min(max((cell_volts - 2.7) / 0.6, 0.0), 1.0)
    return max(0.0, BOOST * healthy - HEADROOM) / ohm


def delivered(wanted: float, cell_volts: float, ohm: float) -> float:
    """Return what arrives of `wanted` ampere in a circuit of `ohm` (infinite = open)."""
    highest = 0.0 if math.isinf(ohm) else ceiling(cell_volts, ohm)
    if wanted <= 0 or highest <= 0:
        return 0.0
    softened = math.pow(wanted**-_SHARPNESS + highest**-_SHARPNESS, -1 / _SHARPNESS)
    return min(softened * OUTPUT_OHM / (OUTPUT_OHM + ohm), LIMIT)


def steady(parts: Parts, powered: bool, cell_volts: float, ohm: float) -> float:
    """Return the direct current in ampere under the pulses; a stuck FET can pass no more than its voltage drives."""
    if math.isinf(ohm):
        return 0.0
    pressure = max(BOOST - HEADROOM, cell_volts) if powered else cell_volts
    stuck = math.copysign(min(abs(parts.stuck), pressure / ohm), parts.stuck)
    return stuck + (parts.direct if powered else parts.leakage)
