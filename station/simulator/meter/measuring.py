"""The commands that choose what is measured: FUNCtion, CONFigure, MEASure?, and the old spellings of the 34401A."""

from collections.abc import Callable

from station.simulator.meter.functions import Function
from station.simulator.meter.multimeter import Multimeter
from station.simulator.meter.readings import Readings
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Text
from station.simulator.scpi.numbers import quoted, real
from station.simulator.scpi.settings import Setting
from station.simulator.scpi.table import Call, Outcome, Table
from station.simulator.scpi.words import spellings, variants


class Measuring:
    """Answers for one meter; its replies name functions as the meter does: VOLT, VOLT:AC, CURR."""

    def __init__(self, meter: Multimeter, readings: Readings) -> None:
        self._meter = meter
        self._readings = readings

    def install(self, table: Table) -> None:
        """Put the commands into `table`."""
        table.add("[SENSe]:FUNCtion[:ON]", order=self._order_function)
        table.ask("[SENSe]:FUNCtion[:ON]", lambda: quoted(self._meter.setup.function.name))
        table.ask("CONFigure", self._query_configuration)
        for setup in self._meter.setups.values():
            self._install_function(table, setup.function)
        self._install_old(table)

    def _install_function(self, table: Table, function: Function) -> None:
        header = function.header.replace("VOLTage", "[VOLTage]")  # here alone the word may be left out: CONF:DC, MEAS:AC?
        table.add(f"CONFigure:{header}", order=self._configure(function.name))
        table.add(f"MEASure:{header}", query=self._measure(function.name))

    def _install_old(self, table: Table) -> None:
        """Make known how a 34401A was told: settings without a function mean the function in use."""
        for header in ("[SENSe]:ZERO:AUTO", "INPut:IMPedance:AUTO", "[SENSe]:DETector:BANDwidth"):
            table.add(header, order=self._forward(header, "order"), query=self._forward(header, "query"))

    def _forward(self, header: str, way: str) -> Callable[[Call], Outcome]:
        def forward(call: Call) -> Outcome:
            setup = self._meter.setup
            flag: Setting[bool] = setup.high_impedance if "IMPedance" in header else setup.autozero
            target = setup.band if "BANDwidth" in header else flag
            return target.order(call) if way == "order" else target.query(call)

        return forward

    def _order_function(self, call: Call) -> None:
        (text,) = call.exactly(1)
        self._meter.choose(self._function(Text().read(text)))

    def _function(self, typed: str) -> str:
        """Return the name of the function that was typed between quotes, such as VOLT for `VOLTAGE:DC`."""
        words = tuple(typed.upper().removeprefix(":").split(":"))
        for name, setup in self._meter.setups.items():
            if any(_same(words, row) for row in variants(setup.function.header)):
                return name
        raise ScpiError(-224)

    def _configure(self, name: str) -> Callable[[Call], None]:
        def configure(call: Call) -> None:
            if name == "TEMP":
                call.at_most(4)  # kind of probe, its type, and what it has: nothing is wired to tell them apart
                self._meter.configure(name, "", "")
                return
            full_scale, step = (*call.at_most(2), "", "")[:2]
            self._meter.configure(name, full_scale, step)

        return configure

    def _measure(self, name: str) -> Callable[[Call], Outcome]:
        configure = self._configure(name)

        def measure(call: Call) -> Outcome:
            configure(call)
            return self._readings.read(Call((), call.now))

        return measure

    def _query_configuration(self) -> str:
        setup = self._meter.setup
        return quoted(f"{setup.function.name} {real(setup.range.value)},{real(setup.step)}")


def _same(words: tuple[str, ...], row: tuple[str, ...]) -> bool:
    return len(words) == len(row) and all(word in spellings(node) for word, node in zip(words, row, strict=True))
