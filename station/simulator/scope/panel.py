"""The commands that take no part in a record: display, lock, screenshot, settings as a block, save and recall."""

import re
from collections.abc import Callable

from station.simulator.scope import seldom
from station.simulator.scope.acquisition import Acquisition
from station.simulator.scope.picture import screenshot
from station.simulator.scpi.calendar import install_calendar
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Choice, Real, Switch, Text, Whole
from station.simulator.scpi.numbers import block
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.table import Call, Table
from station.simulator.scpi.words import shortest

_LENGTH_DIGITS = 8
_FILE = Text("", 100)
_PLACES = Whole(0, 0, 9)


class Panel:
    """The front of one scope; `settings` are those that shape records, kept here as a block or in memories."""

    def __init__(self, table: Table, settings: Settings, acquisition: Acquisition) -> None:
        self._settings = settings
        self._acquisition = acquisition
        self._own = Settings(table, lambda: None)
        self.lock = self._own.add("SYSTem:LOCK", Switch(False))
        self._own.add("SYSTem:DSP", Text("", 254))
        self._own.add("SYSTem:PRECision", Switch(False))
        self._own.add("DISPlay:LABel", Switch(False))
        self._own.add("DISPlay:VECTors", Switch(True))
        self._own.add("DISPlay:CONNect", Switch(True))
        persistence = Real(0.0, 0.0, 60.0, "S", words={"MINimum": 0.0, "INFinite": 9.9e37}, decimals=2)
        self._own.add("DISPlay:PERSistence", persistence)
        self._own.add("HARDcopy:INKSaver", Switch(True))
        self._own.add("HARDcopy:PALette", Choice("COL", ("COLor", "GRAYscale", "NONE")))
        table.do("DISPlay:CLEar", lambda: None)
        for header in ("DISPlay:DATA", "PRINt"):
            table.add(header, query=self._picture)
        seldom.declare(table, self._own)
        table.add("SYSTem:SETup", order=self._order_setup)
        table.ask("SYSTem:SETup", self._query_setup)
        table.ask("*LRN", lambda: b":SYST:SET " + self._query_setup())
        install_calendar(table)
        self._describe(table)
        table.add("SAVE:SETup[:STARt]", order=lambda call: settings.save(_place_or_file(call)))
        table.add("RECall:SETup[:STARt]", order=self._recall)
        for word in ("IMAGe", "WAVeform"):  # files on a stick that nobody can read here
            table.add(f"SAVE:{word}[:STARt]", order=_write_nothing)
        table.add("*SAV", order=lambda call: settings.save(_place(call)))
        table.add("*RCL", order=self._recall)

    def reset(self) -> None:
        """Return display and lock to their defaults."""
        self._own.reset()

    def _picture(self, call: Call) -> bytes:
        """Return the screen as a block: a BMP file of eight bits a pixel where some BMP is asked for, else PNG."""
        as_bmp = any(text.upper().startswith("BMP") for text in call.at_most(4))
        return block(screenshot(self._acquisition.record(call.now), as_bmp), _LENGTH_DIGITS)

    def _describe(self, table: Table) -> None:
        """Make known the queries of whole branches that print one setting after another."""
        for under in ("DISPlay", "HARDcopy", "MARKer"):
            table.ask(under, _together(under, self._own))
        for header, under in (("TRIGger[:EDGE]", "TRIGger"), ("EXTernal", "EXTernal")):
            table.ask(header, _together(under, self._settings))

    def _query_setup(self) -> bytes:
        return block(self._settings.dump().encode("latin-1"), _LENGTH_DIGITS)

    def _order_setup(self, call: Call) -> None:
        """Take back a block that the query gave."""
        (text,) = call.exactly(1)
        if re.match(r"#[1-9]", text) is None:
            raise ScpiError(-161)
        self._settings.load(text[2 + int(text[1]) :])
        self._acquisition.changed()

    def _recall(self, call: Call) -> None:
        self._settings.recall(_place_or_file(call))
        self._acquisition.changed()


def _place_or_file(call: Call) -> int | str:
    """Return the number of a memory, or the name of a file between quotes."""
    (text,) = call.exactly(1)
    return _FILE.read(text) if text.startswith(('"', "'")) else _PLACES.read(text)


def _write_nothing(call: Call) -> None:
    """Take the name of a file, and leave it at that."""
    for text in call.at_most(1):
        _FILE.read(text)


def _together(under: str, settings: Settings) -> Callable[[], str]:
    """Return what prints all settings of a branch in one line, each under its whole header."""
    start = shortest(under) + ":"
    return lambda: ";".join(command for command in settings.learn() if command.startswith(start))


def _place(call: Call) -> int:
    return _PLACES.read(call.exactly(1)[0])
