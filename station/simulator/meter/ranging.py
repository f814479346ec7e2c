"""Which range, which integration time, which filter: the steps a Truevolt rounds a typed number to."""

from collections.abc import Callable
from dataclasses import dataclass

from station.simulator.meter.accuracy import RESOLUTION
from station.simulator.meter.functions import OVERRANGE, Function
from station.simulator.scpi.kinds import Real
from station.simulator.scpi.numbers import real

CYCLES = tuple(RESOLUTION)
_FILTERS = (3.0, 20.0, 200.0)  # Hz: the lowest frequency that an AC function must see


def up_to(steps: tuple[float, ...]) -> Callable[[float], float]:
    """Return a rule that brings a number to the next step not below it."""

    def snap(value: float) -> float:
        return next((step for step in steps if step >= value * (1 - 1e-9)), steps[-1])

    return snap


def widest_filter(frequency: float) -> float:
    """Return the AC filter, named by its lowest frequency in Hz, that is quickest and still passes `frequency`."""
    return max(band for band in _FILTERS if band <= frequency)


@dataclass(frozen=True, slots=True)
class ExpectedReading:
    """A range, typed as the reading it must hold: rounded up to the next full scale; -222 beyond 120 % of the largest."""

    function: Function

    @property
    def default(self) -> float:
        """The range after a reset: 10 V, 1 A, 1 kohm or 1 uF, and where there is but one, that."""
        return self.function.at_least({"V": 10.0, "A": 1.0, "OHM": 1e3, "F": 1e-6}.get(self.function.suffix, 0.0)).full_scale

    def read(self, text: str) -> float:
        """Return the full scale that `text` means."""
        most, unit = self.function.most, self.function.suffix
        if text[:1].isalpha():
            return Real(self.default, self.function.least, most, unit).read(text)
        typed = Real(self.default, -most * OVERRANGE, most * OVERRANGE, unit).read(text)
        return self.function.at_least(typed).full_scale

    def show(self, value: float) -> str:
        """Print the full scale."""
        return real(value)
