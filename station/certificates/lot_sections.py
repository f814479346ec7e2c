"""Lay out what a lot report says: what came in and what it came to, the yields, what failed first, every unit."""

from collections.abc import Iterable

from station.certificates.cells import Lines, figure, lines
from station.certificates.layout import Piece, gap
from station.certificates.lot import OUTCOMES, Lot, LotShare, LotUnit
from station.certificates.lot_words import LotWords
from station.certificates.sections import heading
from station.certificates.table import cells, entry
from station.certificates.template import Template
from station.charts import signs
from station.charts.ink import ACCEPTANCE, BAD, BLACK, GOOD, GREY, RULE, TRACE, TROUGH, WHITE, Ink
from station.charts.surface import Box, Look, Stroke, Surface

_HEAD, _TEXT, _BOLD = Look(6.8, BLACK, bold=True), Look(7.3), Look(8.6, BLACK, bold=True)
_UNIT, _UNIT_HEAD = Look(6.8), Look(6.5, BLACK, bold=True)
_FEW = 30  # units below which a share is told, and judged by nobody
_BANNER, _ROOM, _SIGN = 42.0, 9.0, 20.0
_YIELD = (0.35, 0.09, 0.09, 0.29, 0.18)  # name, share, count, interval, bar
_PARETO = (0.09, 0.47, 0.08, 0.08, 0.1, 0.18)  # row, title, units, share, cumulative, bar
_UNITS = (0.17, 0.05, 0.13, 0.25, 0.2, 0.08, 0.12)
UNIT_HEADS = ("serial", "attempts", "verdict", "failed", "document", "state", "closed")
_BAR = 0.18  # of the width: the last column of yields and of what failed first
_MARK = 10.0  # pt kept for the sign before a verdict


def verdict(outcome: str, words: LotWords, template: Template) -> str:
    """Return the word for what a unit came to."""
    return words("open") if outcome == "OPEN" else template.word(outcome.lower())


def sum_of(lot: Lot, words: LotWords, template: Template) -> str:
    """Return the reconciliation as a sentence: 8 units in = 4 PASS + 4 FAIL + 0 ABORTED + …; OPEN only where there is one."""
    shown = [outcome for outcome in OUTCOMES if outcome != "OPEN" or lot.came_to(outcome)]
    parts = " + ".join(f"{lot.came_to(outcome)} {verdict(outcome, words, template)}" for outcome in shown)
    return words("sum", total=len(lot.units), parts=parts)


def banner(lot: Lot, words: LotWords, template: Template, width: float) -> Piece:
    """Return the reconciliation in one line, and whether it holds in sign and word; no verdict's colour: a lot has none."""
    told = lines(sum_of(lot, words, template), width - 60, Look(11.5, WHITE, bold=True), most=2)
    holds = lines(words("adds_up" if lot.adds_up else "does_not"), width - 60, Look(8.5, WHITE), most=1)

    def draw(surface: Surface, box: Box) -> None:
        field = Box(box.x, box.y + _ROOM, box.width, box.height - _ROOM)
        surface.box(field, fill=TRACE if lot.adds_up else BAD, radius=4)
        sign = signs.tick if lot.adds_up else signs.cross
        sign(surface, field.x + 14, field.y + field.height / 2 - _SIGN / 2, _SIGN, WHITE)
        top = field.top - (field.height - told.height - holds.height) / 2
        told.draw(surface, field.x + 46, top)
        holds.draw(surface, field.x + 46, top - told.height)

    return Piece(max(_BANNER, told.height + holds.height + 14) + _ROOM, draw)


def reconciliation(lot: Lot, words: LotWords, template: Template, width: float) -> list[Piece]:
    """Return the table of what came in and what it came to, by units and by their runs."""
    shares = (0.14, 0.07, 0.1, 0.11, 0.13, 0.11, 0.17, 0.17)
    runs = dict(lot.runs)
    captions = ["", words("came"), *(verdict(outcome, words, template) for outcome in OUTCOMES)]
    units = [words("units"), str(len(lot.units)), *(str(lot.came_to(outcome)) for outcome in OUTCOMES)]
    ended = [words("runs_row"), str(sum(runs.values())), *(str(runs.get(outcome, 0)) for outcome in OUTCOMES[:-1]), "–"]
    return [
        heading(words("reconciliation")),
        entry(captions, shares, width, _UNIT_HEAD, RULE, keep=True),
        entry(units, shares, width, _BOLD, keep=True),
        entry(ended, shares, width, _TEXT),
    ]


def yields(lot: Lot, words: LotWords, template: Template, width: float) -> list[Piece]:
    """Return the yields, each with its count, its interval and a bar."""
    return [heading(words("yield")), *(_yield(share, words, template, width) for share in lot.shares)]


