"""See whether the MC-100's output stands anywhere above the plateau that a DMM reads, the mean of the positive ones alone."""

from typing import NamedTuple

import numpy as np

from station.core.uncertainty import Reading, Uncertainty
from station.core.waveform import Waveform
from station.sequencer.unit import Unit
from station.signals.pulses import Pulses

LASTING = 0.3e-3  # s over which a record is averaged: noise and edges are no output
FLAT = 1.02  # of a plateau: what noise and a unit inside its limits of asymmetry make of it
_NOTE = "tallest place of the start"


class Tallest(NamedTuple):
    """How high the tallest place of a record, of either sign, stands over its positive plateaus, and how many s in it lies."""

    share: float
    moment: float


def tallest(wave: Waveform, pulses: Pulses) -> Tallest:
    """Return the tallest place of `wave`, whose `pulses` are known; nothing stands over a plateau where there is none."""
    height = float(np.median(pulses.high)) if pulses.count else 0.0
    if not height > 0:
        return Tallest(0.0, 0.0)
    width = max(1, round(LASTING / wave.dt))
    smooth = np.abs(np.convolve(wave.volts - pulses.baseline, np.full(width, 1.0 / width), mode="valid"))
    place = int(np.argmax(smooth))
    return Tallest(float(smooth[place]) / height, place * wave.dt)


def measure_plateau(unit: Unit, row_id: str, plateau: Reading, seen: Tallest) -> None:
    """Measure `plateau` (A) as row `row_id`; fail it where what was `seen` stands out, and above what the row allows."""
    if not stands_out(unit, row_id, row_id, plateau, seen):
        unit.measure(row_id, *plateau)


def stands_out(unit: Unit, row_id: str, allowed: str, plateau: Reading, seen: Tallest) -> bool:
    """Fail row `row_id` where what was `seen` over `plateau` (A) is more than the row `allowed` lets flow; return whether so."""
    high, amps = unit.limits[allowed].high if allowed in unit.limits else None, seen.share * plateau.value
    if high is None or seen.share <= FLAT or amps <= high:
        return False
    said = f"{amps * 1e6:.0f} µA flow {seen.moment:.3f} s into its record, {seen.share:.2f} times its plateau of"
    unit.fail(row_id, f"{said} {plateau.value * 1e6:.1f} µA")
    return True


def remember(unit: Unit, seen: Tallest) -> None:
    """Keep what was `seen` of the start until the DMM has read the plateau behind it."""
    for name, value in zip(_notes(), seen, strict=True):
        unit.notes[name] = Reading(value, Uncertainty(0.0, "1", "oscilloscope"))


def of_start(unit: Unit) -> Tallest:
    """Return what `remember` kept; nothing stood out of a start that was not recorded."""
    return Tallest(*(unit.notes[name].value if name in unit.notes else 0.0 for name in _notes()))


def _notes() -> tuple[str, str]:
    return _NOTE, f"{_NOTE}, when"
