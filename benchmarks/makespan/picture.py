"""Draw what the slots and the DMM do, from the loan log, as SVG: `python -m benchmarks.makespan.picture FILE.svg`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.makespan.losses import BEFORE, BEHIND, HAND, HAND_WAIT, IDLE, RUNNING, START_WAIT, TEST, Piece, pieces
from benchmarks.makespan.scripted import Played, play
from benchmarks.makespan.units import LOAD, UNLOAD, lone_units

_WIDTH, _LEFT, _ROW, _TOP = 1000, 60, 22, 34
_HOUR = 3600.0
_COLOURS = {
    TEST: "#c9d6df", HAND: "#3b3b3b", HAND_WAIT: "#9e7bb5", BEFORE: "#d1495b", START_WAIT: "#edae49", RUNNING: "#7fb0c9",
    BEHIND: "#8c2f39", IDLE: "#ffffff",
}  # fmt: skip
_SLOTS, _ROUNDS = 8, 3


def svg(played: Played, slots: int) -> str:
    """Return the picture: one row a slot, and one for the DMM, over the hours of the line."""
    scale = (_WIDTH - _LEFT - 20) / played.seconds
    height = _TOP + _ROW * (slots + 1) + 40 + 20 * len(_COLOURS)
    body = [*_slots(pieces(played), scale), *_meter(played, slots, scale), *_hours(played.seconds, slots, scale), *_legend(slots)]
    lines = "\n".join(body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n{lines}\n</svg>\n'
    )


def _slots(found: Sequence[Piece], scale: float) -> Iterator[str]:
    """Yield tests first, then what lies on top of them."""
    for slot in sorted({piece.slot for piece in found}):
        yield _text(_LEFT - 8, _row(slot) + 15, f"slot {slot}", "end")
    for piece in sorted(found, key=lambda one: one.what != TEST):
        if piece.what != IDLE:
            yield _bar(piece.begin, piece.end, _row(piece.slot), _COLOURS[piece.what], scale)


def _meter(played: Played, slots: int, scale: float) -> Iterator[str]:
    yield _text(_LEFT - 8, _row(slots + 1) + 15, "DMM", "end")
    for entry in played.loans:
        if "dmm" in entry.instruments and entry.got is not None:
            yield _bar(entry.got, entry.gave_back, _row(slots + 1), "#2a6f97", scale)


def _hours(seconds: float, slots: int, scale: float) -> Iterator[str]:
    bottom = _row(slots + 2)
    for quarter in range(int(seconds // (_HOUR / 4)) + 1):
        x = _LEFT + quarter * _HOUR / 4 * scale
        line = f'<line x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{bottom}" stroke="#888888" stroke-width="0.5"'
        yield f'{line} stroke-dasharray="2 3"/>'
        yield _text(x, _TOP - 12, f"{15 * quarter} min", "middle")


def _legend(slots: int) -> Iterator[str]:
    for number, (what, colour) in enumerate((what, colour) for what, colour in _COLOURS.items() if what != IDLE):
        y = _row(slots + 2) + 16 + 20 * number
        yield f'<rect x="{_LEFT}" y="{y}" width="24" height="12" fill="{colour}"/>'
        yield _text(_LEFT + 34, y + 11, what, "start")


def _bar(begin: float, end: float, y: float, colour: str, scale: float) -> str:
    x, width = _LEFT + begin * scale, max(0.4, (end - begin) * scale)
    return f'<rect x="{x:.2f}" y="{y:.1f}" width="{width:.2f}" height="{_ROW - 5}" fill="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _row(number: int) -> float:
    return _TOP + _ROW * (number - 1)


def main(path: Path) -> None:
    """Play three rounds of eight slots and draw them."""
    played = play([one.script for one in lone_units()], units=_SLOTS * _ROUNDS, slots=_SLOTS, load=LOAD, unload=UNLOAD)
    path.write_text(svg(played, _SLOTS), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
