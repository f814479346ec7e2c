"""Read reports/certificate.toml and the words of its language: what a document says, in which order, on which paper."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from station.certificates.language import TABLES, Kind, Statement, Words, read_words
from station.certificates.terms import reason, term
from station.certificates.typeface import Typeface, TypefaceError, Typefaces, no_typefaces, read_typeface
from station.core.canonical import digest
from station.core.document import Document
from station.core.problems import DocumentError, Problem, shown
from station.core.table import Table

SECTIONS = ("unit", "failures", "results", "shut_off", "waveforms", "instruments", "statements", "signatures")
PAPERS = ("A4", "letter")
_LOGOS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_MOST_SIGNATURES = 4
_FOLDER = "languages"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # as programs that read a PDF aloud know them: de, es, zh-Hans


@dataclass(frozen=True, slots=True)
class RowIds:
    """The rows of the limit file that mean something to the document itself; empty where the product has no such row."""

    firmware: str
    shut_off: str
    accelerated: str
    silence: str


@dataclass(frozen=True, slots=True)
class Template:
    """A certificate template and the words of its language.

    `source` is all of it as one TOML text, the file and then the words, from which it is read again; `digest` covers that and
    the logo. Where it `quotes`, reasons stand as they are on record, whatever its terms.
    """

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
    decimal: str = "."
    typeface: Typeface | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    quotes: bool = False

    @property
    def tells_instruments(self) -> bool:
        """Return whether it has words for which of several instruments measured a row: one of an earlier time has none."""
        return "measured_with" in self.labels

    def label(self, key: str, **values: object) -> str:
        """Return the label `key`, its placeholders filled."""
        return self.labels[key].format(**values)

    def word(self, key: str, **values: object) -> str:
        """Return the word or sentence `key`, its placeholders filled."""
        return self.words[key].format(**values)

    def term(self, text: str) -> str:
        """Return how `text` of the limit file, of a step or of the bench reads in this language, or as it is written."""
        return term(self.terms, text)

    def reason(self, text: str) -> str:
        """Return how a reason that the station wrote into the record reads in this language, or as it is on record."""
        return text if self.quotes else reason(self.terms, text, self.number)

    @property
    def behind(self) -> bytes:
        """Return the TrueType file that sets what FiraGO lacks, empty where none is named; raises TypefaceError."""
        if self.typeface is None:
            return b""
        if self.typeface.content is None:
            raise TypefaceError(
                f"the typeface {self.typeface.file} ({self.typeface.digest}) is not at hand: name it with --typeface"
            )
        return self.typeface.content

    def number(self, figures: str) -> str:
        """Return `figures`, written with a decimal point and without groups, as the language writes them: no digit changes."""
        return figures.replace(".", self.decimal)


def read_template(path: Path) -> Template:
    """Read the template file at `path`, its language and the logo beside it; raises DocumentError with all that is wrong."""
    try:
        text = path.read_bytes()
    except OSError as error:
        remedy = "Name the certificate template of station.toml's [product] correctly"
        raise DocumentError([Problem(str(path), 1, "", f"cannot be read: {error.strerror}", remedy)]) from error
    return parse_template(text, str(path), path.parent)


def parse_template(
    text: str | bytes,
    file: str,
    folder: Path | None = None,
    held: bytes | None = None,
    typefaces: Typefaces = no_typefaces,
) -> Template:
    """Read the template `text` (its name, for messages, is `file`), language and logo from `folder`; raises DocumentError.

    A text with the tables of words in it is whole, and no language is read beside it. `held` is the logo where it is at hand
    already: then nothing is read from a folder. `typefaces` finds those at hand.
    """
    source = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    document = Document(text, file)
    root = document.root
    head, rows = root.table("document"), root.table("rows")
    language, paper = head.text("language"), head.text("paper", choices=PAPERS)
    order, signatures = _order(head), _signatures(head)
    ids = RowIds(*(rows.text(key, default="") for key in ("firmware", "shut_off", "accelerated", "silence")))
    logo = _logo(head, folder) if held is None else _held(head, held)
    typeface = read_typeface(head, language, folder, typefaces)
    words = read_words(root) if any(key in root for key in TABLES) else None
    beside = b"" if words is not None else _beside(head, language, folder)
    for table in (head, rows, root):
        table.done()
    document.finish()
    if words is None:
        words, source = _words(beside, Path(file).parent / _file(language)), source + b"\n" + beside
    return Template(
        language, paper, logo, order, signatures, ids, words.certificate, words.nonconformance, words.stamp, words.note,
        words.labels, words.words, words.statements, digest(source + (logo or b"")), source, words.decimal, typeface, words.terms,
    )  # fmt: skip


def _file(language: str) -> Path:
    return Path(_FOLDER, f"{language}.toml")


def _beside(head: Table, language: str, folder: Path | None) -> bytes:
    """Return the file of `language` beside the template's; what is wrong with it is noted at the template's key."""
    if not _LANGUAGE.fullmatch(language):
        head.problem("language", f"is {shown(language)}", "Give a language as programs name it: en, de, es, zh-Hans")
        return b""
    if folder is None:
        head.problem("language", f"is {language!r}, and its words are not in here", "Give the tables of its file in this one")
        return b""
    try:
        return (folder / _file(language)).read_bytes()
    except OSError as error:
        known = ", ".join(sorted(one.stem for one in (folder / _FOLDER).glob("*.toml"))) or "none"
        what = f"is {language!r}, and {_file(language).as_posix()} beside this file cannot be read: {error.strerror}"
        remedy = (
            f"Give a language that is there ({known}), or write that file; `station init` adds those that an older home lacks"
        )
        head.problem("language", what, remedy)
        return b""


def _words(text: bytes, file: Path) -> Words:
    document = Document(text, str(file))
    words = read_words(document.root)
    document.root.done()
    document.finish()
    return words


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
