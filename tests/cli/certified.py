"""Make a home in which a unit has passed and has its certificate, without a bench: events, evidence, store, desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from station.cli import assemble
from station.cli.home import make, read
from station.clocks.steady import SteadyClock
from station.core.events import Controlled, Event, Measured, RunStarted
from station.line.line import Issued
from tests.certificates.records import events, mc100, waveforms
from tests.certificates.sealing import limit_file
from tests.store.stories import ids

PASSPHRASE = "correct horse battery"


def home_in(folder: Path) -> Path:
    """Make a station's home whose limits are those of the sample records, with a passphrase in a file of its own."""
    make(folder)
    (folder / "limits" / "mc100-b.toml").write_bytes(limit_file(mc100()))
    secret = folder / "secret"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    toml = folder / "station.toml"
    toml.write_text(toml.read_text().replace('folder = "keys"', 'folder = "keys"\npassphrase = "secret"'))
    return folder


@contextmanager
def opened(home: Path) -> Iterator[assemble.Kept]:
    """Open the store of a home for writing."""
    clock = SteadyClock()
    with assemble.kept(read(home).config, clock, ids(7), ()) as store:
        yield store


def certify(home: Path, serial: str = "SN26-100401", *, simulated: bool, seed: int = 1) -> Issued:
    """Put the run of a good unit on record and issue its certificate."""
    with opened(home) as store:
        run_id = ids(seed).new()
        for event in told(home, store, run_id, serial, simulated=simulated):
            store.journal.write(event)
        store.journal.settle(run_id)
        issued = store.desk.issue(store.archive.record(run_id))
    assert issued is not None
    return issued


def told(home: Path, store: assemble.Kept, run_id: str, serial: str, *, simulated: bool) -> list[Event]:
    """Return the events of a run that names the home's documents and evidence that is kept."""
    known = read(home)
    kept = {name: store.evidence.keep(waveform, name) for name, waveform in waveforms().items()}
    stream: list[Event] = []
    for event in events(mc100(), simulated=simulated, serial=serial):
        changed = replace(event, run_id=run_id)
        if isinstance(changed, Measured):
            evidence = tuple(replace(kept[one.digest], title=one.title) for one in changed.evidence)
            changed = replace(changed, evidence=evidence)
        if isinstance(changed, RunStarted):
            documents = _named(changed.documents, known.limits.digest, known.certificate_digest)
            changed = replace(changed, documents=documents, station_id=known.config.id)
        stream.append(changed)
    return stream


def _named(documents: Controlled, limits: str, certificate: str) -> Controlled:
    return replace(documents, limits_digest=limits, certificate_digest=certificate)
