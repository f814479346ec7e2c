"""What no line can beat: the shortest time in which a number of units can be tested in a number of slots. Pure."""

from dataclasses import dataclass
from math import ceil

QUIET = 10.0  # s behind the shut-off that a unit must stay silent
RESIDUAL_AT = 5.0  # s behind the shut-off at which the residual current is read


@dataclass(frozen=True, slots=True)
class Times:
    """What one unit needs, all in s.

    The hand's `load` and `unload`; `before` its start (of which `before_meter` on the DMM); `running` until it shuts itself off
    (meanwhile `meter` on the DMM, `scope` on the oscilloscope); on the DMM behind the shut-off `silence_meter`, which may begin
    at once, and `after_meter`, which begins after five seconds.
    """

    load: float
    before: float
    before_meter: float
    running: float
    meter: float
    scope: float
    silence_meter: float
    after_meter: float
    unload: float

    @property
    def cycle(self) -> float:
        """Return how long a unit occupies its slot that never waits for anything: C = l + p + max(T, s+d) + max(10, 5+d') + u."""
        return self.load + self.before + max(self.running, self.scope + self.meter) + self.behind + self.unload

    @property
    def behind(self) -> float:
        """Return the time behind the shut-off: max(10, 5 + d'), or more where the DMM is still in use after five seconds."""
        return max(QUIET, self.read)

    @property
    def read(self) -> float:
        """Return when the last reading behind the shut-off is done, at the earliest."""
        return max(RESIDUAL_AT, self.silence_meter) + self.after_meter

    @property
    def on_meter(self) -> float:
        """Return how long a unit has the DMM, all in all."""
        return self.before_meter + self.meter + self.silence_meter + self.after_meter


@dataclass(frozen=True, slots=True)
class Bound:
    """The least time in s from the first touch to the last verdict, as each of four things alone allows it."""

    slots: float
    meter: float
    scope: float
    operator: float

    @property
    def seconds(self) -> float:
        """Return the bound: the largest of the four."""
        return max(self.slots, self.meter, self.scope, self.operator)

    @property
    def because(self) -> str:
        """Return what sets it."""
        terms = {"slots": self.slots, "DMM": self.meter, "oscilloscope": self.scope, "operator": self.operator}
        return max(terms, key=lambda name: terms[name])


def bound(times: Times, units: int, slots: int, meters: int = 1) -> Bound:
    """Return the bound for `units` units in `slots` slots with `meters` DMMs, one oscilloscope and one operator.

    Each term takes one resource, and gives everything else for nothing.

    Slots: some slot tests at least ceil(N/S) units, one behind the other, C each. The last verdict comes before the last unit is
    taken out, so one u is taken off.

    DMM: all units together have the DMMs for N (p_d + d + d') s, so some DMM is busy for 1/M of it. Not before one unit is
    loaded; and behind the last reading of a unit comes what is left of its ten silent seconds.

    Oscilloscope: N s, not before one unit was loaded and prepared (l + p), and behind it one unit's time behind the shut-off.

    Operator: before the last of N units is in its slot, one hand has put in N and taken out at least N - S; then that unit has
    the rest of its cycle before it.
    """
    return Bound(
        slots=ceil(units / slots) * times.cycle - times.unload,
        meter=times.load + units * times.on_meter / meters + times.behind - times.read,
        scope=times.load + times.before + units * times.scope + times.behind,
        operator=units * times.load + max(0, units - slots) * times.unload + times.cycle - times.load - times.unload,
    )


def meters_needed(times: Times, slots: int) -> int:
    """Return how many DMMs make the slots the scarcer resource: S (p_d + d + d') / M <= C."""
    return ceil(slots * times.on_meter / times.cycle)
