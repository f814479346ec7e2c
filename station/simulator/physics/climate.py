"""The temperature of the shop floor: 23 degC and a slow drift."""

import math
from dataclasses import dataclass

from station.simulator.physics.streams import stream


@dataclass(frozen=True, slots=True)
class Climate:
    """A day's swing on top of 23 degC: `phase` in radians, drawn from the seed."""

    phase: float

    def celsius(self, now: float) -> float:
        """Return the temperature at the slots in degC at `now` in simulator seconds."""
        return 23.0 + 0.4 * math.sin(self.phase + 2 * math.pi * now / 3600) + 0.1 * math.sin(now / 97)


def climate(seed: int) -> Climate:
    """Return the climate that belongs to `seed`."""
    return Climate(phase=float(stream(seed, "climate").uniform(0, 2 * math.pi)))
