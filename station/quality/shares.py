"""State a share of a count, and how well so few units tell it."""

import math
from dataclasses import dataclass
from statistics import NormalDist

FEW = 30  # below this many a share is shown with its count and judged by nobody


@dataclass(frozen=True, slots=True)
class Share:
    """`good` out of `of`."""

    good: int
    of: int

    @property
    def value(self) -> float | None:
        """Return the share from 0 to 1, None of nothing."""
        return self.good / self.of if self.of else None

    @property
    def enough(self) -> bool:
        """Return whether it rests on enough units to be judged."""
        return self.of >= FEW

    def interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Return Wilson's score interval of the share (without continuity correction), None of nothing."""
        return wilson(self.good, self.of, confidence) if self.of else None


def wilson(good: int, of: int, confidence: float) -> tuple[float, float]:
    """Return the interval of `good` out of `of` (Wilson, J. Am. Stat. Assoc. 22 (1927) 209); each end is from 0 to 1."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, weight = good / of, z * z / of
    centre = (share + weight / 2) / (1 + weight)
    half = math.sqrt(share * (1 - share) * weight + weight * weight / 4) / (1 + weight)
    low = 0.0 if good == 0 else centre - half
    high = 1.0 if good == of else centre + half
    return max(0.0, low), min(1.0, high)
