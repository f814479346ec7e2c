"""Hand entries from many threads to the one that commits them, and tell those who wait what became of them."""

from collections.abc import Callable, Sequence

from station.core.clock import Monitor, Stop
from station.core.errors import Stopped, StoreError
from station.core.events import RunEnded
from station.store.door import Door
from station.store.ledger import Deed, Entry, Told

ROOM = 4096  # entries: minutes of a full line; more means that the disk has stopped
ENOUGH = 512  # entries that are worth a transaction of their own
LINGER = 0.02  # s to wait for company when nobody waits for the commit: fewer syncs, and still seen at once
PATIENCE = 30.0  # s to wait for a commit or for room; the database's own time-out is far below
GRACE = 20.0  # s after a stop without a word of the runs that are still open


class Inbox:
    """Entries on their way to the disk. `shut` says once and for all why there is no way any more.

    So does whoever waited in vain: what comes late may be kept, but nothing is built on a disk that cannot be relied on.
    A disk is not hurried: all patience here is in s of the host, of which `monitor`'s clock counts `speed` each.
    """

    def __init__(self, monitor: Monitor, speed: float) -> None:
        self._monitor = monitor
        self._speed = speed
        self._door = Door()
        self._waiting: list[Entry] = []
        self._urgent = False  # whether somebody waits for the commit of one of them
        self._ended: dict[str, None] = {}  # the latest runs that ended, the oldest first
        self._fault: str | None = None

    @property
    def fault(self) -> str | None:
        """Return why there is no way any more, None while there is."""
        return self._fault

    def check(self) -> None:
        """Raise StoreError once there is no way any more."""
        if self._fault is not None:
            raise StoreError(self._fault)

    def put(self, entry: Entry) -> None:
        """Take `entry`, waiting while there is no room; raises StoreError when it cannot be kept."""
        with self._monitor:
            if len(self._waiting) >= ROOM:
                self._await(lambda: len(self._waiting) < ROOM, "the journal has no room: its disk does not keep up")
            self.check()
            if isinstance(entry, Told):
                self._door.admit(entry.event)
            self._waiting.append(entry)
            urgent = entry.urgent
            self._urgent = self._urgent or urgent
            if urgent or len(self._waiting) in (1, ENOUGH):  # else whoever commits has nothing to do yet: let it sleep
                self._monitor.notify()

    def await_end(self, run_id: str) -> None:
        """Return when the end of run `run_id` is committed; raises StoreError when it is not to be."""
        with self._monitor:
            self._await(lambda: run_id in self._ended, f"the end of run {run_id} is not committed after {PATIENCE:.0f} s")

    def await_deed(self, deed: Deed) -> None:
        """Return when `deed` is committed; raises StoreError when it is not to be, or the schema refused it."""
        with self._monitor:
            self._await(lambda: deed.done, f"the journal has not committed after {PATIENCE:.0f} s")
        if deed.refused:
            raise StoreError(f"the store refuses: {deed.refused}")

    def take(self, stop: Stop) -> list[Entry]:
        """Return what is to be committed next; nothing, once `stop` is set and every run has ended or fallen silent."""
        with self._monitor:
            if not self._any(stop):
                return []
            self._monitor.wait_for(lambda: self._urgent or len(self._waiting) >= ENOUGH, LINGER * self._speed)
            batch, self._waiting, self._urgent = self._waiting, [], False
            if len(batch) >= ROOM:  # else nobody waits for room
                self._monitor.notify()
            return batch

    def kept(self, batch: Sequence[Entry]) -> None:
        """Tell those who wait that `batch` is committed."""
        with self._monitor:
            for entry in batch:
                if isinstance(entry, Deed):
                    entry.done = True
                elif isinstance(entry.event, RunEnded):
                    self._ended[entry.event.run_id] = None
            while len(self._ended) > ROOM:  # whoever waited for so old a run has long been told
                del self._ended[next(iter(self._ended))]
            self._monitor.notify()

    def shut(self, why: str) -> None:
        """Refuse everything from now on and say `why`; the first reason stays."""
        with self._monitor:
            self._fault = self._fault or why
            self._monitor.notify()

    def _any(self, stop: Stop) -> bool:
        try:
            return self._monitor.wait_for(lambda: bool(self._waiting), None, stop)
        except Stopped:
            self._monitor.wait_for(lambda: bool(self._waiting) or not self._door.open_runs, GRACE * self._speed)
            return bool(self._waiting)

    def _await(self, holds: Callable[[], bool], too_late: str) -> None:
        self._monitor.wait_for(lambda: holds() or self._fault is not None, PATIENCE * self._speed)
        if not holds():
            self._fault = self._fault or f"{too_late}. What to do: check the disk, then start the station again"
            self._monitor.notify()
            self.check()
