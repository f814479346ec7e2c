"""Say what a verdict is and which of several decides."""

from collections.abc import Iterable
from enum import IntEnum


class Verdict(IntEnum):
    """What a row, a step or a run came to; a larger one outweighs a smaller one.

    FAIL is about the unit, the three between are about us. FAIL stands highest: once sound evidence says that the unit is
    bad, no later stop, time-out or fault may turn it into something that could be tested again.
    """

    PASS = 0
    INCONCLUSIVE = 1
    ABORTED = 2
    ERROR = 3
    FAIL = 4


NAMES = frozenset(Verdict.__members__)
"""The names of the verdicts, as records spell them."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that decides; of nothing it is ERROR, because nothing judged is not a pass."""
    return max(verdicts, default=Verdict.ERROR)
