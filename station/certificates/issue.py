"""Issue a document: decide whether there may be one, of which series, draw it, seal it, and name its file."""

import re
from collections.abc import Mapping
from datetime import datetime

from station.certificates import moments
from station.certificates.archival import Place, archival
from station.certificates.carried import Carried
from station.certificates.content import content
from station.certificates.curves import Curve, reduced
from station.certificates.drawing import draw
from station.certificates.holders import unfit_to_seal
from station.certificates.seal import Sealing, sealed
from station.certificates.template import Template
from station.certificates.tools import producer
from station.certificates.xmp import About
from station.charts import fonts
from station.charts.oscillogram import Samples
from station.core.document_name import document_name
from station.core.errors import StationError
from station.core.record import RunRecord
from station.core.verdict import Verdict
from station.core.waveform import Waveform

_DOCUMENTED = ("production", "rework")  # golden, failing, msa, cal and debug runs earn no document, whatever they come to


class NoDocumentError(StationError):
    """There is no document about this run; the message says why."""


def refusal(record: RunRecord) -> str | None:
    """Return why there is no document about `record`, or None when there is one."""
    started = record.started
    if record.verdict not in (Verdict.PASS, Verdict.FAIL):
        return f"its verdict is {record.verdict.name}, and only PASS and FAIL say something about the unit"
    if started.run_type not in _DOCUMENTED:
        return f"it is a {started.run_type} run, and only production and rework runs are documented"
    if record.verdict is Verdict.PASS and not record.certifiable:
        return f"the limits are not released: {started.documents.limits_unreleased}"
    return None


def number_series(record: RunRecord) -> str:
    """Return the series that the number of a document about `record` belongs to: EOL-01-2026, or NCR-EOL-01-2026.

    What a simulator made is numbered apart: SIM-EOL-01-2026, SIM-NCR-EOL-01-2026.
    """
    simulated = "SIM-" if record.started.simulated else ""
    report = "" if record.verdict is Verdict.PASS else "NCR-"
    return f"{simulated}{report}{record.started.station_id}-{moments.ended_at(record).year}"


def numbered_by(station_id: str, number: str, *, simulated: bool) -> bool:
    """Return whether `number` is of a series that this station gives to simulated or real runs, or of its release."""
    prefix = "SIM-" if simulated else ""
    return re.fullmatch(rf"{prefix}(NCR-)?{re.escape(station_id)}-[0-9]{{4}}-[0-9]+(-R)?", number) is not None


def document(record: RunRecord, waveforms: Mapping[str, Samples], template: Template, number: str) -> bytes:
    """Return the drawing of the certificate or nonconformance report `number` about `record`: a PDF, always the same bytes.

    `waveforms` holds each waveform, or the curve it was reduced to, by the digest that the record's evidence names. Raises
    NoDocumentError when the run may have none, and when `number` is not of the record's series.
    """
    _check(record, number)
    with fonts.behind(template.behind):
        return draw(content(record, template, number), waveforms, template)


def _check(record: RunRecord, number: str) -> None:
    if why := refusal(record):
        raise NoDocumentError(f"there is no document about run {record.started.run_id}: {why}")
    if why := misnumbered(record, number):
        raise NoDocumentError(why)


def misnumbered(record: RunRecord, number: str) -> str | None:
    """Return why `number` is not one of a document about `record`, None when it is of the record's series."""
    series = number_series(record)
    if re.fullmatch(re.escape(series) + r"-[0-9]+", number):
        return None
    return f"{number!r} is not a number of the series {series}: it would be {series}-000001, for instance"


def reduced_all(waveforms: Mapping[str, Waveform]) -> dict[str, Curve]:
    """Return what a document draws and carries of each waveform, by its digest, in the order of the digests."""
    return {name: reduced(waveforms[name]) for name in sorted(waveforms)}


def unsealed(carried: Carried, at: datetime, size: int) -> bytes:
    """Return the document in its archival form, with a place of `size` bytes for a seal that claims to be of `at` (UTC)."""
    record, template = carried.record, carried.sources.template
    _check(record, carried.number)
    said = content(record, template, carried.number, carried.fingerprint, carried.schema)
    with fonts.behind(template.behind):
        drawing = draw(said, carried.curves, template)
    title = f"{said.title} {said.number}"
    subject = f"{said.word} {said.serial}{' ' + said.stamp if said.stamp else ''}"
    made = producer(carried.tools)
    about = About(said.number, title, said.maker, subject, template.language, made, moments.ended_at(record))
    return archival(drawing, about, carried.files(), Place(at, title, size))


def issue(carried: Carried, sealing: Sealing, at: datetime) -> bytes:
    """Return the document sealed at `at` (UTC, whole seconds): the file that is issued.

    Raises NoDocumentError when the key is to seal what was not simulated, and is not of the station that tested it.
    """
    started = carried.record.started
    why = None if started.simulated else unfit_to_seal(sealing.signer.certificate, (started.station_id,))
    if why is not None:
        raise NoDocumentError(f"{why}. Make the station's own with `station keys init`, or `station keys rotate`")
    return sealed(unsealed(carried, at, sealing.size), sealing.size, sealing.container)


def file_name(record: RunRecord, number: str) -> str:
    """Return where the document `number` about `record` is filed: the day of the run's end, number and serial, all escaped."""
    return f"{moments.ended_at(record):%Y-%m-%d}/{document_name(number, record.started.serial)}"
