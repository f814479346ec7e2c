"""Print a budget: as a table on a terminal, as plain columns elsewhere, as one object for programs."""

import json
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from station.cli.modes import Mode
from station.cli.tables import print_rows
from station.cli.uncertainty import Explained
from station.core.budget_coverage import COVERED, K
from station.core.budget_use import adds_up, share_of, tolerance_ratio
from station.core.canonical import Json
from station.core.event_json import plain_part
from station.core.uncertainty import Part

_COLUMNS = ("component", "value ±", "distribution", "divisor", "sensitivity", "u_i", "share", "dof", "source")
_LEFT = {0, 2, 8}
_WIDE = 160  # columns that the whole table needs
_NARROW = 110  # columns that it needs with each source below its component; with fewer, more stands there
_NARROWEST = 72  # columns below which each component is a paragraph
_BELOW = (2, 3, 4)
_PREFIXED = {"V", "A", "ohm", "s", "C", "Hz"}
_PREFIXES = ((1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"))


def print_budget(one: Explained, mode: Mode) -> None:
    """Print `one` on stdout in `mode`; auto is a table on a terminal and plain columns elsewhere."""
    chosen = (Mode.RICH if sys.stdout.isatty() else Mode.PLAIN) if mode is Mode.AUTO else mode
    if chosen is Mode.JSON:
        sys.stdout.write(json.dumps(as_json(one), ensure_ascii=False, allow_nan=False) + "\n")
    elif chosen is Mode.RICH:
        _print_table(one)
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines(one))


def lines(one: Explained) -> Iterator[str]:
    """Yield the budget line by line: head, one line a component, and what it comes to."""
    cells = [_COLUMNS, *(_cells(part, one) for part in _sorted(one))]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_COLUMNS))]
    yield from head(one)
    for row in cells:
        padded = (
            text.ljust(width) if column in _LEFT else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )  # fmt: skip
        yield "  ".join(padded).rstrip()
    yield from result(one)


def head(one: Explained) -> Iterator[str]:
    """Yield what the budget is of, and where it is from."""
    row = one.row
    condition = f" ({row.condition})" if row.condition else ""
    yield f"{row.id} {row.title}{condition}: {_amount(one, one.reading.value)}"
    if one.run_id:
        kind = "simulated run" if one.simulated else "run"
        yield f"of {kind} {one.run_id}, serial {one.serial}, {one.at}"
    else:
        yield "on paper: no run on record measured it; the nominal unit, read by the instruments' tables and the test's own steps"
    yield f"budget: {one.reading.u.budget}"


def result(one: Explained) -> Iterator[str]:
    """Yield what the budget comes to: u, U, and how the row's u_max, tolerance and guard band stand to it."""
    u, row = one.reading.u, one.row
    dof, ratio = _dof(u.dof), _ratio(one)
    yield f"u = {_amount(one, u.u)}, effective degrees of freedom {dof}"
    yield f"U = {_amount(one, u.expanded)} (k = {K:g})"
    if u.k > K + 0.005:
        yield f"for {COVERED:.2%} at {dof} degrees of freedom: U = {_amount(one, u.k * u.u)} (k = {u.k:.2f})"
    if row.u_max is not None:
        word = "" if u.u <= row.u_max else ": MORE THAN ALLOWED, the row would be INCONCLUSIVE"
        yield f"u_max = {_amount(one, row.u_max)}, of which {_used(one):.0%} is used{word}"
    if ratio is not None:
        what = "tolerance / U" if row.low is not None and row.high is not None else "distance to the limit / U"
        yield f"{what} = {ratio:.3g}"
    yield f"decision rule {row.rule}: {_guard(one)}"
    if not adds_up(u):
        yield "THE PARTS DO NOT GIVE THIS u: the record was not made by this station's software"


