"""Say how addresses become wires: the only place that knows which transport an address means."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pyvisa

from station.core.clock import Clock
from station.hardware.link import Wire
from station.hardware.ownership import owned
from station.hardware.serial_port import open_serial
from station.hardware.stream import Stream
from station.hardware.visa import open_visa


@dataclass(frozen=True, slots=True)
class Plugs:
    """How a bench reaches its devices: `wire` an instrument, `stream` a fixture, each by its address; raise LinkError.

    `own` keeps everybody else from the address for the length of a `with`.
    """

    wire: Callable[[str], Wire]
    stream: Callable[[str], Stream]
    own: Callable[[str], AbstractContextManager[None]]


def of_this_host(rm: pyvisa.ResourceManager, transport: Clock) -> Plugs:
    """Return the real ones: VISA by `rm`, which stays the caller's to close, and serial ports."""
    return Plugs(lambda address: open_visa(rm, address, transport), open_serial, owned)
