"""The settings of one measuring function: range, integration, filter, autozero, input, null."""

import re
from typing import TypeVar

from station.simulator.meter.accuracy import resolution
from station.simulator.meter.functions import Function, Range
from station.simulator.meter.null import Null
from station.simulator.meter.ranging import CYCLES, ExpectedReading, up_to, widest_filter
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Kind, Real, Switch
from station.simulator.scpi.numbers import real
from station.simulator.scpi.settings import Changed, Setting, Settings
from station.simulator.scpi.table import Call, Table

T = TypeVar("T")
GATES = (0.01, 0.1, 1.0)  # seconds over which cycles are counted
_AUTOMATIC = {"", "AUTO", "DEF", "DEFAULT"}


class Setup:
    """How one function is set; `changed` is told of each change, `timing_changed` of those that bring auto delay back."""

    def __init__(self, function: Function, settings: Settings, changed: Changed, timing_changed: Changed) -> None:
        self.function = function
        self._changed = changed
        self._settings = settings
        self._under = f"[SENSe]:{function.header}:"
        self.range = self._declare("RANGe[:UPPer]", ExpectedReading(function), self._fix_range)
        self.auto = self._declare("RANGe:AUTO", Switch(True, also=("ONCE",)), changed)
        self.cycles = self._declare("NPLCycles", Real(10, CYCLES[0], CYCLES[-1], "", up_to(CYCLES)), timing_changed)
        self.autozero = self._declare("ZERO:AUTO", Switch(True, also=("ONCE",)), changed)
        self.band = self._declare("BANDwidth", Real(20, 3, 200, "HZ", widest_filter), timing_changed)
        self.high_impedance = self._declare("IMPedance:AUTO", Switch(False), changed)
        self.gate = self._declare("APERture", Real(0.1, GATES[0], GATES[-1], "S", up_to(GATES)), timing_changed)
        self.null = Null(function, settings, self._under)

    def install(self, table: Table) -> None:
        """Put the resolution of this function into `table`: another way to choose its integration time."""
        if "RESolution" in self.function.settings:
            table.add(f"{self._under}RESolution", order=self._order_resolution, query=self._query_resolution)

    @property
    def used(self) -> Range:
        """The range in use now."""
        return self.function.at_least(self.range.value)

    @property
    def step(self) -> float:
        """The resolution now, in the function's unit."""
        return resolution(self.function, self.used, self.cycles.value)

    def choose(self, full_scale: str, step: str) -> None:
        """Set range and resolution as typed after CONFigure or MEASure; AUTO, DEF or nothing leave them automatic."""
        known = self.function.settings
        if full_scale.upper() not in _AUTOMATIC and "RANGe" in known:
            self.range.value = self.range.kind.read(full_scale)
            self.auto.value = False
        if step.upper() not in _AUTOMATIC and "RESolution" in known:
            self.cycles.value = self._cycles_for(step)

    def _declare(self, header: str, kind: Kind[T], changed: Changed) -> Setting[T]:
        """Make a setting; one that this function does not have keeps its default and is under no header."""
        if re.split(r"[\[:]", header)[0] in self.function.settings:
            return self._settings.add(self._under + header, kind, changed=changed)
        return Setting(kind, changed)

    def _fix_range(self) -> None:
        self.auto.value = False
        self._changed()

    def _order_resolution(self, call: Call) -> None:
        (text,) = call.exactly(1)
        if self.auto.value:
            raise ScpiError(-221)
        self.cycles.value = self._cycles_for(text)
        self._changed()

    def _query_resolution(self, call: Call) -> str:
        call.at_most(1)
        return real(self.step)

    def _cycles_for(self, text: str) -> float:
        """Return the shortest integration that resolves what was typed; MIN is the finest step, MAX the coarsest."""
        steps = {cycles: resolution(self.function, self.used, cycles) for cycles in CYCLES}
        wanted = Real(self.step, steps[CYCLES[-1]], self.used.full_scale, self.function.suffix).read(text)
        return next((cycles for cycles, step in steps.items() if step <= wanted * (1 + 1e-9)), CYCLES[-1])
