"""The shut-off timer: it starts at the first output pulse and nothing but a defect stops it."""

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Timer:
    """Counts seconds of the unit's own oscillator: `counted` at `mark`, `rate` of them a second since."""

    limit: float
    first: float
    mark: float
    counted: float = 0.0
    rate: float = 1.0
    early: float = math.inf

    def ends(self) -> float:
        """Return when it switches the output off (simulator seconds; infinite = never)."""
        return min(self.mark + (self.limit - self.counted) / self.rate, self.first + self.early)

    def at_rate(self, rate: float, now: float) -> "Timer":
        """Return the timer as it goes on from `now` at another rate."""
        return replace(self, mark=now, counted=self.counted + (now - self.mark) * self.rate, rate=rate)

    def restarted(self, now: float) -> "Timer":
        """Return the timer begun anew at `now`: what a good unit never does."""
        return replace(self, mark=now, counted=0.0)
