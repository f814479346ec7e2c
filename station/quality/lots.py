"""Say what became of each unit of a lot, so that what came in and what went out add up."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from station.quality.runs import EndedRun

_QUERIES = Path(__file__).parent / "queries"
_RUNS = (_QUERIES / "lot_runs.sql").read_text(encoding="utf-8")
_OPEN = (_QUERIES / "lot_open.sql").read_text(encoding="utf-8")
_OTHERS = """
SELECT count(*) FROM run WHERE lot = :lot AND simulated = :simulated AND run_type NOT IN ('production', 'rework')
"""
_ABOUT_THE_UNIT = ("PASS", "FAIL")
OPEN = "OPEN"
"""The outcome of a unit whose only runs have not ended."""


@dataclass(frozen=True, slots=True)
class LotRun:
    """An ended run of a lot; moments are UTC. `document` is the number of its document, or empty."""

    run_id: str
    product: str
    revision: str
    serial: str
    station: str
    recipe: str
    run_type: str
    started_at: str
    ended_at: str
    outcome: str
    first_fail: str
    title: str
    limits: str
    document: str


@dataclass(frozen=True, slots=True)
class LotUnit:
    """A unit of a lot: its ended runs in order of time, and what it came to."""

    product: str
    serial: str
    runs: tuple[LotRun, ...]

    @property
    def decisive(self) -> LotRun | None:
        """Return the run that decides: the last that came to PASS or FAIL, else the last; None where none has ended.

        A run that said nothing about the unit takes back neither a PASS nor a FAIL.
        """
        sound = [run for run in self.runs if run.outcome in _ABOUT_THE_UNIT]
        return next(reversed(sound or self.runs), None)

    @property
    def outcome(self) -> str:
        """Return what the unit came to: a verdict's name, or OPEN."""
        return OPEN if self.decisive is None else self.decisive.outcome


def lot_units(connection: sqlite3.Connection, lot: str, *, simulated: bool) -> tuple[LotUnit, ...]:
    """Return every unit that a production or rework run of `lot` has tested or is testing, in the order in which they came."""
    asked = {"lot": lot, "simulated": int(simulated)}
    runs = [LotRun(*row) for row in map(tuple, connection.execute(_RUNS, asked))]
    ended = {unit: tuple(of_unit) for unit, of_unit in _by_unit(runs)}
    begun = [(str(product), str(serial)) for product, serial in map(tuple, connection.execute(_OPEN, asked))]
    names = dict.fromkeys([*((run.product, run.serial) for run in runs), *begun])
    return tuple(LotUnit(product, serial, ended.get((product, serial), ())) for product, serial in names)


def of_lot(units: Iterable[LotUnit], history: Iterable[EndedRun]) -> list[EndedRun]:
    """Return the runs of `history` that the yields of a lot of `units` are made of; a unit is a serial, whatever its recipe.

    Beside those of the lot they are those before the run that decides, where one says PASS or FAIL: what another lot found out
    later, or about a unit that this one learnt nothing of, belongs to that one.
    """
    known = {(unit.product, unit.serial): unit for unit in units}
    own = {run.run_id for unit in known.values() for run in unit.runs}
    found = ((run, known.get((run.product, run.serial))) for run in history)
    return [replace(run, process="") for run, unit in found if unit is not None and (run.run_id in own or _is_before(run, unit))]


def _is_before(run: EndedRun, unit: LotUnit) -> bool:
    decisive = unit.decisive
    if decisive is None or decisive.outcome not in _ABOUT_THE_UNIT:
        return False
    return (run.started_at, run.run_id) < (decisive.started_at, decisive.run_id)


def _by_unit(runs: Iterable[LotRun]) -> Iterator[tuple[tuple[str, str], Iterable[LotRun]]]:
    def unit(run: LotRun) -> tuple[str, str]:
        return run.product, run.serial

    return groupby(sorted(runs, key=unit), key=unit)  # sorting keeps the order of time within a unit


def run_outcomes(units: Iterable[LotUnit]) -> Counter[str]:
    """Return how many ended runs came to what."""
    return Counter(run.outcome for unit in units for run in unit.runs)


def titles(units: Iterable[LotUnit]) -> dict[str, str]:
    """Return the title of each row that failed first in a run, by its id."""
    return {run.first_fail: run.title for unit in units for run in unit.runs if run.first_fail}


def others(connection: sqlite3.Connection, lot: str, *, simulated: bool) -> int:
    """Return how many ended runs of `lot` count nowhere: golden, known-bad, study, calibration and engineering ones."""
    count: int = connection.execute(_OTHERS, {"lot": lot, "simulated": int(simulated)}).fetchone()[0]
    return count
