"""Show a tray at work: live bars on a terminal, plain lines elsewhere, one event a line for programs."""

import json
import logging
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self, TextIO

from station.cli.bars import Bars
from station.cli.modes import Mode
from station.cli.teller import Outlet
from station.core.clock import Clock
from station.core.event_json import to_json
from station.core.events import Event, Measured, RunEnded, RunStarted, StepStarted, Waiting

_log = logging.getLogger(__name__)


class Show(Protocol):
    """What shows a tray; `event` is called once an event is on disk, from one thread."""

    def event(self, event: Event) -> None:
        """Show an event."""
        ...

    def give_up(self) -> None:
        """Wait no more for whoever reads: he has paused for too long."""
        ...

    def __enter__(self) -> object:
        """Begin to show."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop showing."""
        ...


def show(mode: Mode, clock: Clock, steps: int) -> Show:
    """Return what shows a tray of `steps` steps in `mode`, by the line's `clock`."""
    match mode.chosen():
        case Mode.RICH:
            return Bars(clock, steps)
        case Mode.JSON:
            return JsonLines()
        case _:
            return PlainLines(steps)


class Sturdy:
    """Calls `listener` until it breaks, and then never again: the test goes on without."""

    def __init__(self, listener: Callable[[Event], None]) -> None:
        self._listener: Callable[[Event], None] | None = listener

    def __call__(self, event: Event) -> None:
        """Pass `event` on while the listener is whole."""
        if self._listener is None:
            return
        try:
            self._listener(event)
        except Exception as error:
            self._listener = None
            left = isinstance(error, BrokenPipeError)  # whoever read has closed the pipe: no fault of the program
            _log.log(
                logging.ERROR, "what shows the test has broken and shows no more; the test goes on and is kept", exc_info=not left
            )


class _Lines:
    """A show of lines, which needs no beginning and no end."""

    def __init__(self, stream: TextIO) -> None:
        self._out = Outlet(stream)

    def give_up(self) -> None:
        """Wait no more for whoever reads."""
        self._out.give_up()

    def __enter__(self) -> Self:
        """Begin to show."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop showing."""


class JsonLines(_Lines):
    """One event a line on stdout, in the schema of the event stream; in ASCII, which every terminal and program takes."""

    def __init__(self) -> None:
        super().__init__(sys.stdout)

    def event(self, event: Event) -> None:
        """Write the event."""
        self._out.write(json.dumps(to_json(event), allow_nan=False) + "\n")


class PlainLines(_Lines):
    """A line on stderr for each step that begins, each unit that waits to be started, and each row that does not pass."""

    def __init__(self, steps: int) -> None:
        super().__init__(sys.stderr)
        self._steps = steps
        self._names: dict[str, str] = {}
        self._rows: dict[str, str] = {}

    def event(self, event: Event) -> None:
        """Write what is worth a line."""
        if isinstance(event, RunStarted):
            self._names[event.run_id] = f"slot {event.slot}  {event.serial}"
            self._rows.update({row.id: row.title for row in event.rows})
        line = self._line(event)
        if line:
            self._out.write(f"{event.at[11:19]}  {self._names.get(event.run_id, '')}  {line}\n")

    def _line(self, event: Event) -> str:
        match event:
            case StepStarted():
                return f"step {event.number}/{self._steps}  {event.step}"
            case Measured() if event.verdict != "PASS":
                return f"{event.verdict}  {event.id} {self._rows.get(event.id, '')}: {event.reason}"
            case Waiting() if event.seconds > 0.0:
                return f"waits for the instruments: starts in about {event.seconds:.0f} s"
            case Waiting():
                return "starts now"
            case RunEnded():
                return f"{event.verdict}  {event.reason}"
            case _:
                return ""
