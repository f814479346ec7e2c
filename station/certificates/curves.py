"""Reduce a waveform to what a document draws of it, small enough to travel inside, so that it can be drawn again from there."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.charts.columns import extremes
from station.core.canonical import Json
from station.core.finite import finite
from station.core.waveform import Waveform

_FINE, _COARSE = 450, 150  # columns of a picture a third of a page wide: a third of a point, and a point for what is all noise
_MOST = 400  # places that a curve may take; one that takes more is all noise, of which a picture shows but the edges
_BAND = 100  # of the height: a third of a point of a picture, half as wide as the line
_FARTHEST = 2**40  # samples between two places: no record is as long, and a sum of as many steps as fit in a file holds
_LEVELS = 1_000  # steps between lowest and highest in which values are told
_KEYS = {"dt", "start", "size", "clipped", "source", "steps", "volts"}

Places = tuple[NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What is drawn of a waveform of `size` samples, one each `dt` s, the first `start` s after the trigger.

    `index` is (n,) int64, at which samples; `volts` is (n,) float64, the values there in V, rounded.
    """

    dt: float
    start: float
    size: int
    clipped: bool
    source: str
    index: NDArray[np.int64]
    volts: NDArray[np.float64]

    @property
    def times(self) -> NDArray[np.float64]:
        """Return the time of each drawn value in s after the trigger, (n,) float64."""
        return np.asarray(self.start + self.dt * self.index, dtype=np.float64)

    @property
    def span(self) -> float:
        """Return how long the whole waveform is, in s."""
        return self.dt * self.size

    def to_json(self) -> dict[str, Json]:
        """Return the curve in base types; `steps` are from place to place, which takes half the bytes of the places."""
        return {
            "dt": self.dt, "start": self.start, "size": self.size, "clipped": self.clipped, "source": self.source,
            "steps": np.diff(self.index, prepend=0).tolist(), "volts": self.volts.tolist(),
        }  # fmt: skip


def reduced(waveform: Waveform) -> Curve:
    """Return what a picture shows of `waveform`: no spike is lost, and a level is drawn by its two ends."""
    known = np.flatnonzero(np.isfinite(waveform.volts))
    index, volts = _drawn(known.astype(np.int64), waveform.volts[known]) if known.size else (known, waveform.volts[known])
    return Curve(waveform.dt, waveform.start, waveform.volts.size, waveform.clipped, waveform.source, index, _rounded(volts))


def _drawn(index: NDArray[np.int64], volts: NDArray[np.float64]) -> Places:
    chosen = extremes(volts, _FINE)
    fine = _levels(index[chosen], volts[chosen])
    return fine if fine[0].size <= _MOST else _edges(index, volts)


def _levels(index: NDArray[np.int64], volts: NDArray[np.float64]) -> Places:
    """Return the places without those between the ends of a level: a stretch in which nothing leaves a narrow band."""
    band = float(volts.max() - volts.min()) / _BAND
    held, last = float(volts[0]), int(index[0])
    places = [(last, held)]
    for at, value in zip(index.tolist(), volts.tolist(), strict=True):
        if abs(value - held) > band:
            places += [(last, held), (at, value)]
            held = value
        last = at
    kept = list(dict.fromkeys([*places, (last, held)]))
    return np.asarray([at for at, _ in kept], dtype=np.int64), np.asarray([value for _, value in kept], dtype=np.float64)


def _edges(index: NDArray[np.int64], volts: NDArray[np.float64]) -> Places:
    """Return the lowest and the highest of each coarse column, one above the other in its middle."""
    chosen = extremes(volts, _COARSE)
    width = -(-volts.size // _COARSE)
    middle = np.minimum(chosen // width * width + width // 2, volts.size - 1)
    return index[middle], volts[chosen]


def _rounded(volts: NDArray[np.float64]) -> NDArray[np.float64]:
    span = float(volts.max() - volts.min()) if volts.size else 0.0
    digits = math.ceil(-math.log10(span / _LEVELS)) if 0 < span < math.inf else 12
    return np.asarray([round(one, digits) + 0.0 for one in volts.tolist()], dtype=np.float64)  # + 0.0: there is no -0.0


def curve_from(content: Json) -> Curve:
    """Return the curve that `to_json` made; raises ValueError for anything else."""
    if not isinstance(content, dict) or set(content) != _KEYS:
        raise ValueError("not a curve")
    dt, start, size, clipped, source = (content[key] for key in ("dt", "start", "size", "clipped", "source"))
    if not finite(dt) or not finite(start) or type(size) is not int or type(clipped) is not bool or type(source) is not str:
        raise ValueError("not a curve: its head is not of numbers and words")
    steps, volts = _numbers(content["steps"]), _numbers(content["volts"])
    if len(steps) != len(volts) or any(type(one) is not int or abs(one) >= _FARTHEST for one in steps):
        raise ValueError("not a curve: its values do not have one place each")
    return Curve(
        float(dt), float(start), size, clipped, source, np.cumsum(np.asarray(steps, np.int64)), np.asarray(volts, np.float64)
    )


def _numbers(content: Json) -> list[int | float]:
    known = [one for one in content if finite(one)] if isinstance(content, list) else []
    if not isinstance(content, list) or len(known) != len(content):
        raise ValueError("not a curve: a value is not a number")
    return known
