"""Print what the decision rules of a limit file risk."""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from station.cli.home import find, read
from station.cli.limits import load, said
from station.cli.modes import Mode
from station.cli.tables import print_json, print_rows
from station.core.canonical import Json
from station.core.errors import StationError, UsageError
from station.core.limit import Kind, Limit
from station.core.limit_set import LimitSet
from station.quality.limit_risk import RowRisk, row_risk
from station.quality.risk import Process
from station.quality.shares import FEW
from station.quality.spread import Spread, spreads
from station.store.archive import Archive

_COLUMNS = ("id", "what", "unit", "low", "high", "accepted", "u", "TUR", "at low", "at high", "units", "mean", "sd", "conform",
            "wrong pass", "wrong reject")  # fmt: skip
_NOTE = """
u         the standard uncertainty of a reading (k = 1): the row's u_max, unless --u says otherwise
TUR       half the tolerance over 2 u; of a one-sided row, from its nominal value to its bound
at low, at high   a unit read exactly at that acceptance limit is out of tolerance with this probability (JCGM 106, 7.3)
conform, wrong pass, wrong reject   shares of all units, for the process's mean and spread (JCGM 106, 9.5: p_C, R_C, R_P)
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What `station limits risk` was asked: `mean`, `sd` and `u` in the unit of the one row `row`."""

    row: str
    mean: float | None
    sd: float | None
    u: float | None
    simulated: bool


def print_risks(file: Path, asked: Asked, home: Path | None, mode: Mode) -> int:
    """Print the risks of a row, or of all rows of numbers."""
    limits = load(file, str(file))
    rows = _rows(limits, asked)
    told = None if asked.mean is None else Spread(0, *_in_si(rows[0], asked.mean, asked.sd))
    known = {rows[0].id: told} if told is not None else _observed(limits, asked.simulated, home)
    try:
        found = [_risk(limit, known, asked) for limit in rows]
    except ValueError as error:
        raise UsageError(f"{error}. Correct --mean, --sd or --u") from error
    if mode.chosen() is Mode.JSON:
        for risk in found:
            print_json("RowRisk", _content(risk, known.get(risk.limit.id)))
        return 0
    title = f"Risks of {limits.product} revision {limits.revision} ({file})"
    cells = [_cells(risk, known.get(risk.limit.id)) for risk in found]
    print_rows(_COLUMNS, cells, drawn=mode.chosen() is Mode.RICH and sys.stdout.isatty(), title=title)
    sys.stdout.write(_NOTE)
    _say_few(known, told)
    return 0


def _rows(limits: LimitSet, asked: Asked) -> list[Limit]:
    if (asked.mean is None) != (asked.sd is None):
        raise UsageError("a process has a mean and a spread: give --mean and --sd together, or neither")
    if asked.mean is not None and not math.isfinite(asked.mean):
        raise UsageError(f"--mean {asked.mean:g} is no mean. Give a number, in the unit of the row")
    if asked.sd is not None and not 0 < asked.sd < math.inf:
        raise UsageError(f"--sd {asked.sd:g} is no spread. Give a standard deviation above 0, in the unit of the row")
    if not asked.row:
        if asked.mean is not None or asked.u is not None:
            raise UsageError("--mean, --sd and --u are those of one row: name it")
        return [limit for limit in limits.limits.values() if limit.kind is Kind.NUMBER]
    limit = limits.limits.get(asked.row)
    if limit is None:
        raise UsageError(f"{asked.row} is no row of {limits.file}. Name one of: {', '.join(limits.limits)}")
    if limit.kind is not Kind.NUMBER:
        raise UsageError(f"{asked.row} is a {limit.kind}: it has no uncertainty, and no risk of this kind. Name a row of numbers")
    return [limit]


def _in_si(limit: Limit, mean: float, sd: float | None) -> tuple[float, float]:
    return limit.unit.to_si(mean), limit.unit.to_si(sd or 0.0)


