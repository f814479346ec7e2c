"""Put the rooms together: store, bench and line become a station that can test a tray."""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path

from station.certificates.authority import common_name
from station.certificates.issue import numbered_by
from station.certificates.template import Template, parse_template
from station.cli.calibrated import refuse_uncalibrated
from station.cli.documents import Desk
from station.cli.home import Home, shown
from station.cli.seals import Seals, own_certificate
from station.cli.sources import keep_current, originals_of
from station.core.clock import Clock
from station.core.config import StationConfig
from station.core.errors import AbsentError, LockedError, SequenceError, StationError, StoreError
from station.core.record import RunRecord
from station.hardware.bench import StationBench
from station.hardware.lending import LoanEntry
from station.hardware.opening import open_bench
from station.hardware.plugs import of_this_host
from station.hardware.transcript import Transcripts
from station.hardware.visa import visa_library
from station.line.crew import Crew
from station.line.line import Rooms
from station.line.papers import Papers
from station.sequencer.sequence import Sequence
from station.store.archive import Archive
from station.store.evidence import EvidenceFolder
from station.store.filing import Filing
from station.store.ids import Ids
from station.store.journal import Journal, Listener

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """The store of a station, open for writing; the `mourners` are told why when nothing more can be kept."""

    journal: Journal
    archive: Archive
    evidence: EvidenceFolder
    filing: Filing
    desk: Desk
    recovered: tuple[RunRecord, ...]
    missing: tuple[str, ...]
    mourners: list[Callable[[str], None]]

    @property
    def fault(self) -> StoreError | None:
        """Return why what is measured now could not be kept, None while it can: journal and evidence may be on two disks."""
        why = self.journal.fault or self.evidence.fault
        return None if why is None else StoreError(why)


def sequence_of(home: Home) -> Sequence:
    """Return the sequence of the recipe that was chosen, once it fits the limits; raises SequenceError."""
    name, recipe = home.config.sequence, home.config.recipe
    try:
        offered = import_module(f"station.products.{name}").SEQUENCES
    except (ImportError, AttributeError) as error:
        raise SequenceError(
            f"station.toml: product.sequence: {name!r} cannot be used: {error}. Name a file of station/products that offers "
            'SEQUENCES, without .py, like "mc100", or mend that file'
        ) from error
    if not isinstance(offered, Mapping) or not all(isinstance(one, Sequence) for one in offered.values()):
        raise SequenceError(f"SEQUENCES in station/products/{name}.py is not a table of Sequences by recipe")
    if recipe not in offered:
        raise SequenceError(f"station/products/{name}.py has no recipe {recipe}: choose one of {', '.join(offered)}")
    found: Sequence = offered[recipe]
    if found.recipe != recipe:
        raise SequenceError(f"SEQUENCES in station/products/{name}.py offers {found.recipe} where {recipe} is asked for")
    if found.product != home.limits.product:
        raise SequenceError(
            f"the sequence tests the {found.product}, the limits are for the {home.limits.product}: correct station.toml"
        )
    found.check(home.limits.limits)
    return found


def sealing(home: Home) -> str:
    """Say which key would seal documents now; raises KeysError when a real station has none that it may use."""
    if home.simulated:
        return "simulated documents are sealed by a key of the demonstration"
    certificate = own_certificate(home.config)
    return f"documents are sealed as {common_name(certificate)}, until {certificate.not_valid_after_utc:%Y-%m-%d}"


def template_of(home: Home) -> Template:
    """Return the words and looks of the documents; raises DocumentError."""
    return parse_template(home.certificate, shown(home.config.certificate, home.config.home), home.config.certificate.parent)


def unlocked(home: Home, speed: float, today: date) -> None:
    """Raise LockedError when the station may not test: a calibration cannot be relied on, or a real clock would be hurried."""
    refuse_uncalibrated(home, today)
    all_simulated = all(one.simulated for one in home.config.instruments) and home.fixture.simulated
    if speed != 1.0 and not all_simulated:
        raise LockedError("a hurried clock (--speed) is for simulated instruments only: leave it out")


