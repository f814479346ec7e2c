"""Run a tray: one thread for each occupied slot, every exit safe, a verdict only once its record is on disk."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from station.core.clock import Clock, Stop
from station.core.events import Event
from station.core.instruments import Bench
from station.core.record import RunRecord
from station.core.verdict import Verdict
from station.line.crew import Crew
from station.line.papers import Papers
from station.sequencer.runner import run
from station.sequencer.unit import Ask, Keep, Unit

_log = logging.getLogger(__name__)


class Journal(Protocol):
    """Where events go, and when a run is surely kept."""

    def write(self, event: Event) -> None:
        """Take an event; raises StoreError when the journal can keep nothing."""
        ...

    def settle(self, run_id: str) -> None:
        """Return once the run's end is durably kept; raises StoreError when it cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that was issued: its number and where it is filed."""

    number: str
    path: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a unit's test came to; `record` is None when nothing could be kept, and the verdict then is ERROR."""

    slot: int
    serial: str
    verdict: Verdict
    reason: str
    record: RunRecord | None = None
    issued: Issued | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What a line is built from."""

    clock: Clock
    bench: Bench
    journal: Journal
    keep: Keep
    ask: Ask
    new_run_id: Callable[[], str]
    attempt: Callable[[str], int]
    recorded: Callable[[str], RunRecord]
    issue: Callable[[RunRecord], Issued | None]
    safe_all: Callable[[], None]


class Line:
    """The slots of one fixture, at work on one tray."""

    def __init__(self, rooms: Rooms, papers: Papers, tray: Mapping[int, str]) -> None:
        self._rooms = rooms
        self._papers = papers
        self._tray = dict(tray)
        self._halt = rooms.clock.stop()
        self._stops: dict[int, Stop] = {slot: rooms.clock.stop() for slot in tray}
        self._outcomes: dict[int, Outcome] = {}

    def stop(self, slot: int, reason: str) -> None:
        """Stop one slot; the others go on."""
        self._stops[slot].set(reason)

    def stop_all(self, reason: str) -> None:
        """Stop every slot; the fixture is made safe at once, whatever an instrument is doing."""
        self._halt.set(reason)
        for stop in self._stops.values():
            stop.set(reason)

    @property
    def outcomes(self) -> list[Outcome]:
        """Return what each unit came to that has come to its end, by slot."""
        return [self._outcomes[slot] for slot in sorted(self._outcomes)]

    def test(self) -> list[Outcome]:
        """Test the whole tray and return what each unit came to, by slot."""
        with Crew(self._rooms.clock) as guards:
            guards.start("guard", self._guard)
            try:
                with Crew(self._rooms.clock, broken=lambda error: self.stop_all(str(error))) as slots:
                    for slot, serial in sorted(self._tray.items()):
                        slots.start(f"slot {slot}", partial(self._slot, slot, serial))
                    slots.join()
            finally:
                self._halt.set("the tray is done")
        return self.outcomes

    def _guard(self, _: Stop) -> None:
        """Wait for the halt, and make the whole fixture safe by its own link."""
        monitor = self._rooms.clock.monitor()
        with monitor:
            monitor.wait_for(lambda: self._halt.reason is not None, None, self._halt)
        self._rooms.safe_all()

    def _slot(self, slot: int, serial: str, _: Stop) -> None:
        self._outcomes[slot] = self._tested(slot, serial)

    def _tested(self, slot: int, serial: str) -> Outcome:
        rooms = self._rooms
        run_id = rooms.new_run_id()
        try:
            attempt = rooms.attempt(serial)
            equipment = rooms.bench.equipment(slot)
            started = self._papers.started(run_id, serial, slot, attempt, equipment, rooms.clock.utc(), rooms.clock.now())
            unit = Unit(
                serial, slot, attempt, limits=self._papers.limits.limits, bench=rooms.bench, clock=rooms.clock,
                stop=self._stops[slot], keep=rooms.keep, ask=rooms.ask,
            )  # fmt: skip
            run(self._papers.sequence, unit, started, rooms.journal.write)
            rooms.journal.settle(run_id)
            record = rooms.recorded(run_id)
        except Exception as error:  # whatever broke, even a bug of ours, is this slot's: the others go on
            _log.exception("slot %d: the run of %s is not on record", slot, serial)
            why = f"not on record: {_said(error)}"
            return Outcome(slot, serial, Verdict.ERROR, why, trouble=why)
        return self._documented(slot, serial, record)

    def _documented(self, slot: int, serial: str, record: RunRecord) -> Outcome:
        try:
            issued = self._rooms.issue(record)
        except Exception as error:
            _log.exception("slot %d: no document for %s", slot, serial)
            trouble = f"the record is kept, but its document could not be issued: {_said(error)}. The next start issues it"
            return Outcome(slot, serial, record.verdict, record.reason, record, None, trouble)
        return Outcome(slot, serial, record.verdict, record.reason, record, issued)


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
