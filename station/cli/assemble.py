"""Put the rooms together: store, bench and line become a station that can test a tray."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module

import pyvisa

from station.certificates.issue import document, file_name, number_series, refusal
from station.certificates.template import Template, parse_template
from station.cli.bench_process import Addresses
from station.cli.home import Home, shown
from station.core.clock import Clock
from station.core.config import InstrumentConfig, StationConfig
from station.core.errors import LockedError, SequenceError, StationError
from station.core.instruments import Certificate
from station.core.record import RunRecord
from station.hardware.bench import StationBench
from station.hardware.calibration import certificates, due
from station.hardware.lending import LoanEntry
from station.hardware.opening import open_bench
from station.hardware.plugs import of_this_host
from station.line.crew import Crew
from station.line.line import Issued, Rooms
from station.line.papers import Papers
from station.sequencer.sequence import Sequence
from station.store.archive import Archive
from station.store.evidence import EvidenceFolder
from station.store.filing import Filing
from station.store.ids import Ids
from station.store.journal import Journal, Listener

_log = logging.getLogger(__name__)
_SIMULATED = Certificate("SIMULATED", date(2026, 1, 1), date(2099, 12, 31))


@dataclass(frozen=True, slots=True)
class Kept:
    """The store of a station, open for writing."""

    journal: Journal
    archive: Archive
    evidence: EvidenceFolder
    filing: Filing
    recovered: tuple[RunRecord, ...]
    missing: tuple[str, ...]


def simulated(home: Home, addresses: Addresses) -> Home:
    """Return `home` with a simulator's instruments in place of its own: at `addresses`, with simulated identities."""
    config = home.config
    return replace(
        home,
        config=replace(
            config,
            dmm=InstrumentConfig("dmm", "34461A", addresses.dmm, "SIM34461A1", _SIMULATED),
            scope=InstrumentConfig("scope", "DSOX1204G", addresses.scope, "SIMDSOX1204G1", _SIMULATED),
            fixture_address=addresses.fixture,
            operator_address=addresses.operator,
        ),
        fixture=replace(home.fixture, serial="SIMFX-0001"),
    )


def at(home: Home, addresses: Addresses) -> Home:
    """Return `home` with other addresses; who must answer there stays as station.toml says."""
    config = home.config
    dmm, scope = replace(config.dmm, address=addresses.dmm), replace(config.scope, address=addresses.scope)
    return replace(
        home,
        config=replace(config, dmm=dmm, scope=scope, fixture_address=addresses.fixture, operator_address=addresses.operator),
    )


def sequence_of(home: Home) -> Sequence:
    """Return the sequence that station.toml names, once it fits the limits; raises SequenceError."""
    name = home.config.sequence
    try:
        found = import_module(f"station.products.{name}").SEQUENCE
    except (ImportError, AttributeError) as error:
        raise SequenceError(
            f"station.toml names the sequence {name!r}, but station/products/{name}.py offers no SEQUENCE"
        ) from error
    if not isinstance(found, Sequence):
        raise SequenceError(f"SEQUENCE in station/products/{name}.py is not a Sequence")
    if found.product != home.limits.product:
        raise SequenceError(
            f"the sequence tests the {found.product}, the limits are for the {home.limits.product}: correct station.toml"
        )
    found.check(home.limits.limits)
    return found


def template_of(home: Home) -> Template:
    """Return the words and looks of the documents; raises DocumentError."""
    return parse_template(home.certificate, shown(home.config.certificate, home.config.home), home.config.certificate.parent)


def unlocked(home: Home, speed: float, today: date) -> None:
    """Raise LockedError when the station may not test: a calibration is past due, or real instruments would be hurried."""
    late = [one for one in due(certificates(home.config, home.fixture), today) if one.past]
    if late:
        named = "; ".join(f"{one.what} (certificate {one.certificate}) was due on {one.due}" for one in late)
        raise LockedError(f"calibration past due: {named}. Only a signed extension by quality lifts this")
    all_simulated = home.config.dmm.simulated and home.config.scope.simulated and home.fixture.simulated
    if speed != 1.0 and not all_simulated:
        raise LockedError("a hurried clock (--speed) is for simulated instruments only: leave it out")


