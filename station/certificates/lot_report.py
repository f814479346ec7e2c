"""Make the report on a lot: drawn, archived with its figures inside, sealed; and read one back, to be drawn again."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from station.certificates import lot_sections, moments, sections
from station.certificates.archival import Attachment, Place, archival
from station.certificates.carried import LOGO, TEMPLATE, logo_file
from station.certificates.content import Content
from station.certificates.drawing import drawn, page_width, paged
from station.certificates.facts import Fact
from station.certificates.fingerprint import SHOWN
from station.certificates.head import head
from station.certificates.holders import unfit_to_seal
from station.certificates.language import Statement
from station.certificates.layout import Page, Piece, gap
from station.certificates.looks import LOOKS
from station.certificates.lot import Lot, read_lot
from station.certificates.lot_words import LotWords, parse_lot_words
from station.certificates.seal import Sealing, sealed
from station.certificates.template import Template, parse_template
from station.certificates.tools import producer, tools
from station.certificates.typeface import Typefaces, no_typefaces
from station.certificates.xmp import About
from station.charts import fonts
from station.core.canonical import canonical, digest
from station.core.errors import StationError

LOT, WORDS, DRAWING = "lot.json", "words.toml", "drawing.json"
SCHEMA = 3
_LOOKS = {2: 3, SCHEMA: LOOKS}  # of what is drawn on every page, by the schemas that this version draws
_OLDER = (1,)  # of reports without a number, that an earlier version drew: their figures still prove them
_DIGITS = 8  # of the fingerprint, in a number: enough to part the reports on one lot


@dataclass(frozen=True)
class LotReport:
    """All that a lot report is made from, the `tools` that drew it, and the `schema` of its drawing."""

    lot: Lot
    template: Template
    words: LotWords
    tools: Mapping[str, str] = field(default_factory=tools)
    schema: int = SCHEMA

    @property
    def outdated(self) -> str:
        """Return why it cannot be drawn again by this version, empty where it can."""
        if self.schema in _LOOKS:
            return ""
        return f"its drawing is of schema {self.schema}, and this version draws {SCHEMA}: use the version that made it"

    @property
    def number(self) -> str:
        """Return its number: of the lot and of these figures, so that it is given again to the same ones, and to no others."""
        return f"{'SIM-' if self.lot.simulated else ''}LOT-{self.lot.name}-{self.fingerprint[:_DIGITS].upper()}"

    @cached_property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the figures as 64 hex digits, as it is printed."""
        return digest(self.lot.dump()).removeprefix("sha256:")

    @property
    def code(self) -> str:
        """Return what the code on the first page holds."""
        return f"LOT1|{self.lot.name}|{self.fingerprint[:SHOWN]}"

    def files(self) -> Iterator[Attachment]:
        """Return what it is made from as the files that travel inside it."""
        yield Attachment(LOT, "application/json", "Data", "The figures; their SHA-256 is printed on the report", self.lot.dump())
        drawing = canonical({"schema": self.schema, "tools": dict(self.tools)})
        yield Attachment(DRAWING, "application/json", "Source", "The tools that drew", drawing)
        yield Attachment(TEMPLATE, "application/toml", "Source", "The template of the documents", self.template.source)
        yield from logo_file(self.template)
        yield Attachment(WORDS, "application/toml", "Source", "Every word of the report", self.words.source)


def read_lot_report(files: Mapping[str, bytes], typefaces: Typefaces = no_typefaces) -> LotReport:
    """Return what the `files` of a lot report say, by the `typefaces` at hand; raises ValueError or DocumentError."""
    try:
        drawing = json.loads(files[DRAWING])
        used, schema = drawing["tools"], drawing["schema"]
        if type(schema) is not int or schema not in (*_LOOKS, *_OLDER):
            raise ValueError(f"its drawing is of schema {schema!r:.20}, and this version reads up to {SCHEMA}")
        template = parse_template(files[TEMPLATE], TEMPLATE, held=files.get(LOGO), typefaces=typefaces)
        words = parse_lot_words(files[WORDS], WORDS)
        known = {str(name): str(number) for name, number in used.items()}
        return LotReport(read_lot(files[LOT]), template, words, known, schema)
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeError, OverflowError) as error:
        raise ValueError(f"what it carries is not what a lot report does: {error}") from error


