"""Turn the codes of an InfiniiVision into volts and times, cut to what was asked for, and see whether any was clipped."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.errors import InstrumentError
from station.core.waveform import Waveform
from station.hardware.link import ADVICE
from station.hardware.scpi_text import parse_number

_WORD = 1
_MIDDLE = 32768
_ACROSS = 10.0
_CLIPPED_LOW, _CLIPPED_HIGH = 0x01FF, 0xFF00  # in bytes: 0 is a hole, 1 and 255 are clipped; words carry them above
Codes = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a record is to be: `span` s of it, `before` s before the trigger, on `division` s a division, of `points` samples."""

    span: float
    before: float
    division: float
    points: int

    @property
    def length(self) -> float:
        """Return how long the whole screen is in s; `span` is its first part."""
        return _ACROSS * self.division

    @property
    def centre(self) -> float:
        """Return the time of the middle of the screen in s after the trigger."""
        return self.length / 2 - self.before

    @property
    def points_of_record(self) -> int:
        """Return how many samples of the whole screen give `points` in the span."""
        return round(self.points * self.length / self.span)


@dataclass(frozen=True, slots=True)
class Preamble:
    """How codes become volts and times: V = (code - yref) * yinc + yorg, t = (i - xref) * xinc + xorg."""

    format: int
    points: int
    xinc: float
    xorg: float
    xref: float
    yinc: float
    yorg: float
    yref: float


def parse_preamble(answer: str, name: str) -> Preamble:
    """Read the ten fields of :WAVeform:PREamble?; raises InstrumentError when they are not ten numbers of WORD data."""
    fields = [parse_number(word) for word in answer.split(",")]
    good = [field for field in fields if field is not None]
    if len(fields) != 10 or len(good) != 10 or int(good[0]) != _WORD or good[9] != _MIDDLE or good[4] <= 0 or good[7] <= 0:
        raise InstrumentError(f"{name} answered {answer[:120]!r} to :WAV:PRE?, which makes no sense; {ADVICE}")
    return Preamble(int(good[0]), int(good[2]), *good[4:])


def waveform(data: bytearray, preamble: Preamble, asked: Asked, name: str) -> Waveform:
    """Return the record in volts, (n,) float64, from little-endian unsigned words; raises InstrumentError if it is another."""
    if len(data) != 2 * preamble.points:
        raise InstrumentError(f"{name} answered {preamble.points} samples to :WAV:PRE? and sent {len(data)} bytes; {ADVICE}")
    first, count = _window(preamble, asked, name)
    codes: Codes = np.frombuffer(data, dtype="<u2")[first : first + count]
    volts = (codes.astype(np.float64) - preamble.yref) * preamble.yinc + preamble.yorg
    start = (first - preamble.xref) * preamble.xinc + preamble.xorg
    clipped = bool(codes.min() <= _CLIPPED_LOW or codes.max() >= _CLIPPED_HIGH)
    return Waveform(volts, preamble.xinc, start, preamble.yinc * _quantum(codes), clipped, name)


def _window(preamble: Preamble, asked: Asked, name: str) -> tuple[int, int]:
    """Return the first sample of the span and how many there are; raises when the record does not hold the span."""
    start = preamble.xorg - preamble.xref * preamble.xinc
    first, count = round((-asked.before - start) / preamble.xinc), round(asked.span / preamble.xinc)
    if count < asked.points / 2:
        few = f"{count} samples for the {asked.span:g} s in which {asked.points} were asked for"
        raise InstrumentError(f"{name} answered {few} to :WAV:PRE?; {ADVICE}")
    if first < -1 or first + count > preamble.points + 1:
        got, wanted = f"{preamble.points * preamble.xinc:g} s from {start:g} s", f"{asked.span:g} s from {-asked.before:g} s"
        raise InstrumentError(f"{name} answered {got}, not {wanted} to :WAV:PRE?; {ADVICE}")
    first = max(first, 0)
    return first, min(count, preamble.points - first)


def _quantum(codes: Codes) -> int:
    """Return the smallest distance between two codes that occur: what one step of the converter is."""
    seen = np.flatnonzero(np.bincount(codes))
    return int(np.diff(seen).min()) if seen.size > 1 else 1
