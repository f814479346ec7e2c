"""Test one unit in its slot: whatever happens there is its outcome, and its verdict counts only once its record is on disk."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.core.clock import Clock, Stop
from station.core.errors import StationError
from station.core.events import Event
from station.core.instruments import Bench
from station.core.record import RunRecord
from station.core.verdict import Verdict
from station.line.papers import Papers
from station.sequencer.runner import run
from station.sequencer.unit import Ask, Keep, Unit
from station.store.history import History

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
    """What a line is built from.

    `history` tells what a serial went through before; `barred` is the error that keeps units from being started now, or None.
    `safe_all` is told why every slot is stopped: it ends what they do, and makes all safe.
    """

    clock: Clock
    bench: Bench
    journal: Journal
    keep: Keep
    ask: Ask
    new_run_id: Callable[[], str]
    attempt: Callable[[str], int]
    recorded: Callable[[str], RunRecord]
    issue: Callable[[RunRecord], Issued | None]
    safe_all: Callable[[str], None]
    history: Callable[[str], History]
    barred: Callable[[], StationError | None]


class UnitTest:
    """The test of one unit in its slot, on its way to a verdict that counts."""

    def __init__(self, rooms: Rooms, papers: Papers, slot: int, serial: str, stop: Stop) -> None:
        self._rooms = rooms
        self._papers = papers
        self._slot = slot
        self._serial = serial
        self._stop = stop

    def outcome(self) -> Outcome:
        """Test the unit and return what it came to, its record durably kept and its document issued; raises nothing of ours."""
        run_id = self._rooms.new_run_id()
        try:
            self._run(run_id)
            self._rooms.journal.settle(run_id)
            record = self._rooms.recorded(run_id)
        except Exception as error:  # whatever broke, even a bug of ours, is this slot's: the others go on
            _log.exception("slot %d: the run of %s is not on record", self._slot, self._serial)
            why = f"not on record: {_said(error)}"
            return Outcome(self._slot, self._serial, Verdict.ERROR, why, trouble=why)
        return self._documented(record)

    def _run(self, run_id: str) -> None:
        rooms = self._rooms
        attempt = rooms.attempt(self._serial)
        equipment = rooms.bench.equipment(self._slot)
        now = rooms.clock.now()
        started = self._papers.started(run_id, self._serial, self._slot, attempt, equipment, rooms.clock.utc(), now)
        unit = Unit(
            self._serial, self._slot, attempt, limits=self._papers.limits.limits, bench=rooms.bench, clock=rooms.clock,
            stop=self._stop, keep=rooms.keep, ask=rooms.ask, known=self._known,
        )  # fmt: skip
        try:
            run(self._papers.sequence, unit, started, rooms.journal.write)
        finally:
            unit.close_window()  # a run that ended early leaves its time to the others

    def _known(self, serial: str) -> bool:
        """Return whether a serial is one of the tray, or of a unit that was tested before."""
        return serial in self._papers.scanned or bool(self._rooms.history(serial).runs)

    def _documented(self, record: RunRecord) -> Outcome:
        slot, serial = self._slot, self._serial
        try:
            issued = self._rooms.issue(record)
        except Exception as error:
            _log.exception("slot %d: no document for %s", slot, serial)
            trouble = f"the record is kept, but its document could not be issued: {_said(error)}. The next start issues it"
            return Outcome(slot, serial, record.verdict, record.reason, record, None, trouble)
        return Outcome(slot, serial, record.verdict, record.reason, record, issued)


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
