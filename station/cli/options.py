"""Name the options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from station.cli.modes import Mode
from station.core.errors import UsageError

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The station's home: the folder with station.toml. Default: here or upwards.")
]
OutputOption = Annotated[
    Mode, typer.Option("--output", "-o", help="How to write: rich, plain, json (one event a line), or auto.")
]


def filled(option: str, text: str | None, remedy: str) -> str:
    """Return what was given with `option`, "" where it was left out; raises UsageError where it is empty: a variable not set."""
    if text == "":
        raise UsageError(f"{option} is empty. {remedy}")
    return text or ""
