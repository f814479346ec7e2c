"""Read the words of one language, reports/languages/de.toml for instance: every text that a document says, and its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from station.certificates.terms import GAPS
from station.certificates.vocabulary import LABELS, LATER, LATER_LABELS, PLACES, STATEMENTS, WORDS, placeholders
from station.core.table import Table

TABLES = ("certificate", "nonconformance", "simulated", "labels", "words", "statements")
_COMMAS = (".", ",")


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
class Words:
    """All that a language says; `terms` are texts of the limit file and the steps, by how they are written there."""

    certificate: Kind
    nonconformance: Kind
    stamp: str
    note: str
    labels: Mapping[str, str]
    words: Mapping[str, str]
    statements: Mapping[str, Statement]
    decimal: str
    terms: Mapping[str, str]


def read_words(root: Table) -> Words:
    """Return the words in the tables of `root`; what is wrong or missing is noted in its document."""
    simulated, numbers = root.table("simulated"), root.table("numbers", optional=True)
    words = Words(
        certificate=_kind(root.table("certificate")),
        nonconformance=_kind(root.table("nonconformance")),
        stamp=simulated.text("stamp"),
        note=simulated.text("note"),
        labels=_labels(root.table("labels")),
        words=read_texts(root.table("words"), WORDS),
        statements=_statements(root.table("statements")),
        decimal=numbers.text("decimal", default=".", choices=_COMMAS),
        terms=_terms(root.table("terms", optional=True)),
    )
    simulated.done()
    numbers.done()
    return words


def _kind(table: Table) -> Kind:
    texts = read_texts(table, PLACES)
    return Kind(*(texts[key] for key in ("title", "word", "claim", "end")))


def _labels(table: Table) -> Mapping[str, str]:
    there = {key: known for key, known in LATER_LABELS.items() if key in table}
    return read_texts(table, {**LABELS, **there})


def _statements(table: Table) -> Mapping[str, Statement]:
    found = {}
    for key, known in STATEMENTS.items():
        if key in LATER and key not in table:
            found[key] = Statement(*LATER[key])
            continue
        texts = read_texts(table.table(key), {"title": (), "text": known})
        found[key] = Statement(texts["title"], texts["text"])
    table.done()
    return MappingProxyType(found)


def _terms(table: Table) -> Mapping[str, str]:
    terms = {key: table.text(key) for key in table.keys()}  # noqa: SIM118 - a table is no dict
    for key, text in terms.items():
        for place, name in GAPS.items():
            if text.count(place) != key.count(place):
                what = f"has {text.count(place)} places for {name}, and what it stands for {key.count(place)}"
                table.problem(key, what, f"Give each one {place}")
    return MappingProxyType(terms)


def read_texts(table: Table, known: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """Return the texts of `table`, which are those in `known`, each with the placeholders that it may use."""
    texts = {key: table.text(key) for key in known}
    for key, text in texts.items():
        used = placeholders(text)
        allowed = known[key]
        if used is None or not used <= set(allowed):
            can = ", ".join(f"{{{name}}}" for name in allowed) or "none"
            table.problem(key, "uses a placeholder that it cannot fill", f"It may use: {can}; write {{{{ and }}}} for braces")
    table.done()
    return MappingProxyType(texts)