def _observed(limits: LimitSet, simulated: bool, home: Path | None) -> Mapping[str, Spread]:
    """Return what the store of the home knows of the process; nothing, and a word why, where there is none."""
    try:
        store = read(find(home)).config.store
    except StationError as error:
        if home is not None:
            raise
        sys.stderr.write(f"station: no process is known: {error}\n")
        return {}
    kind = "simulated" if simulated else "real"
    found = {}
    if store.exists():
        with Archive(store).reading() as connection:
            found = spreads(connection, limits.limits, limits.product, simulated=simulated)
    if not found:
        sys.stderr.write(f"station: no {kind} production run of {limits.product} is on record; name a row, --mean and --sd\n")
    return found


def _risk(limit: Limit, known: Mapping[str, Spread], asked: Asked) -> RowRisk:
    seen = known.get(limit.id)
    given = asked.mean is not None
    process = Process(seen.mean, seen.sd) if seen is not None and (given or seen.sd > 0) else None
    return row_risk(limit, process, None if asked.u is None else limit.unit.to_si(asked.u))


def _cells(risk: RowRisk, seen: Spread | None) -> tuple[str, ...]:
    limit, shares = risk.limit, risk.shares
    low, high = limit.acceptance
    what = f"{limit.title} ({limit.condition})" if limit.condition else limit.title
    process = ("", "", "") if seen is None else (
        str(seen.of) if seen.of else "given", _short(limit, seen.mean), _short(limit, seen.sd)
    )  # fmt: skip
    of_all = ("", "", "") if shares is None else (f"{shares.conforming:.4%}", share(shares.consumer), share(shares.producer))
    return (
        limit.id, what, limit.unit.printed, said(limit, limit.low), said(limit, limit.high),
        f"{said(limit, low)} … {said(limit, high)}", said(limit, risk.u), "–" if risk.tur is None else f"{risk.tur:.3g}",
        share(risk.at_low), share(risk.at_high), *process, *of_all,
    )  # fmt: skip


def share(value: float | None) -> str:
    """Return a probability as people read it: in percent, or in parts per million where percents are too coarse."""
    if value is None:
        return "–"
    if value >= 1e-4:
        return f"{100 * value:.3g} %"
    return f"{1e6 * value:.2g} ppm" if value >= 1e-12 else "< 1e-6 ppm"


def _short(limit: Limit, value: float) -> str:
    return f"{limit.unit.from_si(value):.5g}"


def _say_few(known: Mapping[str, Spread], told: Spread | None) -> None:
    fewest = min((seen.of for seen in known.values()), default=FEW)
    if told is None and fewest < FEW:
        sys.stdout.write(
            f"{fewest} of a row's units are few: a mean and a spread of fewer than {FEW} say little about rare risks\n"
        )


def _content(risk: RowRisk, seen: Spread | None) -> dict[str, Json]:
    limit, shares = risk.limit, risk.shares
    low, high = limit.acceptance
    tolerance = {"low": limit.low, "high": limit.high, "accept_low": low, "accept_high": high, "u": risk.u}
    content: dict[str, Json] = {key: None if value is None else limit.unit.from_si(value) for key, value in tolerance.items()}
    process: dict[str, Json] = {} if seen is None else {
        "units": seen.of, "mean": limit.unit.from_si(seen.mean), "sd": limit.unit.from_si(seen.sd)
    }  # fmt: skip
    of_all: dict[str, Json] = {} if shares is None else {
        "conforming": shares.conforming, "accepted": shares.accepted, "consumer": shares.consumer, "producer": shares.producer
    }  # fmt: skip
    head: dict[str, Json] = {"row": limit.id, "title": limit.title, "unit": limit.unit.symbol, "safety": limit.safety.value}
    return {**head, **content, "tur": risk.tur, "at_low": risk.at_low, "at_high": risk.at_high, **process, **of_all}