@contextmanager
def kept(config: StationConfig, clock: Clock, ids: Ids, listeners: tuple[Listener, ...]) -> Iterator[Kept]:
    """Open the station's store for writing, close what a crash left open, and keep until the end of the `with`."""
    archive, filing = Archive(config.store), Filing(config.issued)
    with Journal(config.store, clock, ids, listen=listeners) as journal:
        recovered = journal.recover()
        missing = filing.mend(archive.issued())
        with Crew(clock) as scribes:
            scribes.start("journal", journal.pump)
            yield Kept(journal, archive, EvidenceFolder(config.evidence), filing, recovered, missing)


@contextmanager
def bench_of(home: Home, clock: Clock) -> Iterator[StationBench]:
    """Open DMM, oscilloscope and fixture, everything safe, until the end of the `with`."""
    manager = pyvisa.ResourceManager("@py")
    try:
        with (
            Crew(clock) as hands,
            open_bench(
                home.config, home.fixture, clock, of_this_host(manager, clock.transport), spawn=hands.start, nonces=lambda: secrets.token_bytes(4),
                news=_news, log=_loaned,
            ) as bench,
        ):  # fmt: skip
            yield bench
    finally:
        manager.close()


def rooms(clock: Clock, bench: StationBench, store: Kept, template: Template, ids: Ids, is_simulated: bool) -> Rooms:
    """Return what the line is built from."""

    def issue(record: RunRecord) -> Issued | None:
        return issued(record, store, template)

    return Rooms(
        clock=clock, bench=bench, journal=store.journal, keep=store.evidence.keep, ask=_nobody, new_run_id=ids.new,
        attempt=lambda serial: store.archive.attempts(serial, simulated=is_simulated) + 1,
        recorded=store.archive.record, issue=issue, safe_all=bench.safe,
    )  # fmt: skip


def issued(record: RunRecord, store: Kept, template: Template) -> Issued | None:
    """Issue the document that `record` earns, number and file in one order that no crash can tear; None when it earns none."""
    if refusal(record) is not None:
        return None
    names = {piece.digest for result in record.rows if result.measured for piece in result.measured.evidence}
    waveforms = {name: store.evidence.load(name) for name in names}

    def draw(number: str) -> bytes:
        return store.filing.draft(file_name(record, number), document(record, waveforms, template, number))

    kind = "certificate" if record.certifiable else "nonconformance"
    number = store.journal.certify(record.started.run_id, number_series(record) + "-", draw, kind=kind)
    return Issued(number, str(store.filing.publish(file_name(record, number))))


def issue_owed(home: Home, store: Kept, template: Template) -> Iterator[str]:
    """Issue the documents that earlier runs earned and never got, and yield a sentence about each."""
    for run_id in store.archive.owed():
        try:
            yield _issue_late(store.archive.record(run_id), home, store, template)
        except Exception as error:
            _log.debug("the document of run %s cannot be issued", run_id, exc_info=True)
            yield f"the document of run {run_id} was never issued, and cannot be: {str(error) or type(error).__name__}"


def _issue_late(record: RunRecord, home: Home, store: Kept, template: Template) -> str:
    what = f"the document of {record.started.serial}, {record.verdict.name} at {record.started.at}, was never issued"
    if record.started.documents.certificate_digest != home.certificate_digest:
        return f"{what}, and its template was changed since: put that one back, and start again"
    document = issued(record, store, template)
    return f"{what}; it is now: {document.number}" if document else f"{what}: {refusal(record)}"


def new_ids(clock: Clock) -> Ids:
    """Return a source of run ids that nobody can foresee."""
    return Ids(clock, secrets.randbits)


def _news(*event: object) -> None:
    _log.info("the fixture says %s", event)


def _loaned(entry: LoanEntry) -> None:
    _log.debug("loan %s", entry)


def _nobody(question: str) -> str:
    raise StationError(f"nobody can answer here: {question}")


def papers(home: Home, sequence: Sequence, operator: str, lot: str, ids: Ids, speed: float) -> Papers:
    """Return what is the same for every unit of a tray."""
    return Papers(home.config, home.limits, home.fixture, home.certificate_digest, sequence, operator, lot, ids.new(), speed)
