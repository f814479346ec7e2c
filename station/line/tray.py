"""Roll a tray through the line: a slot whose unit is done takes the next one that waits, while the others run on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from station.core.clock import Clock
from station.core.errors import AdmissionError, LockedError, SlotError, StationError
from station.hardware.lending import LoanEntry
from station.line.admission import Refusal
from station.line.line import Outcome
from station.line.slots import SlotView, State
from station.line.station import Station

OPERATOR = "operator"  # what the loan log calls the hand, which is waited for like an instrument
LOOK = 0.5  # s of the host between two looks at a hand that is at work


class Hand(Protocol):
    """Who takes units out of slots and puts others in: a person, or a simulated one."""

    def change(self, slot: int, out: Outcome | None, into: str) -> None:
        """Ask for the unit `out`, with what it came to, to be taken out of a slot where one is in it, and `into` to be put in."""
        ...

    def seated(self, slot: int, /) -> bool:
        """Return whether what `change` asked for in a slot is done."""
        ...


@dataclass(frozen=True, slots=True)
class _Change:
    """A slot that the hand is at, since when (s of the line's clock), and the moment since which it was wanted there."""

    slot: int
    wanted: float
    began: float


class Tray:
    """The units of one job: those that have a slot, and those that wait for one.

    There is one hand, so slots are changed one after the other; `log` is told how long each waited for it and kept it.
    """

    def __init__(self, station: Station, hand: Hand, clock: Clock, log: Callable[[LoanEntry], None] = lambda _: None) -> None:
        self._station = station
        self._hand = hand
        self._clock = clock
        self._log = log
        self._waiting: list[str] = []
        self._wanted: dict[
            int, tuple[float, Outcome | None]
        ] = {}  # slots that wait for the hand, since when, and what is to be taken out
        self._change: _Change | None = None
        self._freed: list[Outcome] = []
        self.refusals: list[Refusal] = []
        self.over: StationError | None = None  # why no unit is started any more
        self.stopped = False  # by somebody, and not by a fault

    @property
    def outcomes(self) -> list[Outcome]:
        """Return what each unit came to that has come to its end: those that made room for others first, then by slot."""
        return self._freed + [one.outcome for one in self._station.view().slots if one.outcome is not None]

    @property
    def left(self) -> list[str]:
        """Return the serials that were never started."""
        ready = [one.serial for one in self._station.view().slots if one.state is State.READY]
        return ready + self._waiting

    def test(self, placed: Mapping[int, str], waiting: Sequence[str] = ()) -> None:
        """Test the units `placed` by slot, and then those `waiting`, in the slots that come free; return when all have ended.

        It ends early when the line may start nothing more: then `over` says why.
        """
        self._waiting = list(waiting)
        for slot, serial in sorted(placed.items()):
            self._admit(slot, serial, None)
        for view in self._station.view().slots:
            if view.state is State.EMPTY:
                self._fill(view.slot, None)
        watch, look = self._station.watch(), LOOK * self._clock.speed
        self._turn()
        while self._busy():
            watch.next(look if self._change is not None else None, None)
            self._turn()

    def _busy(self) -> bool:
        if any(one.state is State.TESTING for one in self._station.view().slots):
            return True
        return self.over is None and (self._change is not None or bool(self._wanted))

    def _turn(self) -> None:
        """Do what can be done now: refill what is done, and move the hand on."""
        if self._ended():
            return
        for view in self._station.view().slots:
            if view.state is State.DONE and self._waiting and view.slot not in self._wanted:
                self._refill(view)
        try:
            while self._moved_on():
                pass
        except StationError as error:  # nothing more can be started, or the hand failed: what runs is none the worse for it
            self.over = error

    def _ended(self) -> bool:
        halted, held = self._station.halted, self._station.view().held
        self.stopped = self.stopped or halted is not None
        if self.over is None and (halted or held):
            self.over = LockedError(f"no unit is started any more: {halted or held}")
        return self.over is not None

    def _refill(self, view: SlotView) -> None:
        if view.outcome is not None:
            self._freed.append(view.outcome)
        self._station.free(view.slot)
        if not view.lock:
            self._fill(view.slot, view.outcome)

    def _fill(self, slot: int, out: Outcome | None) -> None:
        """Admit the next serial that waits and may be tested in this slot; one that another slot may test waits on for that."""
        for serial in tuple(self._waiting):
            if self._station.another_may(slot, serial):
                continue
            self._waiting.remove(serial)
            if self._admit(slot, serial, out):
                return

    def _admit(self, slot: int, serial: str, out: Outcome | None) -> bool:
        try:
            self._station.ready(slot, serial)
        except (AdmissionError, SlotError) as error:
            self.refusals.append(Refusal(slot, serial, str(error)))
            return False
        self._wanted[slot] = (self._clock.now(), out)
        return True

    def _moved_on(self) -> bool:
        """Start the unit that the hand has seated, or send the hand to the next slot; return whether there was one."""
        if self._change is not None:
            return self._seated(self._change)
        if not self._wanted:
            return False
        slot = next(iter(self._wanted))
        wanted, out = self._wanted.pop(slot)
        self._change = _Change(slot, wanted, self._clock.now())
        self._hand.change(slot, out, self._station.view().of(slot).serial)
        return True

    def _seated(self, change: _Change) -> bool:
        if not self._hand.seated(change.slot):
            return False
        self._change = None
        self._log(LoanEntry(change.slot, (OPERATOR,), change.wanted, change.began, self._clock.now()))
        try:
            self._station.start(change.slot)
        except (AdmissionError, SlotError) as error:
            self.refusals.append(Refusal(change.slot, self._station.view().of(change.slot).serial, str(error)))
        return True
