"""The unit's contact detection: three pulses in a row must agree before the output starts or stops."""

import math
from dataclasses import dataclass

_AGREE = 3
_HYSTERESIS = 1.6


@dataclass(frozen=True, slots=True)
class Oscillator:
    """The ticks at which pulses begin: the first at `origin`, then one each `period` seconds; `scale` is 1 + error."""

    origin: float
    period: float
    scale: float

    def tick(self, moment: float, further: int = 0) -> float:
        """Return the first tick at or after `moment`, or one that comes `further` ticks later."""
        index = max(0, math.ceil((moment - self.origin) / self.period - 1e-7))
        return self.origin + (index + further) * self.period


@dataclass(slots=True)
class Detector:
    """Watches the resistance between the probes; `since` is when it first called for a change (infinite = it does not)."""

    on_ohm: float
    enabled: bool
    since: float = math.inf

    def watch(self, ohm: float, pulsing: bool, now: float) -> None:
        """Take notice of `ohm` at `now`, while the output is on (`pulsing`) or only senses."""
        if not self._calls(ohm, pulsing):
            self.since = math.inf
        elif math.isinf(self.since):
            self.since = now

    def restart(self) -> None:
        """Forget what was seen: the output has just started or stopped."""
        self.since = math.inf

    def decides(self, oscillator: Oscillator) -> float:
        """Return when the output starts or stops if nothing else happens: one tick after the third pulse."""
        return math.inf if math.isinf(self.since) else oscillator.tick(self.since, _AGREE)

    def _calls(self, ohm: float, pulsing: bool) -> bool:
        if not self.enabled:
            return not pulsing
        return ohm > self.on_ohm * _HYSTERESIS if pulsing else ohm < self.on_ohm
