"""Read the runs that yields are made of: plain rows, one a run."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

_QUERY = (Path(__file__).parent / "queries" / "runs.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class EndedRun:
    """An ended run; `started_at` is UTC, `day` the local day at the station on which it started (YYYY-MM-DD)."""

    run_id: str
    product: str
    serial: str
    process: str
    station: str
    slot: int
    started_at: str
    day: str
    run_type: str
    outcome: str
    first_fail: str

    @property
    def unit(self) -> tuple[str, str, str]:
        """Return what yields count: one serial of one product in one process."""
        return self.product, self.serial, self.process


def ended_runs(
    connection: sqlite3.Connection, *, product: str = "", process: str = "", simulated: bool = False
) -> list[EndedRun]:
    """Return all runs of a product and a process (all, where empty), real ones unless simulated ones are asked for."""
    asked = {"product": product, "process": process, "simulated": int(simulated)}
    return [EndedRun(*row) for row in map(tuple, connection.execute(_QUERY, asked))]
