"""Read reports/certificate.toml: every word that a document says, in which order, on which paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from station.certificates.vocabulary import LABELS, PLACES, STATEMENTS, WORDS, placeholders
from station.core.canonical import digest
from station.core.document import Document, DocumentError, Problem, Table

SECTIONS = ("unit", "failures", "results", "shut_off", "waveforms", "instruments", "statements", "signatures")
PAPERS = ("A4", "letter")
_LOGOS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_MOST_SIGNATURES = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """What sets one kind of document apart: its title, its verdict's word, its claim and its end mark."""

    title: str
    word: str
    claim: str
    end: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A paragraph of small print with its heading."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class RowIds:
    """The rows of the limit file that mean something to the document itself; empty where the product has no such row."""

    firmware: str
    shut_off: str
    accelerated: str
    silence: str


@dataclass(frozen=True, slots=True)
class Template:
    """A certificate template; `source` is its file, byte by byte, and `digest` covers it and its logo."""

    language: str
    paper: str
    logo: bytes | None
    order: tuple[str, ...]
    signatures: tuple[str, ...]
    rows: RowIds
    certificate: Kind
    nonconformance: Kind
    stamp: str
    note: str
    labels: Mapping[str, str]
    words: Mapping[str, str]
    statements: Mapping[str, Statement]
    digest: str
    source: bytes

    def label(self, key: str, **values: object) -> str:
        """Return the label `key`, its placeholders filled."""
        return self.labels[key].format(**values)

    def word(self, key: str, **values: object) -> str:
        """Return the word or sentence `key`, its placeholders filled."""
        return self.words[key].format(**values)


def read_template(path: Path) -> Template:
    """Read the template file at `path` and the logo beside it; raises DocumentError with all that is wrong."""
    try:
        text = path.read_bytes()
    except OSError as error:
        remedy = "Name the certificate template of station.toml's [product] correctly"
        raise DocumentError([Problem(str(path), 1, "", f"cannot be read: {error.strerror}", remedy)]) from error
    return parse_template(text, str(path), path.parent)


def parse_template(text: str | bytes, file: str, folder: Path | None = None, held: bytes | None = None) -> Template:
    """Read the template `text` (its name, for messages, is `file`), its logo from `folder`; raises DocumentError.

    `held` is the logo where it is at hand already: then nothing is read from a folder.
    """
    source = text.encode() if isinstance(text, str) else text
    document = Document(text, file)
    root = document.root
    head, rows, simulated = root.table("document"), root.table("rows"), root.table("simulated")
    logo = _logo(head, folder) if held is None else _held(head, held)
    template = Template(
        language=head.text("language"),
        paper=head.text("paper", choices=PAPERS),
        logo=logo,
        order=_order(head),
        signatures=_signatures(head),
        rows=RowIds(*(rows.text(key, default="") for key in ("firmware", "shut_off", "accelerated", "silence"))),
        certificate=_kind(root.table("certificate")),
        nonconformance=_kind(root.table("nonconformance")),
        stamp=simulated.text("stamp"),
        note=simulated.text("note"),
        labels=_texts(root.table("labels"), LABELS),
        words=_texts(root.table("words"), WORDS),
        statements=_statements(root.table("statements")),
        digest=digest(source + (logo or b"")),
        source=source,
    )
    for table in (head, rows, simulated, root):
        table.done()
    document.finish()
    return template


def _order(head: Table) -> tuple[str, ...]:
    order = head.texts("order")
    if sorted(order) != sorted(SECTIONS):
        head.problem("order", "does not name every section once", f"Put these in the order you want: {', '.join(SECTIONS)}")
    return order


def _signatures(head: Table) -> tuple[str, ...]:
    places = head.texts("signatures")
    if len(places) > _MOST_SIGNATURES:
        head.problem("signatures", f"has {len(places)} places", f"Give at most {_MOST_SIGNATURES}: more do not fit on a line")
    return places


def _logo(head: Table, folder: Path | None) -> bytes | None:
    name = head.text("logo", default="")
    if not name:
        return None
    if folder is None or Path(name).name != name:
        head.problem("logo", f"is {name!r}", "Name a PNG or JPEG file that lies beside this file")
        return None
    try:
        logo = (folder / name).read_bytes()
    except OSError as error:
        head.problem("logo", f"cannot be read: {error.strerror}", "Put the file beside this one, or leave logo out")
        return None
    if not logo.startswith(_LOGOS):
        head.problem("logo", "is neither PNG nor JPEG", "Save the logo as one of these")
    return logo


def _held(head: Table, logo: bytes) -> bytes:
    if not head.text("logo", default="") or not logo.startswith(_LOGOS):
        head.problem("logo", "is not the picture at hand", "Give the logo that the file names, as PNG or JPEG")
    return logo


def _kind(table: Table) -> Kind:
    texts = _texts(table, PLACES)
    table.done()
    return Kind(*(texts[key] for key in ("title", "word", "claim", "end")))


def _statements(table: Table) -> Mapping[str, Statement]:
    found = {}
    for key, known in STATEMENTS.items():
        part = table.table(key)
        texts = _texts(part, {"title": (), "text": known})
        found[key] = Statement(texts["title"], texts["text"])
    table.done()
    return MappingProxyType(found)


def _texts(table: Table, known: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    texts = {key: table.text(key) for key in known}
    for key, text in texts.items():
        used = placeholders(text)
        allowed = known[key]
        if used is None or not used <= set(allowed):
            can = ", ".join(f"{{{name}}}" for name in allowed) or "none"
            table.problem(key, "uses a placeholder that it cannot fill", f"It may use: {can}; write {{{{ and }}}} for braces")
    table.done()
    return MappingProxyType(texts)
