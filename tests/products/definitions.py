"""Say where the truth file defines a row otherwise than it is measured, and by how much the two may differ for that.

The shop floor is at 23 degC within 0.5 K, the truth at 23 degC exactly.
"""

import math

from station.simulator.physics.parts import Parts

KELVIN = 0.6
LOAD_SPREAD = 3 * 5e-4  # the part of a load that nobody measures with
SAGS = 0.05  # V by which the cell is lower in a second run of twenty minutes


def differs(row_id: str, true: float, parts: Parts) -> float:
    """Return by how much the measured quantity may differ from the truth file's, in the row's unit; the reason is beside each."""
    detuned = abs(parts.detune_per_kelvin) * KELVIN * true
    plateau = abs(parts.per_kelvin) * KELVIN * true
    is_plateau = row_id.startswith("CUR.") and true > 50.0 and row_id != "CUR.320"  # an RMS is of the AC part
    known = {
        "CUR.313": plateau + 0.25 * LOAD_SPREAD * true,  # near the limit of compliance the load's own value counts
        "WAV.010": detuned,
        "CON.010": true * math.exp(-2.5) + 0.05,  # 1 ms into 200 kΩ and 2 nF does not reach its height; and the direct current
        "TIM.010": detuned + 0.11,  # and an end just before a pulse is, a millisecond later, one just behind it
        "TIM.020": detuned + 0.11,
        "TIM.050": detuned + 0.11 + abs(parts.detune_per_volt) * SAGS * true,
    }
    return known.get(row_id, plateau if is_plateau else 0.0)
