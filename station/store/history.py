"""Say what admission must know of a serial before it may be tested again."""

import sqlite3
from dataclasses import dataclass

from station.store.ids import to_text

_RUNS = """
SELECT run_id, outcome, slot, first_fail, started_at, run_type FROM run JOIN unit USING (unit_id)
WHERE serial = :serial AND (:product = '' OR part_number = :product) AND simulated = :simulated
ORDER BY started_at, run_id
"""
_SAFETY = """
SELECT DISTINCT test_key FROM measurement JOIN run USING (run_id) JOIN unit USING (unit_id)
WHERE serial = :serial AND (:product = '' OR part_number = :product) AND simulated = :simulated
AND measurement.outcome = 'FAIL' AND safety NOT IN ('', 'none') AND struck = ''
ORDER BY test_key
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One ended run of a serial: its verdict, its slot (from 1), and the row that failed first (else empty)."""

    run_id: str
    outcome: str
    slot: int
    first_fail: str
    started_at: str
    run_type: str


@dataclass(frozen=True, slots=True)
class History:
    """The ended runs of a serial in order of time, and the safety rows that ever failed in one that was not struck out."""

    runs: tuple[Attempt, ...]
    failed_safety: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Return whether it passed a run that counts: a golden check, a study or a try-out passes nobody."""
        return any(run.outcome == "PASS" and run.run_type in ("production", "rework") for run in self.runs)


def history_of(connection: sqlite3.Connection, serial: str, product: str, *, simulated: bool) -> History:
    """Return the history of `serial`, of any product when `product` is empty; of simulated runs only, or of real ones only."""
    wanted = {"serial": serial, "product": product, "simulated": int(simulated)}
    runs = tuple(Attempt(to_text(row[0]), *row[1:]) for row in map(tuple, connection.execute(_RUNS, wanted)))
    return History(runs, tuple(row[0] for row in connection.execute(_SAFETY, wanted)))
