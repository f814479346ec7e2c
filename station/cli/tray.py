"""Test a tray: check, open, place, run, and close again, with a safe stop at any moment."""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from station.cli import assemble
from station.cli.aftermath import made_again, refuse_behind
from station.cli.bench_process import Addresses, simulator
from station.cli.hands import hand_of
from station.cli.home import Home
from station.cli.modes import Mode
from station.cli.profile import print_profile
from station.cli.show import Sturdy, show
from station.cli.summary import print_outcomes
from station.cli.teller import Teller
from station.clocks.steady import SteadyClock
from station.core.clock import Stop
from station.core.errors import InterlockError, LockedError, StationError, StoreError, UsageError
from station.core.record import RunRecord
from station.core.serial import serial_fault
from station.core.verdict import Verdict
from station.hardware.bench import StationBench
from station.hardware.lending import LoanEntry
from station.line.admission import Refusal, tray_refusals
from station.line.feed import Feed
from station.line.floor import Floor
from station.line.line import Issued, Outcome
from station.line.profile import profile
from station.line.station import Station
from station.line.tray import Tray

_CODES = {Verdict.ABORTED: 130, Verdict.ERROR: 3, Verdict.INCONCLUSIVE: 3, Verdict.FAIL: 1, Verdict.PASS: 0}
_GRAVEST = (130, 3, 4, 1, 2, 0)
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SPEED_LOOK = 0.1  # s of the host: long enough to tell one speed from another


@dataclass(frozen=True, slots=True)
class Job:
    """A tray to test: its serials by slot, the defects that the simulated hand is to put in, where transcripts are wanted.

    Negative numbers are no slots: those serials wait for one that comes free, -1 first. `profile` asks for who waited on what.
    """

    tray: Mapping[int, str]
    defects: Mapping[int, str]
    speed: float
    operator: str
    lot: str
    mode: Mode
    transcript: Path | None = None
    profile: bool = False


def exit_code(outcomes: Iterable[Outcome], refusals: Iterable[Refusal] = ()) -> int:
    """Return the exit code of a tray: aborted before station error before locked before failed before refused before passed."""
    codes = {3 if outcome.trouble else _CODES[outcome.verdict] for outcome in outcomes} | {one.code for one in refusals}
    return next((code for code in _GRAVEST if code in codes), 3)


@contextmanager
def own_simulator(
    home: Home, speed: float, seed: int, truth: Path | None, dmms: int | None = None, scopes: int | None = None
) -> Iterator[Addresses]:
    """Run a simulator for the length of a `with`: the station's slots, and its instruments or as many as are asked for."""
    config = home.config
    with simulator(
        slots=home.fixture.slots, speed=speed, seed=seed, mains_hz=config.mains_hz, truth=truth,
        dmms=dmms or len(config.dmms), scopes=scopes or len(config.scopes),
    ) as addresses:  # fmt: skip
        yield addresses


def tested(home: Home, job: Job) -> tuple[list[Outcome], list[Refusal]]:
    """Test a tray on the bench that `home` names, and return what each unit came to, and who was refused.

    What the units came to is printed as soon as the line has ended: closing bench and store may fail, and takes no verdict back.
    """
    sequence = assemble.sequence_of(home)
    assemble.template_of(home)  # a template that cannot be read ends here, before a unit is tested
    assemble.unlocked(home, job.speed, home.today)
    unreleased = home.unreleased
    if unreleased is not None:
        sys.stderr.write(f"station: engineering mode, no certificates: {home.limits.file}: {unreleased}\n")
    clock = SteadyClock(job.speed)
    ids = assemble.new_ids(clock)
    shown, feed, loans = show(job.mode, clock, len(sequence.steps)), Feed(clock, home.fixture.slots), list[LoanEntry]()
    teller, at_once = Teller(clock, Sturdy(shown.event)), clock.stop()
    with assemble.kept(home.config, clock, ids, (teller.hear, feed.hear)) as store:
        _say_recovered(store)
        refuse_behind(home.config, store.filing, simulated=home.simulated)
        store.evidence.prove()
        mind_the_clock(home, job.speed, store.archive.latest(), clock.utc())
        if unreleased is None:
            store.desk.seals.ready(simulated=home.simulated)
        for sentence in store.desk.issue_owed():
            sys.stderr.write(f"station: {sentence}\n")
        refusals = _refusals(home, job, store)
        refused = {refusal.slot for refusal in refusals}
        admitted = {slot: serial for slot, serial in job.tray.items() if slot not in refused}
        if not admitted:
            return [], refusals
        log = loans.append if job.profile else _unread
        with assemble.bench_of(home, clock, job.transcript, log) as bench:
            for why in bench.missing.values():
                sys.stderr.write(f"station: {why}. This tray is tested without it; repair it, then start again\n")
            if home.fixture.simulated:
                same_speed(bench, clock, job.speed)
            if (barred := _barred(home, job.speed, bench, store)) is not None:
                raise barred
            rooms = assemble.rooms(clock, bench, store, ids, home.simulated)
            rooms = replace(
                rooms, barred=lambda: _barred(home, job.speed, bench, store), issue=_issuing(store.desk.issue, at_once)
            )
            papers = assemble.papers(home, sequence, job.operator, job.lot, ids, job.speed, job.tray.values())
            station, placed = Station(rooms, papers, feed, Floor()), {slot: one for slot, one in admitted.items() if slot > 0}
            store.mourners.append(station.stop_all)
            with hand_of(home, bench, placed, {job.tray[slot]: defect for slot, defect in job.defects.items()}) as hand:
                tray, began = Tray(station, hand, clock, log), clock.now()
                waiting = [admitted[place] for place in sorted(admitted, reverse=True) if place < 0]
                try:
                    with stopping(station.stop_all, at_once), shown, teller.at_work(clock, shown.give_up), station.at_work():
                        tray.test(placed, waiting)
                finally:
                    print_outcomes(tray.outcomes, job.mode)
            if job.profile:
                print_profile(profile(loans, began, clock.now()), job.mode)
            return tray.outcomes, [*refusals, *tray.refusals, *_untested(tray)]


