"""Say on a terminal what differs between two limit files."""

import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from station.cli.limits import load, said
from station.cli.modes import Mode
from station.cli.tables import print_json
from station.core.canonical import Json
from station.core.limit import Limit
from station.core.limit_set import LimitSet
from station.quality.limit_diff import Change, Difference, Effect, compare

_STYLES = {"!!!": "bold red", "+": "green", "-": "yellow"}


def diff(old_file: Path, new_file: Path, mode: Mode) -> int:
    """Print what differs; 0 when both have the same content, else 1. Raises DocumentError for a file that cannot be used."""
    old, new = load(old_file, str(old_file)), load(new_file, str(new_file))
    found = compare(old, new)
    match mode.chosen():
        case Mode.JSON:
            _print_json(old, new, found)
        case Mode.RICH if sys.stdout.isatty():
            console = Console()
            for line in _lines(old, new, found):
                console.print(Text(line, style=_STYLES.get(line.split(" ", 1)[0], "")), soft_wrap=True)
        case _:
            sys.stdout.writelines(f"{line}\n" for line in _lines(old, new, found))
    return 0 if found.same else 1


def _lines(old: LimitSet, new: LimitSet, found: Difference) -> Iterator[str]:
    if found.same:
        yield f"same content: {new.digest}"
    else:
        yield f"old  {old.file}  {old.digest}"
        yield f"new  {new.file}  {new.digest}"
    yield from (f"!!! {warning}" for warning in found.warnings)
    yield from (f"{change.key}: {change.old} → {change.new}" for change in found.head)
    yield from (f"+ {_row(limit)}" for limit in found.added)
    yield from (f"- {_row(limit)}" for limit in found.removed)
    row = ""
    for change in found.changed:
        if change.row != row:
            row = change.row
            yield f"{row} {new.limits[row].title}"
        yield f"    {change.key}: {change.old} → {change.new}{_by(change)}"


def _row(limit: Limit) -> str:
    what = f"{limit.id} {limit.title}" + (f" ({limit.condition})" if limit.condition else "")
    if limit.expect is not None:
        return f"{what}: exactly {limit.expect!r}{_safety(limit)}"
    low, high = limit.acceptance
    return (
        f"{what}: {said(limit, limit.low)} … {said(limit, limit.high)} {limit.unit.printed}, "
        f"accepted {said(limit, low)} … {said(limit, high)}{_safety(limit)}"
    )


def _safety(limit: Limit) -> str:
    return f", SAFETY {limit.safety.upper()}" if limit.is_safety else ""


def _by(change: Change) -> str:
    steps = [] if change.percent is None else [f"{change.percent:.3g} % of {_whole(change)}"]
    steps += [] if change.in_u is None else [f"{change.in_u:.3g} u_max"]
    words = [] if change.effect is Effect.CHANGED else [change.effect.value]
    words += [f"by {', '.join(steps)}"] if steps else []
    return f"  ({' '.join(words)})" if words else ""


def _whole(change: Change) -> str:
    return "what it was" if change.key in ("u_max", "range") else "the tolerance"


def _print_json(old: LimitSet, new: LimitSet, found: Difference) -> None:
    for change in (*found.head, *found.changed):
        print_json("Changed", _content(change))
    for kind, limits in (("Added", found.added), ("Removed", found.removed)):
        for limit in limits:
            print_json(kind, {"row": limit.id, "title": limit.title, "safety": limit.is_safety})
    digests: dict[str, Json] = {"old": old.digest, "new": new.digest}
    print_json("Compared", {"same": found.same, **digests, "warnings": list(found.warnings)})


def _content(change: Change) -> dict[str, Json]:
    return {
        "row": change.row, "key": change.key, "old": change.old, "new": change.new, "effect": change.effect.value,
        "percent": change.percent, "in_u": change.in_u, "safety": change.safety,
    }  # fmt: skip
