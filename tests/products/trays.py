"""Test a tray of simulated units over real connections: the whole line, and the truth beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from station.cli import elsewhere
from station.cli.bench_process import simulator
from station.cli.home import find, read
from station.cli.modes import Mode
from station.cli.tray import Job, tested
from station.core.events import Measured
from station.core.record import RunRecord
from station.line.line import Outcome

SPEED = 80.0
_HOME = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Specimen:
    """A unit that was tested: what it came to, its record, and the simulator's line of truth about it."""

    outcome: Outcome
    record: RunRecord
    truth: Mapping[str, object]

    @property
    def failing(self) -> tuple[str, ...]:
        """Return the rows that failed, in order."""
        return tuple(result.row.id for result in self.record.failing)

    @property
    def values(self) -> dict[str, float]:
        """Return the true values by row, in the units of the limit table; none for what has no end."""
        found = self.truth["values"]
        assert isinstance(found, dict)
        return {row: float(value) for row, value in found.items() if value is not None}

    @property
    def measured(self) -> dict[str, Measured]:
        """Return what was measured, by row."""
        return {result.row.id: result.measured for result in self.record.rows if result.measured is not None}


def run_tray(folder: Path, defects: Mapping[str, str], *, seed: int, speed: float = SPEED) -> dict[str, Specimen]:
    """Test one unit for each name of `defects`, with the defect named (or "good"), and return each by its name.

    The store and the truth file lie in `folder`; the names are the units' serials.
    """
    home = read(find(_HOME))
    truth = folder / "truth.jsonl"
    config = replace(home.config, store=folder / "store.sqlite", evidence=folder / "evidence", issued=folder / "issued")
    tray = dict(enumerate(defects, 1))
    hidden = {slot: defects[serial] for slot, serial in tray.items()}
    slots, mains = home.fixture.slots, config.mains_hz
    with simulator(slots=slots, speed=speed, seed=seed, mains_hz=mains, truth=truth) as addresses:
        bench = elsewhere.simulated(replace(home, config=config), addresses)
        outcomes, refusals = tested(bench, Job(tray, hidden, speed, "test", "LOT-1", Mode.PLAIN))
    assert [] == refusals
    truths = {said["serial"]: said for said in map(json.loads, truth.read_text(encoding="utf-8").splitlines())}
    return {one.serial: Specimen(one, _kept(one), truths[one.serial]) for one in outcomes}


def _kept(outcome: Outcome) -> RunRecord:
    assert outcome.record is not None, outcome.reason
    assert "" == outcome.trouble
    return outcome.record
