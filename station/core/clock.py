"""Say what the station asks of time: a clock to wait on, a stop to hear, a monitor to wait in.

Everything that blocks in the line, in lending, in the journal and in the links is built from these three, never from the
standard library's primitives, so that a clock that is turned by hand can drive all of it.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Protocol


class Stop(Protocol):
    """A request to end, heard by every wait that was given it."""

    def set(self, reason: str) -> None:
        """Ask for the end; the first reason stays."""
        ...

    @property
    def reason(self) -> str | None:
        """Return why the end was asked for, or None while nobody did."""
        ...

    def check(self) -> None:
        """Raise Stopped if the end was asked for."""
        ...


class Monitor(Protocol):
    """A lock with a place to wait in: `with monitor:` enters, `wait_for` lets others in until something holds."""

    def __enter__(self) -> object:
        """Enter, waiting for whoever is inside."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave."""
        ...

    def wait_for(self, holds: Callable[[], bool], seconds: float | None, stop: Stop | None = None) -> bool:
        """Wait inside until `holds()`, at most `seconds` of the clock's time; return whether it holds.

        Raises Stopped when `stop` is set meanwhile and it does not hold. `seconds` is None only where the one who must
        notify is joined by the same crew.
        """
        ...

    def notify(self) -> None:
        """Wake all who wait in here, to look again."""
        ...


class Clock(Protocol):
    """Time as a line sees it: seconds since some moment, that never go back."""

    @property
    def speed(self) -> float:
        """Return how many of this clock's seconds pass in one second of the host (1 but for a hurried simulation)."""
        ...

    @property
    def transport(self) -> "Clock":
        """Return the clock for time-outs on wires: never hurried."""
        ...

    def now(self) -> float:
        """Return the time in seconds, monotonic."""
        ...

    def wait(self, seconds: float, stop: Stop) -> None:
        """Wait `seconds`; raises Stopped at once when `stop` is set."""
        ...

    def stop(self) -> Stop:
        """Return a new stop that waits on this clock can hear."""
        ...

    def monitor(self) -> Monitor:
        """Return a new monitor whose waits count this clock's seconds."""
        ...

    def enlist(self, body: Callable[[], None]) -> Callable[[], None]:
        """Return what a new thread runs instead of `body`, so that the clock knows of it from before its start to its end."""
        ...

    def utc(self) -> str:
        """Return the wall clock as UTC in ISO 8601 with microseconds: for stamps only, never for durations."""
        ...
