"""The running line of a world: the station's own facade and tray, and a hand that is as quick as thought."""

from collections.abc import Callable, Mapping, Sequence

from station.hardware.lending import LoanEntry
from station.line.feed import Feed
from station.line.floor import Floor
from station.line.line import Outcome, Rooms
from station.line.papers import Papers
from station.line.station import Station
from station.line.tray import Hand, Tray


class MemoryHand:
    """Changes units by the simulated operator, in no time; `defects` are forced on units, by serial."""

    def __init__(self, operate: Callable[[str], str], defects: Mapping[str, str]) -> None:
        self._operate = operate
        self._defects = defects
        self.said: list[str] = []

    def change(self, slot: int, out: Outcome | None, into: str) -> None:
        """Take one unit out, if there is one, and put the other in unless it is in already."""
        if out:
            self._operate(f"REMOVE {slot}")
        self.said.append(self._operate(f"PLACE {slot} {into} {self._defects.get(into, '')}".strip()))

    def seated(self, slot: int) -> bool:
        """Return that it is done."""
        return True


class NoHand:
    """A hand where units are in already."""

    def change(self, slot: int, out: Outcome | None, into: str) -> None:
        """Do nothing."""

    def seated(self, slot: int) -> bool:
        """Return that it is done."""
        return True


class Line:
    """One tray on one station: units `placed` by slot, and those `waiting` for a slot to come free."""

    def __init__(
        self,
        rooms: Rooms,
        papers: Papers,
        placed: Mapping[int, str],
        waiting: Sequence[str] = (),
        *,
        slots: int = 8,
        hand: Hand | None = None,
        floor: Floor | None = None,
        log: Callable[[LoanEntry], None] = lambda _: None,
    ) -> None:
        self._placed = placed
        self._waiting = waiting
        self.station = Station(rooms, papers, Feed(rooms.clock, max(slots, *placed)), floor)
        self.tray = Tray(self.station, hand or NoHand(), rooms.clock, log)

    def test(self) -> list[Outcome]:
        """Test the tray and return what each unit came to."""
        with self.station.at_work():
            self.tray.test(self._placed, self._waiting)
        return self.outcomes

    @property
    def outcomes(self) -> list[Outcome]:
        """Return what each unit came to that has come to its end."""
        return self.tray.outcomes

    def stop(self, slot: int, reason: str) -> None:
        """Stop one slot."""
        self.station.stop(slot, reason)

    def stop_all(self, reason: str) -> None:
        """Stop every slot."""
        self.station.stop_all(reason)
