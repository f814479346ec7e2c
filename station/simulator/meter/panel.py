"""The commands that measure nothing: display, beeper, terminals, system, the settings memory and the status tree."""

from station.simulator.meter import seldom
from station.simulator.meter.facts import install_facts
from station.simulator.meter.multimeter import Multimeter
from station.simulator.meter.screen import screenshot
from station.simulator.scpi.calendar import install_calendar
from station.simulator.scpi.common import install_scpi_register
from station.simulator.scpi.kinds import Choice, Switch, Text, Whole
from station.simulator.scpi.numbers import block, quoted
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
        self._picture = self._settings.add("HCOPy:SDUMp:DATA:FORMat", Choice("PNG", ("PNG", "BMP")))
        self._settings.add("UNIT:TEMPerature", Choice("C", ("C", "F", "K")))
        self._settings.add("SYSTem:CLICk:STATe", Switch(True))
        self._settings.add("SYSTem:WMESsage", Text())
        self._settings.add("LXI:IDENtify[:STATe]", Switch(False))
        self._settings.add("OUTPut:TRIGger:SLOPe", Choice("NEG", ("POSitive", "NEGative")))
        self._settings.add("DATA:POINts:EVENt:THReshold", Whole(1, 1, 10_000))
        self._settings.add("[SENSe]:CURRent[:DC]:TERMinals", Whole(3, 3, 10), "[SENSe]:CURRent:AC:TERMinals")
        self._settings.add("*PSC", Switch(True))
        seldom.declare(self._settings)
        self._install_status(table, status)

    def install(self, table: Table, mains_hz: int) -> None:
        """Put the commands that keep no value into `table`; `mains_hz` is what the meter found at its power inlet."""
        for word in ("BEEPer[:IMMediate]", "LOCal", "REMote", "RWLock", "IDENtify", "LOCK:RELease", "COMMunicate:LAN:UPDate"):
            table.do(f"SYSTem:{word}", _nothing)
        table.do("DISPlay:TEXT:CLEar", self._text.reset)
        table.do("SYSTem:PRESet", self.reset)
        install_facts(table, mains_hz)
        install_calendar(table)
        table.ask("HCOPy:SDUMp:DATA", self._show)
        table.ask("*LRN", self._learn)
        table.add("*SAV", order=lambda call: self._meter.settings.save(_place(call)))
        table.add("*RCL", order=self._recall)
        table.add("MEMory:STATe:VALid", query=lambda call: str(int(self._meter.settings.holds(_place(call)))))

    def reset(self) -> None:
        """Return meter and panel to the state after `*RST`."""
        self._settings.reset()
        self._meter.reset()

    def _show(self) -> bytes:
        return block(screenshot(self._meter.memory.last(), self._picture.value == "BMP"))

    def _learn(self) -> str:
        """Print all settings as the commands that bring them back."""
        function = f":FUNC {quoted(self._meter.setup.function.name)}"
        return ";".join(("*RST", function, *self._meter.settings.learn(), *self._settings.learn()))

    def _recall(self, call: Call) -> None:
        self._meter.settings.recall(_place(call))
        self._meter.abort()

    def _install_status(self, table: Table, status: Status) -> None:
        install_scpi_register(table, status.questionable, "STATus:QUEStionable")
        install_scpi_register(table, status.operation, "STATus:OPERation")
        table.do("STATus:PRESet", status.preset)


def _place(call: Call) -> int:
    return _PLACES.read(call.exactly(1)[0])


def _nothing() -> None:
    """Do nothing: a beep, or a lock nobody can feel."""


def _unmoved() -> None:
    """Let readings under way go on."""
