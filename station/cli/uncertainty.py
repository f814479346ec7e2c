"""Find the budget of a row: in the newest record that measured it, or on paper when none did."""

import difflib
from dataclasses import dataclass, replace
from pathlib import Path

from station.cli import assemble
from station.cli.home import Home, find, read
from station.cli.modes import Mode
from station.clocks.virtual import VirtualClock
from station.core.errors import StationError, UsageError
from station.core.events import Measured, Row, as_row
from station.core.finite import finite
from station.core.limit import Kind
from station.core.measurement import Measurement
from station.core.recipe import Recipe
from station.core.record import RunRecord
from station.core.uncertainty import Reading, Uncertainty
from station.hardware.calibration import surroundings
from station.products.on_paper.budgets import on_paper
from station.store.archive import Archive
from station.store.latest import latest_run


@dataclass(frozen=True, slots=True)
class Explained:
    """A row, what it was measured as, and where from: of a budget on paper `run_id`, `serial` and `at` are empty."""

    row: Row
    reading: Reading
    run_id: str = ""
    serial: str = ""
    at: str = ""
    simulated: bool = False


def explain(home_option: Path | None, row_id: str, serial: str, run_id: str, mode: Mode) -> int:
    """Print the budget of row `row_id`, of the run or the serial that is named, or of the newest record."""
    from station.cli.budget_table import print_budget

    if serial and run_id:
        raise UsageError("--serial and --run name two things: leave one out")
    home = read(find(home_option))
    print_budget(found(home, row_id, serial, run_id), mode)
    return 0


def found(home: Home, row_id: str, serial: str = "", run_id: str = "") -> Explained:
    """Return row `row_id` of run `run_id`, of the newest run of `serial`, or of any run; on paper where no run measured it.

    Raises UsageError where the row, the run or the serial is not there, or the row has no uncertainty.
    """
    if run_id:
        return _of_run(_record(home, run_id), row_id)
    _known(home, row_id)
    newest = _newest(home, row_id, serial)
    if newest is not None:
        return _of_run(newest, row_id)
    if serial:
        raise UsageError(f"no run of {serial} on record measured {row_id}. Leave out --serial for its budget on paper")
    return _on_paper(home, row_id)


def _known(home: Home, row_id: str) -> None:
    limits = home.limits.limits
    if row_id not in limits:
        near = difflib.get_close_matches(row_id.upper(), limits, n=3)
        said = f"; did you mean {', '.join(near)}?" if near else ". `station limits show` lists the rows"
        raise UsageError(f"{row_id} is not a row of {home.limits.product} revision {home.limits.revision}{said}")
    kind = limits[row_id].kind
    if kind is not Kind.NUMBER:
        raise UsageError(f"{row_id} takes a {kind}: it is right or wrong, and has no uncertainty")


def _record(home: Home, run_id: str) -> RunRecord:
    if not home.config.store.exists():
        raise UsageError(f"no run is on record yet: {home.config.store} does not exist")
    try:
        return Archive(home.config.store).record(run_id)
    except (ValueError, StationError) as error:
        raise UsageError(
            f"--run {run_id}: {error}. Name a run's id as certificates and `station run -o json` print it"
        ) from error


def _newest(home: Home, row_id: str, serial: str) -> RunRecord | None:
    if not home.config.store.exists():
        return None
    archive = Archive(home.config.store)
    with archive.reading() as connection:
        run_id = latest_run(connection, row_id, serial)
    return None if run_id is None else archive.record(run_id)


def _of_run(record: RunRecord, row_id: str) -> Explained:
    started = record.started
    result = next((one for one in record.rows if one.row.id == row_id), None)
    reading = None if result is None or result.measured is None else _reading(result.measured)
    if result is None or reading is None:
        raise UsageError(f"run {started.run_id} of {started.serial} gave {row_id} no value with an uncertainty")
    return Explained(result.row, reading, started.run_id, started.serial, started.at, started.simulated)


def _reading(measured: Measured) -> Reading | None:
    if measured.u is None or not finite(measured.value):
        return None
    return Reading(float(measured.value), Uncertainty(measured.u, measured.si, measured.budget, measured.parts))


def _on_paper(home: Home, row_id: str) -> Explained:
    said = "no recipe measures it"
    for recipe in dict.fromkeys((home.config.recipe, *Recipe)):
        sequence = assemble.sequence_of(replace(home, config=replace(home.config, recipe=recipe)))
        if all(row_id not in step.ids for step in sequence.steps):
            continue
        today = surroundings(home.config.dmms[0], home.today)
        limits = sequence.required(home.limits.limits)
        one = on_paper(row_id, sequence, limits, home.fixture, home.config.mains_hz, today, VirtualClock(1.0))
        if isinstance(one, Measurement) and one.u is not None and finite(one.value):
            return Explained(as_row(one.limit), Reading(float(one.value), one.u))
        said = one if isinstance(one, str) else one.reason
    raise UsageError(f"no run on record measured {row_id}, and on paper it has no budget ({said}). Test a unit first")
