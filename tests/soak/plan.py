"""Draw the moments of a soak from its seed: who is killed, when, and what is in the slots."""

import random
from dataclasses import dataclass

LINES = 128  # events that a tray of two good units tells
STARTING, BETWEEN, WAITING, ENDING = "starting", "between events", "by the clock", "ending"
_KINDS = ((STARTING, 15), (BETWEEN, 40), (WAITING, 20), (ENDING, 25))
_DEFECTS = ("", "", "", "wrong_sense", "dc_imbalance", "no_soft_start", "bridge_leg")


@dataclass(frozen=True, slots=True)
class Moment:
    """One crash: the `victim` dies `later` s of the host after the start, after event `line`, or after the first end of a run."""

    number: int
    victim: str
    kind: str
    line: int
    later: float
    defects: tuple[str, ...]

    @property
    def serials(self) -> tuple[str, ...]:
        """Return the serials of its units, in slots from 1."""
        return tuple(f"CRASH-{self.number}-{slot}" for slot in range(1, len(self.defects) + 1))


def moment(seed: int, number: int, run_seconds: float) -> Moment:
    """Return moment `number`; the even ones kill the station, the odd ones the simulator. A whole run takes `run_seconds`."""
    chance = random.Random(f"{seed} {number}")
    kind = chance.choices([kind for kind, _ in _KINDS], [weight for _, weight in _KINDS])[0]
    line = chance.randrange(1, LINES) if kind == BETWEEN else 1
    longest = {STARTING: 1.5, BETWEEN: 0.05, WAITING: run_seconds, ENDING: 0.8}[kind]
    defects = tuple(chance.choice(_DEFECTS) for _ in range(chance.choice((2, 2, 3))))
    return Moment(number, "simulator" if number % 2 else "station", kind, line, chance.uniform(0.0, longest), defects)