def _yield(share: LotShare, words: LotWords, template: Template, width: float) -> Piece:
    value = share.good / share.of if share.of else None
    said = "–" if value is None else percent(value, template)
    told = words("interval", low=percent(share.low, template, 0), high=percent(share.high, template, 0)) if share.of else ""
    few = f" · {words('few', of=share.of)}" if 0 < share.of < _FEW else ""
    line = entry((words(share.name), said, f"{share.good} / {share.of}", told + few, ""), _YIELD, width, _TEXT)

    def draw(surface: Surface, box: Box) -> None:
        line.draw(surface, box)
        track = Box(box.right - _BAR * box.width, box.y + 3, _BAR * box.width, 5)
        surface.box(track, fill=TROUGH)
        if value is not None:
            surface.box(Box(track.x, track.y, value * track.width, track.height), fill=ACCEPTANCE)
            left, right = (track.x + end * track.width for end in (share.low, share.high))
            surface.path([(left, track.y + 2.5), (right, track.y + 2.5)], Stroke(BLACK, 0.8))

    return Piece(line.height, draw)


def percent(value: float, template: Template, digits: int = 1) -> str:
    """Return a share from 0 to 1 in per cent, as the language writes numbers."""
    return template.number(f"{100 * value:.{digits}f}") + "\u00a0%"


def pareto(lot: Lot, words: LotWords, template: Template, width: float) -> list[Piece]:
    """Return what failed first at the units' first attempts, the most frequent first."""
    total, so_far = sum(bar.count for bar in lot.bars), 0
    captions = [words(key) for key in ("first", "failed", "count", "share", "cumulative")]
    head = entry(["", "", *captions[2:], ""], _PARETO, width, _HEAD, RULE, keep=True)
    if not lot.bars:
        return [heading(words("pareto")), entry((words("none_failed"),), (1.0,), width, _TEXT)]
    pieces = [heading(words("pareto")), head]
    for bar in lot.bars:
        so_far += bar.count
        figures = (str(bar.count), percent(bar.count / total, template), percent(so_far / total, template))
        line = entry((bar.row, template.term(bar.title), *figures, ""), _PARETO, width, _TEXT, again=head)
        pieces.append(_barred(line, bar.count / lot.bars[0].count))
    return pieces


def _barred(line: Piece, share: float) -> Piece:
    def draw(surface: Surface, box: Box) -> None:
        line.draw(surface, box)
        wide = _BAR * box.width
        surface.box(Box(box.right - wide, box.y + 2.5, share * wide, 6), fill=BAD)

    return Piece(line.height, draw, again=line.again)


def units(lot: Lot, words: LotWords, template: Template, width: float) -> list[Piece]:
    """Return the table of all units; its head comes again on every page."""
    head = entry([words(key) for key in UNIT_HEADS], _UNITS, width, _UNIT_HEAD, RULE, keep=True)
    return [heading(words("units_title")), head, *_lines(lot.units, head, words, template, width), gap(4)]


def unit_heads(words: LotWords, width: float) -> list[Lines]:
    """Return the heads of the columns of that table as they are cut into lines."""
    return cells([words(key) for key in UNIT_HEADS], _UNITS, width, _UNIT_HEAD)


def _lines(told: Iterable[LotUnit], head: Piece, words: LotWords, template: Template, width: float) -> Iterable[Piece]:
    for unit in told:
        state = words(unit.state) if unit.state else ""
        row, _, title = unit.failed.partition(" ")
        failed = f"{row} {template.term(title)}".strip()
        texts = (unit.serial, str(unit.runs), "", failed, unit.document or "–", state, unit.ended[:16].replace("T", " "))
        yield _signed(entry(texts, _UNITS, width, _UNIT, again=head), unit.outcome, verdict(unit.outcome, words, template))


def _signed(line: Piece, outcome: str, word: str) -> Piece:
    sign, tone = _sign(outcome)

    def draw(surface: Surface, box: Box) -> None:
        line.draw(surface, box)
        left, wide = box.x + sum(_UNITS[:2]) * box.width, _UNITS[2] * box.width
        sign(surface, left, box.top - 8, 6.5, tone)
        figure(surface, Box(left + _MARK, box.top - 7.3, wide - _MARK - 6, 8), word, Look(6.8, tone, bold=True))

    return Piece(line.height, draw, again=line.again)


def _sign(outcome: str) -> tuple[signs.Sign, Ink]:
    known = {"PASS": (signs.tick, GOOD), "FAIL": (signs.cross, BAD)}
    return known.get(outcome, (signs.bar, GREY))
