"""Mnemonics in the manual's spelling: `VOLTage` is typed as VOLT or VOLTAGE, `CHANnel1` as CHAN1 or CHAN."""

import re
from functools import cache

_MNEMONIC = re.compile(r"(\*?[A-Z][A-Z0-9]*?)([a-z]*)(\d*)")


def short(word: str) -> str:
    """Return the short form of a mnemonic, its number included: `CHANnel1` gives `CHAN1`."""
    stem, _, number = _parts(word)
    return stem + number


@cache  # a table of commands asks a thousand times for a hundred words, and each instrument has one
def spellings(word: str) -> frozenset[str]:
    """Return every upper-case way to type a mnemonic; the number 1 may be left out."""
    stem, tail, number = _parts(word)
    bare = frozenset((stem, stem + tail.upper()))
    numbered = frozenset(form + number for form in bare)
    return numbered | bare if number == "1" else numbered


@cache
def variants(pattern: str) -> tuple[tuple[str, ...], ...]:
    """Return each row of nodes that a header pattern allows: `[SENSe]:VOLTage[:DC]` gives four."""
    rows: tuple[tuple[str, ...], ...] = ((),)
    for optional, node in _nodes(pattern):
        with_node = tuple((*row, node) for row in rows)
        rows = (*with_node, *rows) if optional else with_node
    return rows


def shortest(pattern: str) -> str:
    """Return a header pattern as it is typed with the fewest letters: `[SENSe]:VOLTage[:DC]` gives `:VOLT`."""
    typed = ":".join(short(word) for word in variants(pattern)[-1])
    return typed if typed.startswith("*") else f":{typed}"


def _nodes(pattern: str) -> list[tuple[bool, str]]:
    """Return (may be left out, mnemonic) for each node of a pattern."""
    found = re.findall(r"(\[?):?(\*?[A-Za-z][A-Za-z0-9]*):?\]?", pattern)
    return [(bool(bracket), node) for bracket, node in found]


def _parts(word: str) -> tuple[str, str, str]:
    match = _MNEMONIC.fullmatch(word)
    if match is None:
        raise ValueError(f"{word!r} is not a mnemonic in the manual's spelling, such as VOLTage or CHANnel1")
    return match.group(1), match.group(2), match.group(3)
