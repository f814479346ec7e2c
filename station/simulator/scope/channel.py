"""The vertical settings of one analog channel: scale, offset, probe, coupling, and what its screen can show."""

from dataclasses import dataclass

from station.simulator.scpi.kinds import Choice, Real, Switch, Text
from station.simulator.scpi.numbers import real
from station.simulator.scpi.settings import Setting, Settings
from station.simulator.scpi.table import Call, Table

DIVISIONS = 8
_LEAST, _MOST = 500e-6, 10.0  # V/div at the connector


def three_digits(value: float) -> float:
    """Round to three significant digits, as fine as the knobs go."""
    return float(f"{value:.2e}")


@dataclass(frozen=True, slots=True)
class Screen:
    """The vertical window of a channel: volts a division, volts at its centre, probe factor, and its switches."""

    scale: float
    offset: float
    probe: float
    inverted: bool
    alternating: bool
    limited: bool

    @property
    def height(self) -> float:
        """Full scale in volts."""
        return DIVISIONS * self.scale


class Channel:
    """Channel `number`, counted from 1; `changed` restarts an acquisition under way."""

    def __init__(self, number: int, table: Table, settings: Settings) -> None:
        under = f"CHANnel{number}:"
        self._number = number
        self.display = settings.add(f"{under}DISPlay", Switch(number == 1))
        self.probe = settings.keep(Real(1, 0.1, 10_000, decimals=5))
        self.scale = settings.keep(Real(5.0, _LEAST * 0.1, _MOST * 1e4, "V", three_digits, decimals=5))
        self.offset = settings.add(f"{under}OFFSet", Real(0.0, -1e6, 1e6, "V", decimals=5))
        self.coupling = settings.add(f"{under}COUPling", Choice("DC", ("AC", "DC")))
        self.limit = settings.add(f"{under}BWLimit", Switch(False), f"{under}BANDwidth")
        self.invert = settings.add(f"{under}INVert", Switch(False))
        self.label = settings.add(f"{under}LABel", Text(str(number), 10))
        self.units = settings.add(f"{under}UNITs", Choice("VOLT", ("VOLT", "AMPere")))
        settings.add(f"{under}IMPedance", Choice("ONEM", ("ONEMeg",)))
        settings.add(f"{under}VERNier", Switch(False))
        settings.add(f"{under}PROBe:SKEW", Real(0, -100e-9, 100e-9, "S", decimals=2))
        settings.add(f"{under}PROBe:STYPe", Choice("SING", ("DIFFerential", "SINGle")))
        table.add(f"{under}SCALe", order=self._order_scale, query=self._query_scale)
        table.add(f"{under}RANGe", order=self._order_range, query=self._query_range)
        table.add(f"{under}PROBe", order=self._order_probe, query=self.probe.query)
        table.ask(f"{under}PROBe:ID", lambda: "NONE")
        table.ask(f"CHANnel{number}", self._describe)

    @property
    def screen(self) -> Screen:
        """The vertical window as set now."""
        alternating = self.coupling.value == "AC"
        scale, offset, probe = self.scale.value, self.offset.value, self.probe.value
        return Screen(scale, offset, probe, self.invert.value, alternating, self.limit.value)

    def _order_scale(self, call: Call) -> None:
        self._bounded(1).order(call)
        self.scale.order(call)

    def _order_range(self, call: Call) -> None:
        setting = self._bounded(DIVISIONS)
        setting.order(call)
        self.scale.order(Call((real(setting.value / DIVISIONS),), call.now))

    def _query_scale(self, call: Call) -> str:
        return self._bounded(1).query(call)

    def _query_range(self, call: Call) -> str:
        return self._bounded(DIVISIONS).query(call)

    def _bounded(self, divisions: int) -> Setting[float]:
        """Return scale or range as a setting whose bounds follow the probe."""
        factor = divisions * self.probe.value
        kind = Real(5.0 * factor, _LEAST * factor, _MOST * factor, "V", decimals=5)
        setting = Setting(kind, lambda: None)
        setting.value = self.scale.value * divisions
        return setting

    def _order_probe(self, call: Call) -> None:
        """Keep the picture: a probe factor multiplies what a division and the centre mean."""
        before = self.probe.value
        self.probe.order(call)
        self.scale.value *= self.probe.value / before
        self.offset.value *= self.probe.value / before

    def _describe(self) -> str:
        """Return all settings in one line, the way the instrument does for `:CHANnel<n>?`."""
        return (
            f":CHAN{self._number}:RANG {self.scale.value * DIVISIONS:+.5E};OFFS {self.offset.shown()};"
            f"COUP {self.coupling.value};IMP ONEM;DISP {self.display.shown()};BWL {self.limit.shown()};"
            f"INV {self.invert.shown()};LAB {self.label.shown()};UNIT {self.units.value};"
            f"PROB {self.probe.shown()};PROB:SKEW +0.00E+00;STYP SING"
        )