def issue_lot(report: LotReport, sealing: Sealing, at: datetime) -> bytes:
    """Return the report sealed at `at` (UTC, whole seconds).

    Raises StationError when the key is to seal figures that are not simulated, and is of none of the lot's stations.
    """
    why = None if report.lot.simulated else unfit_to_seal(sealing.signer.certificate, report.lot.stations)
    if why is not None:
        raise StationError(f"the report on lot {report.lot.name} cannot be sealed: {why}")
    return sealed(unsealed_lot(report, at, sealing.size), sealing.size, sealing.container)


def unsealed_lot(report: LotReport, at: datetime, size: int) -> bytes:
    """Return the report in its archival form, with a place of `size` bytes for a seal that claims to be of `at` (UTC)."""
    lot, said = report.lot, lot_content(report)
    with fonts.behind(report.template.behind):
        drawing = drawn(said, lot_pages(report, said), report.template)
    title = f"{said.title} {said.number}"
    made = producer(report.tools)
    about = About(said.number, title, lot.maker, said.claim, report.template.language, made, _ended(lot))
    return archival(drawing, about, report.files(), Place(at, title, size))


def _ended(lot: Lot) -> datetime:
    return datetime.fromisoformat(lot.ended).astimezone(UTC)


def lot_content(report: LotReport) -> Content:
    """Return what the report says as text; its tables are drawn from its figures."""
    lot, words, template = report.lot, report.words, report.template
    return Content(
        passed=lot.adds_up, title=words("title"), number=report.number, maker=lot.maker, place=lot.site,
        word=f"{lot.came_to('PASS')} / {len(lot.units)} {template.word('pass')}",
        claim=lot_sections.sum_of(lot, words, template), ended=moments.utc(_ended(lot)),
        stamp=template.stamp if lot.simulated else "", note=template.note if lot.simulated else "",
        serial=f"{words('number')} {lot.name}", facts=_facts(report),
        failures=(), results=(), shut_off=None, figures=(), instruments=(),
        statements=tuple(
            Statement(one.title, one.text.format(fingerprint=report.fingerprint)) for one in words.statements.values()
        ),
        code=report.code, end=words("end", lot=lot.name), looks=_LOOKS.get(report.schema, LOOKS),
    )  # fmt: skip


def _facts(report: LotReport) -> tuple[Fact, ...]:
    lot, words, unknown = report.lot, report.words, report.template.word("not_recorded")
    began = moments.utc(datetime.fromisoformat(lot.began).astimezone(UTC))
    limits = [one.rpartition(" ") for one in lot.limits]
    return (
        Fact(words("number"), lot.name),
        Fact(words("products"), ", ".join(lot.products) or unknown),
        Fact(words("stations"), ", ".join(lot.stations) or unknown),
        Fact(words("began"), began),
        Fact(words("ended"), moments.utc(_ended(lot))),
        Fact(words("recipes"), ", ".join(lot.recipes) or unknown),
        Fact(words("others"), str(lot.others)),
        *(
            Fact(words("limits"), name, f"{report.template.label('digest')} {one.removeprefix('sha256:')}", columns=2)
            for name, _, one in limits
        ),
    )


def lot_pages(report: LotReport, said: Content) -> tuple[Page, ...]:
    """Return the pieces of the report on its pages."""
    return paged(_pieces(report, said), report.template)


def _pieces(report: LotReport, said: Content) -> list[Piece]:
    lot, words, template = report.lot, report.words, report.template
    told = (lot, words, template, page_width(template))
    width = page_width(template)
    return [
        head(said, template.label("number"), template.logo, width), lot_sections.banner(*told), *sections.facts(said, width),
        *lot_sections.reconciliation(*told), *lot_sections.yields(*told), *lot_sections.pareto(*told),
        *lot_sections.units(*told), *sections.statements(said, template, width), gap(2),
        *sections.signatures(template, width), sections.end_mark(said),
    ]  # fmt: skip
