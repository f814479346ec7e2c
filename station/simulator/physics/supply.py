"""What a unit takes out of its cell, and when the cell gives up."""

import math
from dataclasses import replace

from station.simulator.physics.battery import HAPTIC_AMPS, UVLO_OFF, UVLO_ON, Drain
from station.simulator.physics.parts import LEVEL_AMPS, Parts

_IDLE_AMPS = 8e-3
"""What the boost converter takes with no output; the rest of the running current is in proportion to the level."""
_BUZZ = 0.2
"""Seconds that the vibration motor runs."""


class Supply:
    """The cell with its under-voltage lock-out and the vibration motor; moments are simulator seconds."""

    def __init__(self, parts: Parts, born: float) -> None:
        self._parts = parts
        self._starved = False
        self._lead_ohm = 0.0
        self.quiet_from = born
        self.drain = Drain(born, parts.soc, parts.quiescent, parts.capacity, parts.resistance)

    def use(self, level: int | None, now: float) -> None:
        """Take what a unit takes at `level` from `now` on, None for one that is off."""
        soc = self.drain.soc_at_one(now)
        motor = HAPTIC_AMPS if now < self.quiet_from else 0.0
        self.drain = replace(self.drain, start=now, soc=soc, amps=self._amps(level) + motor)

    def lead(self, ohm: float) -> None:
        """Put `ohm` into the battery lead."""
        self._lead_ohm = ohm

    def buzz(self, now: float) -> None:
        """Let the vibration motor run for 200 ms."""
        self.quiet_from = now + _BUZZ

    def volts_at(self, level: int, now: float) -> float:
        """Return the cell's voltage at `now` as it would be at `level`."""
        return replace(self.drain, amps=self._amps(level)).volts_at(now)

    def feeds(self, now: float) -> bool:
        """Tell whether the cell can be switched on; one that was too low must recover to UVLO_ON."""
        volts = self.drain.volts_at(now)
        self._starved = self._starved and volts <= UVLO_ON
        return not self._starved and volts > UVLO_OFF

    def starve(self) -> None:
        """Take notice that the lock-out has switched the unit off."""
        self._starved = True

    def next_change(self, now: float) -> float:
        """Return when the motor stops (infinite = it does not run)."""
        return self.quiet_from if self.quiet_from > now else math.inf

    def gives_up(self) -> float:
        """Return when the lock-out switches a running unit off."""
        return self.drain.reaches(UVLO_OFF, self._lead_ohm)

    def _amps(self, level: int | None) -> float:
        if level is None:
            return self._parts.quiescent
        return _IDLE_AMPS + (self._parts.running - _IDLE_AMPS) * LEVEL_AMPS[level - 1] / LEVEL_AMPS[-1]
