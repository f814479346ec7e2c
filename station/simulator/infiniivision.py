"""A Keysight InfiniiVision DSOX1204G oscilloscope (first minimal form)."""

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


class InfiniiVision(ScpiDevice):
    """A scope that so far only says who it is."""

    def __init__(self, terminals: Terminals, rng: np.random.Generator, serial: str = "SIMDSOX1204G1") -> None:
        table, status = Table(), Status()
        common = Common(status, lambda: None, lambda: True)
        common.install(table, Identity(f"KEYSIGHT TECHNOLOGIES,DSOX1204G,{serial},02.12.2021071625", "1994.0"))
        super().__init__(Engine(table, status), common, _Still())

    def power_cycle(self, now: float) -> None:
        """Switch off and on."""
