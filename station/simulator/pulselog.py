"""The fixture's pulse timer on one slot: which pulse was first, which was the last before it went off."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from operator import sub


@dataclass(frozen=True, slots=True)
class Pulses:
    """What the log says: a state, and simulator seconds of the first and of the last pulse (None = there is none)."""

    state: str
    first: float | None
    last: float | None
    count: int
    after: int


class PulseLog:
    """Logs pulses from `arm` on; a pause of `gap` seconds means off; `freeze` ends it and keeps what it says."""

    def __init__(self) -> None:
        self._armed = math.inf
        self._gap = math.inf
        self._frozen: float | None = None
        self._first: float | None = None
        self._last: float | None = None
        self._count = self._after = 0

    @property
    def armed(self) -> float:
        """Return when it was armed (infinite = never)."""
        return self._armed

    @property
    def frozen(self) -> float | None:
        """Return when it was frozen, or None while it goes on."""
        return self._frozen

    @property
    def listens(self) -> bool:
        """Tell whether a pulse would be logged."""
        return self._frozen is None and self._armed < math.inf

    @property
    def off_at(self) -> float:
        """Return when it says off unless another pulse comes (infinite = there was none yet)."""
        return math.inf if self._last is None else self._last + self._gap

    def arm(self, gap: float, now: float) -> None:
        """Forget everything and log from `now` on."""
        self._armed, self._gap, self._frozen = now, gap, None
        self._first = self._last = None
        self._count = self._after = 0

    def freeze(self, now: float) -> None:
        """Log no further; only the first freeze after `arm` counts."""
        if self._frozen is None and now >= self._armed:
            self._frozen = now

    def pulses(self, moments: list[float]) -> None:
        """Take notice of pulses, ascending: of many at once when no pause is among them."""
        if not moments or self._frozen is not None or moments[-1] < self._armed:
            return
        first = bisect_left(moments, self._armed)
        self.pulse(moments[first])
        rest = moments[first:]
        if self._after or (len(rest) > 1 and max(map(sub, rest[1:], rest)) >= self._gap):
            for moment in rest[1:]:
                self.pulse(moment)
        else:
            self._last = rest[-1]
            self._count += len(rest) - 1

    def pulse(self, moment: float) -> None:
        """Take notice of a pulse."""
        if moment < self._armed or self._frozen is not None:
            return
        if self._last is None:
            self._first = self._last = moment
            self._count = 1
        elif self._after or moment - self._last >= self._gap:
            self._after += 1
        else:
            self._last = moment
            self._count += 1

    def read(self, now: float) -> Pulses:
        """Return what the log says at `now`, or said when it was frozen."""
        moment = now if self._frozen is None else self._frozen
        return Pulses(self._state(moment), self._first, self._last, self._count, self._after)

    def _state(self, now: float) -> str:
        if math.isinf(self._armed):
            return "idle"
        if self._last is None:
            return "armed"
        return "off" if self._after or now - self._last >= self._gap else "running"
