"""Name the commands about limit files: thin ones, whose rooms are imported only when they run."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from station.cli.modes import Mode
from station.cli.options import HomeOption, OutputOption, filled

limits_app = typer.Typer(
    no_args_is_help=True,
    help="Look at limit files, compare, judge again by them, and approve them: what is allowed, and by whom.",
)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The limit file.")]
CommaOption = Annotated[
    bool, typer.Option("--decimal-comma", help="Numbers are written with a decimal comma; cells are then parted by semicolons.")
]
SimulatedOption = Annotated[
    bool, typer.Option("--simulated", help="Look at simulated runs; they are never mixed with real ones.")
]


def _day(text: str) -> date:
    """Return the day that `text` names."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day: write it like 2026-11-01") from error


@limits_app.command("check", epilog="Example: station limits check limits/mc100-b.toml")
def limits_check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="Default: the file station.toml names.")] = None,
    home: HomeOption = None,
) -> None:
    """Check limit files: every fault with file, line, key and remedy; the digest; whether quality released it."""
    from station.cli.limits import check

    raise typer.Exit(check(files or [], home))


@limits_app.command("show", epilog="Example: station limits show")
def limits_show(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Default: the file station.toml names.")] = None,
    home: HomeOption = None,
) -> None:
    """Print a limit file as a table, acceptance limits beside the limits."""
    from station.cli.limits import table

    raise typer.Exit(table(file, home))


@limits_app.command("diff", epilog="Example: station limits diff limits/mc100-a.toml limits/mc100-b.toml")
def limits_diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The limit file as it was.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The limit file as it is to be.")],
    output: OutputOption = Mode.AUTO,
) -> None:
    """Say what differs between two limit files, row by row: tightened or loosened, in percent and in u_max.

    Exits 0 when both have the same content, whatever their layout, 1 when they differ.
    """
    from station.cli.limits_diff import diff

    raise typer.Exit(diff(old, new, output))


@limits_app.command("approve", epilog='Example: station limits approve limits/mc100-c.toml --by "A. Quality" --role quality')
def limits_approve(
    file: FileArgument,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who approves it; nobody approves what they wrote.")],
    role: Annotated[str, typer.Option("--role", help="quality, technician or operator; only quality's approval releases.")],
    digest: Annotated[
        str | None, typer.Option("--digest", help="Approve only this content, as `station limits check` named it.")
    ] = None,
) -> None:
    """Write an approval of exactly this content into a limit file that is in review; quality's sets it released."""
    from station.cli.limits_approve import approve

    raise typer.Exit(approve(file, by, role, filled("--digest", digest, "Give the one that `station limits check` named")))


@limits_app.command("risk", epilog="Example: station limits risk limits/mc100-b.toml CUR.310 --mean 400 --sd 7.5")
def limits_risk(
    file: FileArgument,
    row: Annotated[str, typer.Argument(metavar="ROW", help="One row. Default: all rows of numbers.")] = "",
    mean: Annotated[float | None, typer.Option(help="The process mean, in the row's unit. Default: the store's data.")] = None,
    sd: Annotated[float | None, typer.Option(help="The process standard deviation, in the row's unit.")] = None,
    u: Annotated[float | None, typer.Option("--u", help="The standard uncertainty, in the row's unit. Default: u_max.")] = None,
    simulated: SimulatedOption = False,
    home: HomeOption = None,
    output: OutputOption = Mode.AUTO,
) -> None:
    """Print what each row's decision rule risks (JCGM 106): wrong passes and wrong rejects, of one unit and of all."""
    from station.cli.limits_risk import Asked, print_risks

    raise typer.Exit(print_risks(file, Asked(row, mean, sd, u, simulated), home, output))


@limits_app.command("rejudge", epilog="Example: station limits rejudge limits/mc100-b.toml --since 2026-11-01")
def limits_rejudge(
    file: FileArgument,
    since: Annotated[date, typer.Option(parser=_day, metavar="DATE", help="The first local day of the runs, like 2026-11-01.")],
    until: Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="The first day that is out again.")] = None,
    lot: Annotated[str, typer.Option(help="Only runs of this lot.")] = "",
    simulated: SimulatedOption = False,
    home: HomeOption = None,
    output: OutputOption = Mode.AUTO,
) -> None:
    """Judge what was measured again by another limit file: who changes verdict, yield before and after. Writes nothing."""
    from station.cli.limits_rejudge import print_rejudged

    days = since.isoformat(), until.isoformat() if until is not None else ""
    raise typer.Exit(print_rejudged(file, days, lot, simulated, home, output))


@limits_app.command("export", epilog="Example: station limits export mc100.csv --limits limits/mc100-b.toml")
def limits_export(
    target: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The spreadsheet to write; an existing one stays.")],
    limits: Annotated[Path | None, typer.Option("--limits", help="The limit file. Default: the one station.toml names.")] = None,
    decimal_comma: CommaOption = False,
    home: HomeOption = None,
) -> None:
    """Write a limit file as a spreadsheet (CSV), which `station limits import` reads back with the same digest."""
    from station.cli.limits_sheets import export

    raise typer.Exit(export(target, limits, decimal_comma, home))


@limits_app.command("import", epilog="Example: station limits import mc100.csv limits/mc100-c.toml")
def limits_import(
    source: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The spreadsheet.")],
    target: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The limit file to write; an existing one stays. Default: FILE.toml.")
    ] = None,
    decimal_comma: CommaOption = False,
) -> None:
    """Read a spreadsheet (CSV) by the checks of a limit file, and write it as a draft that nobody has approved."""
    from station.cli.limits_sheets import import_

    raise typer.Exit(import_(source, target, decimal_comma))
