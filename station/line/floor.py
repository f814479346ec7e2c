"""Hold the line or lock a slot when what its units come to says that something is wrong with more than a unit.

The rules are those of the floor: two safety fails of one code in 50 units, three fails in a row of one code, or 7 fails in 50
hold the line; running slots finish. A slot in which three runs in a row came to no verdict is locked: its needles, or its cable.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from station.core.verdict import Verdict
from station.line.line import Outcome

UNITS = 50
_SAFETY_FAILS = 2
_FAILS_IN_A_ROW = 3
_FAILS = 7
_UNDECIDED_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """A unit that passed or failed: the row that failed first, and the safety rows that failed, empty when it passed."""

    first_fail: str
    safety: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reaction:
    """What an outcome calls for: why the line is to be held, why the slot is to be locked; empty: neither."""

    hold: str = ""
    lock: str = ""


class Floor:
    """What was seen since the station was started: the last units that were judged, and each slot's runs without a verdict."""

    def __init__(self) -> None:
        self._judged: deque[Judged] = deque(maxlen=UNITS)
        self._undecided: dict[int, int] = defaultdict(int)

    def told(self, outcome: Outcome) -> Reaction:
        """Take an outcome, and return what it calls for."""
        if outcome.record is not None and outcome.verdict in (Verdict.PASS, Verdict.FAIL):
            self._undecided[outcome.slot] = 0
            self._judged.append(_judged(outcome))
            return Reaction(hold=held(self._judged)) if outcome.verdict is Verdict.FAIL else Reaction()
        if outcome.verdict is Verdict.ABORTED:
            return Reaction()
        self._undecided[outcome.slot] += 1
        if self._undecided[outcome.slot] < _UNDECIDED_IN_A_ROW:
            return Reaction()
        return Reaction(lock=f"{_UNDECIDED_IN_A_ROW} runs in a row came to no verdict, the last one: {outcome.reason}")

    def unlocked(self, slot: int) -> None:
        """Begin anew with a slot that was looked at."""
        self._undecided[slot] = 0


def held(judged: Sequence[Judged]) -> str:
    """Return why the line is to be held after the last `judged` units, the newest last; empty when it is not."""
    times = Counter(row for one in judged for row in one.safety)
    if often := [row for row, count in times.items() if count >= _SAFETY_FAILS]:
        return f"{often[0]}, a safety row, failed on {times[often[0]]} of the last {len(judged)} units"
    last = [one.first_fail for one in judged][-_FAILS_IN_A_ROW:]
    if len(last) == _FAILS_IN_A_ROW and len(set(last)) == 1 and last[0]:
        return f"{_FAILS_IN_A_ROW} units in a row failed {last[0]} first"
    fails = sum(bool(one.first_fail) for one in judged)
    return f"{fails} of the last {len(judged)} units failed" if fails >= _FAILS else ""


def _judged(outcome: Outcome) -> Judged:
    if outcome.verdict is Verdict.PASS or outcome.record is None:
        return Judged("", ())
    safety = tuple(result.row.id for result in outcome.record.failing if result.row.safety not in ("", "none"))
    return Judged(outcome.record.first_fail or "unknown", safety)
