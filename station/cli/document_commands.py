"""Name the commands about issued documents and keys: thin ones, whose rooms are imported only when they run."""

from pathlib import Path
from typing import Annotated

import typer

from station.cli.options import HomeOption, filled

keys_app = typer.Typer(no_args_is_help=True, help="Make, show and change the keys that seal documents.")

_WHOSE = "Name the person whose key is meant"
NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="The document's number, as printed on it.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the record.")]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so, for the record.")]
PersonOption = Annotated[
    str | None, typer.Option("--for", metavar="NAME", help="The key of this person, who releases, instead of the station's.")
]
AuthorityKeyOption = Annotated[
    Path | None, typer.Option("--authority-key", metavar="FILE", help="The authority's key, where it is not in the keys folder.")
]
PassphraseOption = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="A file with the passphrase, instead of asking for it.")
]


@keys_app.command("init", epilog="Example: station keys init")
def keys_init(
    home: HomeOption = None,
    person: PersonOption = None,
    authority_key: AuthorityKeyOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Make the station's key and have the site's authority certify it; the first time the authority is made too."""
    from station.cli.keys import make_keys

    raise typer.Exit(make_keys(home, filled("--for", person, _WHOSE), authority_key, passphrase_file))


@keys_app.command("show", epilog="Example: station keys show")
def keys_show(home: HomeOption = None) -> None:
    """Print which keys there are, who certified them and until when; exits 4 when the station could not seal now."""
    from station.cli.keys import show_keys

    raise typer.Exit(show_keys(home))


@keys_app.command("rotate", epilog="Example: station keys rotate --authority-key /media/usb/authority.key")
def keys_rotate(
    home: HomeOption = None,
    person: PersonOption = None,
    authority_key: AuthorityKeyOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Put a new key in the place of the old one; what the old one sealed stays valid."""
    from station.cli.keys import rotate_keys

    raise typer.Exit(rotate_keys(home, filled("--for", person, _WHOSE), authority_key, passphrase_file))


def verify(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="The documents.")] = None,
    authority: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The certificate of the site's authority. Default: the station's own.")
    ] = None,
    code: Annotated[
        str | None, typer.Option("--code", metavar="TEXT", help="What the code on the paper holds, to hold against it.")
    ] = None,
    typeface: Annotated[
        list[Path] | None,
        typer.Option("--typeface", metavar="FILE", help="A typeface that a document names, where no station has it."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Do not draw each document again from its record.")] = False,
    home: HomeOption = None,
) -> None:
    """Say in words what holds of a document: signature, record, limits, drawing, and the store where one is at hand.

    Exits 0 when everything holds, 1 when something does not, 2 when a file cannot be read.
    """
    from station.cli.verify import Asked, verify_files

    raise typer.Exit(
        verify_files(
            files or [],
            home,
            Asked(authority, filled("--code", code, "Give what the code on the paper holds"), not quick, tuple(typeface or ())),
        )
    )


def reissue(
    number: NumberArgument,
    home: HomeOption = None,
    supersede: Annotated[
        bool, typer.Option("--supersede", help="Issue a new document in its place, under a new number.")
    ] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="Put on record that it is worth nothing any more.")] = False,
    by: ByOption = "",
    reason: ReasonOption = "",
) -> None:
    """Make a document again from its record and prove that it is the same; restore its file where that is gone."""
    from station.cli import withdraw as room
    from station.cli.reissue import reissue as again
    from station.core.errors import UsageError

    if not supersede and not revoke:
        raise typer.Exit(again(home, number))
    if supersede and revoke:
        raise UsageError("say --supersede or --revoke, not both")
    if not by.strip() or not reason.strip():
        raise UsageError("say who and why: --by NAME --reason TEXT")
    raise typer.Exit((room.supersede if supersede else room.revoke)(home, number, by, reason))


def release(
    number: NumberArgument,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Whose key signs: made with `station keys init --for NAME`.")],
    home: HomeOption = None,
    reason: Annotated[str, typer.Option("--reason", help="What the signature means.")] = "Released by quality",
    passphrase_file: PassphraseOption = None,
) -> None:
    """Release a certificate: a second file, NUMBER-R, with a person's signature behind the station's seal."""
    from station.cli.release import release as sign

    raise typer.Exit(sign(home, number, filled("--by", by, _WHOSE), reason, passphrase_file))


def lot(
    name: Annotated[str, typer.Argument(metavar="LOT", help="The lot, as it stands on the label or was given to `station run`.")],
    home: HomeOption = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Where to write it. Default: reports/lots.")] = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Of simulated runs; they are never mixed with real ones.")
    ] = False,
) -> None:
    """Write the report on a lot: serials, yield, what failed first, and that what came in is accounted for; a sealed PDF.

    Exits 1 when the figures do not add up.
    """
    from station.cli.lot import report_on

    raise typer.Exit(report_on(home, name, to, simulated=simulated))
