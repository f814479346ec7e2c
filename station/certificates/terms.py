"""Say in another language what is written elsewhere: titles of the limit file, and reasons on record."""

import re
from collections.abc import Callable, Iterator, Mapping

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_PLACE = re.compile(r"#|\{\}")
GAPS = {"#": "numbers", "{}": "texts"}
"""What a term may hold in place of what differs from one text to the next."""


def term(terms: Mapping[str, str], text: str) -> str:
    """Return how `text` reads by the `terms`, or as it is written.

    A term with # in it stands for every text with numbers there; they are taken over in their order.
    """
    if text in terms and "#" not in text:
        return terms[text]
    known = terms.get(_NUMBER.sub("#", text))
    if known is None or "#" in text:
        return text
    numbers = iter(_NUMBER.findall(text))
    return re.sub("#", lambda _: next(numbers), known)


def reason(terms: Mapping[str, str], text: str, number: Callable[[str], str]) -> str:
    """Return how the reason `text` reads by the `terms`, or as it is on record; `number` writes figures as the language does.

    A term with {} or # in it stands for every text with anything, or with a number, there; they are taken over in their order.
    """
    if text in terms:
        return terms[text]
    for known, own in terms.items():
        if _PLACE.search(known) and (held := _held(known, text)) is not None:
            return _PLACE.sub(lambda place, held=held: _next(held, place[0], number), own)  # type: ignore[misc]  # a default is typed by its value
    return text


def _next(held: Mapping[str, Iterator[str]], place: str, number: Callable[[str], str]) -> str:
    taken = next(held[place])
    return number(taken) if place == "#" else taken


def _held(known: str, text: str) -> Mapping[str, Iterator[str]] | None:
    """Return what stands in `text` at the places of the term `known`, by their kind; None when it is not such a text.

    A place takes the least that lets the next words follow, and nothing is tried twice: a term that somebody made up for this
    cannot take long. Where the words between two texts stand in the second again, nobody can tell which parted them: a unit
    may answer with our words, and what it said is quoted or not told at all.
    """
    words, found = _PLACE.split(known), {place: list[str]() for place in GAPS}
    if not text.startswith(words[0]):
        return None
    at, parting, parted = len(words[0]), "", len(text)
    for place, following in zip(_PLACE.findall(known), words[1:], strict=True):
        end = _end(place, text, at, following)
        if end <= at or not text.startswith(following, end):
            return None
        if place == "{}" and text.find(parting, parted + 1, end) >= 0:
            return None
        if place == "{}":
            parting, parted = following, end
        found[place].append(text[at:end])
        at = end + len(following)
    return {place: iter(taken) for place, taken in found.items()} if at == len(text) else None


def _end(place: str, text: str, at: int, following: str) -> int:
    """Return where the place that begins `at` ends in `text`, by the words `following` it; not behind `at` when there is none."""
    if place == "#":
        number = _NUMBER.match(text, at)
        return number.end() if number else at
    return text.find(following, at + 1) if following else len(text)
