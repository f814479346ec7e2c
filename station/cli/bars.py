"""Draw a tray at work on a terminal: a line for each slot, as much of it as the terminal has room for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from station.cli.signs import SIGNS, STYLES
from station.core.clock import Clock
from station.core.events import Event, Measured, RunEnded, RunStarted, StepStarted, Waiting

FORECAST = {"accelerated": 300.0, "real-time": 1400.0, "sample": 2700.0}  # s of the line's time a unit takes, for a bar's length
_WIDE, _NARROW = 100, 60  # columns from which a line has room for its bar and value, and for its time
_WHOLE = 3  # columns that stay whole: slot, serial, verdict
_SPARE = 2  # lines of the terminal below the picture


@dataclass(slots=True)
class _Bar:
    """What one slot's line shows."""

    slot: int
    serial: str
    began: float
    forecast: float
    step: str = ""
    number: int = 0
    value: str = ""
    ended: float | None = None
    verdict: str = ""
    starts: float | None = None

    @property
    def urgency(self) -> int:
        """Return how much the line matters where there is no room for all: a verdict that is no PASS, a run, a PASS."""
        return 2 if self.verdict == "PASS" else 0 if self.verdict else 1


class Bars:
    """A line for each slot on the terminal's stderr, redrawn five times a second."""

    def __init__(self, clock: Clock, steps: int) -> None:
        self._now = clock.now
        self._steps = steps
        self._bars: dict[str, _Bar] = {}
        self._rows: dict[str, tuple[str, float]] = {}
        self._lock = clock.monitor()
        self._live = Live(self, console=Console(stderr=True), refresh_per_second=5)

    def give_up(self) -> None:
        """Do nothing: a picture is drawn by a thread of its own, and nobody waits for it."""

    def event(self, event: Event) -> None:
        """Take an event into the picture."""
        with self._lock:
            self._take(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._bars = {run: bar for run, bar in self._bars.items() if bar.slot != event.slot}  # a tray rolls: one line a slot
            forecast = FORECAST.get(event.recipe, FORECAST["real-time"])
            self._bars[event.run_id] = _Bar(event.slot, event.serial, event.monotonic, forecast)
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

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the picture as it is now, in the columns and lines that the terminal has."""
        with self._lock:
            bars = sorted(self._bars.values(), key=lambda bar: bar.slot)
            shown = _most_urgent(bars, max(console.height - _SPARE, 2))
            table = Table.grid(padding=(0, 1))
            for bar in shown:
                table.add_row(*self._cells(bar, options.max_width))
            for column in table.columns[:_WHOLE]:
                column.no_wrap = True  # what becomes narrow is what comes behind
            yield table
            if len(shown) < len(bars):
                yield Text(_rest(bar for bar in bars if bar not in shown), style="dim")

    def _cells(self, bar: _Bar, width: int) -> tuple[RenderableType, ...]:
        spent = (bar.ended if bar.ended is not None else self._now()) - bar.began
        share = 1.0 if bar.ended is not None else min(0.99, spent / bar.forecast)
        state = Text(f"{SIGNS.get(bar.verdict, '▶')} {bar.verdict or 'running'}", style=STYLES.get(bar.verdict, "cyan"))
        step = bar.step if bar.verdict else f"{bar.number}/{self._steps} {bar.step}"
        if bar.verdict == "PASS":
            step = ""  # the word says it all
        if bar.starts is not None:
            state, step = Text("… waiting", style="yellow"), _starts(bar.starts - self._now())
        value = Text("" if bar.verdict else bar.value, style="dim", no_wrap=True)
        return (
            Text(f"{bar.slot:>2}", style="bold"), Text(bar.serial), state,
            *([Text(f"{spent:5.0f} s", style="dim")] if width >= _NARROW else []),
            *([ProgressBar(total=1.0, completed=share, width=14)] if width >= _WIDE else []),
            Text(step, no_wrap=True, overflow="ellipsis"),
            *([value] if width >= _WIDE else []),
        )  # fmt: skip

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Draw a last time, and leave it standing."""
        self._live.stop()


def _most_urgent(bars: list[_Bar], room: int) -> list[_Bar]:
    """Return what is shown in `room` lines, in the order of the slots: all, or the most urgent and a line about the rest."""
    if len(bars) <= room:
        return bars
    urgent = sorted(bars, key=lambda bar: bar.urgency)[: room - 1]
    return [bar for bar in bars if bar in urgent]


def _rest(bars: Iterable[_Bar]) -> str:
    """Say what the slots that have no line are at."""
    counts = Counter(f"{SIGNS[bar.verdict]} {bar.verdict}" if bar.verdict else "▶ running" for bar in bars)
    return f"   and {counts.total()} more: {', '.join(f'{count} {what}' for what, count in sorted(counts.items()))}"


def _starts(seconds: float) -> str:
    """Say when a unit that waits for the instruments is started, `seconds` s from now by the forecast."""
    return f"starts in about {seconds:.0f} s" if seconds >= 1.0 else "starts any moment"
