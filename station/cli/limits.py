"""Look at limit files on a terminal."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from station.cli.home import find, read, shown
from station.cli.tables import WIDE, print_rows
from station.core.limit import Limit
from station.core.limit_file import LimitSet, parse
from station.core.problems import DocumentError, Problem

_COLUMNS = ("id", "what", "low", "nominal", "high", "unit", "accepted", "u_max", "S")
_CAPTION = "S: safety row. Accepted: the limits moved inward by the guard band r·2·u_max."


def check(files: list[Path], home: Path | None) -> int:
    """Check each file, or the one of the station's home; 0 when all can be used, 2 when one cannot."""
    named = [(path, str(path)) for path in files] or [own(home)]
    return max(_checked(path, name) for path, name in named)


def own(home: Path | None) -> tuple[Path, str]:
    """Return the limit file that station.toml names, and how people call it."""
    folder = find(home)
    path = read(folder).config.limits
    return path, shown(path, folder)


def _checked(path: Path, name: str) -> int:
    try:
        limits = load(path, name)
    except DocumentError as error:
        sys.stdout.write(f"{error}\n{name}: {len(error.problems)} to correct\n")
        return 2
    today = datetime.now(UTC).astimezone().date()
    unreleased, for_real = limits.unreleased_on(today), limits.unreleased_for(today, simulated=False)
    state = "released" if for_real is None else f"released for simulated units alone: {for_real}"
    if unreleased is not None:
        state = f"NOT RELEASED: {unreleased}; it earns no certificate"
    sys.stdout.write(
        f"{name}: {limits.product} revision {limits.revision}, {len(limits.limits)} rows, {limits.digest}\n  {state}\n"
    )
    return 0


def load(path: Path, name: str) -> LimitSet:
    """Read the limit file at `path`, called `name` in messages; raises DocumentError."""
    return parse(content_of(path, name), name)


def content_of(path: Path, name: str) -> bytes:
    """Return what stands in the file at `path`, called `name` in messages; raises DocumentError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentError([Problem(name, 1, "", f"cannot be read: {error.strerror}", "Name a file that can be")]) from error


def table(file: Path | None, home: Path | None) -> int:
    """Print the rows of a limit file with limits and acceptance limits."""
    path, name = (file, str(file)) if file is not None else own(home)
    limits = load(path, name)
    title = f"{limits.product} revision {limits.revision} – {limits.status}, effective {limits.effective}"
    print_rows(_COLUMNS, [_cells(limit) for limit in limits.limits.values()], drawn=True, title=title)
    Console(width=None if sys.stdout.isatty() else WIDE).print(_CAPTION, highlight=False, style="dim")
    return 0


def _cells(limit: Limit) -> tuple[str, ...]:
    what = f"{limit.title} ({limit.condition})" if limit.condition else limit.title
    if limit.expect is not None:
        return limit.id, what, "", str(limit.expect), "", "", "exactly", "", _safety(limit)
    low, high = limit.acceptance
    accepted = f"{said(limit, low)} … {said(limit, high)}"
    return (
        limit.id, what, said(limit, limit.low), said(limit, limit.nominal) if limit.nominal is not None else "",
        said(limit, limit.high), limit.unit.printed, accepted,
        said(limit, limit.u_max) if limit.u_max is not None else "", _safety(limit),
    )  # fmt: skip


def said(limit: Limit, value: float | None) -> str:
    """Return an SI `value` in the row's unit with all its digits, – for none."""
    return "–" if value is None else f"{limit.unit.from_si(value):.12g}"


def _safety(limit: Limit) -> str:
    return f"S {limit.safety}" if limit.is_safety else ""
