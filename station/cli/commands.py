"""Do what the commands say: test a tray, demonstrate, simulate, make a home, print the yield."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from station.cli import assemble
from station.cli.bench_process import Addresses, command, simulator
from station.cli.demo import deserved, read_truth, tray
from station.cli.hand import Hand
from station.cli.home import Home, find, make, read
from station.cli.modes import Mode
from station.cli.show import show
from station.cli.summary import print_outcomes, print_refusals, print_yields
from station.clocks.steady import SteadyClock
from station.core.errors import InterlockError, StationError, UsageError
from station.core.verdict import Verdict
from station.line.admission import Refusal, tray_refusals
from station.line.line import Line, Outcome
from station.store.archive import Archive

_CODES = {Verdict.ABORTED: 130, Verdict.ERROR: 3, Verdict.INCONCLUSIVE: 3, Verdict.FAIL: 1, Verdict.PASS: 0}
_GRAVEST = (130, 3, 4, 1, 0)


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


@dataclass(frozen=True, slots=True)
class Job:
    """A tray to test: its serials by slot, and the defects that the simulated hand is to put in."""

    tray: Mapping[int, str]
    defects: Mapping[int, str]
    speed: float
    operator: str
    lot: str
    mode: Mode


def exit_code(outcomes: list[Outcome]) -> int:
    """Return the exit code of a tray: aborted before station error before locked before failed before passed."""
    codes = {3 if outcome.trouble else _CODES[outcome.verdict] for outcome in outcomes}
    return next((code for code in _GRAVEST if code in codes), 3)


def test_tray(home_option: Path | None, mode: Mode, wanted: Wanted) -> int:
    """Test the units that the command line names."""
    home = read(find(home_option))
    tray_wanted = slots_of(wanted, home.fixture.slots)
    job = Job(tray_wanted, {}, wanted.speed, wanted.operator, wanted.lot, mode)
    with ExitStack() as stack:
        if wanted.simulate:
            addresses = stack.enter_context(_own_simulator(home, wanted.speed, wanted.seed, None))
            home = assemble.simulated(home, addresses)
        elif wanted.bench is not None:
            home = assemble.at(home, Addresses.parse(wanted.bench.read_text(encoding="utf-8")))
        outcomes, refusals = tested(home, job)
    print_outcomes(outcomes, mode)
    print_refusals(refusals)
    return 2 if refusals and not outcomes else exit_code(outcomes)


def slots_of(wanted: Wanted, slots: int) -> dict[int, str]:
    """Return the serials by slot: those with --slot where they are told, the others in the first free slots."""
    placed: dict[int, str] = {}
    for text in wanted.slots:
        number, sign, serial = text.partition("=")
        if not sign or not number.isdecimal() or int(number) in placed:
            raise UsageError(f"--slot {text!r} is not like --slot 3=SN26-100403, or names a slot twice")
        placed[int(number)] = serial
    free = (slot for slot in range(1, slots + 1) if slot not in placed)
    for serial in wanted.serials:
        slot = next(free, None)
        if slot is None:
            raise UsageError(f"there are more serials than the fixture's {slots} slots")
        placed[slot] = serial
    if not placed:
        raise UsageError("name at least one serial: station run SN26-100401")
    return placed


@contextmanager
def _own_simulator(home: Home, speed: float, seed: int, truth: Path | None) -> Iterator[Addresses]:
    with simulator(slots=home.fixture.slots, speed=speed, seed=seed, mains_hz=home.config.mains_hz, truth=truth) as addresses:
        yield addresses


def tested(home: Home, job: Job) -> tuple[list[Outcome], list[Refusal]]:
    """Test a tray on the bench that `home` names, and return what each unit came to, and who was refused."""
    sequence, template = assemble.sequence_of(home), assemble.template_of(home)
    assemble.unlocked(home, job.speed, datetime.now(UTC).date())
    clock = SteadyClock(job.speed)
    ids = assemble.new_ids(clock)
    shown = show(job.mode, clock, len(sequence.steps))
    with assemble.kept(home.config, clock, ids, (shown.event,)) as store:
        _say_recovered(store)
        is_simulated = home.fixture.simulated
        history = {serial: store.archive.history(serial, simulated=is_simulated) for serial in job.tray.values()}
        refusals = tray_refusals(job.tray, home.fixture.slots, history)
        refused = {refusal.slot for refusal in refusals}
        admitted = {slot: serial for slot, serial in job.tray.items() if slot not in refused}
        if not admitted:
            return [], refusals
        with assemble.bench_of(home, clock) as bench:
            if bench.halted is not None:
                raise InterlockError(
                    f"the fixture is not ready: {bench.halted}. Close the lid, release the E-stop, and start again"
                )
            _place(home, admitted, job.defects)
            rooms = assemble.rooms(clock, bench, store, template, ids, is_simulated)
            papers = assemble.papers(home, sequence, job.operator, job.lot, ids, job.speed)
            line = Line(rooms, papers, admitted)
            with stopping(line.stop_all), shown:
                return line.test(), refusals


def _say_recovered(store: assemble.Kept) -> None:
    for record in store.recovered:
        started = record.started
        sys.stderr.write(
            f"station: the run of {started.serial} in slot {started.slot} was cut off: {record.reason}; it is {record.verdict.name}\n"
        )
    for number in store.missing:
        sys.stderr.write(f"station: document {number} is on record, but its file is missing: issue it again from the record\n")


def _place(home: Home, placed: Mapping[int, str], defects: Mapping[int, str]) -> None:
    """Let the simulated operator put the units in, where the bench is a simulated one that has such a hand."""
    if not home.fixture.simulated or not home.config.operator_address:
        return
    with Hand(home.config.operator_address) as hand:
        for slot, serial in placed.items():
            hand.place(slot, serial, defects.get(slot, ""))


@contextmanager
def stopping(stop_all: Callable[[str], None]) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into a safe stop; a second Ctrl-C ends at once."""
    asked: list[int] = []

    def handle(number: int, _: FrameType | None) -> None:
        asked.append(number)
        if len(asked) > 1 and number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.stderr.write("\nstation: stopping safely (once more Ctrl-C: at once)\n")
        stop_all("Ctrl-C" if number == signal.SIGINT else "SIGTERM")

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def demonstrate(home_option: Path | None, mode: Mode, speed: float, seed: int) -> int:
    """Test a tray of good and bad simulated units in a store of their own, and compare verdicts with the truth."""
    home = read(find(home_option))
    stamp = datetime.now(UTC).strftime("%y%m%d%H%M%S")
    folder = home.config.home / "demo" / stamp
    folder.mkdir(parents=True)
    truth = folder / "truth.jsonl"
    config = replace(home.config, store=folder / "station.sqlite", evidence=folder / "evidence", issued=folder / "issued")
    serials, defects = tray(home.fixture.slots, stamp)
    sys.stderr.write(
        f"Testing {len(serials)} simulated units ({len(defects)} of them defective) in {len(serials)} slots at once, "
        f"{speed:g} times as fast as real time.\n"
    )
    with _own_simulator(home, speed, seed, truth) as addresses:
        home = assemble.simulated(replace(home, config=config), addresses)
        outcomes, refusals = tested(home, Job(serials, defects, speed, "demo", f"DEMO-{stamp}", mode))
    print_outcomes(outcomes, mode)
    print_refusals(refusals)
    wrong = deserved({outcome.serial: outcome.verdict for outcome in outcomes}, read_truth(truth))
    if mode is not Mode.JSON:
        print_yields(Archive(config.store), is_simulated=True)
        _say_demo(folder, len(outcomes), wrong)
    troubled = any(outcome.trouble for outcome in outcomes)
    if any(outcome.verdict is Verdict.ABORTED for outcome in outcomes):
        return 130
    return 3 if wrong or refusals or troubled or len(outcomes) != len(serials) else 0


