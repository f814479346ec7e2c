"""The commands that start readings and fetch them: INITiate, READ?, FETCh?, R?, DATA, ABORt, *TRG."""

from station.simulator.meter.multimeter import Multimeter
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Choice, Whole
from station.simulator.scpi.numbers import whole
from station.simulator.scpi.table import Call, Outcome, Table, Wait

_COUNT = Whole(1, 1, 2_000_000)


class Readings:
    """Answers for one meter; a query that needs readings waits until they are taken."""

    def __init__(self, meter: Multimeter) -> None:
        self._meter = meter

    def install(self, table: Table) -> None:
        """Put the commands into `table`."""
        memory = self._meter.memory
        table.add("INITiate[:IMMediate]", order=self._initiate)
        table.do("ABORt", self._meter.stop)
        table.add("*TRG", order=self._trigger)
        table.add("READ", query=self.read)
        table.ask("FETCh", self._fetch)
        table.add("R", query=self._read_out)
        table.ask("DATA:POINts", lambda: whole(len(memory)))
        table.ask("DATA:LAST", memory.last)
        table.add("DATA:REMove", query=self._remove)
        table.ask("DATA:DATA", self._fetch)

    def read(self, call: Call) -> Outcome:
        """Start the readings and answer with them when the last is taken."""
        call.exactly(0)
        if self._meter.triggering.source.value == "BUS":
            raise ScpiError(-214)
        self._meter.initiate(call.now)
        return self._when_taken()

    def _initiate(self, call: Call) -> None:
        call.exactly(0)
        self._meter.initiate(call.now)

    def _trigger(self, call: Call) -> None:
        call.exactly(0)
        self._meter.trigger.bus(call.now)

    def _fetch(self) -> Outcome:
        """Answer with all readings, when they are taken; a trigger from the bus could not come past this query."""
        if self._meter.trigger.waiting and self._meter.triggering.source.value == "BUS":
            raise ScpiError(-214)
        return self._when_taken()

    def _when_taken(self) -> Wait:
        return Wait(lambda: self._meter.idle, self._meter.memory.fetch)

    def _read_out(self, call: Call) -> bytes:
        (text,) = call.at_most(1) or ("MAX",)
        return self._meter.memory.read_out(_COUNT.read(text))

    def _remove(self, call: Call) -> Outcome:
        """Take the oldest readings out; with WAIT, once they are there."""
        if not call.parameters:
            raise ScpiError(-109)
        count_text, *word = call.at_most(2)
        count, memory = _COUNT.read(count_text), self._meter.memory
        if word:
            Choice("WAIT", ("WAIT",)).read(word[0])
        if not word or self._meter.idle:
            return memory.remove(count)
        return Wait(lambda: len(memory) >= count or self._meter.idle, lambda: memory.remove(count))
