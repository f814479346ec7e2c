"""Compare the fixture's timer with the host's monotonic clock: brackets of host time around each answer, the narrowest counts."""

from dataclasses import dataclass

from station.hardware.replies import Reply


@dataclass(frozen=True, slots=True)
class Bracket:
    """The fixture's time `fixture` fell between the host's `before` and `after`; all in s, each clock from its own start."""

    before: float
    after: float
    fixture: float

    @property
    def half(self) -> float:
        """Return half of the bracket's width in s: how far the middle can be from the truth."""
        return (self.after - self.before) / 2

    @property
    def middle(self) -> float:
        """Return the host's time in the middle of the bracket, in s."""
        return (self.before + self.after) / 2


@dataclass(frozen=True, slots=True)
class Drift:
    """How much faster the fixture's timer ran than the host's clock, as a `fraction`; true within +-`bound`, seen over `over` s.

    `bound` is infinite while no time has passed.
    """

    fraction: float
    bound: float
    over: float


TOLERANCE = 1e-3  # of the time: a fixture timer further off than this makes a run worthless (PRODUCT: 0.1 %)
SHORT = 1.0  # s: over less than this, the microsecond that a reply's time is rounded to would count
LONG = 600.0  # s: a run this long must prove its timer; a shorter one ended before it timed a shut-off


def proven_off(seen: Drift) -> str | None:
    """Return what proves that the fixture's timer is off, however slow the link was, or None."""
    if abs(seen.fraction) - seen.bound <= TOLERANCE:
        return None
    return f"the fixture's timer ran {seen.fraction:+.3%} against the host's clock over {seen.over:.0f} s; 0.1 % is allowed"


def unsound(seen: Drift) -> str | None:
    """Return why the fixture's timer cannot be trusted after what was `seen`, or None."""
    if off := proven_off(seen):
        return off
    if seen.over >= LONG and abs(seen.fraction) + seen.bound > TOLERANCE:
        return f"the fixture's timer could be checked only to {seen.bound:.3%} over {seen.over:.0f} s: the link was too slow"
    return None


def bracket(reply: Reply) -> Bracket:
    """Return the bracket of a reply that tells the fixture's time."""
    return Bracket(reply.sent, reply.received, reply.seconds("t"))


def drift(first: Bracket, last: Bracket) -> Drift:
    """Return the drift between two brackets."""
    over = last.middle - first.middle
    if over <= 0:
        return Drift(0.0, float("inf"), 0.0)
    return Drift((last.fixture - first.fixture) / over - 1.0, (first.half + last.half) / over, over)
