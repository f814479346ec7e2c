"""Connect the station's links to the simulator's devices in memory: real frames, real outlets and faults, no socket.

It is what `station.simulator.server` is for sockets: it tells an outlet when bytes have come and when time has passed.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from station.core.clock import Clock
from station.core.errors import LinkError
from station.simulator.outlet import Outlet

_PULSE = 0.02  # s of the wire after which every device is looked at, whatever happens, as the simulator's server does
_BRIEF = 1e-6  # s of the wire: what is due now is asked again a moment later, never in a circle without time


class Pace:
    """The line's clock as the simulator's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._transport = clock.transport

    def transport(self) -> float:
        """Return the wire's seconds."""
        return self._transport.now()

    def now(self) -> float:
        """Return the simulator's seconds."""
        return self._clock.now()

    def wait(self, moment: float) -> float:
        """Return the wire's seconds until `moment`."""
        return max(0.0, moment / self._clock.speed - self._transport.now())


class DeviceEnd:
    """The simulator's end of a connection in memory."""

    def __init__(self) -> None:
        self.asked = bytearray()
        self.said = bytearray()
        self.ending: str | None = None
        self.hung_up = False
        self.is_new = False  # something was said since this was last set to False

    def fileno(self) -> int:
        """Return no descriptor: nobody selects here."""
        return -1

    def read(self) -> bytes | None:
        """Return what the station wrote, b"" when it has hung up, None when there is nothing."""
        if not self.asked:
            return b"" if self.hung_up else None
        data = bytes(self.asked)
        self.asked.clear()
        return data

    def write(self, data: bytes) -> int:
        """Carry `data` to the station."""
        self.said += data
        self.is_new = True
        return len(data)

    def close(self, hard: bool) -> None:
        """End the connection; a hard end loses what was not read yet."""
        self.ending, self.is_new = "was reset" if hard else "closed", True
        if hard:
            self.said.clear()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer of a device: the how-manieth of its link, what was asked, when (s of the line), and by whose thread."""

    link: str
    number: int
    asked: bytes
    at: float
    by: str


class Switchboard:
    """All outlets of one simulated bench, reached by name: `dial` is how a station's plug becomes a stream.

    `log` remembers every exchange when `logging` says so.
    """

    def __init__(self, clock: Clock, outlets: Mapping[str, Outlet], *, logging: bool = False) -> None:
        self._clock = clock
        self._transport = clock.transport
        self._outlets = outlets
        self.monitor = clock.transport.monitor()
        self.exchanges = 0
        self._logging = logging
        self._pulse = 0.0
        self._ends: dict[str, DeviceEnd] = {}
        self.log: list[Exchange] = []

    def dial(self, name: str) -> "MemoryStream":
        """Return a new connection to the device `name`; raises LinkError when it serves somebody else or is not there."""
        outlet = self._outlets.get(name)
        if outlet is None:
            raise LinkError(f"nothing answers at {name}")
        with self.monitor:
            outlet.hear(self._clock.now())
            if outlet.stream:
                raise LinkError(f"{name} is busy with another client")
            end = self._ends[name] = DeviceEnd()
            outlet.attach(end, self._clock.now())
            return MemoryStream(self, outlet, end, self._clock, name)

    def hear(self, name: str, asked: bytes) -> None:
        """Let a device hear what has come, and do what is due; call it inside the monitor."""
        outlet, now = self._outlets[name], self._clock.now()
        self.exchanges += 1
        before = outlet.exchanges
        outlet.hear(now)
        if self._logging and outlet.exchanges > before:
            self.log.append(Exchange(name, outlet.exchanges, asked, now, threading.current_thread().name))
        outlet.send(now)  # all that is due by now was done when it heard
        self._tell([name])

    def turn(self, name: str) -> None:
        """Let a device do what is due, and now and then all of them; call it inside the monitor."""
        now, wire = self._clock.now(), self._transport.now()
        names: Collection[str] = (name,)
        if wire >= self._pulse:
            self._pulse, names = wire + _PULSE, self._ends
        elif (wait := self._outlets[name].wait()) is None or wait > 0.0:
            return  # all that is due by now was done when it was looked at last
        for each in names:
            if (outlet := self._outlets[each]).stream is not None:
                outlet.tick(now)
        self._tell(names)

    def _tell(self, names: Collection[str]) -> None:
        """Wake who waits, when the client of one of `names` has got something since the last look."""
        fresh = [end for name in names if (end := self._ends[name]).is_new]
        for end in fresh:
            end.is_new = False
        if fresh:
            self.monitor.notify()


class MemoryStream:
    """The station's end: a stream of `hardware` on the line's clock."""

    def __init__(self, board: Switchboard, outlet: Outlet, end: DeviceEnd, clock: Clock, name: str) -> None:
        self._board = board
        self._outlet = outlet
        self._end = end
        self._transport = clock.transport
        self._name = name
        self._closed = False

    def write(self, data: bytes, seconds: float) -> None:
        """Write all of `data`."""
        with self._board.monitor:
            self._refuse_gone()
            self._end.asked += data
            self._board.hear(self._name, data)

    def read_into(self, buffer: memoryview, seconds: float) -> int:
        """Wait at most `seconds` for bytes and return how many came."""
        end = self._transport.now() + seconds
        with self._board.monitor:
            while not self._end.said:
                self._refuse_gone()
                self._board.turn(self._name)
                left = end - self._transport.now()
                if self._end.said or self._end.ending:
                    continue
                if left <= 0:
                    return 0
                wait = self._outlet.wait()
                patience = left if wait is None else min(left, max(wait, _BRIEF))
                self._board.monitor.wait_for(self._is_news, patience)
            got = min(len(buffer), len(self._end.said))
            buffer[:got] = self._end.said[:got]
            del self._end.said[:got]
            return got

    def _is_news(self) -> bool:
        return bool(self._end.said) or self._end.ending is not None or self._closed

    def close(self) -> None:
        """Hang up; a second time does nothing."""
        with self._board.monitor:
            if not self._closed:
                self._closed = self._end.hung_up = True
                self._board.hear(self._name, b"")

    def _refuse_gone(self) -> None:
        if self._closed:
            raise LinkError(f"the connection to {self._name} was closed here")
        if self._end.ending is not None:
            raise LinkError(f"{self._name} {self._end.ending} the connection")
