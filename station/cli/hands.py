"""Change the units in the slots: by the simulated operator, or by a person who is told what to do and watched by the fixture."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Protocol

from station.cli.hand import Hand
from station.cli.home import Home
from station.core.errors import InterlockError, StationError
from station.core.instruments import Nest
from station.line.line import Outcome
from station.line.tray import Hand as Changing


class Seats(Protocol):
    """What a person's hand asks of the bench: is a unit in, and can the fixture go on."""

    @property
    def halted(self) -> str | None:
        """Return why no run can begin (lid, E-stop, lost line), or None."""
        ...

    def restore(self) -> None:
        """Open a new session with the fixture after a fault; raises StationError while its cause is still there."""
        ...

    def nest(self, slot: int) -> Nest:
        """Return slot number `slot`."""
        ...

    def present(self, slot: int) -> bool:
        """Return whether a unit is in a slot, also while the lid is open."""
        ...


class Operating(Protocol):
    """What the simulator's operator can do."""

    def place(self, slot: int, serial: str, defect: str = "") -> None:
        """Put a unit into a slot; with `defect`, one that has it."""
        ...

    def remove(self, slot: int) -> None:
        """Take the unit out of a slot."""
        ...

    def seated(self) -> dict[int, str]:
        """Return the serials of the units that are in, by slot."""
        ...


class SimulatedHand:
    """The simulator's operator, who changes a unit at once; `defects` are forced on units, by serial.

    What an earlier tray left in is taken out first, but for a unit that is in the slot where the tray `placed` it.
    """

    def __init__(self, hand: Operating, placed: Mapping[int, str], defects: Mapping[str, str]) -> None:
        self._hand = hand
        self._defects = defects
        seated = hand.seated().items()
        self._in = {slot: serial for slot, serial in seated if placed.get(slot) == serial and serial not in defects}
        for slot, _ in seated:
            if slot not in self._in:
                hand.remove(slot)

    def change(self, slot: int, out: Outcome | None, into: str) -> None:
        """Take the unit out, if there is one, and put the other in."""
        if not out and self._in.pop(slot, None) == into:
            return
        if out:
            self._hand.remove(slot)
        self._hand.place(slot, into, self._defects.get(into, ""))

    def seated(self, _: int) -> bool:
        """Return that it is done."""
        return True


class Person:
    """Somebody at the fixture, who reads what to do; the units `placed` by slot are in from the beginning.

    A change is done when the slot was seen empty and then holds a unit whose contacts are closed.
    """

    def __init__(self, seats: Seats, placed: Mapping[int, str], say: Callable[[str], object] = sys.stderr.write) -> None:
        self._seats = seats
        self._placed = dict(placed)
        self._say = say
        self._nest: Nest | None = None
        self._empty = self._done = False
        self._why = ""  # nothing can be asked, as it was said last

    def change(self, slot: int, out: Outcome | None, into: str) -> None:
        """Say what to do, unless the unit has been in from the beginning; who takes one out must know where it belongs."""
        self._nest, self._empty = None, not out
        self._done = not out and self._placed.pop(slot, None) == into
        if not self._done:
            take = f"take {out.serial} ({out.verdict.name}) out and " if out else ""
            self._tell(f"slot {slot}: {take}put {into} in")

    def seated(self, slot: int) -> bool:
        """Return whether the slot was emptied and holds a unit again; a session that a lid had ended is opened afresh."""
        try:
            return self._done or self._look(slot)
        except InterlockError:  # the lid is open, or the E-stop pressed: who changes units did that
            self._nest = None
            return False
        except StationError as error:  # it may pass, as a plug that is put in again; till then somebody must know
            self._nest = None
            if str(error) != self._why:
                self._why = str(error)
                self._tell(f"slot {slot} cannot be looked at: {error}")
            return False

    def _tell(self, what: str) -> None:
        """Say it; raises StationError where nobody hears it any more, so that no change is waited for and what runs runs on."""
        try:
            self._say(f"station: {what}\n")
        except OSError as error:
            raise StationError(f"nobody can be told what to change: stderr does not take it ({error.strerror})") from error

    def _look(self, slot: int) -> bool:
        if self._seats.halted is not None:
            with suppress(StationError):  # a line that is lost is opened by the next
                self._empty = self._empty or not self._seats.present(slot)  # once the lid is closed the next unit is in
            self._seats.restore()
        self._nest = self._nest or self._seats.nest(slot)
        contact = self._nest.contact()
        self._empty = self._empty or not contact.present
        return self._empty and contact.present and contact.closed


@contextmanager
def hand_of(home: Home, seats: Seats, placed: Mapping[int, str], defects: Mapping[str, str]) -> Iterator[Changing]:
    """Lend the hand that changes units here: the simulated operator where the bench is a simulated one that has one."""
    if not home.fixture.simulated or not home.config.operator_address:
        yield Person(seats, placed)
        return
    with Hand(home.config.operator_address) as hand:
        yield SimulatedHand(hand, placed, defects)
