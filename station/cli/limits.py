"""Look at limit files on a terminal."""

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from station.cli.home import find, read, shown
from station.core.document import DocumentError, Problem
from station.core.limit import Limit
from station.core.limit_file import LimitSet, parse


def check(files: list[Path], home: Path | None) -> int:
    """Check each file, or the one of the station's home; 0 when all can be used, 2 when one cannot."""
    named = [(path, str(path)) for path in files] or [_own(home)]
    return max(_checked(path, name) for path, name in named)


def _own(home: Path | None) -> tuple[Path, str]:
    folder = find(home)
    path = read(folder).config.limits
    return path, shown(path, folder)


def _checked(path: Path, name: str) -> int:
    try:
        limits = load(path, name)
    except DocumentError as error:
        sys.stdout.write(f"{error}\n{name}: {len(error.problems)} to correct\n")
        return 2
    state = "released" if limits.unreleased is None else f"NOT RELEASED: {limits.unreleased}; it earns no certificate"
    sys.stdout.write(
        f"{name}: {limits.product} revision {limits.revision}, {len(limits.limits)} rows, {limits.digest}\n  {state}\n"
    )
    return 0


def load(path: Path, name: str) -> LimitSet:
    """Read the limit file at `path`, called `name` in messages; raises DocumentError."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            [Problem(name, 1, "", f"cannot be read: {error.strerror}", "Name a limit file that exists")]
        ) from error
    return parse(text, name)


def table(file: Path | None, home: Path | None) -> int:
    """Print the rows of a limit file with limits and acceptance limits."""
    path, name = (file, str(file)) if file is not None else _own(home)
    limits = load(path, name)
    title = f"{limits.product} revision {limits.revision} – {limits.status}, effective {limits.effective}"
    shown_table = Table(title=title, caption="S: safety row. Accepted: the limits moved inward by the guard band r·2·u_max.")
    for column, align in (("id", "left"), ("what", "left"), ("low", "right"), ("nominal", "right"), ("high", "right"),
                          ("unit", "left"), ("accepted", "right"), ("u_max", "right"), ("S", "left")):  # fmt: skip
        shown_table.add_column(column, justify="right" if align == "right" else "left", no_wrap=column != "what")
    for limit in limits.limits.values():
        shown_table.add_row(*_cells(limit))
    Console(width=None if sys.stdout.isatty() else 130).print(shown_table)
    return 0


def _cells(limit: Limit) -> tuple[str, ...]:
    what = f"{limit.title} ({limit.condition})" if limit.condition else limit.title
    if limit.expect is not None:
        return limit.id, what, "", str(limit.expect), "", "", "exactly", "", _safety(limit)
    low, high = limit.acceptance
    accepted = f"{_said(limit, low)} … {_said(limit, high)}"
    return (
        limit.id, what, _said(limit, limit.low), _said(limit, limit.nominal) if limit.nominal is not None else "",
        _said(limit, limit.high), limit.unit.printed, accepted,
        _said(limit, limit.u_max) if limit.u_max is not None else "", _safety(limit),
    )  # fmt: skip


def _said(limit: Limit, value: float | None) -> str:
    return "–" if value is None else f"{limit.unit.from_si(value):.6g}"


def _safety(limit: Limit) -> str:
    return f"S {limit.safety}" if limit.is_safety else ""
