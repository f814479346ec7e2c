"""The seams inside the simulator: what an instrument's terminals see, and what a server asks of a device."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Terminals(Protocol):
    """What one instrument's inputs see: the voltage on its input and the edges on its external trigger.

    All times are simulator seconds (float). Only the past may be asked for: `times` and `end` never lie after now.
    """

    def volts(self, times: Floats) -> Floats:
        """Return the voltage at the input at each of `times`, both (n,) float64, ascending; noise included."""
        ...

    def seen(self, times: Floats, looks: int, step: float) -> Floats:
        """Return the mean of `looks` looks at the input, `step` seconds apart, around each of `times`, both (n,) float64."""
        ...

    def mean(self, start: float, end: float) -> float:
        """Return the mean voltage between `start` and `end`, as an ideal integrating converter would."""
        ...

    def ac_rms(self, start: float, end: float) -> float:
        """Return the root mean square of the voltage between `start` and `end` after its mean was taken off."""
        ...

    def ac_rms_each(self, starts: Floats, seconds: float) -> Floats:
        """Return `ac_rms` over the `seconds` behind each of `starts` (ascending), both (n,) float64."""
        ...

    def ohms(self, start: float, end: float) -> float:
        """Return the resistance across the input between `start` and `end` in ohm, the largest it had; infinite when open."""
        ...

    def triggers(self, start: float, end: float) -> list[float]:
        """Return the times of the rising edges on the external trigger input with start < time <= end."""
        ...


class Device(Protocol):
    """One end of a byte stream: bytes go in, time passes, bytes come out. No socket, no thread, no clock of its own."""

    def opened(self, now: float) -> None:
        """A client has connected at `now`."""
        ...

    def receive(self, data: bytes, now: float) -> None:
        """Take `data` as it came off the wire; any split of the stream means the same."""
        ...

    def poll(self, now: float) -> bytes:
        """Do all that is due by `now` and return the bytes to send."""
        ...

    def wake(self) -> float | None:
        """Return when `poll` must be called next though nothing arrives, or None when only input can cause output."""
        ...

    def closed(self, now: float) -> None:
        """The client has gone at `now`."""
        ...


class Time(Protocol):
    """The two times of a hurried simulation: the wire's own seconds, and the simulator's."""

    def transport(self) -> float:
        """Return the wire's seconds since the beginning: never hurried."""
        ...

    def now(self) -> float:
        """Return the simulator's seconds since the beginning."""
        ...

    def wait(self, moment: float) -> float:
        """Return how many of the wire's seconds are left until the simulator's `moment`: 0 if it has passed."""
        ...
