"""The voltmeter inside an InfiniiVision: mean, RMS and frequency of what is on the screen, whatever the trace shows."""

from collections.abc import Callable

import numpy as np

from station.simulator.ports import Floats
from station.simulator.scope import measures
from station.simulator.scope.measures import Displayed
from station.simulator.scpi.kinds import Choice, Switch
from station.simulator.scpi.numbers import real
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.table import Call, Table

Look = Callable[[int, float], Displayed | None]
_UNKNOWN = "+9.9E+37"


def _steady(volts: Floats) -> float:
    return float(volts.mean())


def _all(volts: Floats) -> float:
    return float(np.sqrt(np.mean(volts**2)))


def _wobble(volts: Floats) -> float:
    return float(volts.std())


_MODES = {"DC": _steady, "DCRM": _all, "ACRM": _wobble}


class Voltmeter:
    """The DVM commands; `look` gives what a channel shows at a moment in seconds."""

    def __init__(self, table: Table, settings: Settings, look: Look) -> None:
        self._look = look
        self._on = settings.add("DVM:ENABle", Switch(False))
        self._mode = settings.add("DVM:MODE", Choice("DC", ("DC", "DCRMs", "ACRMs", "FREQuency")))
        self._source = settings.add("DVM:SOURce", Choice("CHAN1", tuple(f"CHANnel{number}" for number in (1, 2, 3, 4))))
        settings.add("DVM:ARANge", Switch(True))
        table.add("DVM:CURRent", query=self._current)
        table.add("DVM:FREQuency", query=self._frequency)

    def _current(self, call: Call) -> str:
        if self._mode.value == "FREQ":
            return self._frequency(call)
        return self._say(call, lambda shown: _MODES[self._mode.value](shown.volts))

    def _frequency(self, call: Call) -> str:
        return self._say(call, measures.frequency)

    def _say(self, call: Call, value_of: Callable[[Displayed], float | None]) -> str:
        call.exactly(0)
        shown = self._look(int(self._source.value[-1]), call.now) if self._on.value else None
        value = None if shown is None else value_of(shown)
        return _UNKNOWN if value is None else real(value, 5)
