"""Lay out valid records drawn at random and say what is wrong: `python -m tests.certificates.random_records 1000 [SEED]`."""

import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from random import Random

import numpy as np
from reportlab.pdfbase import pdfmetrics

from station.certificates.content import Content, content
from station.certificates.drawing import draw_page, page_box, pages
from station.certificates.layout import Page
from station.certificates.results import ResultLine
from station.certificates.template import SECTIONS, Template
from station.charts import fonts
from station.charts.legible import legible
from station.charts.surface import Box
from station.core.events import as_row
from station.core.measurement import Evidence
from station.core.record import RunRecord
from station.core.waveform import Waveform
from tests.certificates.records import Sample, count_row, exact_row, in_language, number_row, record
from tests.charts.recorder import Recorder

LONGEST = 120  # signs of a hostile text
_HOSTILE = "שלום مرحبا中文😀Z\u0334\u202e\u200b\t\nЖő<&>\\{}%\ufffd\u0000\U0010fffd"
_WORDS = ("Donaudampfschifffahrt", "x" * 70, "−400 µA", "level 3", "{serial}", "</text>", "%s", "…", "·", "Ω", "naïve", "W" * 30)
_EXTREME = (0.0, -0.0, 5e-324, 1.8e308, -1.8e308, 1e-12, 4.05e-4, 0.1 + 0.2, 1e15, -1e-300, float("nan"), float("inf"))
_NAMED = (
    "serial", "lot", "operator", "maker", "site", "station_name", "product", "product_revision", "sequence", "sequence_version",
    "recipe", "timezone", "retest_reason", "parent_run_id", "fixture_serial", "station_id",
)  # fmt: skip


def drawn_at_random(seed: int) -> tuple[RunRecord, dict[str, Waveform], Template]:
    """Return a record with its waveforms, and the template by which it is to be laid out: the same for the same `seed`."""
    chance = Random(seed)
    held = {f"sha256:{number:064x}": _waveform(chance) for number in range(chance.randint(0, 6))}
    samples = [
        _sample(chance, number, tuple(held))
        for number in range(chance.choice((1, 2, chance.randint(3, 60), chance.randint(61, 200))))
    ]
    samples[0] = replace(samples[0], evidence=tuple(_evidence(chance, name) for name in held))
    named: dict[str, object] = {name: _text(chance, LONGEST) or "x" for name in _NAMED if chance.random() < 0.5}
    if chance.random() < 0.3:
        named["omitted"] = tuple(as_row(_sample(chance, 500 + number, ()).limit) for number in range(chance.randint(1, 60)))
    told = record(samples, simulated=chance.random() < 0.5, because=samples[0].limit.id, **named)
    shown = {name: waveform for name, waveform in held.items() if chance.random() < 0.9}
    order = list(SECTIONS)
    if chance.random() < 0.3:
        chance.shuffle(order)
    words = in_language(chance.choice(("en", "de", "es")))
    return told, shown, replace(words, paper=chance.choice(("A4", "letter")), order=tuple(order))


def _text(chance: Random, longest: int) -> str:
    if chance.random() < 0.3:
        return chance.choice(_WORDS)
    parts: list[str] = []
    while sum(map(len, parts)) < chance.randint(1, longest):
        parts.append(chance.choice((*_WORDS, "".join(chance.choices(_HOSTILE, k=8)), "a", "Current")))
    return chance.choice((" ", "")).join(parts)[:longest]


def _number(chance: Random) -> float:
    if chance.random() < 0.4:
        return chance.choice(_EXTREME)
    return chance.uniform(-10, 10) * 10.0 ** chance.randint(-20, 20)


def _sample(chance: Random, number: int, evidence: tuple[str, ...]) -> Sample:
    row_id = f"{chance.choice(('CUR', 'WAV', 'WWWWWWWW'))}.{number:03}"
    title, condition = _text(chance, LONGEST), _text(chance, LONGEST)
    kind, seen = chance.random(), (_evidence(chance, name) for name in evidence if chance.random() < 0.1)
    if kind < 0.1:
        made = exact_row(row_id, title, _text(chance, LONGEST) or "x", _text(chance, LONGEST) or "y", condition=condition)
    elif kind < 0.2:
        made = count_row(row_id, title, 0, 10, chance.choice((0, 11, 10**30, -1)))
    else:
        made = _measured(chance, row_id, title, condition)
    return replace(made, evidence=tuple(seen)) if chance.random() < 0.95 else replace(made, value=None)


