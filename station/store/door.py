"""Refuse at the door what could not be kept, so that one run's fault stays that run's and the journal goes on for the others."""

from station.core.errors import StoreError
from station.core.events import Event, Measured, RunEnded, RunStarted, StepEnded
from station.core.verdict import NAMES
from station.store.ids import to_bytes

_JUDGED = (Measured, StepEnded, RunEnded)
RUN_TYPES = ("production", "golden", "failing", "msa", "cal", "debug", "rework")


class Door:
    """Lets in the events of each run one after the other, from its start to its end, and no other."""

    def __init__(self) -> None:
        self._awaited: dict[str, int] = {}

    @property
    def open_runs(self) -> bool:
        """Return whether a run has begun and not ended."""
        return bool(self._awaited)

    def admit(self, event: Event) -> None:
        """Let `event` in; raises StoreError when it is not the next of a run."""
        if isinstance(event, RunStarted):
            _check_start(event)
            if event.run_id in self._awaited:
                raise StoreError(f"run {event.run_id} began already")
        elif event.run_id not in self._awaited:
            raise StoreError(f"run {event.run_id} is not open: {type(event).__name__} comes before its start or after its end")
        if isinstance(event, _JUDGED) and event.verdict not in NAMES:
            raise StoreError(f"{event.verdict!r} is not a verdict")
        self._count(event)

    def _count(self, event: Event) -> None:
        awaited = self._awaited.get(event.run_id, 0)
        if event.seq != awaited:
            raise StoreError(f"event {event.seq} of run {event.run_id} came where {awaited} was awaited")
        self._awaited[event.run_id] = awaited + 1
        if isinstance(event, RunEnded):
            del self._awaited[event.run_id]


def _check_start(event: RunStarted) -> None:
    if event.run_type not in RUN_TYPES:
        raise StoreError(f"{event.run_type!r} is not a type of run; it is one of {', '.join(RUN_TYPES)}")
    for name, run_id in (("run_id", event.run_id), ("parent_run_id", event.parent_run_id)):
        if run_id or name == "run_id":
            _check_id(name, run_id)


def _check_id(name: str, run_id: str) -> None:
    try:
        to_bytes(run_id)
    except ValueError as error:
        raise StoreError(f"{name} {run_id!r} is not an id of station.store.ids") from error
