"""Say where the seconds of a line's slots go: a fold of the loan log and the runs. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.makespan.scripted import Played, Span
from station.hardware.lending import START, LoanEntry
from station.line.tray import OPERATOR
from station.products.mc100_start import MEASURED_BY

HAND, HAND_WAIT, BEFORE, START_WAIT, RUNNING, BEHIND, IDLE, TEST = (
    "the hand at work", "waiting for the hand", "waiting for an instrument before the start", "waiting for the right to start",
    "waiting for an instrument while the unit runs (costs nothing)", "waiting for an instrument behind the shut-off",
    "nothing left to test", "test",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one slot's time, from `begin` to `end` in s of the line's clock, and what it went to."""

    slot: int
    begin: float
    end: float
    what: str

    @property
    def seconds(self) -> float:
        """Return its length."""
        return self.end - self.begin


def pieces(played: Played) -> tuple[Piece, ...]:
    """Return what each slot's time went to; waits lie inside the tests that they belong to."""
    found: list[Piece] = []
    for slot in sorted({span.slot for span in played.spans}):
        spans = sorted((span for span in played.spans if span.slot == slot), key=lambda span: span.began)
        log = [entry for entry in played.loans if entry.slot == slot]
        found += _hand(log)
        for span in spans:
            found.append(Piece(slot, span.began, span.ended, TEST))
            found += _waits(span, [entry for entry in log if span.began <= entry.asked <= span.ended])
        found.append(Piece(slot, spans[-1].ended, played.seconds, IDLE))
    return tuple(piece for piece in found if piece.seconds > 0)


def _hand(log: Sequence[LoanEntry]) -> Iterable[Piece]:
    for entry in log:
        if OPERATOR in entry.instruments and entry.got is not None:
            yield Piece(entry.slot, entry.asked, entry.got, HAND_WAIT)
            yield Piece(entry.slot, entry.got, entry.gave_back, HAND)


def _waits(span: Span, log: Sequence[LoanEntry]) -> Iterable[Piece]:
    """Yield each wait of one run; the moment of its start tells before from while, the end of its window while from behind."""
    start = next((entry.got for entry in log if START in entry.instruments and entry.got is not None), span.ended)
    for entry in log:
        if OPERATOR in entry.instruments or entry.got is None:
            continue
        if START in entry.instruments:
            yield Piece(entry.slot, entry.asked, entry.got, START_WAIT)
        elif entry.asked < start:
            yield Piece(entry.slot, entry.asked, entry.got, BEFORE)
        else:
            yield Piece(entry.slot, entry.asked, entry.got, RUNNING if entry.asked < start + MEASURED_BY else BEHIND)


def totals(found: Iterable[Piece]) -> dict[str, float]:
    """Return how many s of all slots together went to what; the waits of a test are part of it."""
    sums: dict[str, float] = {}
    for piece in found:
        sums[piece.what] = sums.get(piece.what, 0.0) + piece.seconds
    return sums
