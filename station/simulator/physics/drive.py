"""Which pulses a unit drives into the circuit between its probes."""

import math
from dataclasses import dataclass

from station.simulator.physics.detector import Oscillator
from station.simulator.physics.output import LIMIT, SENSE_AMPS, delivered
from station.simulator.physics.parts import PHASE_GAP, PHASE_WIDTH, Parts
from station.simulator.physics.waveform import Train

SENSE_WIDTH = 1e-3
"""Length of a contact sense pulse in seconds."""
EDGE_FARAD = 2e-9
"""The output's capacitance: with the load it makes the edges one pole."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is between the probes: `ohm` altogether (infinite = open), `load` ohm of it seen by the edges."""

    ohm: float
    load: float


OPEN = Circuit(ohm=math.inf, load=math.inf)
"""Nothing between the probes."""


def sense_pulses(oscillator: Oscillator, circuit: Circuit, cell_volts: float) -> Train:
    """Return the small pulses by which a unit without contact looks for skin."""
    return Train(
        origin=oscillator.origin,
        period=oscillator.period,
        width=SENSE_WIDTH,
        gap=PHASE_GAP,
        positive=delivered(SENSE_AMPS, cell_volts, circuit.ohm),
        negative=0.0,
        tau=circuit.load * EDGE_FARAD,
        soft=False,
    )


def output_pulses(parts: Parts, oscillator: Oscillator, soft_from: float, amps: float, circuit: Circuit) -> Train:
    """Return the output's pulses of `amps` plateau, the first (and softest) at `soft_from` seconds."""
    return Train(
        origin=soft_from,
        period=oscillator.period,
        width=PHASE_WIDTH / oscillator.scale,
        gap=PHASE_GAP / oscillator.scale,
        positive=min(amps * (1 + parts.asymmetry / 2), LIMIT),
        negative=min(amps * (1 - parts.asymmetry / 2), LIMIT) if parts.negative_leg else 0.0,
        tau=circuit.load * EDGE_FARAD,
        soft=parts.soft_start,
    )
