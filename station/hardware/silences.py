"""Let a slot wait for the news that its unit went off, instead of asking again and again."""

from collections.abc import Callable

from station.core.clock import Clock, Stop
from station.hardware.replies import FixtureEvent


class Silences:
    """Which slots were told to be off since they waited last; news is never evidence, and may get lost."""

    def __init__(self, clock: Clock) -> None:
        self._monitor = clock.monitor()
        self._off = set[str]()

    def hear(self, event: FixtureEvent) -> None:
        """Take notice of an event of the fixture."""
        if event.name == "OFF":
            with self._monitor:
                self._off.update(event.words[:1])
                self._monitor.notify()

    def wake(self) -> None:
        """Have all who wait look again whether there is still something to wait for."""
        with self._monitor:
            self._monitor.notify()

    def wait(self, slot: int, is_over: Callable[[], bool], seconds: float, stop: Stop) -> None:
        """Wait until `slot` was told to be off, or all is over; at most `seconds` of the line's time."""
        name = str(slot)
        with self._monitor:
            self._monitor.wait_for(lambda: name in self._off or is_over(), seconds, stop)
            self._off.discard(name)
