"""Count what a study saw: verdicts, escapes, wrong rejects, and which rows each kind of unit fails by."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.study.kinds import KINDS, UNSEEN, Kind
from benchmarks.study.seen import Seen
from station.core.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Tally:
    """All units of one kind, and what they came to: `first` counts the row that failed first, `rows` every row that failed."""

    kind: Kind
    units: tuple[Seen, ...]
    verdicts: Counter[str]
    first: Counter[str]
    rows: Counter[str]

    def share(self, count: int) -> float:
        """Return `count` as a share of the units."""
        return count / len(self.units)


def tallies(units: Sequence[Seen]) -> list[Tally]:
    """Return a tally for each kind that was seen, in the order of the kinds."""
    return [_tally(kind, [one for one in units if one.kind == name]) for name, kind in KINDS.items() if _any(units, name)]


def escapes(units: Iterable[Seen]) -> list[Seen]:
    """Return the units that deserve FAIL and passed, and whose certificate does not say so: there must be none."""
    return [one for one in _passed_undeserved(units) if not _is_unseen(KINDS[one.kind])]


def hidden(units: Iterable[Seen]) -> list[Seen]:
    """Return the units that deserve FAIL and passed by a recipe that cannot see their defect, as its certificate says."""
    return [one for one in _passed_undeserved(units) if _is_unseen(KINDS[one.kind])]


def _is_unseen(kind: Kind) -> bool:
    return kind.recipe is Recipe.ACCELERATED and kind.defect in UNSEEN


def wrong_rejects(units: Iterable[Seen]) -> list[Seen]:
    """Return the units that failed and do not deserve it."""
    return [one for one in units if one.verdict == "FAIL" and one.deserves != "FAIL"]


def unjudged(units: Iterable[Seen]) -> Counter[tuple[str, str]]:
    """Return how often which kind of unit came to neither PASS nor FAIL by what reason, by verdict, row and words."""
    return Counter((one.kind, f"{one.verdict}: {_plain(one)}") for one in units if one.verdict not in ("PASS", "FAIL"))


def _passed_undeserved(units: Iterable[Seen]) -> list[Seen]:
    return [one for one in units if one.verdict == "PASS" and one.deserves == "FAIL"]


def _plain(one: Seen) -> str:
    """Return the reason of the first row that allowed no verdict, without its numbers; the run's own where there is no row."""
    reason = next(iter(one.undecided.values()), one.reason)
    return re.sub(r"[0-9]+(\.[0-9]+)?", "#", reason)


def _any(units: Iterable[Seen], kind: str) -> bool:
    return any(one.kind == kind for one in units)


def _tally(kind: Kind, units: list[Seen]) -> Tally:
    return Tally(
        kind, tuple(units),
        Counter(one.verdict for one in units),
        Counter(one.first for one in units if one.first),
        Counter(row for one in units for row in one.failing),
    )  # fmt: skip