def _refusals(home: Home, job: Job, store: assemble.Kept) -> list[Refusal]:
    """Return who is not tested, before an instrument is opened."""
    sound = (serial for serial in job.tray.values() if serial_fault(serial) is None)
    history = {serial: store.archive.history(serial, simulated=home.simulated) for serial in sound}
    return tray_refusals(job.tray, home.fixture.slots, history)


def _unread(_: LoanEntry) -> None:
    """Keep no loan log: nobody asked for the profile."""


def _issuing(issue: Callable[[RunRecord], Issued | None], at_once: Stop) -> Callable[[RunRecord], Issued | None]:
    """Return `issue`, which draws nothing more once the line is to end at once: the next start does."""

    def issued(record: RunRecord) -> Issued | None:
        if at_once.reason is not None:
            raise StoreError(f"the line was to end at once ({at_once.reason})")
        return issue(record)

    return issued


def _barred(home: Home, speed: float, bench: StationBench, store: assemble.Kept) -> StationError | None:
    """Return what keeps units from being started, None while nothing does: a day may begin on which a calibration is past due."""
    if (fault := store.fault) is not None:
        return fault
    if bench.halted is not None:
        return InterlockError(f"the fixture is not ready: {bench.halted}. Close the lid, release the E-stop, and start again")
    try:
        assemble.unlocked(home, speed, home.today)
    except LockedError as error:
        return error
    return None


def _untested(tray: Tray) -> list[Refusal]:
    """Return the units that were never started, because the line may start none any more or no slot was left for them."""
    why = tray.over or LockedError("every slot that could take it is locked")
    code = 130 if tray.stopped else 4 if isinstance(why, LockedError) else 3
    return [Refusal(-place, serial, str(why), code) for place, serial in enumerate(tray.left, 1)]


def _say_recovered(store: assemble.Kept) -> None:
    for record in store.recovered:
        started = record.started
        run = f"the run of {started.serial} in slot {started.slot} was cut off"
        sys.stderr.write(f"station: {run}: {record.reason}; it is {record.verdict.name}\n")
    for number in store.missing:
        sys.stderr.write(f"station: document {number} is on record, but its file is missing: {made_again(number)}\n")


def mind_the_clock(home: Home, speed: float, latest: str, now: str) -> None:
    """Say that the wall clock is behind the last record; a calibration that was due by then is due, whatever the clock says."""
    if latest <= now:
        return
    sys.stderr.write(f"station: this computer's clock says {now}, but the last record is of {latest}: set the clock right\n")
    assemble.unlocked(home, speed, datetime.fromisoformat(latest).astimezone(ZoneInfo(home.config.timezone)).date())


def same_speed(bench: StationBench, clock: SteadyClock, speed: float) -> None:
    """Refuse a simulator that runs at another speed than we do: every time we measured would be wrong."""
    bench.mark_timer(1)
    clock.transport.wait(_SPEED_LOOK, clock.stop())
    seen = bench.timer_drift(1)
    if abs(seen.fraction) > 0.05 + seen.bound:
        raise UsageError(
            f"the simulator runs {speed * (1.0 + seen.fraction):.3g} times as fast as real time: say --speed with that"
        )


@contextmanager
def stopping(stop_all: Callable[[str], None], at_once: Stop) -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and the end of the terminal into a safe stop.

    A second Ctrl-C sets `at_once` and ends as soon as the slots are safe: documents wait for the next start.
    """
    asked: list[int] = []

    def handle(number: int, _: FrameType | None) -> None:
        asked.append(number)
        stop_all("Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name)
        if number == signal.SIGINT and asked.count(number) == 2:  # not a third time: it would leave threads behind
            at_once.set("Ctrl-C twice")
            raise KeyboardInterrupt
        with suppress(OSError, RuntimeError):  # the terminal may be gone, or its stream be busy: the stop comes first
            sys.stderr.write("\nstation: stopping safely (once more Ctrl-C: at once)\n")

    before = {number: signal.signal(number, handle) for number in _ENDS if signal.getsignal(number) != signal.SIG_IGN}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
