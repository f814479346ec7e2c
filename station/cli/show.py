"""Show a tray at work: live bars on a terminal, plain lines elsewhere, one event a line for programs."""

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from station.cli.modes import Mode
from station.core.clock import Clock
from station.core.event_json import to_json
from station.core.events import Event, Measured, RunEnded, RunStarted, StepStarted, Waiting

_log = logging.getLogger(__name__)
FORECAST = 1200.0  # s of the line's time that a unit takes, for the length of a bar
SIGNS = {"PASS": "✔", "FAIL": "✘", "ERROR": "▲", "ABORTED": "■", "INCONCLUSIVE": "?"}
STYLES = {
    "PASS": "bold green",
    "FAIL": "bold red",
    "ERROR": "bold magenta",
    "ABORTED": "bold yellow",
    "INCONCLUSIVE": "bold yellow",
}


class Show(Protocol):
    """What shows a tray; `event` is called once an event is on disk, from the journal's thread."""

    def event(self, event: Event) -> None:
        """Show an event."""
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
    """Calls `listener` until it breaks, and then never again: its thread is the journal's, which must go on."""

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


class _Quiet:
    """A show that needs no beginning and no end."""

    def __enter__(self) -> Self:
        """Begin to show."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop showing."""


class JsonLines(_Quiet):
    """One event a line on stdout, in the schema of the event stream; in ASCII, which every terminal and program takes."""

    def event(self, event: Event) -> None:
        """Write the event."""
        sys.stdout.write(json.dumps(to_json(event), allow_nan=False) + "\n")
        sys.stdout.flush()


class PlainLines(_Quiet):
    """A line on stderr for each step that begins, each unit that waits to be started, and each row that does not pass."""

    def __init__(self, steps: int) -> None:
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
            sys.stderr.write(f"{event.at[11:19]}  {self._names.get(event.run_id, '')}  {line}\n")
            sys.stderr.flush()

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


@dataclass(slots=True)
class _Bar:
    """What one slot's line shows."""

    slot: int
    serial: str
    began: float
    step: str = ""
    number: int = 0
    value: str = ""
    ended: float | None = None
    verdict: str = ""
    starts: float | None = None


class Bars:
    """A line for each slot on the terminal's stderr, redrawn five times a second."""

    def __init__(self, clock: Clock, steps: int) -> None:
        self._now = clock.now
        self._steps = steps
        self._bars: dict[str, _Bar] = {}
        self._rows: dict[str, tuple[str, float]] = {}
        self._lock = clock.monitor()
        self._live = Live(console=Console(stderr=True), refresh_per_second=5, get_renderable=self.drawn)

    def event(self, event: Event) -> None:
        """Take an event into the picture."""
        with self._lock:
            self._take(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._bars = {run: bar for run, bar in self._bars.items() if bar.slot != event.slot}  # a tray rolls: one line a slot
            self._bars[event.run_id] = _Bar(event.slot, event.serial, event.monotonic)
            self._rows.update({row.id: (row.printed, float(row.scale)) for row in event.rows})
            return
        bar = self._bars.get(event.run_id)
        if bar is None:
            return
        match event:
            case StepStarted():
                bar.step, bar.number = event.step, event.number
            case Measured():
                bar.value = self._said(event)
            case Waiting():
                bar.starts = event.monotonic + event.seconds if event.seconds > 0.0 else None
            case RunEnded():
                bar.starts = None
                bar.ended, bar.verdict, bar.step = event.monotonic, event.verdict, event.reason
            case _:
                pass

    def _said(self, event: Measured) -> str:
        printed, scale = self._rows.get(event.id, ("", 1.0))
        if isinstance(event.value, bool | str) or event.value is None:
            return f"{event.id} {event.verdict}"
        return f"{event.id} {event.value / scale:.4g} {printed}"

    def drawn(self) -> RenderableType:
        """Return the picture as it is now."""
        with self._lock:
            table = Table.grid(padding=(0, 1))
            for bar in sorted(self._bars.values(), key=lambda bar: bar.slot):
                table.add_row(*self._cells(bar))
            return table

    def _cells(self, bar: _Bar) -> tuple[RenderableType, ...]:
        spent = (bar.ended if bar.ended is not None else self._now()) - bar.began
        share = 1.0 if bar.ended is not None else min(0.99, spent / FORECAST)
        state = Text(f"{SIGNS.get(bar.verdict, '▶')} {bar.verdict or 'running'}", style=STYLES.get(bar.verdict, "cyan"))
        step = bar.step if bar.verdict else f"{bar.number}/{self._steps} {bar.step}"
        if bar.starts is not None:
            state, step = Text("… waiting", style="yellow"), _starts(bar.starts - self._now())
        return (
            Text(f"{bar.slot:>2}", style="bold"), Text(bar.serial), state, ProgressBar(total=1.0, completed=share, width=14),
            Text(f"{spent:5.0f} s", style="dim"), Text(step, no_wrap=True, overflow="ellipsis"),
            Text("" if bar.verdict else bar.value, style="dim", no_wrap=True),
        )  # fmt: skip

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Draw a last time, and leave it standing."""
        self._live.stop()


def _starts(seconds: float) -> str:
    """Say when a unit that waits for the instruments is started, `seconds` s from now by the forecast."""
    return f"starts in about {seconds:.0f} s" if seconds >= 1.0 else "starts any moment"