@contextmanager
def kept(config: StationConfig, clock: Clock, ids: Ids, listeners: tuple[Listener, ...]) -> Iterator[Kept]:
    """Open the station's store for writing, close what a crash left open, and keep until the end of the `with`."""
    archive, evidence = Archive(config.store), EvidenceFolder(config.evidence)
    filing = Filing(config.issued, partial(_numbered_here, config.id))
    with Journal(config.store, clock, ids, listen=listeners) as journal:
        recovered = journal.recover()
        missing = filing.mend((*archive.issued(), *archive.released()))
        originals = originals_of(config)
        evidence.mend()
        originals.mend()
        keep_current(config)
        desk = Desk(clock, journal, archive, evidence, originals, filing, Seals(config))
        mourners: list[Callable[[str], None]] = []

        def mourn(error: BaseException) -> None:
            for tell in mourners:
                tell(str(error))

        with Crew(clock, broken=mourn) as scribes:
            scribes.start("journal", journal.pump)
            yield Kept(journal, archive, evidence, filing, desk, recovered, missing, mourners)


def _numbered_here(station_id: str, number: str) -> bool:
    return any(numbered_by(station_id, number, simulated=simulated) for simulated in (False, True))


@contextmanager
def bench_of(
    home: Home, clock: Clock, transcript: Path | None = None, loaned: Callable[[LoanEntry], None] = lambda _: None
) -> Iterator[StationBench]:
    """Open DMMs, oscilloscopes and fixture, everything safe, until the end of the `with`; transcripts of all go to a folder."""
    with visa_library(home.config.visa, home.config.home) as manager, ExitStack() as stack:
        transcripts = None if transcript is None else stack.enter_context(Transcripts(transcript, clock))
        hands = stack.enter_context(Crew(clock))
        bench = open_bench(
            home.config, home.fixture, clock, of_this_host(manager, clock.transport), spawn=hands.start,
            nonces=lambda: secrets.token_bytes(4), news=_news, log=loaned,
            transcript=None if transcripts is None else transcripts.sink,
        )  # fmt: skip
        try:
            opened = stack.enter_context(bench)
        except AbsentError as error:
            if not home.simulated:
                raise
            remedy = "This bench is simulated: start it with `station simulate`, or say --simulate"
            raise AbsentError(f"{error} {remedy}") from error
        yield opened


def rooms(clock: Clock, bench: StationBench, store: Kept, ids: Ids, is_simulated: bool) -> Rooms:
    """Return what the line is built from; whether the station may test now is the caller's to say, but for what can be kept."""
    return Rooms(
        clock=clock, bench=bench, journal=store.journal, keep=store.evidence.keep, ask=_nobody, new_run_id=ids.new,
        attempt=lambda serial: store.archive.attempts(serial, simulated=is_simulated) + 1,
        recorded=store.archive.record, issue=store.desk.issue, safe_all=bench.halt,
        history=lambda serial: store.archive.history(serial, simulated=is_simulated),
        barred=lambda: store.fault,
    )  # fmt: skip


def new_ids(clock: Clock) -> Ids:
    """Return a source of run ids that nobody can foresee."""
    return Ids(clock, secrets.randbits)


def _news(*event: object) -> None:
    _log.info("the fixture says %s", event)


def _nobody(question: str) -> str:
    raise StationError(f"nobody can answer here: {question}")


def papers(
    home: Home, sequence: Sequence, operator: str, lot: str, ids: Ids, speed: float, scanned: Iterable[str] = ()
) -> Papers:
    """Return what is the same for every unit of a tray, whose serials are those `scanned`."""
    config, limits, fixture, template = home.config, home.limits, home.fixture, home.certificate_digest
    return Papers(config, limits, fixture, template, sequence, operator, lot, ids.new(), speed, frozenset(scanned))
