"""Read the words of the lot report in one language, reports/languages/lot/de.toml for instance."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from station.certificates.language import Statement, read_texts
from station.core.document import Document
from station.core.problems import DocumentError, Problem

_CAPTIONS = """
title number products stations recipes limits began ended runs others reconciliation came units runs_row open yield pareto
none_failed first count share cumulative units_title serial attempts verdict failed document state closed product_first
line_first final station_errors released superseded revoked adds_up does_not
"""
TEXTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_CAPTIONS.split(), ()),
    "sum": ("total", "parts"),
    "interval": ("low", "high"),
    "few": ("of",),
    "end": ("lot",),
}
"""The captions and sentences, by what they say, with the placeholders that each may use."""
STATEMENTS: Mapping[str, tuple[str, ...]] = {"counting": (), "yields": (), "verification": ("fingerprint",)}
"""The paragraphs of small print, in the order in which they are printed."""
_FOLDER = Path("languages", "lot")


@dataclass(frozen=True, slots=True)
class LotWords:
    """All that a lot report says in one language; `source` is the file it was read from."""

    texts: Mapping[str, str]
    statements: Mapping[str, Statement]
    source: bytes

    def __call__(self, key: str, **values: object) -> str:
        """Return the caption or sentence `key`, its placeholders filled."""
        return self.texts[key].format(**values)


def read_lot_words(folder: Path, language: str) -> LotWords:
    """Read the words of `language` below the template's `folder`; raises DocumentError with all that is wrong."""
    path = folder / _FOLDER / f"{language}.toml"
    try:
        return parse_lot_words(path.read_bytes(), str(path))
    except OSError as error:
        remedy = "`station init` adds what an older home lacks, and changes nothing; else translate one that is beside it"
        raise DocumentError([Problem(str(path), 1, "", f"cannot be read: {error.strerror}", remedy)]) from error


def parse_lot_words(source: bytes, file: str) -> LotWords:
    """Read the words in `source`; raises DocumentError with all that is wrong."""
    document = Document(source, file)
    root = document.root
    statements = root.table("statements")
    texts = read_texts(root.table("words"), TEXTS)
    found = {key: read_texts(statements.table(key), {"title": (), "text": known}) for key, known in STATEMENTS.items()}
    for table in (statements, root):
        table.done()
    document.finish()
    return LotWords(texts, {key: Statement(one["title"], one["text"]) for key, one in found.items()}, source)
