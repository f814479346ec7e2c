"""Cut the power: nothing that was shown may be lost, and the next start finds its way."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from station.clocks.steady import SteadyClock
from station.core.errors import StoreError
from station.store.ids import to_text
from station.store.journal import Journal
from tests.store.stories import ids, rows_of

ROOT = Path(__file__).parents[2]
KILLS = 10


def _killed_after(path: Path, events: int) -> set[tuple[str, int]]:
    """Start a station, kill it (-9) after it showed `events`, and return all that it showed."""
    command = [sys.executable, "-m", "tests.store.writer", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as station:
        assert station.stdout is not None
        lines = [station.stdout.readline() for _ in range(events)]
        with pytest.raises(StoreError, match=f"process {station.pid}"):
            Journal(path, SteadyClock(), ids())
        station.kill()
        lines += station.stdout.readlines()
    shown = (line.split() for line in lines if line.endswith("\n"))
    return {(run_id, int(seq)) for run_id, seq in shown}


@pytest.mark.hazard("ST-05")
def test_a_station_killed_while_it_writes_loses_nothing_that_it_showed(tmp_path: Path) -> None:
    path, chance = tmp_path / "s.sqlite", random.Random(7)
    closed = 0

    for kill in range(KILLS):
        shown = _killed_after(path, chance.randrange(1, 120))

        kept = {(to_text(run_id), seq) for run_id, seq in rows_of(path, "SELECT run_id, seq FROM event")}  # type: ignore[arg-type]  # values by name are untyped here
        assert shown <= kept
        assert rows_of(path, "PRAGMA quick_check") == [("ok",)]
        with Journal(path, SteadyClock(), ids(kill)) as journal:
            closed += len(journal.recover())
        open_runs = "SELECT count(DISTINCT run_id) - (SELECT count(*) FROM run) FROM event"
        assert rows_of(path, open_runs) == [(0,)]
        assert rows_of(path, "PRAGMA foreign_key_check") == []

    assert closed > 0
