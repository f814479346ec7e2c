"""Run on the host's monotonic clock, as it is or hurried by a factor for a simulated line."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from station.core.clock import Stop
from station.core.errors import Stopped


class SteadyStop:
    """A stop heard by every wait of every steady clock."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal handler may set it while its own thread is inside
        self._reason: str | None = None
        self._waiting: list[threading.Condition] = []

    @property
    def reason(self) -> str | None:
        """Return why the end was asked for, or None while nobody did."""
        return self._reason

    def set(self, reason: str) -> None:
        """Ask for the end and wake everyone who waits; the first reason stays."""
        with self._lock:
            if self._reason is None:
                self._reason = reason
            waiting = list(self._waiting)
        for condition in waiting:
            with condition:
                condition.notify_all()

    def check(self) -> None:
        """Raise Stopped if the end was asked for."""
        if self._reason is not None:
            raise Stopped(self._reason)

    def enter(self, condition: threading.Condition) -> None:
        """Let `condition` be woken when the end is asked for."""
        with self._lock:
            self._waiting.append(condition)

    def leave(self, condition: threading.Condition) -> None:
        """Undo one `enter`."""
        with self._lock:
            self._waiting.remove(condition)


class SteadyMonitor:
    """A condition variable whose waits count a clock's seconds and hear a stop."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._condition = threading.Condition()

    def __enter__(self) -> Self:
        """Enter, waiting for whoever is inside."""
        self._condition.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave."""
        self._condition.release()

    def notify(self) -> None:
        """Wake all who wait in here, to look again."""
        self._condition.notify_all()

    def wait_for(self, holds: Callable[[], bool], seconds: float | None, stop: Stop | None = None) -> bool:
        """Wait inside until `holds()`, at most `seconds`; raises Stopped when `stop` is set and it does not hold."""
        heard = _steady(stop)
        timeout = None if seconds is None else max(0.0, seconds / self._speed)
        if heard is None:
            return self._condition.wait_for(holds, timeout)
        heard.enter(self._condition)
        try:
            self._condition.wait_for(lambda: heard.reason is not None or holds(), timeout)
        finally:
            heard.leave(self._condition)
        if holds():
            return True
        heard.check()
        return False


def _steady(stop: Stop | None) -> SteadyStop | None:
    if stop is None or isinstance(stop, SteadyStop):
        return stop
    raise TypeError("a steady clock hears only stops made by a steady clock")


class SteadyClock:
    """The host's monotonic clock times `speed`; only a simulated line may be hurried."""

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"a clock's speed must be above 0, not {speed}")
        self._speed = speed
        self._start = time.monotonic()

    @property
    def speed(self) -> float:
        """Return how many of this clock's seconds pass in one second of the host."""
        return self._speed

    @property
    def transport(self) -> "SteadyClock":
        """Return the clock for time-outs on wires: the host's own seconds."""
        return self if self._speed == 1.0 else SteadyClock()

    def now(self) -> float:
        """Return the time in seconds, monotonic."""
        return (time.monotonic() - self._start) * self._speed

    def wait(self, seconds: float, stop: Stop) -> None:
        """Wait `seconds`; raises Stopped at once when `stop` is set."""
        with self.monitor() as monitor:
            monitor.wait_for(lambda: False, seconds, stop)

    def stop(self) -> SteadyStop:
        """Return a new stop that waits on this clock can hear."""
        return SteadyStop()

    def monitor(self) -> SteadyMonitor:
        """Return a new monitor whose waits count this clock's seconds."""
        return SteadyMonitor(self._speed)

    def utc(self) -> str:
        """Return the wall clock as UTC in ISO 8601 with microseconds."""
        return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
