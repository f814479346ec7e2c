"""Two leads of one instrument that hang on different buses: somebody has mixed up the cables."""

from dataclasses import dataclass

from station.simulator.ports import Floats, Terminals


@dataclass(frozen=True, slots=True)
class Leads:
    """The terminals of an instrument whose input sees one bus, and whose trigger hears another one's SYNC."""

    seen_on: Terminals
    heard_on: Terminals

    def volts(self, times: Floats) -> Floats:
        """Return the voltage at each of `times`, both (n,) float64."""
        return self.seen_on.volts(times)

    def seen(self, times: Floats, looks: int, step: float) -> Floats:
        """Return the mean of `looks` looks, `step` seconds apart, around each of `times`, both (n,) float64."""
        return self.seen_on.seen(times, looks, step)

    def mean(self, start: float, end: float) -> float:
        """Return the mean voltage between two moments."""
        return self.seen_on.mean(start, end)

    def ac_rms(self, start: float, end: float) -> float:
        """Return the RMS between two moments after the mean was taken off."""
        return self.seen_on.ac_rms(start, end)

    def ac_rms_each(self, starts: Floats, seconds: float) -> Floats:
        """Return `ac_rms` over the `seconds` behind each of `starts`, both (n,) float64."""
        return self.seen_on.ac_rms_each(starts, seconds)

    def ohms(self, start: float, end: float) -> float:
        """Return the resistance across the input between two moments, in ohm."""
        return self.seen_on.ohms(start, end)

    def triggers(self, start: float, end: float) -> list[float]:
        """Return the rising edges on the SYNC that the trigger hangs on."""
        return self.heard_on.triggers(start, end)
