"""The CALCulate commands of a Truevolt: decibels, limits, statistics and a histogram, made of readings as they are taken."""

import math
from collections.abc import Callable

from station.simulator.meter.statistics import Statistics
from station.simulator.scpi.kinds import Choice, Kind, Real, Switch, Whole
from station.simulator.scpi.numbers import OVERLOAD, real, whole
from station.simulator.scpi.settings import Setting, Settings, T
from station.simulator.scpi.status import Register
from station.simulator.scpi.table import Table

_BELOW, _ABOVE = 1 << 11, 1 << 12  # bits of the questionable register: a limit was passed
_MILLIWATT = 1e-3
_NO_READING_DB = -200.0  # what the decibels of zero volts are cut off at


class Mathematics:
    """Works on the readings of one meter; an overload goes past all of it untouched."""

    def __init__(self, table: Table, settings: Settings, questionable: Register) -> None:
        self._settings = settings
        self._questionable = questionable
        self._averages, self._histogram = Statistics(), Statistics()
        self._averaging = self._add("AVERage[:STATe]", Switch(False), self._averages.clear)
        self._limiting = self._add("LIMit[:STATe]", Switch(False), self._clear_limits)
        self._low = self._add("LIMit:LOWer[:DATA]", Real(0, -1e15, 1e15))
        self._high = self._add("LIMit:UPPer[:DATA]", Real(0, -1e15, 1e15))
        self._scaling = self._add("SCALe[:STATe]", Switch(False))
        self._scale = self._add("SCALe:FUNCtion", Choice("DB", ("DB", "DBM")))
        self._reference = self._add("SCALe:DB:REFerence", Real(0, -200, 200))
        self._ohms = self._add("SCALe:DBM:REFerence", Real(600, 50, 8000, "OHM"))
        self._catching = self._add("SCALe:REFerence:AUTO", Switch(True))
        self._add("SMOothing[:STATe]", Switch(False))
        self._add("SMOothing:RESPonse", Choice("FAST", ("SLOW", "MEDium", "FAST")))
        self._add("TCHart[:STATe]", Switch(True))
        self._binning = self._add("TRANsform:HISTogram[:STATe]", Switch(False), self._histogram.clear)
        self._bins = self._add("TRANsform:HISTogram:POINts", Whole(100, 10, 400))
        self._left = self._add("TRANsform:HISTogram:RANGe:LOWer", Real(-1, -1e15, 1e15), self._bounded)
        self._right = self._add("TRANsform:HISTogram:RANGe:UPPer", Real(1, -1e15, 1e15), self._bounded)
        self._self_bounded = self._add("TRANsform:HISTogram:RANGe:AUTO", Switch(True))
        self._install(table)

    def take(self, reading: float) -> float:
        """Return what becomes of a reading, and count it where counting is on."""
        if abs(reading) == OVERLOAD:
            return reading
        shown = self._scaled(reading)
        if self._limiting.value:
            self._judge(shown)
        for on, statistics in ((self._averaging, self._averages), (self._binning, self._histogram)):
            if on.value:
                statistics.add(shown)
        return shown

    def clear(self) -> None:
        """Forget what was counted."""
        self._averages.clear()
        self._histogram.clear()
        self._clear_limits()

    def function_changed(self) -> None:
        """Stop scaling and counting: another function has another unit."""
        for switch in (self._averaging, self._limiting, self._scaling, self._binning):
            switch.value = False
        self.clear()

    def _add(self, under: str, kind: Kind[T], changed: Callable[[], None] | None = None) -> Setting[T]:
        """Declare a setting; none of them touches readings under way."""
        return self._settings.add(f"CALCulate:{under}", kind, changed=changed or _unmoved)

    def _install(self, table: Table) -> None:
        averages, under = self._averages, "CALCulate:AVERage:"
        figures: dict[str, Callable[[], float]] = {
            "AVERage": lambda: averages.mean,
            "SDEViation": lambda: averages.deviation,
            "MINimum": lambda: averages.least,
            "MAXimum": lambda: averages.most,
            "PTPeak": lambda: averages.span,
        }
        for word, figure in figures.items():
            table.ask(under + word, _printed(figure))
        table.ask(under + "ALL", lambda: ",".join(real(figures[word]()) for word in list(figures)[:4]))
        table.ask(under + "COUNt", lambda: whole(averages.count))
        table.do(under + "CLEar[:IMMediate]", averages.clear)
        table.do("CALCulate:CLEar[:IMMediate]", self.clear)
        table.do("CALCulate:LIMit:CLEar[:IMMediate]", self._clear_limits)
        self._install_histogram(table, "CALCulate:TRANsform:HISTogram:")

    def _install_histogram(self, table: Table, under: str) -> None:
        def counts() -> str:
            return ",".join(map(whole, self._histogram.bins(self._bins.value, self._bounds())))

        table.ask(under + "DATA", counts)
        table.ask(under + "COUNt", lambda: whole(self._histogram.count))
        table.ask(under + "ALL", lambda: ",".join([*map(real, self._bounds()), whole(self._histogram.count), counts()]))
        table.do(under + "CLEar[:IMMediate]", self._histogram.clear)

    def _bounds(self) -> tuple[float, float]:
        if self._self_bounded.value and self._histogram.count:
            return self._histogram.least, self._histogram.most
        return self._left.value, self._right.value

    def _bounded(self) -> None:
        self._self_bounded.value = False

    def _scaled(self, reading: float) -> float:
        """Return a reading in dBm or in dB against the reference, which may be caught from it."""
        if not self._scaling.value:
            return reading
        watts = reading**2 / self._ohms.value
        level = 10 * math.log10(watts / _MILLIWATT) if watts > 0 else _NO_READING_DB
        if self._scale.value == "DBM":
            return level
        if self._catching.value:
            self._reference.value, self._catching.value = level, False
        return level - self._reference.value

    def _judge(self, shown: float) -> None:
        self._questionable.show(_BELOW, self._questionable.condition & _BELOW > 0 or shown < self._low.value)
        self._questionable.show(_ABOVE, self._questionable.condition & _ABOVE > 0 or shown > self._high.value)

    def _clear_limits(self) -> None:
        self._questionable.show(_BELOW | _ABOVE, False)


def _printed(figure: Callable[[], float]) -> Callable[[], str]:
    return lambda: real(figure())


def _unmoved() -> None:
    """Let readings under way go on."""