def as_json(one: Explained) -> dict[str, Json]:
    """Return the budget for programs; numbers in SI."""
    u, row = one.reading.u, one.row
    return {
        "row": row.id, "title": row.title, "unit": row.unit, "si": row.si, "scale": row.scale,
        "whence": "record" if one.run_id else "paper", "run_id": one.run_id, "serial": one.serial, "at": one.at,
        "simulated": one.simulated, "value": one.reading.value, "budget": u.budget,
        "parts": [{**plain_part(part), "share": share_of(part.u, u.u)} for part in _sorted(one)],
        "u": u.u, "dof": u.dof, "k": K, "U": u.expanded, "k95": u.k, "U95": u.k * u.u, "u_max": row.u_max,
        "u_max_used": _used(one), "tur": _ratio(one), "rule": row.rule, "low": row.low, "high": row.high,
        "accept_low": row.accept_low, "accept_high": row.accept_high, "adds_up": adds_up(u),
    }  # fmt: skip


def _print_table(one: Explained) -> None:
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    if console.width < _NARROWEST:
        print_rows(_COLUMNS, [_cells(part, one) for part in _sorted(one)], drawn=True, title="\n".join(head(one)))
    else:
        _draw(console, one)
    for line in result(one):
        console.print(line, highlight=False, markup=False)


def _draw(console: Console, one: Explained) -> None:
    below = () if console.width >= _WIDE else (8,) if console.width >= _NARROW else (*_BELOW, 8)
    table = Table(title="\n".join(head(one)), title_justify="left", title_style="")
    for number, column in enumerate(_COLUMNS):
        if number not in below:
            table.add_column(column, justify="left" if number in _LEFT else "right", no_wrap=number not in (0, 8))
    for part in _sorted(one):
        cells = _cells(part, one)
        beside = [cell for number, cell in enumerate(cells) if number and number not in below]
        table.add_row("\n".join((cells[0], *_under(cells, below))), *beside)
    console.print(table, highlight=False, markup=False)


def _under(cells: tuple[str, ...], below: tuple[int, ...]) -> Iterator[str]:
    """Yield what stands below a component where the terminal is too narrow for a column of its own."""
    _, _, distribution, divisor, sensitivity, *_, source = cells
    if _BELOW[0] in below:
        yield f"{distribution} / {divisor} × {sensitivity}"
    if below:
        yield source


def _sorted(one: Explained) -> list[Part]:
    return sorted(one.reading.u.parts, key=lambda part: -part.u)


def _cells(part: Part, one: Explained) -> tuple[str, ...]:
    return (
        part.name, _prefixed(part.standard * part.divisor, part.unit or one.reading.u.unit),
        part.distribution or "–", f"{part.divisor:.4g}", f"{part.sensitivity:.4g}", _amount(one, part.u),
        f"{share_of(part.u, one.reading.u.u):.1%}", _dof(part.dof), f"{part.kind}: {part.source or 'as the step states it'}",
    )  # fmt: skip


def _dof(dof: float | None) -> str:
    return "∞" if dof is None else f"{dof:.3g}" if dof < 1000 else "> 1000"


def _amount(one: Explained, value: float) -> str:
    sign = "" if one.row.unit == "1" else f" {one.row.printed}"
    return f"{value / float(one.row.scale):.4g}{sign}"


def _prefixed(amount: float, unit: str) -> str:
    """Return `amount` (SI) with a prefix that reads well; a plain share in parts per million where it is small."""
    if unit == "1":
        return f"{amount * 1e6:.3g} ppm" if amount < 1e-3 else f"{amount:.3g}"
    if unit not in _PREFIXED or amount == 0.0:
        return f"{amount:.3g} {unit}"
    scale, prefix = next((one for one in _PREFIXES if amount >= one[0] * 0.9995), _PREFIXES[-1])
    return f"{amount / scale:.3g} {prefix}{'Ω' if unit == 'ohm' else unit}"


def _used(one: Explained) -> float | None:
    u_max = one.row.u_max
    return one.reading.u.u / u_max if u_max else None


def _ratio(one: Explained) -> float | None:
    return tolerance_ratio(one.row.low, one.row.high, one.reading.value, one.reading.u.expanded)


def _guard(one: Explained) -> str:
    row = one.row
    widths = [
        abs(accept - bound)
        for bound, accept in ((row.low, row.accept_low), (row.high, row.accept_high))
        if bound is not None and accept is not None
    ]
    width = max(widths, default=0.0)
    return "no guard band" if width == 0.0 else f"guard band {_amount(one, width)}, from u_max and not from this u"
