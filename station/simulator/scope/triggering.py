"""The trigger settings: edge, source, slope, a level for each source, sweep."""

from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Choice, Real, Switch
from station.simulator.scpi.settings import Setting, Settings
from station.simulator.scpi.table import Call, Table

SOURCES = ("CHANnel1", "CHANnel2", "CHANnel3", "CHANnel4", "EXTernal", "LINE")
_SOURCE = Choice("CHAN1", SOURCES)


class Triggering:
    """What starts a record."""

    def __init__(self, table: Table, settings: Settings) -> None:
        self.mode = settings.add("TRIGger:MODE", Choice("EDGE", ("EDGE",)))
        self.sweep = settings.add("TRIGger:SWEep", Choice("AUTO", ("AUTO", "NORMal")))
        self.holdoff = settings.add("TRIGger:HOLDoff", Real(60e-9, 60e-9, 10, "S", decimals=5))
        self.source = settings.add("TRIGger[:EDGE]:SOURce", _SOURCE)
        slopes = ("NEGative", "POSitive", "EITHer", "ALTernate")
        self.slope = settings.add("TRIGger[:EDGE]:SLOPe", Choice("POS", slopes))
        settings.add("TRIGger[:EDGE]:COUPling", Choice("DC", ("AC", "DC", "LFReject")))
        settings.add("TRIGger[:EDGE]:REJect", Choice("OFF", ("OFF", "LFReject", "HFReject")))
        self.noise_reject = settings.add("TRIGger:NREJect", Switch(False))
        settings.add("TRIGger:HFReject", Switch(False))
        settings.add("EXTernal:RANGe", Real(8.0, 1.6, 8000, "V", decimals=5))
        settings.add("EXTernal:PROBe", Real(1, 0.1, 10_000, decimals=5))
        settings.add("EXTernal:BWLimit", Switch(False))
        settings.add("EXTernal:UNITs", Choice("VOLT", ("VOLT", "AMPere")))
        self._levels = {_SOURCE.read(name): settings.keep(Real(0, -1e5, 1e5, "V", decimals=5)) for name in SOURCES}
        table.add("TRIGger[:EDGE]:LEVel", order=self._order_level, query=self._query_level)
        table.add("EXTernal:LEVel", order=self._levels["EXT"].order, query=self._levels["EXT"].query)

    @property
    def level(self) -> float:
        """The level of the source in use, in volts."""
        return self._levels[self.source.value].value

    def take_edge_of_channel(self, number: int, level: float) -> None:
        """Trigger at `level` volts on the rising edge of a channel, and without one too."""
        self.source.value, self.slope.value, self.sweep.value = f"CHAN{number}", "POS", "AUTO"
        self._levels[self.source.value].value = level

    def _order_level(self, call: Call) -> None:
        if not call.parameters:
            raise ScpiError(-109)
        level, *source = call.at_most(2)
        self._named(source).order(Call((level,), call.now))

    def _query_level(self, call: Call) -> str:
        return self._named(list(call.at_most(1))).query(Call((), call.now))

    def _named(self, source: list[str]) -> Setting[float]:
        """Return the level of the source that was typed, or of the one in use."""
        return self._levels[_SOURCE.read(source[0]) if source else self.source.value]
