"""Issue the documents that runs have earned, each sealed, numbered and filed in one order that no crash can tear."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from station.certificates.issue import file_name, issue, number_series, refusal
from station.certificates.seal_copy import copied
from station.cli.seals import Seals
from station.cli.sources import carried_of
from station.core.clock import Clock
from station.core.record import RunRecord
from station.line.line import Issued
from station.store.archive import Archive
from station.store.evidence import EvidenceFolder
from station.store.filing import Filing
from station.store.journal import Journal
from station.store.numbering import Instead
from station.store.originals import Originals

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where documents are issued."""

    clock: Clock
    journal: Journal
    archive: Archive
    evidence: EvidenceFolder
    originals: Originals
    filing: Filing
    seals: Seals

    def issue(self, record: RunRecord, instead: Instead | None = None) -> Issued | None:
        """Issue the document that `record` earns, where it is so in place of another (`instead`); None when it earns none."""
        if refusal(record) is not None:
            return None
        simulated = record.started.simulated

        def draw(number: str) -> bytes:  # one at a time: units that are measured meanwhile want the host too
            self.filing.refuse_taken(number)
            carried = carried_of(record, number, self.evidence, self.originals)
            at = now(self.clock)
            document = issue(carried, self.seals.sealing(at, simulated=simulated), at)
            self.seals.prove(document, simulated=simulated)
            self.originals.keep_seal(number, copied(document, carried.tools).dump())
            return self.filing.draft(file_name(record, number), document)

        kind = "certificate" if record.certifiable else "nonconformance"
        series = number_series(record) + "-"
        number = self.journal.certify(record.started.run_id, series, draw, kind=kind, instead=instead)
        return Issued(number, str(self.filing.publish(file_name(record, number))))

    def issue_owed(self) -> Iterator[str]:
        """Issue the documents that earlier runs earned and never got, and yield a sentence about each."""
        for run_id in self.archive.owed():
            try:
                yield self._issue_late(self.archive.record(run_id))
            except Exception as error:
                _log.debug("the document of run %s cannot be issued", run_id, exc_info=True)
                yield f"the document of run {run_id} was never issued, and cannot be: {str(error) or type(error).__name__}"

    def _issue_late(self, record: RunRecord) -> str:
        what = f"the document of {record.started.serial}, {record.verdict.name} at {record.started.at}, was never issued"
        document = self.issue(record)
        return f"{what}; it is now: {document.number}" if document else f"{what}: {refusal(record)}"


def now(clock: Clock) -> datetime:
    """Return the moment by `clock` (UTC) in whole seconds, as a signature says it."""
    return datetime.fromisoformat(clock.utc()).replace(microsecond=0)
