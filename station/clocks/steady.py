"""Run on the host's monotonic clock, as it is or hurried by a factor for a simulated line."""

import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Self

from station.core.clock import Stop
from station.core.errors import Stopped

_LOOK = 0.05  # s of the host after which a wait looks up by itself: a stop set by a signal handler may have found nobody to wake


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
        """Ask for the end and wake everyone who waits; the first reason stays. Never blocks on somebody's monitor."""
        with self._lock:
            if self._reason is None:
                self._reason = reason
            waiting = list(self._waiting)
        for condition in waiting:
            if condition.acquire(blocking=False):  # who is inside will look up before long
                condition.notify_all()
                condition.release()

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
        end = math.inf if seconds is None else time.monotonic() + seconds / self._speed
        if heard is None:
            return self._wait(holds, end)
        heard.enter(self._condition)
        try:
            self._wait(lambda: heard.reason is not None or holds(), end)
        finally:
            heard.leave(self._condition)
        if holds():
            return True
        heard.check()
        return False

    def _wait(self, holds: Callable[[], bool], end: float) -> bool:
        """Wait until `holds()` or the host's monotonic time is `end`; return whether it holds."""
        while not holds():
            left = end - time.monotonic()
            if not left > 0:
                return False
            self._condition.wait(min(left, _LOOK))
        return True


def _steady(stop: Stop | None) -> SteadyStop | None:
    if stop is None or isinstance(stop, SteadyStop):
        return stop
    raise TypeError("a steady clock hears only stops made by a steady clock")


class SteadyClock:
    """The host's monotonic clock times `speed`; only a simulated line may be hurried."""

    def __init__(self, speed: float = 1.0) -> None:
        if not 0 < speed < math.inf:
            raise ValueError(f"a clock's speed must be above 0 and finite, not {speed}")
        self._speed = speed
        self._start = time.monotonic()
        self._transport = self if speed == 1.0 else SteadyClock()

    @property
    def speed(self) -> float:
        """Return how many of this clock's seconds pass in one second of the host."""
        return self._speed

    @property
    def transport(self) -> "SteadyClock":
        """Return the clock for time-outs on wires: the host's own seconds."""
        return self._transport

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

    def enlist(self, body: Callable[[], None]) -> Callable[[], None]:
        """Return `body`: threads of the host need nobody to take turns."""
        return body

    def utc(self) -> str:
        """Return the wall clock as UTC in ISO 8601 with microseconds."""
        second, rest = divmod(time.time_ns(), 1_000_000_000)
        return f"{_utc(second)}.{rest // 1000:06d}Z"


@lru_cache(maxsize=4)  # a second has many stamps
def _utc(second: int) -> str:
    """Return a whole second since 1970 as UTC in ISO 8601."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
