"""The MEASure commands: which channel, over which interval, and `+9.9E+37` where the screen does not show it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from station.simulator.scope import measures
from station.simulator.scope.acquiring import SHOWN
from station.simulator.scope.acquisition import Acquisition
from station.simulator.scope.measures import Displayed, Measure
from station.simulator.scope.record import thinned
from station.simulator.scope.results import Results
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Choice, Switch, Whole
from station.simulator.scpi.numbers import number, real
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.table import Call, Table

_UNKNOWN = "+9.9E+37"
_SOURCE = Choice("CHAN1", tuple(f"CHANnel{number}" for number in (1, 2, 3, 4)))
_SECOND = Choice("NONE", ("NONE", *_SOURCE.options))
_INTERVAL = Choice("DISP", ("CYCLe", "DISPlay"))
_COUPLING = Choice("DC", ("AC", "DC"))
_WHICH_EDGE = Whole(1, -100_000, 100_000)  # rising ones count up, falling ones down

_PLAIN: dict[str, Measure] = {
    "FREQuency": measures.frequency,
    "COUNter": measures.frequency,
    "PERiod": measures.period,
    "PWIDth": measures.positive_width,
    "NWIDth": measures.negative_width,
    "DUTYcycle": measures.duty_cycle,
    "RISetime": measures.rise_time,
    "FALLtime": measures.fall_time,
    "VTOP": measures.top,
    "VBASe": measures.base,
    "VAMPlitude": lambda shown: measures.top(shown) - measures.base(shown),
    "VMAX": lambda shown: float(shown.volts.max()),
    "VMIN": lambda shown: float(shown.volts.min()),
    "VPP": lambda shown: float(np.ptp(shown.volts)),
    "XMAX": lambda shown: float(shown.times[np.argmax(shown.volts)]),
    "NDUTy": measures.negative_duty_cycle,
    "PEDGes": measures.edges_up,
    "NEDGes": measures.edges_down,
    "PPULses": measures.pulses_up,
    "NPULses": measures.pulses_down,
    "OVERshoot": measures.overshoot,
    "PREShoot": measures.preshoot,
    "AREa": measures.area,
    "SDEViation": measures.deviation,
    "BRATe": lambda _: None,
    "BWIDth": lambda _: None,
    "XMIN": lambda shown: float(shown.times[np.argmin(shown.volts)]),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the parameters of a measurement say: channel number, one cycle or the screen, with or without the mean."""

    number: int
    cycle: bool
    alternating: bool


Made = Callable[[Asked], Measure]
"""Makes the measurement that was asked for."""


