"""Find the controlled documents that a run names: kept beside the evidence, or still in the station's home."""

from contextlib import suppress

from station.certificates.carried import Carried, Sources
from station.certificates.issue import reduced_all
from station.certificates.template import Template, parse_template
from station.certificates.typeface import Typefaces
from station.core.config import StationConfig
from station.core.errors import StationError
from station.core.limit_file import parse
from station.core.problems import DocumentError
from station.core.record import RunRecord
from station.store.evidence import EvidenceFolder
from station.store.originals import Originals

_FILE, _LOGO, _TYPEFACE = "toml", "logo", "ttf"


def originals_of(config: StationConfig) -> Originals:
    """Return where the station keeps the originals of its documents."""
    return Originals(config.evidence / "originals")


def keep_current(config: StationConfig) -> None:
    """Keep the limit file and the template of the station's home as they are now, for the documents of all runs that use them."""
    originals = originals_of(config)
    with suppress(OSError, DocumentError):  # whoever needs them finds the fault, and says so
        limits = config.limits.read_bytes()
        originals.keep(parse(limits, config.limits.name).digest, _FILE, limits)
    with suppress(OSError, DocumentError):
        keep_template(originals, _template(config))


def keep_template(originals: Originals, template: Template) -> None:
    """Keep a template with its logo."""
    originals.keep(template.digest, _FILE, template.source)
    if template.logo is not None:
        originals.keep(template.digest, _LOGO, template.logo)
    if template.typeface is not None and template.typeface.content is not None:
        originals.keep(template.typeface.digest, _TYPEFACE, template.typeface.content)


def _template(config: StationConfig) -> Template:
    return parse_template(config.certificate.read_bytes(), config.certificate.name, config.certificate.parent)


def sources_of(record: RunRecord, originals: Originals) -> Sources:
    """Return the limit file and the template that `record` names; raises StationError when one is not kept, or is another."""
    named = record.started.documents
    limits = _kept(originals, named.limits_digest, "limit file")
    if parse(limits, "the limit file that was kept").digest != named.limits_digest:
        raise StationError(f"the limit file kept as {named.limits_digest} is another one. Restore the backup of the originals")
    text = _kept(originals, named.certificate_digest, "template")
    template = parse_template(
        text,
        "the template that was kept",
        held=originals.load(named.certificate_digest, _LOGO),
        typefaces=kept_typefaces(originals),
    )
    if template.digest != named.certificate_digest:
        raise StationError(f"the template kept as {named.certificate_digest} is another one. Restore the backup of the originals")
    return Sources(template, limits)


def kept_typefaces(originals: Originals) -> Typefaces:
    """Return what finds a typeface among the originals."""
    return lambda name: originals.load(name, _TYPEFACE)


def _kept(originals: Originals, name: str, what: str) -> bytes:
    found = originals.load(name, _FILE)
    if found is None:
        raise StationError(f"the {what} that the run used ({name}) was not kept: put it back into the home, and start again")
    return found


def carried_of(record: RunRecord, number: str, evidence: EvidenceFolder, originals: Originals) -> Carried:
    """Return all that the document `number` about `record` is made from; raises StationError when a part of it is missing."""
    names = {piece.digest for result in record.rows if result.measured for piece in result.measured.evidence}
    waveforms = {name: evidence.load(name) for name in names}
    return Carried(number, record, reduced_all(waveforms), sources_of(record, originals))
