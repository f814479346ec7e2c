"""Show the line to whoever watches: the whole of it once, then numbered changes; nobody who is slow holds anybody up.

What is shown of a run was committed before. The changes are kept for a while in one ring for all: who comes back too late for
the next one is told how many he lost, and sees the whole afresh.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from station.core.clock import Clock, Stop
from station.core.errors import SlotError
from station.core.events import Event, RunEnded, RunStarted, StepStarted, Waiting
from station.line.slots import SlotView, State

ROOM = 1024  # changes: minutes of a full line


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its number, the slot as it is now (None when none changed), and why the line is held, empty when it is not."""

    number: int
    slot: SlotView | None
    held: str


@dataclass(frozen=True, slots=True)
class View:
    """The whole line after change `number`; `lost` counts the changes that its reader never saw."""

    number: int
    slots: tuple[SlotView, ...]
    held: str = ""
    lost: int = 0

    def of(self, slot: int) -> SlotView:
        """Return slot number `slot`, from 1; raises SlotError when there is none."""
        if not 1 <= slot <= len(self.slots):
            raise SlotError(f"the fixture has slots 1 to {len(self.slots)}, not {slot}")
        return self.slots[slot - 1]

    def after(self, change: Change) -> "View":
        """Return the line after the next change; raises ValueError when it is not the next."""
        if change.number != self.number + 1:
            raise ValueError(f"change {change.number} does not follow on {self.number}")
        slots = self.slots
        if change.slot is not None:
            place = change.slot.slot - 1
            slots = (*slots[:place], change.slot, *slots[place + 1 :])
        return View(change.number, slots, change.held)


class Feed:
    """The line's slots as they are, and the latest changes; `monitor` makes a look and a change one."""

    def __init__(self, clock: Clock, slots: int, room: int = ROOM) -> None:
        self.monitor = clock.monitor()
        self._view = View(0, tuple(SlotView(slot) for slot in range(1, slots + 1)))
        self._changes: deque[Change] = deque(maxlen=room)
        self._runs: dict[str, int] = {}

    @property
    def view(self) -> View:
        """Return the whole line as it is now."""
        return self._view

    def tell(self, slot: SlotView) -> None:
        """Make `slot` what it is from now on."""
        self._tell(slot, self._view.held)

    def hold(self, why: str) -> None:
        """Say that the line is held, and why; empty: that it goes on."""
        self._tell(None, why)

    def _tell(self, slot: SlotView | None, held: str) -> None:
        with self.monitor:
            change = Change(self._view.number + 1, slot, held)
            self._view = self._view.after(change)
            self._changes.append(change)
            self.monitor.notify()

    def hear(self, event: Event) -> None:
        """Take an event of a run that is on disk; the journal calls this after each commit."""
        with self.monitor:
            if isinstance(event, RunStarted):
                self._runs[event.run_id] = event.slot
            slot = self._runs.get(event.run_id)
            if slot is None or self._view.of(slot).state is not State.TESTING:
                return
            if isinstance(event, RunStarted):
                self.tell(replace(self._view.of(slot), run_id=event.run_id, since=event.monotonic))
            elif isinstance(event, StepStarted):
                self.tell(replace(self._view.of(slot), step=event.step, number=event.number))
            elif isinstance(event, Waiting):
                starts = event.monotonic + event.seconds if event.seconds > 0.0 else None
                self.tell(replace(self._view.of(slot), starts=starts))
            elif isinstance(event, RunEnded):
                del self._runs[event.run_id]

    def watch(self) -> "Watch":
        """Return a new watcher's place: before the first view."""
        return Watch(self)

    def since(self, number: int) -> Change | View | None:
        """Return the change after number `number`, None when there is none yet, or a fresh view when it is no longer kept."""
        with self.monitor:
            missed = self._view.number - number
            if not missed:
                return None
            if missed > len(self._changes):
                return replace(self._view, lost=missed)
            return self._changes[-missed]


class Watch:
    """One watcher's place in the feed; nothing in the feed knows of it."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._seen: int | None = None

    def next(self, seconds: float | None, stop: Stop | None = None) -> View | Change | None:
        """Return the view at first, then each change, or a fresh view after a loss; None when nothing came within `seconds` s.

        Raises Stopped when `stop` is set while nothing comes.
        """
        with self._feed.monitor:
            if self._seen is None:
                return self._take(self._feed.view)
            seen = self._seen
            self._feed.monitor.wait_for(lambda: self._feed.view.number != seen, seconds, stop)
            return self._take(self._feed.since(seen))

    def _take(self, news: View | Change | None) -> View | Change | None:
        if news is not None:
            self._seen = news.number
        return news


def replayed(view: View, changes: Iterable[Change]) -> View:
    """Return the line after `changes`, one by one."""
    for change in changes:
        view = view.after(change)
    return view
