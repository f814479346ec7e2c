"""Say what travels inside a document, so that it can be judged and drawn again from itself, and read it back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from station.certificates.archival import Attachment
from station.certificates.curves import Curve, curve_from
from station.certificates.fingerprint import canonical_record
from station.certificates.looks import DRAWN, LOOKS, OLDER
from station.certificates.record_file import read_record
from station.certificates.template import Template, parse_template
from station.certificates.tools import tools
from station.certificates.typeface import Typefaces, no_typefaces
from station.core.canonical import Json, canonical, digest
from station.core.record import RunRecord

RECORD, DRAWING, TEMPLATE, LIMITS, LOGO = "record.json", "drawing.json", "certificate.toml", "limits.toml", "logo"


@dataclass(frozen=True, slots=True)
class Sources:
    """The controlled documents behind a document: its words, and the limit file, byte by byte."""

    template: Template
    limits: bytes


@dataclass(frozen=True)
class Carried:
    """All that a document is made from: `curves` by the digests of their evidence, `tools` that drew it.

    `read` is the canonical form of the record where that is known already, from the file that it was read from. `schema` is that
    of its drawing: its looks; the curves of one that is not drawn any more are not read.
    """

    number: str
    record: RunRecord
    curves: Mapping[str, Curve]
    sources: Sources
    tools: Mapping[str, str] = field(default_factory=tools)
    read: bytes = b""
    schema: int = LOOKS

    @property
    def outdated(self) -> str:
        """Return why it cannot be drawn again by this version, empty where it can."""
        if self.schema in DRAWN:
            return ""
        return f"its drawing is of schema {self.schema}, and this version draws {LOOKS}: use the version that issued it"

    @cached_property
    def text(self) -> bytes:
        """Return the electronic record: canonical JSON."""
        return self.read or canonical_record(self.record)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the electronic record as 64 hex digits, as it is printed."""
        return digest(self.text).removeprefix("sha256:")

    def files(self) -> tuple[Attachment, ...]:
        """Return what it is made from as the files that travel inside it."""
        return tuple(self._files())

    def _files(self) -> Iterator[Attachment]:
        template = self.sources.template
        about = "The electronic record, canonical JSON; its SHA-256 is printed on the document"
        yield Attachment(RECORD, "application/json", "Data", about, self.text)
        yield Attachment(DRAWING, "application/json", "Source", "The drawn curves, and the tools that drew", self._drawing())
        yield Attachment(TEMPLATE, "application/toml", "Source", "The template: every word of the document", template.source)
        yield from logo_file(template)
        yield Attachment(LIMITS, "application/toml", "Supplement", "The limit file that judged", self.sources.limits)

    def _drawing(self) -> bytes:
        curves: dict[str, Json] = {name: curve.to_json() for name, curve in self.curves.items()}
        content: dict[str, Json] = {"schema": self.schema, "number": self.number, "tools": dict(self.tools), "curves": curves}
        return canonical(content)


def logo_file(template: Template) -> Iterator[Attachment]:
    """Return the logo of `template` as a file that travels, where it has one."""
    if template.logo is not None:
        kind = "image/png" if template.logo.startswith(b"\x89PNG") else "image/jpeg"
        yield Attachment(LOGO, kind, "Source", "The logo of the template", template.logo)


def read_carried(files: Mapping[str, bytes], typefaces: Typefaces = no_typefaces) -> Carried:
    """Return what the `files` of a document say, by their names; raises ValueError or DocumentError when they say nothing.

    `typefaces` finds those at hand: they are too large to travel.
    """
    try:
        drawing = json.loads(files[DRAWING])
        template = parse_template(files[TEMPLATE], TEMPLATE, held=files.get(LOGO), typefaces=typefaces)
        schema = drawing["schema"]
        if type(schema) is not int or schema not in (*DRAWN, *OLDER):
            raise ValueError(f"its drawing is of schema {schema!r:.20}, and this version reads up to {LOOKS}")
        curves = drawing["curves"] if schema in DRAWN else {}
        return Carried(
            number=str(drawing["number"]),
            record=read_record(files[RECORD]),
            curves={str(name): curve_from(curve) for name, curve in curves.items()},
            sources=Sources(template, files[LIMITS]),
            tools={str(name): str(number) for name, number in drawing["tools"].items()},
            read=files[RECORD],
            schema=schema,
        )
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeError, OverflowError) as error:
        raise ValueError(f"what it carries is not what a station's document does: {error}") from error
