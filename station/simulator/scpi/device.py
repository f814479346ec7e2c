"""The frame around any SCPI instrument: bytes and time go through it, what is due is done at its own moment."""

from typing import Protocol

from station.simulator.scpi.common import Common
from station.simulator.scpi.engine import Engine

_LEAST_STEP_S = 1e-6  # a machine that asks for the same moment again cannot hold the simulator up


class Machine(Protocol):
    """What an instrument does by itself as time passes."""

    def advance(self, now: float) -> None:
        """Do all that is due by `now`."""
        ...

    def wake(self) -> float | None:
        """Return the next moment at which something is due, or None."""
        ...


class ScpiDevice:
    """A Device whose wire speaks SCPI; late polls are harmless, for each event is worked through at its own time."""

    def __init__(self, engine: Engine, common: Common, machine: Machine) -> None:
        self._engine = engine
        self._common = common
        self._machine = machine
        self._time = float("-inf")

    def opened(self, now: float) -> None:
        """A client has connected at `now`."""
        self._run(now)

    def receive(self, data: bytes, now: float) -> None:
        """Take `data` as it came off the wire and obey what it completes."""
        self._run(now)
        self._engine.feed(data)
        self._run(now)

    def poll(self, now: float) -> bytes:
        """Do all that is due by `now` and return the bytes to send."""
        self._run(now)
        return self._engine.take()

    def wake(self) -> float | None:
        """Return when `poll` must be called next though nothing arrives."""
        moments = [moment for moment in (self._machine.wake(), self._engine.wake()) if moment is not None]
        return max(min(moments), self._time + _LEAST_STEP_S) if moments else None

    def closed(self, now: float) -> None:
        """The client has gone: unread input and output are lost, what the instrument does goes on."""
        self._run(now)
        self._engine.drop()

    def _run(self, now: float) -> None:
        while (due := self.wake()) is not None and due < now:
            self._at(due)
        self._at(max(now, self._time))

    def _at(self, moment: float) -> None:
        self._time = moment
        self._machine.advance(moment)
        self._common.step()
        self._engine.step(moment)
        self._common.step()
