"""Put together everything that a document says, as text, from the run's record and the template alone."""

from dataclasses import dataclass, replace

from station.certificates import facts, moments, timing
from station.certificates.evidence import Figure, figures, shut_off
from station.certificates.facts import Fact
from station.certificates.fingerprint import code, fingerprint
from station.certificates.language import Statement
from station.certificates.looks import LOOKS
from station.certificates.results import ResultLine, result_lines
from station.certificates.template import Template
from station.certificates.wording import failures
from station.charts.shut_off import ShutOff
from station.core.record import RunRecord
from station.core.verdict import Verdict

_WORDED = 4  # the first looks in which the terms of a template word reasons too: before, a term like one changed nothing


@dataclass(frozen=True, slots=True)
class Content:
    """A document, ready to be drawn in its `looks`; every text is as it will be read, and empty where there is nothing to say."""

    passed: bool
    title: str
    number: str
    maker: str
    place: str
    word: str
    claim: str
    ended: str
    stamp: str
    note: str
    serial: str
    facts: tuple[Fact, ...]
    failures: tuple[str, ...]
    results: tuple[ResultLine, ...]
    shut_off: ShutOff | None
    figures: tuple[Figure, ...]
    instruments: tuple[tuple[str, ...], ...]
    statements: tuple[Statement, ...]
    code: str
    end: str
    looks: int = LOOKS


def content(record: RunRecord, template: Template, number: str, whole: str = "", looks: int = LOOKS) -> Content:
    """Return what the document `number` about `record` says, in the words of `template`; `whole` is its fingerprint, if known."""
    started, passed = record.started, record.verdict is Verdict.PASS
    kind = template.certificate if passed else template.nonconformance
    whole = whole or fingerprint(record)
    template = replace(template, quotes=looks < _WORDED)
    return Content(
        passed=passed,
        title=kind.title,
        number=number,
        maker=started.maker,
        place=" · ".join(part for part in (started.site, started.station_name) if part),
        word=kind.word,
        claim=kind.claim.format(rows=len(record.rows)),
        ended=moments.utc(moments.ended_at(record)),
        stamp=template.stamp if started.simulated else "",
        note=template.note if started.simulated else "",
        serial=started.serial,
        facts=facts.unit_facts(record, template),
        failures=failures(record, template),
        results=result_lines(record, template),
        shut_off=shut_off(record, template),
        figures=figures(record, template),
        instruments=facts.instruments(record, template),
        statements=_statements(record, template, whole, looks),
        code=code(number, started.serial, whole),
        end=kind.end.format(number=number),
        looks=looks,
    )


def _statements(record: RunRecord, template: Template, whole: str, looks: int) -> tuple[Statement, ...]:
    timed = timing.shut_off(record, template.rows) if looks > 3 else timing.as_it_was_told(record, template.rows)
    unreleased = record.started.documents.limits_unreleased
    says = {
        "equipment": facts.calibrated(record),
        **{key: key == timed for key in timing.STATEMENTS},
        "omitted": bool(record.started.omitted),
        "unseen": bool(record.started.unseen),
        "unreleased": bool(unreleased),
    }
    values = {
        "serial": record.started.serial,
        "reason": unreleased,
        "fingerprint": whole,
        "run": record.started.run_id,
        "recipe": record.started.recipe,
        "faults": "; ".join(template.term(fault) for fault in record.started.unseen),
        "rows": "; ".join(f"{row.id} {template.term(row.title)}" for row in record.started.omitted),
    }
    return tuple(
        Statement(statement.title, statement.text.format(**values))
        for key, statement in template.statements.items()
        if says.get(key, True)
    )