class Measurements:
    """Answers from the record of `acquisition`; a channel that a measurement names is the source of those after it too."""

    def __init__(self, table: Table, settings: Settings, acquisition: Acquisition) -> None:
        self._acquisition = acquisition
        self.source = settings.add("MEASure:SOURce", _SOURCE)
        self._second = settings.keep(_SECOND)
        table.add("MEASure:SOURce", order=self._order_sources)
        table.ask("MEASure:SOURce", lambda: f"{self.source.value},{self._second.value}")
        settings.add("MEASure:SHOW", Switch(True))
        self._results = Results(table, settings)
        self._install_points(table)
        for word, measure in _PLAIN.items():
            self._install(table, word, _always(measure))
        for word, power in (("VAVerage", 1), ("VRMS", 2)):
            self._install(table, word, _mean(power))
        for word in ("DELay", "PHASe", "VRATio"):
            table.add(f"MEASure:{word}", query=self._between)
        table.add("MEASure:DEFine", order=lambda call: None if call.parameters else _missing())

    def displayed(self, number: int, now: float) -> Displayed | None:
        """Return what channel `number` shows at `now`, or None when it is not on the screen."""
        return self._displayed(Asked(number, False, False), now)

    def _install(self, table: Table, word: str, made: Made) -> None:
        """Make known a query, and the order that puts the same on the screen, where MEASure:RESults? finds it."""

        def order(call: Call) -> None:
            asked = self._choose(call)
            self._results.put(word, asked.number, lambda now: self._said(asked, made(asked), now))

        table.add(f"MEASure:{word}", order=order, query=lambda call: self._answer(call, made))

    def _order_sources(self, call: Call) -> None:
        """Take the channel that is measured, and perhaps the other one of what is measured between two."""
        first, *second = call.at_most(2) or ("",)
        self.source.order(Call((first,), call.now))
        self._second.order(Call((*second, "NONE")[:1], call.now))

    def _between(self, call: Call) -> str:
        """Say that two channels cannot be compared: all but one are open here and have no edge."""
        for text in call.at_most(2):
            _SOURCE.read(text)
        return _UNKNOWN

    def _install_points(self, table: Table) -> None:
        """Make known the queries of a place on the record: volts at a time, the time of an edge, the time of a voltage."""
        table.add("MEASure:VTIMe", query=self._at_time)
        table.add("MEASure:YATX", query=self._at_time)
        table.add("MEASure:TEDGe", query=self._edge_time)
        table.add("MEASure:TVALue", query=self._value_time)

    def _at_time(self, call: Call) -> str:
        wanted, *source = call.at_most(2) or ("",)
        return self._answer(Call(tuple(source), call.now), _always(measures.volts_at(number(wanted, "S"))))

    def _edge_time(self, call: Call) -> str:
        which, *source = call.at_most(2) or ("",)
        return self._answer(Call(tuple(source), call.now), _always(measures.time_of(None, _WHICH_EDGE.read(which))))

    def _value_time(self, call: Call) -> str:
        level, which, *source = (*call.at_most(3), "", "")[: max(2, len(call.parameters))]
        passed = measures.time_of(number(level, "V"), _WHICH_EDGE.read(which))
        return self._answer(Call(tuple(source), call.now), _always(passed))

    def _answer(self, call: Call, made: Made) -> str:
        asked = self._choose(call)
        return self._said(asked, made(asked), call.now)

    def _said(self, asked: Asked, measure: Measure, now: float) -> str:
        shown = self._displayed(asked, now)
        value = None if shown is None else measure(shown)
        return _UNKNOWN if value is None else real(value, 5)

    def _choose(self, call: Call) -> Asked:
        """Return what is asked for, and keep the channel for those who name none."""
        asked = self._asked(call)
        self.source.value = f"CHAN{asked.number}"
        return asked

    def _asked(self, call: Call) -> Asked:
        """Sort out parameters that may come in any number: interval, coupling, source; -224 for anything else."""
        number, cycle, alternating = int(self.source.value[-1]), False, False
        for text in call.at_most(3):
            if (word := _one_of(_INTERVAL, text)) is not None:
                cycle = word == "CYCL"
            elif (word := _one_of(_COUPLING, text)) is not None:
                alternating = word == "AC"
            else:
                number = int(_SOURCE.read(text)[-1])
        return Asked(number, cycle, alternating)

    def _displayed(self, asked: Asked, now: float) -> Displayed | None:
        """Return the measurement record of a channel, or None when it is not on the screen."""
        record = self._acquisition.record(now)
        if record is None or asked.number not in record.traces:
            return None
        trace = thinned(record.traces[asked.number], max(-(-record.points // SHOWN), 1), "NORM")
        step = record.interval * max(-(-record.points // SHOWN), 1)
        times = record.left + step * np.arange(len(trace), dtype=np.float64)
        return Displayed(trace.volts, times, trace.screen.height / 256)


def _always(measure: Measure) -> Made:
    return lambda _: measure


def _mean(power: int) -> Made:
    """Return the measurement of the mean (power 1) or of the root of the mean square (power 2)."""
    return lambda asked: lambda shown: _moment(shown, asked, power)


def _moment(shown: Displayed, asked: Asked, power: int) -> float | None:
    part = measures.first_cycle(shown) if asked.cycle else shown
    if part is None:
        return None
    if power == 1:
        return float(part.volts.mean())
    around = part.volts.mean() if asked.alternating else 0.0
    return float(np.sqrt(np.mean((part.volts - around) ** 2)))


def _one_of(choice: Choice, text: str) -> str | None:
    try:
        return choice.read(text)
    except ScpiError:
        return None


def _missing() -> None:
    raise ScpiError(-109)
