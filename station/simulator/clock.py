"""The simulator's clock: the host's monotonic seconds, hurried by a factor."""

import time


class Clock:
    """Counts from 0 at its making; `speed` simulator seconds pass in one second of the wire."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._begun = time.monotonic()

    def transport(self) -> float:
        """Return the wire's seconds since the beginning: never hurried."""
        return time.monotonic() - self._begun

    def now(self) -> float:
        """Return the simulator's seconds since the beginning."""
        return self.transport() * self._speed

    def wait(self, moment: float) -> float:
        """Return how many of the wire's seconds are left until the simulator's `moment`: 0 if it has passed."""
        return max(0.0, moment / self._speed - self.transport())
