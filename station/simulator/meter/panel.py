"""The commands that measure nothing: display, beeper, terminals, system, the settings memory and the status tree."""

from collections.abc import Callable

from station.simulator.meter.multimeter import Multimeter
from station.simulator.scpi.common import install_scpi_register
from station.simulator.scpi.kinds import Choice, Switch, Text, Whole
from station.simulator.scpi.numbers import quoted, real, whole
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.status import Status
from station.simulator.scpi.table import Call, Table

_PLACES = Whole(0, 0, 4)


class Panel:
    """The front of one meter: what is set here leaves readings under way alone."""

    def __init__(self, table: Table, meter: Multimeter, status: Status) -> None:
        self._meter = meter
        self._settings = Settings(table, _unmoved)
        self._display = self._settings.add("DISPlay[:STATe]", Switch(True))
        self._text = self._settings.add("DISPlay:TEXT[:DATA]", Text())
        self._settings.add("DISPlay:VIEW", Choice("NUM", ("NUMeric", "HISTogram", "TCHart", "METer")))
        self._settings.add("SYSTem:BEEPer:STATe", Switch(True))
        self._settings.add("SYSTem:LABel", Text())
        self._settings.add("FORMat:DATA", Choice("ASC", ("ASCii",)), "FORMat")
        self._settings.add("OUTPut:TRIGger:SLOPe", Choice("NEG", ("POSitive", "NEGative")))
        self._settings.add("DATA:POINts:EVENt:THReshold", Whole(1, 1, 10_000))
        self._settings.add("[SENSe]:CURRent[:DC]:TERMinals", Whole(3, 3, 10), "[SENSe]:CURRent:AC:TERMinals")
        self._settings.add("*PSC", Switch(True))
        self._install_status(table, status)

    def install(self, table: Table, mains_hz: int) -> None:
        """Put the commands that keep no value into `table`; `mains_hz` is what the meter found at its power inlet."""
        for word in ("BEEPer[:IMMediate]", "LOCal", "REMote", "RWLock"):
            table.do(f"SYSTem:{word}", _nothing)
        table.do("DISPlay:TEXT:CLEar", self._text.reset)
        table.do("SYSTem:PRESet", self.reset)
        for header, reply in _facts(mains_hz).items():
            table.ask(header, _always(reply))
        table.add("*SAV", order=lambda call: self._meter.settings.save(_place(call)))
        table.add("*RCL", order=self._recall)

    def reset(self) -> None:
        """Return meter and panel to the state after `*RST`."""
        self._settings.reset()
        self._meter.reset()

    def _recall(self, call: Call) -> None:
        self._meter.settings.recall(_place(call))
        self._meter.abort()

    def _install_status(self, table: Table, status: Status) -> None:
        install_scpi_register(table, status.questionable, "STATus:QUEStionable")
        install_scpi_register(table, status.operation, "STATus:OPERation")
        table.do("STATus:PRESet", status.preset)


def _facts(mains_hz: int) -> dict[str, str]:
    """Return what never changes: queries with their replies."""
    return {
        "SYSTem:LFRequency": whole(mains_hz),
        "SYSTem:TEMPerature": real(38.0),
        "SYSTem:LICense:CATalog": quoted(""),
        "SYSTem:UPTime": "+0,+0,+10,+0",
        "ROUTe:TERMinals": "FRON",
        "TEST:ALL": "+0",
        "CALibration:COUNt": "+1",
        "LXI:MDNS:ENABle": "1",
    }


def _always(reply: str) -> Callable[[], str]:
    return lambda: reply


def _place(call: Call) -> int:
    return _PLACES.read(call.exactly(1)[0])


def _nothing() -> None:
    """Do nothing: a beep, or a lock nobody can feel."""


def _unmoved() -> None:
    """Let readings under way go on."""
