"""The multimeter behind its commands: functions, trigger system, memory, and what the status registers say of them."""

import numpy as np

from station.simulator.meter.accuracy import Accuracy
from station.simulator.meter.converter import TURNAROUND_S, Converter
from station.simulator.meter.formats import Format
from station.simulator.meter.functions import FUNCTIONS, MEMORY_OVERFLOW
from station.simulator.meter.mathematics import Mathematics
from station.simulator.meter.memory import Memory
from station.simulator.meter.setup import Setup
from station.simulator.meter.trigger import TriggerSettings, TriggerSystem
from station.simulator.ports import Terminals
from station.simulator.scpi.kinds import Real
from station.simulator.scpi.numbers import OVERLOAD, real
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.status import DEVICE_ERROR, Status
from station.simulator.scpi.table import Call, Table

_MEASURING, _WAITING_FOR_TRIGGER = 1 << 4, 1 << 5


class Multimeter:
    """One meter at its terminals; a Machine, so that its readings are worked through in time."""

    def __init__(self, terminals: Terminals, rng: np.random.Generator, mains_hz: int, table: Table, status: Status) -> None:
        self._status = status
        self._shown = (False, False)  # busy and waiting, as the status registers say
        self.settings = Settings(table, self.abort)
        self.memory = Memory(Format(table, self.settings).encode)
        self.setups = {each.name: self._setup(each.name, table) for each in FUNCTIONS}
        self.setup = self.setups["VOLT"]
        self.mathematics = Mathematics(table, self.settings, status.questionable)
        self.triggering = TriggerSettings(self.settings)  # declared last: what comes before it may set the delay anew
        self._interval = self.settings.keep(Real(1.0, TURNAROUND_S, 3600, "S"))
        self.accuracy = Accuracy(rng)
        self.converter = Converter(terminals, self.accuracy, mains_hz)
        table.add("TRIGger:DELay", query=self._query_delay)
        table.add("SAMPle:TIMer", order=self._interval.order, query=self._query_interval)
        self.trigger = TriggerSystem(self.triggering, terminals, self.converter, lambda: self.setup, self._keep)

    def advance(self, now: float) -> None:
        """Work through all readings due by `now`, in seconds."""
        self.trigger.advance(now)
        self._show_state()

    def look(self, now: float) -> None:
        """Notice an external trigger that has come by `now`."""
        self.trigger.look(now)

    def due(self) -> float | None:
        """Return when the next step of a reading is due, or None."""
        return self.trigger.due()

    def wake(self) -> float | None:
        """Return when to look at the trigger or at a reading next, or None."""
        return self.trigger.wake()

    @property
    def idle(self) -> bool:
        """No reading is under way and no trigger is waited for."""
        return not self.trigger.busy

    def choose(self, name: str) -> None:
        """Change to a function by its name in replies, such as VOLT:AC."""
        if self.setup is not self.setups[name]:
            self.mathematics.function_changed()
        self.setup = self.setups[name]
        self.abort()

    def configure(self, name: str, full_scale: str, step: str) -> None:
        """Change to a function and return everything that measures to its defaults, as CONFigure does."""
        self.settings.reset()
        self.mathematics.clear()
        self.choose(name)
        self.setup.choose(full_scale, step)

    def reset(self) -> None:
        """Return to the state after `*RST`: DC volts, automatic range, ten mains periods."""
        self.configure("VOLT", "", "")

    def initiate(self, now: float) -> None:
        """Start the trigger system at `now` with an empty memory."""
        if self.idle:
            self.memory.clear()
            self._status.questionable.show(self.setup.function.overload_bit | MEMORY_OVERFLOW, False)
        self.trigger.initiate(now)
        self._show_state()

    def abort(self) -> None:
        """Stop measuring and forget the readings, as any change of settings does."""
        self.stop()
        self.memory.clear()

    def stop(self) -> None:
        """Return the trigger system to idle and keep the readings, as ABORt does."""
        self.trigger.abort()
        self._show_state()

    def _setup(self, name: str, table: Table) -> Setup:
        function = next(each for each in FUNCTIONS if each.name == name)
        setup = Setup(function, self.settings, self.abort, self._timing_changed)
        setup.install(table)
        if "RANGe" in function.settings:
            table.add(f"[SENSe]:{function.header}:RANGe:AUTO", order=lambda call: self._order_auto(setup, call))
        return setup

    def _order_auto(self, setup: Setup, call: Call) -> None:
        """Set autorange; ONCE ranges now and stays there."""
        setup.auto.order(call)
        if call.parameters[0].upper() == "ONCE":
            self.converter.range_once(setup, call.now)

    def _query_delay(self, call: Call) -> str:
        """Say the delay in use: the automatic one, unless one was typed or MIN, MAX or DEF is asked for."""
        if call.parameters or not self.triggering.auto_delay.value:
            return self.triggering.delay.query(call)
        return real(self.converter.delay(self.setup))

    def _query_interval(self, call: Call) -> str:
        """Say the interval of timed samples, which this model keeps but never uses; MIN is what a reading needs now."""
        if [text.upper() for text in call.at_most(1)] in (["MIN"], ["MINIMUM"]):
            return real(self.converter.duration(self.setup))
        return self._interval.query(call)

    def _timing_changed(self) -> None:
        self.triggering.settle_again()
        self.abort()

    def _keep(self, reading: float) -> None:
        """Put a reading into the memory; tell the status registers of overload and of overwritten readings."""
        function = self.setup.function
        reading = self.mathematics.take(reading)
        self.memory.add(reading, function.label)
        self._status.questionable.show(MEMORY_OVERFLOW, self.memory.lost)
        if abs(reading) == OVERLOAD:
            self._status.questionable.show(function.overload_bit, True)
            self._status.standard.latch(DEVICE_ERROR)

    def _show_state(self) -> None:
        state = (self.trigger.busy, self.trigger.waiting)
        if state != self._shown:
            self._shown = state
            self._status.operation.show(_MEASURING, state[0])
            self._status.operation.show(_WAITING_FOR_TRIGGER, state[1])
