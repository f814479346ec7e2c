"""Name the commands: thin ones, whose rooms are imported only when they run, so that --help is instant."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from station.cli import document_commands
from station.cli.limits_commands import limits_app
from station.cli.modes import Mode
from station.cli.options import HomeOption, OutputOption
from station.core.recipe import Recipe

EXIT_CODES = "Exit codes: 0 all passed · 1 a unit failed · 2 wrong usage or bad file · 3 station error · 4 locked · 130 aborted."

app = typer.Typer(
    name="station",
    help="Test microcurrent devices at the end of the line, keep the record, and issue certificates.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(limits_app, name="limits", rich_help_panel="Documents")
app.add_typer(document_commands.keys_app, name="keys", rich_help_panel="Set-up")

SpeedOption = Annotated[float, typer.Option(min=0.1, max=1000.0, help="Hurry a simulated line this many times.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Which simulated units, instruments and noise are drawn.")]


def _version(wanted: bool) -> None:
    if wanted:
        from station import __version__

        typer.echo(f"station {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None: ...


@app.command(rich_help_panel="Run", epilog="Example: station demo --speed 60\n\n" + EXIT_CODES)
def demo(
    home: HomeOption = None,
    output: OutputOption = Mode.AUTO,
    speed: SpeedOption = 40.0,
    seed: SeedOption = 7,
) -> None:
    """Test a tray of eight simulated units, four of them defective, and compare each verdict with the truth.

    Exits 0 when every unit got the verdict it deserves: a refused bad unit is a success of the station.
    """
    from station.cli.demo import demonstrate

    raise typer.Exit(demonstrate(home, output, speed, seed))


@app.command(rich_help_panel="Run", epilog="Example: station run SN26-100401 SN26-100402 --slot 5=SN26-100403\n\n" + EXIT_CODES)
def run(
    serials: Annotated[
        list[str] | None, typer.Argument(metavar="SERIAL", help="Serials for the first free slots; the others wait.")
    ] = None,
    slot: Annotated[list[str] | None, typer.Option("--slot", metavar="N=SERIAL", help="A serial for slot N.")] = None,
    home: HomeOption = None,
    simulate: Annotated[bool, typer.Option("--simulate", help="Start a simulator for this run and put the units in.")] = False,
    bench: Annotated[
        Path | None, typer.Option(help="Addresses as `station simulate` prints them, in place of station.toml's.")
    ] = None,
    speed: SpeedOption = 1.0,
    seed: SeedOption = 1,
    operator: Annotated[str, typer.Option(help="Who runs it, for the record.")] = "",
    lot: Annotated[str, typer.Option(help="The lot, for the record.")] = "",
    output: OutputOption = Mode.AUTO,
    transcript: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write down what goes over each link, one text file a link.")
    ] = None,
    recipe: Annotated[Recipe | None, typer.Option(help="How the shut-off is timed. Default: what station.toml says.")] = None,
    slots: Annotated[int | None, typer.Option(min=1, max=64, help="How many slots a simulated fixture has.")] = None,
    dmms: Annotated[int | None, typer.Option(min=1, max=8, help="How many DMMs a simulated bench has.")] = None,
    scopes: Annotated[int | None, typer.Option(min=1, max=8, help="How many oscilloscopes a simulated bench has.")] = None,
    profile: Annotated[bool, typer.Option("--profile", help="Say at the end who waited on what, and how busy each was.")] = False,
) -> None:
    """Test the units in their slots, all at once, the others as slots come free; Ctrl-C stops safely, a second one at once."""
    from station.cli.commands import Wanted, test_tray

    wanted = Wanted(
        tuple(serials or ()),
        tuple(slot or ()),
        simulate,
        bench,
        speed,
        seed,
        operator,
        lot,
        transcript,
        recipe,
        slots,
        profile,
        dmms,
        scopes,
    )
    raise typer.Exit(test_tray(home, output, wanted))


@app.command(rich_help_panel="Set-up", epilog="Example: station simulate --speed 60 --seed 7")
def simulate(
    home: HomeOption = None,
    speed: SpeedOption = 1.0,
    seed: SeedOption = 1,
    port: Annotated[Literal["0"] | None, typer.Option(metavar="0", help="0 takes free ports instead of station.toml's.")] = None,
    pty: Annotated[bool, typer.Option("--pty", help="Offer the fixture on a pty instead of a port.")] = False,
    defects: Annotated[
        Literal["none", "natural"], typer.Option(help="none, or natural: units fail as often as in production.")
    ] = "none",
    truth: Annotated[Path | None, typer.Option(help="Where to write what the simulator knows of each unit.")] = None,
    faults: Annotated[Path | None, typer.Option(help="A script of faults on the wire.")] = None,
) -> None:
    """Serve a simulated bench until Ctrl-C; its addresses are printed as one line of JSON."""
    from station.cli.simulate import serve_simulator

    serve_simulator(home, speed, seed, port is not None, pty, defects, truth, faults)


@app.command(rich_help_panel="Set-up", epilog="Example: station doctor --simulate")
def doctor(
    home: HomeOption = None,
    simulate: Annotated[bool, typer.Option("--simulate", help="Look at a simulated bench.")] = False,
    speed: SpeedOption = 1.0,
) -> None:
    """Check documents, folders, calibration dates, instruments and fixture, and say what to do about each fault."""
    from station.cli.doctor import examine

    raise typer.Exit(examine(home, simulate, speed))


@app.command(rich_help_panel="Set-up", epilog="Example: station init /srv/eol-01")
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new home; files that are there stay.")]) -> None:
    """Make a station's home with the starter documents: station.toml, limits, fixtures, reports."""
    from station.cli.commands import make_home

    raise typer.Exit(make_home(folder))


@app.command("yield", rich_help_panel="Evidence", epilog="Example: station yield --simulated")
def yield_(
    home: HomeOption = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Count simulated runs; they are never mixed with real ones.")
    ] = False,
) -> None:
    """Print first-pass yield by product and by line, with intervals, and what failed first."""
    from station.cli.commands import print_yield

    raise typer.Exit(print_yield(home, simulated))


@app.command(rich_help_panel="Evidence", epilog="Example: station uncertainty CUR.310 --serial SN26-100401")
def uncertainty(
    row: Annotated[str, typer.Argument(metavar="ROW", help="The row's id, as in the limit file.")],
    home: HomeOption = None,
    serial: Annotated[str, typer.Option(help="Of the newest run of this serial.")] = "",
    run: Annotated[str, typer.Option(metavar="ID", help="Of this run.")] = "",
    output: OutputOption = Mode.AUTO,
) -> None:
    """Print a row's uncertainty budget: each component, its source and share, what it comes to, and what the row allows.

    It is that of the newest record that measured the row; while there is none, that of a nominal unit, on paper.
    """
    from station.cli.uncertainty import explain

    raise typer.Exit(explain(home, row, serial, run, output))


app.command(rich_help_panel="Evidence", epilog="Example: station lot L-7")(document_commands.lot)
app.command(rich_help_panel="Evidence", epilog="Example: station verify reports/issued/2026-11-22/*.pdf")(
    document_commands.verify
)
app.command(rich_help_panel="Evidence", epilog="Example: station reissue EOL-01-2026-000042")(document_commands.reissue)
app.command(rich_help_panel="Evidence", epilog="Example: station release EOL-01-2026-000042 --by quinn")(
    document_commands.release
)
