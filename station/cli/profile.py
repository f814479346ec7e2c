"""Print who waited on what: how busy instruments and operator were, what each slot asked for, and the longest waits."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from station.cli.modes import Mode
from station.line.profile import Profile, Use


def print_profile(profile: Profile, mode: Mode) -> None:
    """Print the profile on stdout: tables, or one line of JSON."""
    if mode.chosen() is Mode.JSON:
        sys.stdout.write(json.dumps(_content(profile)) + "\n")
        return
    console = Console(width=None if mode.chosen() is Mode.RICH else 100)
    console.print()
    console.print(_things(profile))
    console.print()
    console.print(_slots(profile))
    sys.stdout.writelines(f"{line}\n" for line in _longest(profile))


def _content(profile: Profile) -> dict[str, object]:
    things = [{**asdict(use), "utilisation": profile.utilisation(use)} for use in profile.things]
    return {
        "kind": "Profile", "span": profile.span, "things": things,
        "slots": [asdict(use) for use in profile.slots], "longest": [asdict(wait) for wait in profile.longest],
    }  # fmt: skip


def _things(profile: Profile) -> Table:
    table = _table(f"{profile.span:.0f} s of the line", "for", "utilisation", "asked", "held s", "waited s", "longest s")
    for use in profile.things:
        share = profile.utilisation(use)
        table.add_row(use.thing, "–" if share is None else f"{share:.0%}", *_numbers(use))
    return table


def _slots(profile: Profile) -> Table:
    table = _table("who waited on what", "slot", "for", "asked", "held s", "waited s", "longest s")
    for use in profile.slots:
        table.add_row(str(use.slot), use.thing, *_numbers(use))
    return table


def _numbers(use: Use) -> tuple[str, ...]:
    missed = f" ({use.asked - use.came} never came)" if use.came < use.asked else ""
    return f"{use.asked}{missed}", f"{use.held:.1f}", f"{use.waited:.1f}", f"{use.longest:.1f}"


def _longest(profile: Profile) -> Iterator[str]:
    yield "\nlongest waits"
    for wait in profile.longest:
        yield f"  slot {wait.slot} waited {wait.waited:.1f} s for {wait.thing}, from {wait.since:.0f} s on"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", pad_edge=False, box=None, header_style="dim")
    for column in columns:
        table.add_column(column, justify="left" if column == "for" else "right", no_wrap=True)
    return table
