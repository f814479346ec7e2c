"""Say who waited on what in a run of the line, and how busy each instrument and the operator were: a fold of the loan log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from station.hardware.lending import START, LoanEntry

LONGEST = 5


@dataclass(frozen=True, slots=True)
class Use:
    """What one slot had of one thing, or all slots of it (slot 0): how often it was asked for and came; waits and holds in s."""

    slot: int
    thing: str
    asked: int
    came: int
    waited: float
    longest: float
    held: float


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait of one slot: for what, from when, in s since the line began, and how long, in s."""

    slot: int
    thing: str
    since: float
    waited: float


@dataclass(frozen=True, slots=True)
class Profile:
    """How a line of `span` s spent its time: `slots` by slot and thing, `things` over all slots, and the longest waits."""

    span: float
    slots: tuple[Use, ...]
    things: tuple[Use, ...]
    longest: tuple[Wait, ...]

    def utilisation(self, thing: Use) -> float | None:
        """Return the share of the span for which a thing was held; None for the right to start, which nobody holds."""
        return None if thing.thing == START or not self.span else thing.held / self.span


def profile(entries: Iterable[LoanEntry], began: float, ended: float) -> Profile:
    """Return the profile of the loans between two moments of the line's clock, in s; a loan of both counts for each."""
    log = list(entries)
    single = [(entry.slot, thing, entry) for entry in log for thing in entry.instruments]
    pairs = sorted({(slot, thing) for slot, thing, _ in single})
    by_slot = (_use(slot, thing, [one for s, t, one in single if (s, t) == (slot, thing)]) for slot, thing in pairs)
    things = (_use(0, thing, [one for _, t, one in single if t == thing]) for thing in sorted({thing for _, thing in pairs}))
    waits = (Wait(slot, thing, entry.asked - began, _waited(entry)) for slot, thing, entry in single)
    longest = sorted(waits, key=lambda wait: -wait.waited)[:LONGEST]
    return Profile(ended - began, tuple(by_slot), tuple(things), tuple(longest))


def _use(slot: int, thing: str, entries: Sequence[LoanEntry]) -> Use:
    waits = [_waited(entry) for entry in entries]
    held = sum(entry.gave_back - entry.got for entry in entries if entry.got is not None)
    came = sum(entry.got is not None for entry in entries)
    return Use(slot, thing, len(entries), came, sum(waits), max(waits), held)


def _waited(entry: LoanEntry) -> float:
    return (entry.gave_back if entry.got is None else entry.got) - entry.asked
