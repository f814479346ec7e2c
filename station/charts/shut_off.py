"""Draw the auto shut-off as a time line: the whole run above, and the stretch that decides magnified below it."""

from dataclasses import dataclass

from station.charts.fonts import width
from station.charts.ink import ACCEPTANCE, BAD, BLACK, GOOD, GREY, GROUND, TOLERANCE, TRACE, TROUGH, WHITE, Ink
from station.charts.limit_bar import LimitBar
from station.charts.surface import Box, Look, Stroke, Surface
from station.charts.ticks import label, ticks

_SMALL = 6.0
_LANE = 9.0
_SILENT = 5.0


@dataclass(frozen=True, slots=True)
class ShutOff:
    """When the output stopped, in s after its first pulse, what judges it, the words beside the marks, the decimal sign."""

    limits: LimitBar
    ceiling: float
    silence: float
    quiet: bool
    start: str
    last: str
    ceiling_name: str
    silence_name: str
    decimal: str = "."


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of time, from `low` to `high` s, on a stretch of paper."""

    low: float
    high: float
    box: Box

    def at(self, seconds: float) -> float:
        """Return where `seconds` stands, in pt; what lies beyond the stretch stands at its end."""
        share = (seconds - self.low) / (self.high - self.low)
        return self.box.x + self.box.width * min(max(share, 0.0), 1.0)

    def holds(self, seconds: float) -> bool:
        """Return whether `seconds` is on the scale."""
        return self.low <= seconds <= self.high


def draw(surface: Surface, box: Box, shown: ShutOff) -> None:
    """Draw `shown` into `box`, at least 69 pt high."""
    low, high = _window(shown)
    whole = Scale(0.0, 1.06 * shown.ceiling, Box(box.x, box.top - 22, box.width, _LANE))
    near = Scale(low, high, Box(box.x, box.y + 13, box.width, _LANE + 3))
    _magnifier(surface, whole, near)
    for scale in (whole, near):
        _lane(surface, scale, shown)
    _whole_labels(surface, whole, shown)
    _near_labels(surface, near, shown)


def _window(shown: ShutOff) -> tuple[float, float]:
    low = shown.limits.low if shown.limits.low is not None else 0.9 * shown.ceiling
    span = max(shown.ceiling - low, 0.02 * shown.ceiling)
    return max(0.0, low - 0.25 * span), shown.ceiling + 0.35 * span


def _magnifier(surface: Surface, whole: Scale, near: Scale) -> None:
    left, right, upper, lower = whole.at(near.low), whole.at(near.high), whole.box.y, near.box.top
    surface.shape([(left, upper), (right, upper), (near.box.right, lower), (near.box.x, lower)], GROUND)


def _lane(surface: Surface, scale: Scale, shown: ShutOff) -> None:
    limits, lane = shown.limits, scale.box
    surface.box(lane, fill=TROUGH)
    _stretch(surface, scale, limits.low or 0.0, shown.ceiling if limits.high is None else limits.high, TOLERANCE)
    accept_low = limits.low if limits.accept_low is None else limits.accept_low
    accept_high = limits.high if limits.accept_high is None else limits.accept_high
    _stretch(surface, scale, accept_low or 0.0, shown.ceiling if accept_high is None else accept_high, ACCEPTANCE)
    on = Box(lane.x, lane.y + 2.2, scale.at(limits.value) - lane.x, lane.height - 4.4)
    surface.box(on, fill=TRACE)
    ceiling = scale.at(shown.ceiling)
    surface.path([(ceiling, lane.y - 3), (ceiling, lane.top + 3)], Stroke(BAD, 1.2))


def _stretch(surface: Surface, scale: Scale, low: float, high: float, fill: Ink) -> None:
    left, right = scale.at(low), scale.at(high)
    if right > left:
        surface.box(Box(left, scale.box.y, right - left, scale.box.height), fill=fill)


def _whole_labels(surface: Surface, whole: Scale, shown: ShutOff) -> None:
    lane = whole.box
    surface.text(lane.x, lane.top + 4, shown.start, Look(_SMALL, GREY))
    ceiling = Look(_SMALL, BAD, bold=True, align="right")
    surface.text(lane.right, lane.top + 4, shown.ceiling_name, ceiling)
    for tick in ticks(0.0, 0.93 * shown.ceiling, "s", 8):
        x = whole.at(tick.at)
        surface.path([(x, lane.y), (x, lane.y - 2.5)], Stroke(GREY, 0.4))
        align = "left" if x == lane.x else "center"
        surface.text(x, lane.y - 9, f"{tick.label} s".replace(".", shown.decimal), Look(_SMALL, GREY, align=align))


def _near_labels(surface: Surface, near: Scale, shown: ShutOff) -> None:
    lane = near.box
    for tick in ticks(near.low, near.high, "s", 8):
        x = near.at(tick.at)
        if lane.x + 12 < x < lane.right - 12:
            surface.path([(x, lane.y), (x, lane.y - 2.5)], Stroke(GREY, 0.4))
            surface.text(x, lane.y - 9, f"{tick.label} s".replace(".", shown.decimal), Look(_SMALL, GREY, align="center"))
    _silence(surface, near, shown)
    _last(surface, near, shown)


def _silence(surface: Surface, near: Scale, shown: ShutOff) -> None:
    end = shown.limits.value + shown.silence
    left, right = near.at(shown.limits.value), near.at(end)
    tone = GOOD if shown.quiet else BAD
    if right - left > _SILENT:
        surface.box(Box(left, near.box.y + 2.2, right - left, near.box.height - 4.4), fill=WHITE, stroke=Stroke(tone, 0.7))


def _last(surface: Surface, near: Scale, shown: ShutOff) -> None:
    value, lane = shown.limits.value, near.box
    x, y = near.at(value), lane.y + lane.height / 2
    good = shown.limits.accepted
    if not near.holds(value):
        _beyond(surface, x, y, forward=value > near.high)
    elif good:
        surface.disc(x, y, 4.2, WHITE)
        surface.disc(x, y, 3.4, BLACK)
    else:
        surface.shape([(x - 5, y), (x, y + 5), (x + 5, y), (x, y - 5)], BAD)
    _caption(surface, lane, x, shown, good=good)


def _beyond(surface: Surface, x: float, y: float, *, forward: bool) -> None:
    tip = 7.0 if forward else -7.0
    surface.shape([(x, y), (x - tip, y + 5), (x - tip, y - 5)], BAD)


def _caption(surface: Surface, lane: Box, x: float, shown: ShutOff, *, good: bool) -> None:
    bold = Look(7, BLACK if good else BAD, bold=True)
    lasts, silent = width(shown.last, 7, bold=True), width(shown.silence_name, _SMALL)
    room = lasts + 8 + silent
    left = min(max(x - lasts / 2, lane.x), lane.right - room)
    surface.text(left, lane.top + 5, shown.last, bold)
    surface.text(left + lasts + 8, lane.top + 5, shown.silence_name, Look(_SMALL, GOOD if shown.quiet else BAD))


def seconds(value: float) -> str:
    """Return `value` in s as it is said on marks: 1140 s, 19.5 s."""
    return f"{label(value, 0 if float(value).is_integer() else 2)} s"
