"""Print who would change verdict by another limit file."""

import sys
from collections.abc import Iterator
from pathlib import Path

from station.cli.home import find, read
from station.cli.limits import load
from station.cli.modes import Mode
from station.cli.tables import print_json
from station.core.canonical import Json
from station.core.errors import UsageError
from station.core.limit_set import LimitSet
from station.core.verdict import Verdict
from station.quality.judged_runs import Window, judged_runs, runs_of_lot
from station.quality.rejudge import UNREACHED, Rejudged, RowTally, UnitChange, rejudge
from station.quality.rejudged_yield import YieldChange, yield_change
from station.quality.runs import ended_runs
from station.quality.shares import Share
from station.store.archive import Archive

_UNTOLD = "CANNOT BE TOLD"


def print_rejudged(file: Path, days: tuple[str, str], lot: str, simulated: bool, home: Path | None, mode: Mode) -> int:
    """Judge the runs of the local `days` (since, until) again by `file`, and print what changes; the store is only read."""
    limits = load(file, str(file))
    store = read(find(home)).config.store
    if days[1] and days[1] <= days[0]:
        raise UsageError(f"--until {days[1]} is not after --since {days[0]}: no day lies between")
    if not store.exists():
        raise UsageError(f"no run is on record yet: {store} does not exist. Test units first")
    window = Window(limits.product, *days, lot, simulated)
    found, yields = _judged(store, limits, window)
    if mode.chosen() is Mode.JSON:
        _print_json(limits, found, yields)
        return 0
    sys.stdout.writelines(f"{line}\n" for line in _lines(limits, window, found, yields))
    return 0


def _judged(store: Path, limits: LimitSet, window: Window) -> tuple[Rejudged, YieldChange]:
    with Archive(store).reading() as connection:
        found = rejudge(limits, judged_runs(connection, window))
        history = ended_runs(connection, product=window.product, simulated=window.simulated)
        if window.lot:
            inside = runs_of_lot(connection, window.lot)
            history = [run for run in history if run.run_id in inside]
    return found, yield_change(history, found.outcomes, window.since, window.until)


def _lines(limits: LimitSet, window: Window, found: Rejudged, yields: YieldChange) -> Iterator[str]:
    kind = "simulated" if window.simulated else "production"
    days = f"since {window.since}" + (f" until {window.until}" if window.until else "") + (
        f", lot {window.lot}" if window.lot else "")  # fmt: skip
    yield f"{limits.file}: {limits.product} revision {limits.revision}, {limits.digest}"
    noun = "run" if len(found.outcomes) == 1 else "runs"
    yield f"{len(found.outcomes)} {kind} {noun} {days}, judged again; the store is only read"
    if not found.outcomes:
        return
    yield from _of_rows(limits, found)
    yield "\nunits that change" if found.units else "\nno unit changes its verdict"
    for change in found.units:
        by = f"  by {', '.join(change.rows)}" if change.rows else ""
        yield f"  {change.serial}  {change.started_at[:19]}Z  {change.before.name} → {_name(change.after)}{by}"
    yield "\nproduct first-pass yield"
    yield f"  before  {_share(yields.before)}"
    yield f"  after   {_share(yields.lowest)}"
    if yields.highest != yields.lowest:
        yield f"          {_share(yields.highest)}, if all that cannot be told should pass"


def _of_rows(limits: LimitSet, found: Rejudged) -> Iterator[str]:
    changing = [row for row in found.rows if row.changes]
    yield "\nrows that judge otherwise" if changing else "\nno row judges otherwise"
    for row in changing:
        counts = f"of {row.judged} judged {row.passed_before} passed, {row.passed_after} pass"
        yield f"  {row.id} {limits.limits[row.id].title}: {counts}"
        for (before, after), serials in row.changes.items():
            yield f"    {before} → {after}  {len(serials)}: {', '.join(serials)}"
    other = {row.id: [(why, runs) for why, runs in row.unjudged.items() if why != UNREACHED] for row in found.rows}
    if any(other.values()):
        yield "\nrows not judged again"
    for row_id, reasons in other.items():
        never = "never; " if row_id in found.never else ""
        if reasons:
            yield f"  {row_id}: {never}{'; '.join(f'{why} ({_runs(runs)})' for why, runs in reasons)}"
    unreached = [f"{row.id} {row.unjudged[UNREACHED]}" for row in found.rows if row.unjudged[UNREACHED]]
    if unreached:
        yield f"\nrows that some runs ended before, and in how many: {', '.join(unreached)}"
    if found.dropped:
        yield f"\nrows that are judged no longer: {', '.join(found.dropped)}"


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def _name(verdict: Verdict | None) -> str:
    return _UNTOLD if verdict is None else verdict.name


def _share(share: Share) -> str:
    return "– (no unit)" if share.value is None else f"{share.value:6.1%}  ({share.good} of {share.of} units)"


def _print_json(limits: LimitSet, found: Rejudged, yields: YieldChange) -> None:
    for row in found.rows:
        print_json("RowRejudged", _row(row))
    for change in found.units:
        print_json("UnitRejudged", _unit(change))
    summary: dict[str, Json] = {
        "file": limits.file, "digest": limits.digest, "runs": len(found.outcomes), "dropped": list(found.dropped),
        "never": list(found.never), "before": _counts(yields.before), "lowest": _counts(yields.lowest),
        "highest": _counts(yields.highest),
    }  # fmt: skip
    print_json("Rejudged", summary)


def _row(row: RowTally) -> dict[str, Json]:
    changes: list[Json] = [
        {"before": before, "after": after, "serials": list(serials)} for (before, after), serials in row.changes.items()
    ]
    counts: dict[str, Json] = {"judged": row.judged, "passed_before": row.passed_before, "passed_after": row.passed_after}
    return {"row": row.id, **counts, "changes": changes, "unjudged": dict(row.unjudged)}


def _unit(change: UnitChange) -> dict[str, Json]:
    after = None if change.after is None else change.after.name
    return {
        "run": change.run_id, "serial": change.serial, "at": change.started_at, "before": change.before.name, "after": after,
        "rows": list(change.rows),
    }  # fmt: skip


def _counts(share: Share) -> Json:
    return {"good": share.good, "of": share.of}
