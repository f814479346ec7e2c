"""What one acquisition leaves behind: codes of each channel that was on, and how they are volts and seconds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from station.simulator.ports import Floats
from station.simulator.scope.channel import Screen

Codes = NDArray[np.uint16]
Places = NDArray[np.int64]
CODES = 65_536  # codes are kept on a 16-bit scale whatever the converter's bits; the screen's centre is half of it


class Trace:
    """One channel of a record of `count` samples over the full height of `screen`; `work_out` gives those at some places.

    A record is seldom read whole: its samples are worked out when they are first read, each once.
    """

    def __init__(self, screen: Screen, count: int, work_out: Callable[[Places], Codes]) -> None:
        self.screen = screen
        self._work_out = work_out
        self._codes: Codes = np.empty(count, dtype=np.uint16)
        self._known = 0  # each so-manieth sample is known, from the first; 0 = none is
        if screen.alternating:
            self.every(1)  # its mean is that of the whole record

    def __len__(self) -> int:
        """Return how many samples there are."""
        return len(self._codes)

    @property
    def codes(self) -> Codes:
        """The samples, (n,) uint16 on the scale of `CODES`."""
        return self.every(1)

    def every(self, group: int) -> Codes:
        """Return the first sample of each whole `group`, (n // group,) uint16."""
        if not self._known or group % self._known:
            places = np.arange(0, len(self), 1 if self._known else group)
            if self._known:
                places = places[places % self._known != 0]
            self._codes[places], self._known = self._work_out(places), 1 if self._known else group
        return self._codes[: len(self) // group * group : group]

    @property
    def step(self) -> float:
        """Volts a code."""
        return self.screen.height / CODES

    @property
    def volts(self) -> Floats:
        """The samples in volts, (n,) float64."""
        return volts(self.codes, self.screen)


@dataclass(frozen=True, slots=True)
class Record:
    """Traces by channel number; sample 0 is `left` seconds after the trigger, the next `interval` seconds later."""

    trigger: float
    left: float
    interval: float
    traces: dict[int, Trace]
    kind: str
    count: int

    @property
    def points(self) -> int:
        """How many samples each trace has."""
        return min((len(trace) for trace in self.traces.values()), default=0)


def volts(codes: Codes, screen: Screen) -> Floats:
    """Return the volts that 16-bit `codes` stand for on `screen`, both (n,)."""
    return (codes.astype(np.float64) - CODES // 2) * (screen.height / CODES) + screen.offset


def thinned(trace: Trace, group: int, kind: str) -> Trace:
    """Keep one sample of each `group`; in PEAK records the least and the greatest of each group, as a pair."""
    if kind != "PEAK" or group < 2:
        return known(trace.every(group), trace.screen)
    rows = trace.codes[: len(trace) // group * group].reshape(-1, group)
    return known(np.stack([rows.min(axis=1), rows.max(axis=1)], axis=1).reshape(-1), trace.screen)


def known(codes: Codes, screen: Screen) -> Trace:
    """Return the trace of `codes`, (n,) uint16."""
    return Trace(screen, len(codes), lambda places: codes[places])


def averaged(parts: list[Record]) -> Record:
    """Return the mean of records that were taken alike, or the one there is."""
    if len(parts) == 1:
        return parts[0]
    traces = {
        number: known(np.rint(np.mean([part.traces[number].codes for part in parts], axis=0)).astype(np.uint16), trace.screen)
        for number, trace in parts[-1].traces.items()
    }
    return replace(parts[-1], traces=traces, count=len(parts))
