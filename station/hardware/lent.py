"""Show a lent instrument to a step: the ports' verbs, bound to the run's stop, refused once the loan is over."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

from station.core.clock import Stop
from station.core.uncertainty import Reading
from station.core.waveform import Waveform
from station.hardware.fixture import Fixture
from station.hardware.infiniivision import GAIN_ACCURACY, INPUT_OHM, TIME_ACCURACY, InfiniiVision
from station.hardware.lending import Loan
from station.hardware.truevolt import Truevolt

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Guard:
    """Keeps a loan to its end and to its session with the fixture; each check raises why one of them is over.

    Whatever makes a slot safe ends the session for good. So one question behind a measurement answers for all the time since
    the instrument was routed.
    """

    loan: Loan
    fixture: Fixture
    session: int

    def before(self) -> None:
        """Refuse what is known to be over; the fixture is not asked."""
        self.loan.check()
        self.fixture.refuse_over(self.session)

    def after(self) -> None:
        """Refuse what is over, and ask the fixture whether it is."""
        self.loan.check()
        self.fixture.ask("PING", self.session)


def _sound(guard: Guard, measure: Callable[[], _T]) -> _T:
    """Measure, and give the value out only if loan and slot were sound before and still are: a slot made safe reads zero."""
    guard.before()
    value = measure()
    guard.after()
    return value


class LentDmm:
    """A DMM, as long as the loan lasts; `serial` is its own, `to_zero` routes it to the zero of its path for a `with`."""

    def __init__(
        self, meter: Truevolt, serial: str, stop: Stop, guard: Guard, to_zero: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self.serial = serial
        self._meter = meter
        self._stop = stop
        self._guard = guard
        self._to_zero = to_zero

    @property
    def input_ohm(self) -> float:
        """Return the input resistance in ohm of the function that was measured last (DC before the first)."""
        return self._meter.input_ohm

    def dc_voltage(self, *, range: float, aperture: float = 0.2, count: int = 1) -> Reading:
        """Return the mean of `count` readings of at least `aperture` s each, on the smallest range that holds `range` V."""
        return _sound(self._guard, lambda: self._meter.dc_voltage(self._stop, range=range, aperture=aperture, count=count))

    def zero_voltage(self, *, range: float, count: int = 1) -> Reading:
        """Return what the relays of the path make by themselves: it is shorted at the slot meanwhile."""
        with self._to_zero():
            return self.dc_voltage(range=range, count=count)

    def triggered_voltage(
        self, *, range: float, delay: float, aperture: float, count: int, patience: float, after: float = 0.0
    ) -> Reading:
        """Return the mean of `count` readings, each of at most `aperture` s begun `delay` s after an edge on SYNC."""
        return _sound(
            self._guard,
            lambda: self._meter.triggered_voltage(
                self._stop, range=range, delay=delay, aperture=aperture, count=count, patience=patience, after=after
            ),
        )

    def ac_voltage(self, *, range: float, lowest: float, count: int = 1) -> Reading:
        """Return the true RMS of the AC part of a signal with nothing below `lowest` Hz, settled."""
        return _sound(self._guard, lambda: self._meter.ac_voltage(self._stop, range=range, lowest=lowest, count=count))


class LentScope:
    """An oscilloscope, as long as the loan lasts; `serial` is the instrument's."""

    input_ohm = INPUT_OHM
    gain_accuracy = GAIN_ACCURACY
    time_accuracy = TIME_ACCURACY

    def __init__(self, oscilloscope: InfiniiVision, serial: str, stop: Stop, guard: Guard) -> None:
        self.serial = serial
        self._oscilloscope = oscilloscope
        self._stop = stop
        self._guard = guard

    @property
    def offset_accuracy(self) -> float:
        """Return the standard uncertainty of the vertical offset as a fraction of full scale, on the scale used last."""
        return self._oscilloscope.offset_accuracy

    def arm(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000) -> None:
        """Wait for the next edge on SYNC: a record of `span` s, `before` s of it earlier, holding +-`peak` V."""
        self._guard.before()
        self._oscilloscope.arm(self._stop, span=span, peak=peak, before=before, points=points)

    def read(self, *, patience: float) -> Waveform:
        """Return the record that `arm` asked for."""
        return _sound(self._guard, lambda: self._oscilloscope.read(self._stop, patience=patience))

    def capture(self, *, span: float, peak: float, before: float = 0.0, points: int = 100_000, patience: float) -> Waveform:
        """Arm and read."""
        self.arm(span=span, peak=peak, before=before, points=points)
        return self.read(patience=patience)

    def look(self, *, span: float, peak: float, points: int = 100_000) -> Waveform:
        """Return a record taken at once, triggered by nothing."""
        return _sound(self._guard, lambda: self._oscilloscope.look(self._stop, span=span, peak=peak, points=points))
