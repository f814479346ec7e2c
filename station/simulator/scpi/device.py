"""The frame around any SCPI instrument: bytes and time go through it, what is due is done at its own moment."""

from typing import Protocol

from station.simulator.scpi.common import Common
from station.simulator.scpi.engine import Engine

_MOST_STEPS = 50  # one by one; more have piled up on a hurried clock, and whoever did them all would never catch up
_LEAST_STEP_S = 1e-6  # a machine that asks for the same moment again cannot hold the simulator up


class Machine(Protocol):
    """What an instrument does by itself as time passes."""

    def advance(self, now: float) -> None:
        """Do all that is due by `now`."""
        ...

    def look(self, now: float) -> None:
        """Notice the first of what has come from outside by `now`, later than all that was done: then something may be due."""
        ...

    def due(self) -> float | None:
        """Return the next moment at which it does something by itself, or None."""
        ...

    def wake(self) -> float | None:
        """Return when to look or to advance next though no command comes, or None."""
        ...


class ScpiDevice:
    """A Device whose wire speaks SCPI; late polls are harmless, for each event is worked through at its own time."""

    def __init__(self, engine: Engine, common: Common, machine: Machine) -> None:
        self._engine = engine
        self._common = common
        self._machine = machine
        self._time = self._rested = float("-inf")

    def opened(self, now: float) -> None:
        """A client has connected at `now`."""
        self._run(now)

    def receive(self, data: bytes, now: float) -> None:
        """Take `data` as it came off the wire and obey what it completes."""
        self._rest(now)
        self._engine.feed(data)
        self._run(now)
        self._rested = float("-inf")

    def poll(self, now: float) -> bytes:
        """Do all that is due by `now` and return the bytes to send."""
        self._rest(now)
        return self._engine.take()

    def wake(self) -> float | None:
        """Return when `poll` must be called next though nothing arrives."""
        moments = [moment for moment in (self._machine.wake(), self._engine.wake()) if moment is not None]
        return max(min(moments), self._time + _LEAST_STEP_S) if moments else None

    def closed(self, now: float) -> None:
        """The client has gone: unread input and output are lost, what the instrument does goes on."""
        self._run(now)
        self._engine.drop()

    def _rest(self, now: float) -> None:
        """Do all that is due by `now`, unless nothing was asked and no time has passed since that was done."""
        if self._rested < now:
            self._run(now)
            self._rested = now

    def _run(self, now: float) -> None:
        for _ in range(_MOST_STEPS):
            due = self._next(now)
            if due >= now:
                break
            self._at(due)
        self._at(max(now, self._time))

    def _next(self, now: float) -> float:
        """Return when something happens next, at most `now`: a command's time is over, or something comes from outside."""
        waits = self._engine.wake()
        horizon = now if waits is None else min(now, max(waits, self._time + _LEAST_STEP_S))
        self._machine.look(horizon)
        due = self._machine.due()
        return horizon if due is None else min(horizon, max(due, self._time + _LEAST_STEP_S))

    def _at(self, moment: float) -> None:
        self._time = moment
        self._machine.advance(moment)
        self._common.step()
        self._engine.step(moment)
        self._common.step()
