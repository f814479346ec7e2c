"""The true parameters of one unit: what its parts are worth, and how it behaves."""

import math
from dataclasses import dataclass
from enum import Enum

LEVEL_AMPS = (100e-6, 200e-6, 400e-6)
"""What levels 1, 2 and 3 shall be at the plateau, in ampere."""
FREQUENCY = 10.0
"""Pulses per second of a perfect oscillator."""
PHASE_WIDTH = 5.0e-3
"""Length of each phase in seconds, with a perfect oscillator."""
PHASE_GAP = 0.5e-3
"""Pause between the two phases in seconds, with a perfect oscillator."""
SHUT_OFF = 1170.0
"""Seconds from the first pulse to the shut-off, with a perfect oscillator."""
RIPPLE = 0.5e-6
"""The boost converter's ripple in the output, ampere rms."""
RIPPLE_FREQUENCY = 150e3
"""Switching frequency of the boost converter in hertz."""


class Loose(Enum):
    """Where a contact opens now and then: nowhere, at the fixture's needles, or inside the unit."""

    NOWHERE = "nowhere"
    NEEDLES = "needles"
    INSIDE = "inside"


@dataclass(frozen=True, slots=True)
class Parts:
    """What one unit is made of; SI units, fractions as plain numbers (0.01 is one per cent)."""

    gain: float  # common error of the current command
    level_gains: tuple[float, float, float]  # further error of each level
    offset: float  # ampere, added to each command
    per_kelvin: float  # drift of the command
    detune: float  # oscillator error at 25 degC and 3.8 V
    detune_per_kelvin: float
    detune_per_volt: float
    asymmetry: float  # positive phase larger by half of it, negative smaller by half
    direct: float  # ampere, unwanted direct current while on
    noise: float  # ampere rms, white up to 100 kHz, while on
    leakage: float  # ampere, after off
    contact_ohm: float  # below it the unit sees skin
    soc: float  # state of charge as delivered, 0 to 1
    capacity: float  # coulomb
    resistance: float  # ohm inside the cell
    running: float  # ampere out of the cell at level 3
    quiescent: float  # ampere out of the cell when off

    sense_factor: float = 1.0  # a wrong sense resistor scales every level
    stuck: float = 0.0  # ampere that a stuck FET passes, on or off
    dead: bool = False
    negative_leg: bool = True
    shuts_off: bool = True
    early: float = math.inf  # seconds after the first pulse at which it gives up, whatever the timer says
    senses_contact: bool = True
    level_map: tuple[int, int, int] = (1, 2, 3)
    soft_start: bool = True
    charge_interlock: bool = True
    service_stuck: bool = False
    restarts_timer: bool = False
    loose: Loose = Loose.NOWHERE


PERFECT = Parts(
    gain=0.0,
    level_gains=(0.0, 0.0, 0.0),
    offset=0.0,
    per_kelvin=0.0,
    detune=0.0,
    detune_per_kelvin=0.0,
    detune_per_volt=0.0,
    asymmetry=0.0,
    direct=0.0,
    noise=0.3e-6,
    leakage=20e-9,
    contact_ohm=60e3,
    soc=0.55,
    capacity=1800.0,
    resistance=0.25,
    running=14e-3,
    quiescent=4e-6,
)
"""A unit without any spread: what the drawing says."""
