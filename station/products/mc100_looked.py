"""Follow a run of the MC-100 by looks, in turn with other slots: rare at first, close in its window, long behind its end."""

from dataclasses import dataclass

from station.core.errors import UndecidedError
from station.core.instruments import Scope
from station.products.mc100_course import CENSORED, OFF_AFTER
from station.products.mc100_looks import Bracket, Look, see
from station.sequencer.unit import Unit

GLANCE = 1.0  # s of a look: OFF_AFTER, and a few pulses of the slowest unit
RARE, DENSE = 60.0, 2.0  # s between two looks: before the window, and in it
EARLIER = 10.0  # s before its low limit that a unit's window opens
CORE = 5.0  # s of the one look that is laid over the moment at which its own frequency lets the unit go off
SILENCE = 10.0  # s that must stay silent behind the last pulse: one record, without a gap


@dataclass(frozen=True, slots=True)
class Seen:
    """What looks saw of a run; moments in s of the line's clock.

    `last` holds the last pulse. `back` counts pulses behind a silence that meant off, `unwatched` is the longest s behind it in
    which nobody looked. A unit that was `forced` still ran at `last`. `time_base` is the standard uncertainty of the
    oscilloscope's, as a fraction, and `scope` its serial, where one record of it saw both ends.
    """

    began: Bracket
    last: Bracket
    forced: bool = False
    back: int = 0
    unwatched: float = 0.0
    looks: int = 0
    over: float = 0.0
    off_seen: float = 0.0
    time_base: float = 0.0
    scope: str = ""

    @property
    def shortest(self) -> float:
        """Return the s from the first to the last pulse at least."""
        return max(0.0, self.last.earliest - self.began.latest)

    @property
    def longest(self) -> float:
        """Return the s from the first to the last pulse at most; of a unit that was stopped by force, to the last one seen."""
        return max(0.0, self.last.latest - self.began.earliest)


def follow(unit: Unit, row_id: str, began: Bracket, until: float = CENSORED, before: Seen | None = None) -> Seen:
    """Look until the unit is off and was silent for ten seconds, or still runs `until` so many s, where it is stopped by force.

    `before` is what was seen of the same run until now.
    """
    marks, last, looks = _marks(unit, row_id), began if before is None else before.last, 0 if before is None else before.looks
    while True:
        with unit.scope() as scope:
            look = see(unit, scope, span_at(unit.now() - began.earliest, marks))
            looks += 1
            if (index := look.before_silence) is not None:
                return listen(unit, scope, Seen(began, narrowed(last, look, index), looks=looks), look, index)
        last = look.when(look.pulses[-1])
        age = unit.now() - began.latest
        if age >= until:
            return Seen(began, last, forced=True, looks=looks, over=unit.now(), off_seen=unit.now())
        unit.wait(pause_at(age, marks))


def narrowed(last: Bracket, look: Look, index: int) -> Bracket:
    """Return where the last pulse lies: `index` of them came before the silence in `look`, or none since the `last` one seen."""
    if index:
        return look.when(look.pulses[index - 1])
    return Bracket(last.earliest, max(last.latest, look.when(0.0).latest))


def listen(unit: Unit, scope: Scope, seen: Seen, look: Look, index: int) -> Seen:
    """Keep the loan for one record of ten seconds behind `look`, which saw the silence begin, and count what comes back."""
    behind = see(unit, scope, SILENCE)
    dead = (behind.after - behind.span) - (look.before + look.span)
    short = (seen.last.latest + SILENCE) - (behind.before + behind.span)
    back = len(look.pulses) - index + len(behind.pulses)
    unwatched = max(0.0, dead, short)
    return Seen(seen.began, seen.last, False, back, unwatched, seen.looks + 1, unit.now(), look.after)


def judge_silence(unit: Unit, seen: Seen) -> None:
    """Measure the pulses that came back as TIM.040; that there were none counts only where nobody could have missed five."""
    if seen.back or seen.unwatched <= OFF_AFTER:
        unit.measure("TIM.040", seen.back, detail={"unwatched": seen.unwatched})
    else:
        unit.undecided("TIM.040", f"for {seen.unwatched:.1f} s of the ten behind the shut-off nobody looked at it")


def never_lost(unit: Unit) -> None:
    """Raise UndecidedError when the fixture's needles lost the unit at any time in its run: a silence was then not its own."""
    contact = unit.nest.contact()
    if contact.opens or not contact.closed:
        raise UndecidedError(f"the fixture's needles lost contact {max(1, contact.opens)} times: seat the unit again")


def pause_at(age: float, marks: tuple[float, ...]) -> float:
    """Return for how many s nobody needs to look at a unit of `age` s; `marks` are its window's begin, and its core's.

    Not at all in its core: a look that ended there began before it, and was not the long one.
    """
    if any(mark <= age < mark + CORE for mark in marks[1:]):
        return 0.0
    pause = RARE if age < marks[0] else DENSE
    return min(pause, *(mark - age for mark in marks if mark > age), pause)


def span_at(age: float, marks: tuple[float, ...]) -> float:
    """Return how many s to look at a unit of `age` s: longer where it is expected to go off."""
    return CORE if any(mark - 0.1 <= age < mark + CORE for mark in marks[1:]) else GLANCE


def _marks(unit: Unit, row_id: str) -> tuple[float, ...]:
    """Return when the looks at the unit become close, and when the one begins in which it should go off, in s of its age.

    One oscillator makes frequency and shut-off time: the frequency tells where to look closest. It decides nothing.
    """
    near = (unit.limits[row_id].low or 0.0) - EARLIER
    hertz, count = unit.reading("WAV.010"), unit.limits["TIM.030"].nominal if "TIM.030" in unit.limits else None
    if hertz is None or count is None or not hertz.value > 0:
        return (near,)
    return near, count / hertz.value - 0.5 * CORE
