"""Do what the shorter commands say: test the units named, make a home, print the yield."""

import shlex
import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from station.cli import elsewhere
from station.cli.bench_process import Addresses
from station.cli.home import Home, find, make, read
from station.cli.labels import LONGEST, tray_of
from station.cli.modes import Mode
from station.cli.summary import print_refusals, print_yields
from station.cli.tray import Job, exit_code, own_simulator, tested
from station.core.errors import StationError, UsageError
from station.core.recipe import Recipe
from station.store.archive import Archive


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `station run` was asked for."""

    serials: tuple[str, ...]
    slots: tuple[str, ...]
    simulate: bool
    bench: Path | None
    speed: float
    seed: int
    operator: str
    lot: str
    transcript: Path | None = None
    recipe: Recipe | None = None
    width: int | None = None
    profile: bool = False
    dmms: int | None = None
    scopes: int | None = None


def test_tray(home_option: Path | None, mode: Mode, wanted: Wanted) -> int:
    """Test the units that the command line names."""
    home = by(read(find(home_option)), wanted.recipe)
    if wanted.simulate and wanted.bench is not None:
        raise UsageError("--simulate starts a bench of its own: leave out --bench, or --simulate")
    if wanted.width is not None:
        if not wanted.simulate:
            raise UsageError("--slots makes a simulated fixture that wide: say --simulate with it, or leave it out")
        home = elsewhere.widened(home, wanted.width)
    if (wanted.dmms or wanted.scopes) and not wanted.simulate:
        raise UsageError("--dmms and --scopes are of a simulated bench: say --simulate with them, or leave them out")
    if len(wanted.operator) > LONGEST:
        raise UsageError(f"--operator is {len(wanted.operator)} characters long. Give who runs it, in at most {LONGEST}")
    tray = tray_of(slots_of(wanted, home.fixture.slots), wanted.lot, home.config)
    print_refusals(tray.refusals)
    if not tray.serials:
        return 2
    job = Job(tray.serials, {}, wanted.speed, wanted.operator, tray.lot, mode, wanted.transcript, wanted.profile)
    with ExitStack() as stack:
        if wanted.simulate:
            addresses = stack.enter_context(own_simulator(home, wanted.speed, wanted.seed, None, wanted.dmms, wanted.scopes))
            home = elsewhere.simulated(home, addresses)
        elif wanted.bench is not None:
            home = elsewhere.at(home, _addresses(wanted.bench))
        outcomes, refusals = tested(home, job)
    print_refusals(refusals)
    return exit_code(outcomes, (*refusals, *tray.refusals))


def by(home: Home, recipe: Recipe | None) -> Home:
    """Return `home` testing by `recipe`, or as its station.toml says where none is given."""
    return home if recipe is None else replace(home, config=replace(home.config, recipe=recipe))


def _addresses(file: Path) -> Addresses:
    try:
        return Addresses.parse(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, StationError) as error:
        why = "it is no text" if isinstance(error, UnicodeError) else error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"--bench {file}: {why}. Give a file with the line that `station simulate` prints") from error


def slots_of(wanted: Wanted, slots: int) -> dict[int, str]:
    """Return the serials by slot: those with --slot where they are told, the others in the first free slots.

    Those for whom no slot is free have negative numbers: they wait, -1 first.
    """
    placed: dict[int, str] = {}
    for text in wanted.slots:
        number, sign, serial = text.partition("=")
        if not sign or not number.isdecimal() or int(number) in placed:
            raise UsageError(f"--slot {text!r} is not like --slot 3=SN26-100403, or names a slot twice")
        placed[int(number)] = serial
    free = (slot for slot in range(1, slots + 1) if slot not in placed)
    waiting = count(-1, -1)
    for serial in wanted.serials:
        placed[next(free, None) or next(waiting)] = serial
    if not placed:
        raise UsageError("name at least one serial: station run SN26-100401")
    return placed


def make_home(folder: Path) -> int:
    """Make a station's home, and say what to do next."""
    try:
        made = make(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot become a home: {error.strerror}. Name a folder that can be written") from error
    for path in made:
        sys.stdout.write(f"{path}\n")
    there = shlex.quote(str(folder))
    sys.stdout.write(
        f"{len(made)} files made; what was there is untouched. Next: cd {there} && station doctor --simulate && station demo\n"
    )
    return 0


def print_yield(home_option: Path | None, simulated: bool) -> int:
    """Print the yield of the station's store."""
    home = read(find(home_option))
    if not home.config.store.exists():
        sys.stdout.write(f"no run is on record yet: {home.config.store} does not exist\n")
        return 0
    print_yields(Archive(home.config.store), is_simulated=simulated)
    return 0
