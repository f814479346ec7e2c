"""A Keysight InfiniiVision DSOX1204G oscilloscope: commands above, front ends with their own errors below."""

import numpy as np

from station.simulator.ports import Terminals
from station.simulator.scope.acquiring import Acquiring
from station.simulator.scope.acquisition import Acquisition
from station.simulator.scope.capture import Capture
from station.simulator.scope.channel import Channel
from station.simulator.scope.control import Control
from station.simulator.scope.measure import Measurements
from station.simulator.scope.panel import Panel
from station.simulator.scope.timebase import Timebase
from station.simulator.scope.triggering import Triggering
from station.simulator.scope.voltmeter import Voltmeter
from station.simulator.scope.waveform import Waveform
from station.simulator.scpi.common import Common, Identity
from station.simulator.scpi.device import ScpiDevice
from station.simulator.scpi.engine import Engine
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.status import Status
from station.simulator.scpi.table import Table

_FIRMWARE = "02.12.2021071625"


class InfiniiVision(ScpiDevice):
    """A DSOX1204G with channel 1 and the external trigger on `terminals`; `rng` draws its errors and its noise."""

    def __init__(self, terminals: Terminals, rng: np.random.Generator, serial: str = "SIMDSOX1204G1") -> None:
        table, self._status = Table(), Status(queue_depth=30)
        self._settings = Settings(table, self._changed)
        channels = {number: Channel(number, table, self._settings) for number in (1, 2, 3, 4)}
        timebase = Timebase(table, self._settings)
        triggering = Triggering(table, self._settings)
        acquiring = Acquiring(table, self._settings, timebase)
        capture = Capture(terminals, rng, channels, timebase, triggering, acquiring)
        self._acquisition = Acquisition(capture, timebase, triggering, acquiring)
        reading = Settings(table, _nothing)
        Waveform(table, reading, self._acquisition)
        measurements = Measurements(table, reading, self._acquisition)
        Voltmeter(table, reading, measurements.displayed)
        self._resets = (self._settings, reading)
        self._panel = Panel(table, self._settings, self._acquisition)
        Control(self._acquisition, channels, triggering, timebase, terminals, self._status).install(table)
        common = Common(self._status, self._reset, lambda: True)
        common.install(table, Identity(f"KEYSIGHT TECHNOLOGIES,DSOX1204G,{serial},{_FIRMWARE}", "1999.0"))
        table.do("SYSTem:PRESet", self._reset)
        table.ask("SERial", lambda: serial)
        super().__init__(Engine(table, self._status), common, self._acquisition)

    def power_cycle(self, now: float) -> None:
        """Switch off and on at `now`: settings, record, input and output are lost, the power-on bit is set."""
        self._run(now)
        self._engine.forget()
        self._status.restart()
        self._reset()
        self._acquisition.restart(now)

    def _reset(self) -> None:
        """Return all settings to their defaults and run freely with an empty screen."""
        for settings in self._resets:
            settings.reset()
        self._panel.reset()
        self._acquisition.restart(max(self._time, 0.0))

    def _changed(self) -> None:
        self._acquisition.changed()


def _nothing() -> None:
    """Let the acquisition go on: this setting only shapes what is read out."""
