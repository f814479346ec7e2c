"""A Keysight Truevolt 34461A multimeter (first minimal form; it widens soon)."""

import numpy as np

from station.simulator.ports import Terminals
from station.simulator.scpi.common import Common, Identity
from station.simulator.scpi.device import ScpiDevice
from station.simulator.scpi.engine import Engine
from station.simulator.scpi.status import Status
from station.simulator.scpi.table import Table


class _Still:
    def advance(self, now: float) -> None:
        pass

    def wake(self) -> float | None:
        return None


class Truevolt(ScpiDevice):
    """A meter that so far only says who it is."""

    def __init__(self, terminals: Terminals, rng: np.random.Generator, serial: str = "SIM34461A1", mains_hz: int = 50) -> None:
        table, status = Table(), Status()
        common = Common(status, lambda: None, lambda: True)
        common.install(table, Identity(f"Keysight Technologies,34461A,{serial},A.02.17-02.40-02.17-00.52-04-01", "1994.0"))
        super().__init__(Engine(table, status), common, _Still())

    def power_cycle(self, now: float) -> None:
        """Switch off and on."""
