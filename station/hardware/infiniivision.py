"""Record pulses with a Keysight InfiniiVision X-Series oscilloscope: armed by us, proven armed, proven triggered, read exactly.

AUToscale and DIGitize are never used: the first changes everything, the second blocks, and a raw socket has no device clear.
Accuracies are those of the 1200 X-Series data sheet from memory, unverified against a copy: check them against yours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.clock import Clock, Stop
from station.core.errors import InstrumentError, NoTriggerError, SequenceError
from station.core.uncertainty import rectangular
from station.core.waveform import Waveform
from station.hardware.polling import poll
from station.hardware.scpi import Scpi, parse_number
from station.hardware.settings import Settings

MODELS = ("DSOX1204G", "DSOX1204A", "DSOX1202G", "DSOX1202A")
INPUT_OHM = 1e6
GAIN_ACCURACY = rectangular(0.03)  # 3 % of full scale, DC
TIME_ACCURACY = rectangular(55e-6)  # 50 ppm, and 5 ppm for a year of ageing
_OFFSET_DIVISIONS, _OFFSET_VOLTS = 0.1, 0.002
DIVISIONS = 8.0
_HEADROOM = 1.1
_SYNC_VOLTS = 1.5
_SMALLEST, _LARGEST = 0.001, 10.0
_FEWEST_POINTS = 100
_RUN = 8
_SPARE = 2.0
_CHANNEL = {
    ":CHAN1:DISP": 1,
    ":CHAN1:PROB": 1.0,  # before the scale, which it changes
    ":CHAN1:COUP": "DC",
    ":CHAN1:BWL": 1,
    ":CHAN1:OFFS": 0.0,
    ":ACQ:TYPE": "NORM",
    ":TIM:MODE": "MAIN",
    ":TIM:REF": "CENT",
    ":TRIG:MODE": "EDGE",
    ":TRIG:SOUR": "EXT",
    ":TRIG:SLOP": "POS",
    ":TRIG:SWE": "NORM",
    ":WAV:SOUR": "CHAN1",
    ":WAV:FORM": "WORD",
    ":WAV:BYT": "LSBF",
    ":WAV:UNS": 1,
    ":WAV:POIN:MODE": "RAW",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a record was asked to be: `span` s of it, `before` s earlier than the trigger, on a scale of `scale` V a division."""

    span: float
    before: float
    scale: float
    points: int
