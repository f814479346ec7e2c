"""The horizontal settings: how long the screen is, and where on it the trigger stands."""

from station.simulator.scope.channel import three_digits
from station.simulator.scpi.kinds import Choice, Real, Switch
from station.simulator.scpi.numbers import real
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.table import Call, Table

DIVISIONS = 10
_REFERENCE = {"LEFT": 0.1, "CENT": 0.5, "RIGH": 0.9}  # where on the screen the reference stands, as a fraction


class Timebase:
    """Main time base, in seconds; time 0 is the trigger."""

    def __init__(self, table: Table, settings: Settings) -> None:
        self.range = settings.add("TIMebase[:MAIN]:RANGe", Real(1e-3, 50e-9, 500, "S", three_digits, decimals=5))
        self.position = settings.add("TIMebase[:MAIN]:POSition", Real(0, -500, 500, "S", decimals=5), "TIMebase:DELay")
        self.reference = settings.add("TIMebase:REFerence", Choice("CENT", ("LEFT", "CENTer", "RIGHt")))
        self.mode = settings.add("TIMebase:MODE", Choice("MAIN", ("MAIN", "WINDow", "XY", "ROLL")))
        settings.add("TIMebase:VERNier", Switch(False))
        table.add("TIMebase[:MAIN]:SCALe", order=self._order_scale, query=self._query_scale)
        table.ask("TIMebase", self._describe)

    @property
    def left(self) -> float:
        """The time at the left edge of the screen, in seconds after the trigger; negative before it."""
        return self.position.value - _REFERENCE[self.reference.value] * self.range.value

    @property
    def right(self) -> float:
        """The time at the right edge of the screen, in seconds after the trigger."""
        return self.left + self.range.value

    def _order_scale(self, call: Call) -> None:
        (text,) = call.exactly(1)
        scale = Real(1e-4, 5e-9, 50, "S").read(text)
        self.range.order(Call((real(scale * DIVISIONS),), call.now))

    def _query_scale(self, call: Call) -> str:
        kind = Real(1e-4, 5e-9, 50, "S", decimals=5)
        parameters = call.at_most(1)
        return kind.show(kind.read(parameters[0]) if parameters else self.range.value / DIVISIONS)

    def _describe(self) -> str:
        """Return all settings in one line, the way the instrument does for `:TIMebase?`."""
        return (
            f":TIM:MODE {self.mode.value};REF {self.reference.value};MAIN:RANG {self.range.shown()};POS {self.position.shown()}"
        )
