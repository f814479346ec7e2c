"""Test a tray all at once: every unit is in its slot before the first is started."""

from collections.abc import Mapping
from dataclasses import replace

from station.line.feed import Feed
from station.line.line import Outcome, Rooms
from station.line.papers import Papers
from station.line.station import Station, at_rest
from station.store.history import History


class Line:
    """A station at work on one tray of serials by slot, whose units were placed; what they went through before does not count."""

    def __init__(self, rooms: Rooms, papers: Papers, tray: Mapping[int, str]) -> None:
        self._feed = Feed(rooms.clock, max(tray))
        self._tray = dict(tray)
        self.station = Station(replace(rooms, history=lambda _: History((), ())), papers, self._feed)

    def stop(self, slot: int, reason: str) -> None:
        """Stop one slot; the others go on."""
        self.station.stop(slot, reason)

    def stop_all(self, reason: str) -> None:
        """Stop every slot."""
        self.station.stop_all(reason)

    @property
    def outcomes(self) -> list[Outcome]:
        """Return what each unit came to that has come to its end, by slot."""
        return [one.outcome for one in self._feed.view.slots if one.outcome is not None]

    def test(self) -> list[Outcome]:
        """Test the whole tray and return what each unit came to, by slot."""
        for slot, serial in sorted(self._tray.items()):
            self.station.ready(slot, serial)
        with self.station.at_work():
            for slot in sorted(self._tray):
                self.station.start(slot)
            with self._feed.monitor as _:
                self._feed.monitor.wait_for(lambda: all(at_rest(one) for one in self._feed.view.slots), None)
        return self.outcomes
