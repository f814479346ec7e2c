"""What one acquisition leaves behind: codes of each channel that was on, and how they are volts and seconds."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from station.simulator.ports import Floats
from station.simulator.scope.channel import Screen

Codes = NDArray[np.uint16]
CODES = 65_536  # codes are kept on a 16-bit scale whatever the converter's bits; the screen's centre is half of it


@dataclass(frozen=True, slots=True)
class Trace:
    """One channel of a record: `codes` is (n,) uint16 over the full height of `screen`."""

    codes: Codes
    screen: Screen

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
        return min((len(trace.codes) for trace in self.traces.values()), default=0)


def volts(codes: Codes, screen: Screen) -> Floats:
    """Return the volts that 16-bit `codes` stand for on `screen`, both (n,)."""
    return (codes.astype(np.float64) - CODES // 2) * (screen.height / CODES) + screen.offset


def thinned(trace: Trace, group: int, kind: str) -> Trace:
    """Keep one sample of each `group`; in PEAK records the least and the greatest of each group, as a pair."""
    whole = len(trace.codes) // group * group
    if kind != "PEAK" or group < 2:
        return Trace(trace.codes[:whole:group], trace.screen)
    rows = trace.codes[:whole].reshape(-1, group)
    return Trace(np.stack([rows.min(axis=1), rows.max(axis=1)], axis=1).reshape(-1), trace.screen)


def averaged(parts: list[Record]) -> Record:
    """Return the mean of records that were taken alike, or the one there is."""
    if len(parts) == 1:
        return parts[0]
    traces = {
        number: Trace(np.rint(np.mean([part.traces[number].codes for part in parts], axis=0)).astype(np.uint16), trace.screen)
        for number, trace in parts[-1].traces.items()
    }
    return replace(parts[-1], traces=traces, count=len(parts))