def _say_demo(folder: Path, units: int, wrong: list[str]) -> None:
    out, near = sys.stdout, _near(folder)
    out.write(f"\nCertificates and reports  {near / 'issued'}\nRecords                   {near / 'station.sqlite'}\n")
    out.write(f"Waveforms                 {near / 'evidence'}\n\n")
    if wrong:
        out.write("NOT every unit got the verdict it deserves:\n" + "".join(f"  {line}\n" for line in wrong))
    else:
        out.write(
            f"All {units} units got the verdict they deserve, by {near / 'truth.jsonl'}, which only this comparison reads.\n"
        )


def _near(path: Path) -> Path:
    """Return `path` from here where it lies below, as people would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def serve_simulator(
    home_option: Path | None,
    speed: float,
    seed: int,
    port: int | None,
    pty: bool,
    defects: str,
    truth: Path | None,
    faults: Path | None,
) -> int:
    """Run the simulator at the addresses of station.toml, or on free ports, until it is stopped."""
    home = read(find(home_option))
    options = ["--slots", str(home.fixture.slots), "--speed", f"{speed:g}", "--seed", str(seed), "--defects", defects,
               "--mains", str(home.config.mains_hz)]  # fmt: skip
    options += ["--pty"] if pty else []
    for name, path in (("--truth", truth), ("--faults", faults)):
        options += [name, str(path)] if path is not None else []
    if port is None:
        options += _ports(home, pty)
    sys.stderr.write("The simulator serves until Ctrl-C. In another terminal: station run SN26-100401\n")
    with subprocess.Popen(command(options)) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()


def _ports(home: Home, pty: bool) -> list[str]:
    config = home.config
    named = {"dmm": config.dmm.address, "scope": config.scope.address, "operator": config.operator_address}
    if not pty:
        named["fixture"] = config.fixture_address
    options: list[str] = []
    for name, address in named.items():
        if not address:
            continue
        digits = address.removesuffix("::SOCKET").replace("::", ":").rsplit(":", 1)[-1]
        if "127.0.0.1" not in address or not digits.isdecimal():
            raise StationError(
                f"station.toml puts the {name} at {address!r}; the simulator serves on 127.0.0.1 only. Use --port 0"
            )
        options += [f"--{name}-port", digits]
    return options


def make_home(folder: Path) -> int:
    """Make a station's home, and say what to do next."""
    made = make(folder)
    for path in made:
        sys.stdout.write(f"{path}\n")
    sys.stdout.write(
        f"{len(made)} files made; what was there is untouched. Next: cd {folder} && station doctor --simulate && station demo\n"
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