def _measured(chance: Random, row_id: str, title: str, condition: str) -> Sample:
    low, high = sorted(chance.uniform(-1, 1) * 10.0 ** chance.randint(-9, 12) for _ in "ab")
    least, most = chance.choice(((low, high), (None, high), (low, None)))
    symbol, safety = chance.choice(("uA", "1", "%", "s", "pulses", "ohm", "nC")), chance.choice(("none", "none", "high"))
    made = number_row(
        row_id, title, symbol, least, most, value=0.0, u=0.0, u_max=0.0, method=_text(chance, LONGEST), condition=condition,
        safety="none" if most is None else safety,
    )  # fmt: skip
    value = made.limit.unit.to_si(chance.uniform(low, high)) if chance.random() < 0.5 else _number(chance)
    return replace(made, value=value, u=chance.choice((0.0, abs(value) * 1e-4, 1e250, 1e-9)))


def _evidence(chance: Random, name: str) -> Evidence:
    return Evidence(name, _text(Random(name), LONGEST) or "x", chance.choice(("application/x-npz",)), 1)


def _waveform(chance: Random) -> Waveform:
    size = chance.choice((0, 1, 2, 1000))
    volts = chance.choice((0.0, 1e-12, 0.4, 1e30)) * np.sin(np.arange(size, dtype=np.float64))
    if size and chance.random() < 0.3:
        volts[:: chance.randint(1, 3)] = np.nan
    return Waveform(volts, 10.0 ** chance.randint(-9, 1), chance.uniform(-1, 1), 0.01, chance.random() < 0.2, "CH1")


def problems(seed: int) -> list[str]:
    """Return what is wrong with the layout of the record of `seed`: overlap, text cut or off the page, no glyph, empty page."""
    told, held, template = drawn_at_random(seed)
    said = content(told, template, "EOL-01-2026-000042")
    return [f"seed {seed}: {what}" for what in layout(said, template, pages(said, held, template))]


def layout(said: Content, template: Template, placed: tuple[Page, ...]) -> list[str]:
    """Return what is wrong with `said` on the pages `placed`."""
    found = [what for number, page in enumerate(placed, 1) for what in _page(said, template, page, number, len(placed))]
    return [*found, *_cut(said, template, placed)]


def _page(said: Content, template: Template, page: Page, number: int, count: int) -> Iterator[str]:
    surface, own = Recorder(), _own(template, (page,))
    draw_page(surface, said, template, page, number, count)
    yield from (f"page {number}: {one!r} runs into {other!r}" for one, other in surface.collisions())
    yield from (f"page {number}: {text!r} leaves the page" for text in surface.outside(page_box(template).inner(30, 10, 30, 20)))
    if not own.texts:
        yield f"page {number} is empty"
    glyphs = [pdfmetrics.getFont(face).face.charToGlyph for face in (fonts.REGULAR, fonts.BOLD)]
    for text in surface.texts:
        yield from (
            f"page {number}: no glyph for {sign!r}" for sign in text.text if not all(ord(sign) in face for face in glyphs)
        )


def _own(template: Template, placed: tuple[Page, ...]) -> Recorder:
    """Return what the pieces themselves draw, without what stands on every page."""
    surface, width = Recorder(), page_box(template).width - 80
    for page in placed:
        for one in page:
            one.piece.draw(surface, Box(0, -one.top, width, one.piece.height))
    return surface


def _cut(said: Content, template: Template, placed: tuple[Page, ...]) -> Iterator[str]:
    everything = _packed(_own(template, placed).said())
    for text in _texts(said):
        if _packed(legible(text)) not in everything:
            yield f"cut: {text!r}"


def _packed(text: str) -> str:
    return "".join(text.split())


def _texts(part: object) -> Iterator[str]:
    """Yield every text of a content that stands on the page as it is; a row that was not measured shows no figures."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from _texts(one)
    elif is_dataclass(part) and not isinstance(part, type):
        hidden = {"passed", "code", "serial", "stamp", "note"} | _unsaid(part)
        for one in fields(part):
            if one.name not in hidden:
                yield from _texts(getattr(part, one.name))


def _unsaid(part: object) -> set[str]:
    if isinstance(part, ResultLine):
        return ({"figures", "unit"} if part.said else set()) | ({"figures"} if part.expected else set())
    return {"digest", "decimal"} if not isinstance(part, Content) else set()


def main(count: int, first: int) -> int:
    """Lay out `count` records from the seed `first` on; print each fault, and return whether there was one."""
    faults = [what for seed in range(first, first + count) for what in problems(seed)]
    for what in faults:
        print(what)  # noqa: T201 - what the program is for
    print(f"{count} records from seed {first} on, {len(faults)} faults")  # noqa: T201 - what the program is for
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
