"""The measurements that were put on the screen, and the statistics that MEASure:RESults? gives of them."""

from collections.abc import Callable
from dataclasses import dataclass

from station.simulator.scpi.kinds import Choice, Switch, Whole
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.table import Call, Table

_MOST = 8  # rows on the screen: the oldest makes room
_COLUMNS = ("CURR", "MIN", "MAX", "MEAN", "STDD", "COUN")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement on the screen: its word in the manual's spelling, its channel, and how it is measured at a moment."""

    word: str
    channel: int
    measure: Callable[[float], str]


class Results:
    """What is on the screen: one record at a time, so that least, mean and most are what is measured now."""

    def __init__(self, table: Table, settings: Settings) -> None:
        self._rows: list[Row] = []
        self._shown = settings.add(
            "MEASure:STATistics", Choice("ON", ("ON", "CURRent", "MINimum", "MAXimum", "MEAN", "STDDev", "COUNt"))
        )
        settings.add("MEASure:STATistics:DISPlay", Switch(True))
        settings.add("MEASure:STATistics:MCOunt", Whole(2000, 2, 2000))
        settings.add("MEASure:STATistics:RSDeviation", Switch(False))
        for word in ("RESet", "INCRement"):
            table.do(f"MEASure:STATistics:{word}", lambda: None)
        table.do("MEASure:CLEar", self._rows.clear)
        table.add("MEASure:RESults", query=self._say)

    def put(self, word: str, channel: int, measure: Callable[[float], str]) -> None:
        """Put a measurement on the screen; one that is there already stays where it is."""
        if not any((row.word, row.channel) == (word, channel) for row in self._rows):
            self._rows.append(Row(word, channel, measure))
            del self._rows[:-_MOST]

    def _say(self, call: Call) -> str:
        """Return for each row its label and all columns, or the one column that was chosen."""
        call.exactly(0)
        return ",".join(part for row in self._rows for part in self._columns(row, call.now))

    def _columns(self, row: Row, now: float) -> list[str]:
        value = row.measure(now)
        columns = dict(zip(_COLUMNS, (value, value, value, value, "+0.0E+00", "1"), strict=True))
        if self._shown.value != "ON":
            return [columns[self._shown.value]]
        return [f"{row.word}({row.channel})", *columns.values()]
