"""Take a unit's real test apart into loans and waits, so that it can be played again a thousand times: pure, from its loan log.

The log and the events are those of a unit that is alone on the line and waits for nobody. Most waits follow from what came
before them; those of the steps in `FIXED` end at a moment that is fixed by the unit's start: two minutes, its shut-off, ten
seconds more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.makespan.bound import RESIDUAL_AT, Times
from station.core.events import Event, Measured, RunEnded, RunStarted, StepEnded, StepStarted
from station.hardware.lending import START, LoanEntry
from station.line.tray import OPERATOR
from station.products.mc100_shut_off import shut_off
from station.products.mc100_start import LOANS, MEASURED_BY, two_minutes

FIXED = (two_minutes.title, shut_off.title)


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait `seconds` s."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until `seconds` s after the unit's start, or not at all when that is past."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Loan:
    """Borrow `instruments` and keep them for `seconds` s."""

    instruments: frozenset[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Open:
    """Ask for the right to start: `loans` of each kind must begin within `seconds` s."""

    seconds: float
    loans: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Close:
    """Say that no loan must begin by a certain moment any more."""


Act = Pause | Until | Loan | Open | Close
Script = tuple[Act, ...]


def script(events: Sequence[Event], loans: Sequence[LoanEntry]) -> Script:
    """Return the script of the one run that `events` tell, with its `loans`."""
    acts: list[Act] = []
    start, now = _start(loans), _begin(events)
    for at, thing in sorted(_marks(events, loans), key=lambda mark: mark[0]):
        inside = _is_fixed(events, at) and at > start
        acts.append(Until(at - start) if inside else Pause(at - now))
        now = at
        if isinstance(thing, LoanEntry):
            acts.append(_act(thing))
            now = thing.gave_back
        elif isinstance(thing, StepStarted) and thing.step == shut_off.title:
            acts.append(Close())
    return tuple(act for act in acts if not (isinstance(act, Pause) and act.seconds <= 0.0))


def _act(loan: LoanEntry) -> Act:
    if START in loan.instruments:
        return Open(MEASURED_BY, LOANS)
    return Loan(frozenset(loan.instruments), _held(loan))


def _marks(events: Sequence[Event], loans: Sequence[LoanEntry]) -> list[tuple[float, LoanEntry | Event]]:
    """Return the moments at which something happens, in s of the line's clock."""
    marks: list[tuple[float, LoanEntry | Event]] = [(loan.asked, loan) for loan in _lent(loans)]
    for event in events:
        if isinstance(event, RunEnded) or (isinstance(event, StepStarted | StepEnded) and event.step in FIXED):
            marks.append((event.monotonic, event))
    return marks


def _is_fixed(events: Sequence[Event], at: float) -> bool:
    """Tell whether `at` lies behind the beginning of a step of fixed moments, up to its end."""
    begun = [event for event in events if isinstance(event, StepStarted) and event.monotonic < at]
    return bool(begun) and begun[-1].step in FIXED


def times_of(events: Sequence[Event], loans: Sequence[LoanEntry], *, load: float, unload: float) -> Times:
    """Return what the unit needs, for the bound; `load` and `unload` s are the hand's."""
    start = _start(loans)
    running = next(one.value for one in events if isinstance(one, Measured) and one.id == "TIM.010")
    if not isinstance(running, float):
        raise TypeError(f"the unit's shut-off time is {running!r}")
    off = start + running
    late = _off_seen(loans, off) + 0.9 * RESIDUAL_AT
    before, meter, silence, after = (
        sum(_held(one) for one in _lent(loans) if "dmm" in one.instruments and low <= one.asked < high)
        for low, high in ((0.0, start), (start, off), (off, late), (late, float("inf")))
    )
    scope = sum(_held(one) for one in _lent(loans) if "scope" in one.instruments and one.asked > start)
    return Times(load, start - _begin(events), before, running, meter, scope, silence, after, unload)


def _off_seen(loans: Sequence[LoanEntry], off: float) -> float:
    """Return when the shut-off was noticed: when the first loan was asked for behind `off`, before which the unit was on."""
    return min(loan.asked for loan in _lent(loans) if loan.asked > off)


def _held(loan: LoanEntry) -> float:
    return loan.gave_back - (loan.asked if loan.got is None else loan.got)


def _lent(loans: Sequence[LoanEntry]) -> list[LoanEntry]:
    return [loan for loan in loans if OPERATOR not in loan.instruments]


def _start(loans: Sequence[LoanEntry]) -> float:
    return next(loan.asked for loan in loans if START in loan.instruments)


def _begin(events: Sequence[Event]) -> float:
    return next(event.monotonic for event in events if isinstance(event, RunStarted))
