"""Name the options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from station.cli.modes import Mode

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The station's home: the folder with station.toml. Default: here or upwards.")
]
OutputOption = Annotated[
    Mode, typer.Option("--output", "-o", help="How to write: rich, plain, json (one event a line), or auto.")
]
