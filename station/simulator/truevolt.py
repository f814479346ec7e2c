"""A Keysight Truevolt 34461A multimeter: commands above, the meter with its own errors below."""

import numpy as np

from station.simulator.meter.measuring import Measuring
from station.simulator.meter.multimeter import Multimeter
from station.simulator.meter.panel import Panel
from station.simulator.meter.readings import Readings
from station.simulator.ports import Terminals
from station.simulator.scpi.common import Common, Identity
from station.simulator.scpi.device import ScpiDevice
from station.simulator.scpi.engine import Engine
from station.simulator.scpi.status import Status
from station.simulator.scpi.table import Table

_FIRMWARE = "A.02.17-02.40-02.17-00.52-04-01"
_MEGOHMS_10, _GIGOHMS_10, _MEGOHM_1 = 10e6, 10e9, 1e6


class Truevolt(ScpiDevice):
    """A 34461A at `terminals`; `rng` draws its errors once and its noise always; `mains_hz` is 50 or 60."""

    def __init__(self, terminals: Terminals, rng: np.random.Generator, serial: str = "SIM34461A1", mains_hz: int = 50) -> None:
        table = Table()
        self._status = Status(queue_depth=20)
        self._meter = Multimeter(terminals, rng, mains_hz, table, self._status)
        self._panel = Panel(table, self._meter, self._status)
        self._panel.install(table, mains_hz)
        readings = Readings(self._meter)
        readings.install(table)
        Measuring(self._meter, readings).install(table)
        common = Common(self._status, self._panel.reset, lambda: self._meter.idle)
        common.install(table, Identity(f"Keysight Technologies,34461A,{serial},{_FIRMWARE}", "1994.0"))
        super().__init__(Engine(table, self._status), common, self._meter)

    @property
    def input_resistance(self) -> float:
        """What the meter is to the circuit, in ohms: 10 Mohm, more with IMPedance:AUTO up to 10 V, 1 Mohm for AC."""
        setup = self._meter.setup
        if setup.function.alternating:
            return _MEGOHM_1
        high = setup.high_impedance.value and setup.range.value <= 10.0
        return _GIGOHMS_10 if high else _MEGOHMS_10

    def misadjust(self, name: str, gain: float) -> None:
        """Let every range of a function (VOLT, VOLT:AC) read by the share `gain` too much: no certificate knows of it."""
        self._meter.accuracy.misadjust(name, gain)

    def power_cycle(self, now: float) -> None:
        """Switch off and on at `now`: settings, readings, input and output are lost, the power-on bit is set."""
        self._run(now)
        self._engine.forget()
        self._status.restart()
        self._panel.reset()
