"""Turn time by hand: threads pass one baton, and when all of them wait, time jumps to the earliest moment anyone waits for.

Exactly one thread runs at a time, and the next is always chosen in the same order: the same flow from the same seed happens
in the same way each time, however busy the host. A shift passes as fast as its code runs.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from station.clocks.baton import Baton, Sleeper
from station.core.clock import Stop
from station.core.errors import Stopped

_MONDAY = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)  # where an early shift begins unless the caller says otherwise


class VirtualStop:
    """A stop heard by every wait of the virtual clocks of one baton."""

    def __init__(self, baton: Baton) -> None:
        self._baton = baton
        self._reason: str | None = None
        self._hearing: list[Sleeper] = []

    @property
    def reason(self) -> str | None:
        """Return why the end was asked for, or None while nobody did."""
        return self._reason

    def set(self, reason: str) -> None:
        """Ask for the end and wake everyone who waits; the first reason stays."""
        if self._reason is None:
            self._reason = reason
            self._baton.look_again(self._hearing)

    def check(self) -> None:
        """Raise Stopped if the end was asked for."""
        if self._reason is not None:
            raise Stopped(self._reason)

    def enter(self, sleeper: Sleeper) -> None:
        """Let `sleeper` be woken when the end is asked for."""
        self._hearing.append(sleeper)

    def leave(self, sleeper: Sleeper) -> None:
        """Undo one `enter`."""
        self._hearing.remove(sleeper)


class VirtualMonitor:
    """A lock with a place to wait in, on the baton: who holds it may wait elsewhere meanwhile, and enter it again."""

    def __init__(self, baton: Baton, speed: float) -> None:
        self._baton = baton
        self._speed = speed
        self._owner: object = None
        self._depth = 0
        self._inside: list[Sleeper] = []
        self._outside: list[Sleeper] = []
        self._missed: list[Sleeper] = []  # those to be woken while somebody was inside

    def __enter__(self) -> Self:
        """Enter, waiting for whoever is inside."""
        me = self._baton.me()
        if self._owner is None:
            self._owner, self._depth = me, 1
        elif self._owner is me:
            self._depth += 1
        else:
            self._take(me, 1)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave."""
        self._depth -= 1
        if not self._depth:
            self._let_go()

    def notify(self) -> None:
        """Wake all who wait in here, to look again."""
        self._baton.look_again(self._inside)

    def wait_for(self, holds: Callable[[], bool], seconds: float | None, stop: Stop | None = None) -> bool:
        """Wait inside until `holds()`, at most `seconds`; raises Stopped when `stop` is set and it does not hold."""
        if holds():
            return True
        heard = _virtual(stop)
        end = math.inf if seconds is None else self._baton.after(seconds / self._speed)
        while not holds():
            if heard is not None:
                heard.check()
            if self._baton.now >= end:
                return False
            self._sleep(lambda: holds() or (heard is not None and heard.reason is not None), end, heard)
        return True

    def _sleep(self, wakes: Callable[[], bool], end: float, heard: VirtualStop | None) -> None:
        depth = self._depth
        sleeper = Sleeper(self._baton.me(), lambda: self._free(sleeper) and wakes(), end)
        self._inside.append(sleeper)
        if heard is not None:
            heard.enter(sleeper)
        try:
            self._let_go()
            self._baton.sleep(sleeper)
        finally:
            self._inside.remove(sleeper)
            if heard is not None:
                heard.leave(sleeper)
            self._take(sleeper.seat, depth)

    def _free(self, sleeper: Sleeper) -> bool:
        if self._owner is not None:
            self._missed.append(sleeper)
        return self._owner is None

    def _take(self, me: object, depth: int) -> None:
        while self._owner is not None:
            sleeper = Sleeper(self._baton.me(), lambda: self._owner is None, math.inf)
            self._outside.append(sleeper)
            try:
                self._baton.sleep(sleeper)
            finally:
                self._outside.remove(sleeper)
        self._owner, self._depth = me, depth

    def _let_go(self) -> None:
        self._owner, self._depth = None, 0
        if self._outside or self._missed:
            self._baton.look_again([*self._outside, *self._missed])
            self._missed.clear()


def _virtual(stop: Stop | None) -> VirtualStop | None:
    if stop is None or isinstance(stop, VirtualStop):
        return stop
    raise TypeError("a virtual clock hears only stops made by a virtual clock")


class VirtualClock:
    """Time that passes only while everyone waits; `speed` line seconds pass in one second of the wires.

    `begin` is the wall clock at 0 s. `baton` is another clock's, to share its time; without it the thread that makes the
    clock is the first to run, and only threads started by way of `enlist` may use it.
    """

    def __init__(self, speed: float = 1.0, begin: datetime = _MONDAY, baton: Baton | None = None) -> None:
        self._baton = baton or Baton()
        self._speed = speed
        self._begin = begin
        self._transport = self if speed == 1.0 else VirtualClock(1.0, begin, self._baton)

    @property
    def speed(self) -> float:
        """Return how many of this clock's seconds pass in one second of the wires."""
        return self._speed

    @property
    def transport(self) -> "VirtualClock":
        """Return the clock for time-outs on wires."""
        return self._transport

    @property
    def sleeps(self) -> int:
        """Return how often a thread has slept on this clock so far: what a flow costs beyond its work."""
        return self._baton.sleeps

    def now(self) -> float:
        """Return the time in seconds, from 0."""
        return self._baton.now * self._speed

    def wait(self, seconds: float, stop: Stop) -> None:
        """Wait `seconds`; raises Stopped at once when `stop` is set."""
        with self.monitor() as monitor:
            monitor.wait_for(lambda: False, seconds, stop)

    def stop(self) -> VirtualStop:
        """Return a new stop that waits on this clock can hear."""
        return VirtualStop(self._baton)

    def monitor(self) -> VirtualMonitor:
        """Return a new monitor whose waits count this clock's seconds."""
        return VirtualMonitor(self._baton, self._speed)

    def enlist(self, body: Callable[[], None]) -> Callable[[], None]:
        """Return `body` for a thread that starts now: it runs when the baton comes to it, and passes it on at its end."""
        return self._baton.enlist(body)

    def utc(self) -> str:
        """Return the wall clock as UTC in ISO 8601 with microseconds."""
        wall = self._begin + timedelta(seconds=self._baton.now * self._speed)
        return wall.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def set_wall(self, seconds: float) -> None:
        """Step the wall clock by `seconds`, as a time server or a hand does; no duration may depend on it."""
        self._begin += timedelta(seconds=seconds)
