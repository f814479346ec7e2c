"""Be the only door to a running line: load, start, stop, free and lock slots one by one, and watch what becomes of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from station.core.clock import Stop
from station.core.errors import AdmissionError, LockedError
from station.core.serial import serial_fault
from station.core.verdict import Verdict
from station.line import slots
from station.line.admission import history_refusal, kept_from_slot_alone
from station.line.crew import Crew
from station.line.feed import Feed, View, Watch
from station.line.floor import Floor
from station.line.line import Outcome, Rooms, UnitTest
from station.line.papers import Papers
from station.line.slots import SlotView, State


class Station:
    """The slots of one fixture; every verb may be called from any thread, and either does all of what it says or nothing.

    A verb that a slot's state does not allow raises SlotError, a serial that may not be tested AdmissionError, a station that
    may not test now LockedError, a fixture that is not ready InterlockError. A thread tests each unit that was started; its
    verdict shows once its record is on disk.
    """

    def __init__(self, rooms: Rooms, papers: Papers, feed: Feed, floor: Floor | None = None) -> None:
        self._rooms = rooms
        self._papers = papers
        self._feed = feed
        self._floor = floor
        self._halt = rooms.clock.stop()
        self._stops: dict[int, Stop] = {}
        self._crew = Crew(rooms.clock, broken=lambda error: self.stop_all(str(error)))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keep the line running for the length of a `with`; its end stops what still runs, and leaves the fixture safe."""
        with Crew(self._rooms.clock) as guards:
            guards.start("guard", self._guard)
            with self._crew:
                try:
                    yield
                finally:
                    self.stop_all("the line goes home")

    def ready(self, slot: int, serial: str) -> None:
        """Admit `serial` to an empty slot: its unit may be put in, and then started."""
        refusal = serial_fault(serial) or history_refusal(serial, slot, self._rooms.history(serial))
        with self._feed.monitor:
            view = slots.loaded(self._feed.view.of(slot), serial)
            refusal = refusal or self._elsewhere(serial)
            if refusal is not None:
                raise AdmissionError(refusal)
            self._feed.tell(view)

    def another_may(self, slot: int, serial: str) -> bool:
        """Return whether this slot may not test `serial`, and another one of the fixture may."""
        if len(self._feed.view.slots) == 1 or serial_fault(serial) is not None:
            return False
        return kept_from_slot_alone(serial, slot, self._rooms.history(serial))

    def start(self, slot: int) -> None:
        """Start the test of the unit in a slot that is ready."""
        serial, barred = self._feed.view.of(slot).serial, self._rooms.barred()
        refusal = history_refusal(serial, slot, self._rooms.history(serial)) if serial else None
        with self._feed.monitor:
            view = slots.started(self._feed.view.of(slot))
            if view.serial != serial or refusal is not None:
                raise AdmissionError(refusal or f"slot {slot} was given another unit meanwhile: start it again")
            if barred is not None:
                raise barred
            if why := self._halt.reason or self._feed.view.held:
                raise LockedError(f"no unit is started any more: {why}")
            stop = self._stops[slot] = self._rooms.clock.stop()
            self._crew.start(f"slot {slot}", partial(self._test, slot, serial, stop))
            self._feed.tell(view)
        if self._halt.reason is not None:  # said between our look and our note: whoever said it did not see this slot
            stop.set(self._halt.reason)

    def stop(self, slot: int, reason: str) -> None:
        """Ask the run in a slot to end; the others go on."""
        with self._feed.monitor:
            self._feed.tell(slots.stopping(self._feed.view.of(slot), reason))
            self._stops[slot].set(reason)

    def free(self, slot: int) -> None:
        """Take the unit out of a slot that does not test: before its start, or with its outcome on record."""
        with self._feed.monitor:
            self._feed.tell(slots.freed(self._feed.view.of(slot)))

    def lock(self, slot: int, reason: str) -> None:
        """Let nothing more be put into a slot; a unit that is in it stays, and its run ends as it would."""
        with self._feed.monitor:
            self._feed.tell(slots.locked(self._feed.view.of(slot), reason))

    def unlock(self, slot: int) -> None:
        """Take the lock from a slot that was looked at."""
        with self._feed.monitor:
            self._feed.tell(slots.unlocked(self._feed.view.of(slot)))
            if self._floor is not None:
                self._floor.unlocked(slot)

    def stop_all(self, reason: str) -> None:
        """Stop every slot for good; the fixture is made safe at once, whatever an instrument is doing.

        It takes no lock: a signal handler may call it in the middle of anything.
        """
        self._halt.set(reason)
        for stop in list(self._stops.values()):
            stop.set(reason)

    @property
    def halted(self) -> str | None:
        """Return why every slot was stopped, None while none was."""
        return self._halt.reason

    def view(self) -> View:
        """Return the whole line as it is now."""
        return self._feed.view

    def watch(self) -> Watch:
        """Return a watcher's place in the news of the line: a view first, then numbered changes."""
        return self._feed.watch()

    def _elsewhere(self, serial: str) -> str | None:
        found = next((one for one in self._feed.view.slots if one.serial == serial), None)
        return None if found is None else f"{serial} is in slot {found.slot} ({found.state}): scan each unit once"

    def _guard(self, _: Stop) -> None:
        """Wait for the halt, and make the whole fixture safe by its own link."""
        monitor = self._rooms.clock.monitor()
        with monitor:
            monitor.wait_for(lambda: self._halt.reason is not None, None, self._halt)
        self._rooms.safe_all(self._halt.reason or "every slot is stopped")

    def _test(self, slot: int, serial: str, stop: Stop, _: Stop) -> None:
        outcome = Outcome(slot, serial, Verdict.ERROR, "its thread broke", trouble="its thread broke")
        try:
            outcome = UnitTest(self._rooms, self._papers, slot, serial, stop).outcome()
        finally:
            self._end(outcome)

    def _end(self, outcome: Outcome) -> None:
        with self._feed.monitor:
            del self._stops[outcome.slot]
            view = slots.ended(self._feed.view.of(outcome.slot), outcome)
            reaction = self._floor.told(outcome) if self._floor is not None else None
            self._feed.tell(slots.locked(view, reaction.lock) if reaction and reaction.lock else view)
            if reaction and reaction.hold and not self._feed.view.held:
                self._feed.hold(reaction.hold)


def at_rest(view: SlotView) -> bool:
    """Return whether nothing is going on in a slot and nothing waits to be started."""
    return view.state in (State.EMPTY, State.DONE, State.LOCKED)
