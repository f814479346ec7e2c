"""Show at a glance where a value lies between its limits."""

import math
from dataclasses import dataclass

from station.charts.ink import ACCEPTANCE, BAD, BLACK, GREY, TOLERANCE, TROUGH, WHITE
from station.charts.surface import Box, Stroke, Surface

_LOW, _HIGH = 0.2, 0.8  # where the limits stand on the bar, as a fraction of its length
_STEP = 0.035  # the least that a marker stands off the mark it does not meet, so that paper never lies about a side
_EDGE = 0.03


@dataclass(frozen=True, slots=True)
class LimitBar:
    """A value and what it is judged by, all in one unit; None where there is no such bound."""

    low: float | None
    high: float | None
    accept_low: float | None
    accept_high: float | None
    value: float

    @property
    def accepted(self) -> bool:
        """Return whether the value lies within the acceptance limits."""
        return not (_less(self.value, self.accept_low) or _less(self.accept_high, self.value))


def _less(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and one < other


@dataclass(frozen=True, slots=True)
class Marks:
    """Where everything stands on a bar, as fractions of its length."""

    low: float
    high: float
    accept_low: float
    accept_high: float
    value: float


def marks(bar: LimitBar) -> Marks:
    """Return where the parts of `bar` stand; the value is always on its true side of every mark, however close."""
    if bar.low is not None and bar.low == bar.high:
        return Marks(0.5, 0.5, 0.5, 0.5, 0.5 if bar.value == bar.low else _HIGH if bar.value > bar.low else _LOW)
    low = _LOW if bar.low is not None else 0.0
    high = _HIGH if bar.high is not None else 1.0
    accept_low = low if bar.accept_low is None else min(max(_linear(bar, bar.accept_low), low), high)
    accept_high = high if bar.accept_high is None else min(max(_linear(bar, bar.accept_high), accept_low), high)
    return Marks(low, high, accept_low, accept_high, _value(bar, low, high, accept_low, accept_high))


def _linear(bar: LimitBar, at: float) -> float:
    if bar.low is not None and bar.high is not None:
        span = bar.high - bar.low
        return _LOW + (_HIGH - _LOW) * ((at - bar.low) / span)
    if bar.high is not None:
        return _HIGH + _HIGH * (at - bar.high) / (abs(bar.high) or 1.0)
    low = bar.low or 0.0
    return _LOW + (1 - _LOW) * (at - low) / (2 * abs(low) or 1.0)


def _value(bar: LimitBar, low: float, high: float, accept_low: float, accept_high: float) -> float:
    at = _linear(bar, bar.value)
    at = at if math.isfinite(at) else 0.5
    if _less(bar.value, bar.low):
        return max(_EDGE, min(at, low - _STEP))
    if _less(bar.high, bar.value):
        return min(1 - _EDGE, max(at, high + _STEP))
    if _less(bar.value, bar.accept_low):
        return min(at, (low + accept_low) / 2)
    if _less(bar.accept_high, bar.value):
        return max(at, (high + accept_high) / 2)
    return min(max(min(max(at, accept_low), accept_high), _EDGE), 1 - _EDGE)


def draw(surface: Surface, box: Box, bar: LimitBar) -> None:
    """Draw `bar` into `box`: tolerance light, acceptance darker, a disc at a good value and a diamond at a bad one."""
    where = marks(bar)
    track = Box(box.x, box.y + 0.22 * box.height, box.width, 0.56 * box.height)
    surface.box(track, fill=TROUGH)
    surface.box(_part(track, where.low, where.high), fill=TOLERANCE)
    surface.box(_part(track, where.accept_low, where.accept_high), fill=ACCEPTANCE)
    for given, at in ((bar.low, where.low), (bar.high, where.high)):
        if given is not None:
            x = box.x + at * box.width
            surface.path([(x, box.y), (x, box.top)], Stroke(GREY, 0.6))
    _marker(surface, box, where.value, good=bar.accepted)


def _part(track: Box, low: float, high: float) -> Box:
    return Box(track.x + low * track.width, track.y, (high - low) * track.width, track.height)


def _marker(surface: Surface, box: Box, at: float, *, good: bool) -> None:
    x, y, size = box.x + at * box.width, box.y + box.height / 2, 0.42 * box.height
    if good:
        surface.disc(x, y, size + 0.6, WHITE)
        surface.disc(x, y, size, BLACK)
        return
    for reach, ink in ((1.7 * size, WHITE), (1.35 * size, BAD)):
        surface.shape([(x - reach, y), (x, y + reach), (x + reach, y), (x, y - reach)], ink)
