"""Measure voltages with a Keysight 34461A (Truevolt): fixed ranges, every setting read back, no call that blocks for long.

CONFigure and MEASure are never used: they reset NPLC and trigger to defaults. Readings are taken by INITiate, a wait on the
line's clock that hears a stop, short looks at DATA:POINts?, and FETCh? once all are there.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from station.core.clock import Clock, Stop
from station.core.errors import InstrumentError, NoTriggerError, UndecidedError
from station.core.uncertainty import Reading
from station.hardware import truevolt_tables as tables
from station.hardware.polling import poll
from station.hardware.scpi import Scpi
from station.hardware.settings import Settings
from station.hardware.truevolt_budget import Method, Surroundings, ac_method, budgeted, dc_method

MODELS = ("34461A",)
_SPARE = 1.0
_OVERHEAD = 0.005
_SWITCHING = 0.02  # s that its relays take when anything was set: "less than 20 ms" in its data sheet
_FIRST_LOOK, _FIRST_LOOK_AT_EDGES = 0.005, 0.02  # s between the first two looks whether readings are there
_STEP = 0.25  # of the pause between the looks, by which the time of the first one is moved
_MOST_SETTLING = 5
_SETTLED, _SETTLED_RANGE = 1e-3, 2e-4
SURROUNDINGS = Surroundings()
_OHMS, _OHMS_RANGE = Method("RES", None, 0.0, "2 wires"), 1e5

Value = float | int | str
_PLAIN: Mapping[str, Value] = {":CALC:SCAL": 0}  # like a function's NULL, a key of its panel that reckons with readings
_AT_ONCE: Mapping[str, Value] = {":TRIG:SOUR": "IMM", ":TRIG:DEL:AUTO": 1, ":TRIG:COUN": 1, ":SAMP:COUN": 1}


@dataclass(frozen=True, slots=True)
class Task:
    """One way to measure: how its budget is made, the settings but for the range, and s per reading.

    `patience` is for edges, None where none are needed; the first one comes `after` s at the earliest.
    """

    method: Method
    settings: dict[str, Value]
    each: float
    patience: float | None = None
    after: float = 0.0


class Truevolt:
    """A 34461A that is open, identified and set up; `input_ohm` follows the function that was used last."""

    def __init__(self, scpi: Scpi, clock: Clock, mains_hz: int, surroundings: Surroundings = SURROUNDINGS) -> None:
        self._scpi = scpi
        self._clock = clock
        self._mains_hz = mains_hz
        self._surroundings = surroundings
        self._settings = Settings(scpi)
        self._usual: dict[tuple[float, int], float] = {}  # s within which half of the readings at so many edges are there
        self.input_ohm = tables.DC_INPUT_OHM

    def configure(self) -> None:
        """Bring it from whatever state it is in to ours; done at opening and after every trouble."""
        self._settings.forget()
        self._scpi.start_afresh()
        mains = self._scpi.number(":SYST:LFR?")
        if round(mains) != self._mains_hz:
            raise InstrumentError(
                f"{self._scpi.name} sees a mains of {mains:g} Hz, station.toml says {self._mains_hz} Hz: correct mains_hz there, "
                "or look at the meter's cable, then start again"
            )

    def rest(self) -> None:
        """Leave it idle, waiting for nothing."""
        self._scpi.command(":ABOR")

    def dc_voltage(self, stop: Stop, *, range: float, aperture: float, count: int) -> Reading:
        """Return the mean in V of `count` DC readings of at least `aperture` s each."""
        nplc = tables.nplc_at_least(aperture, self._mains_hz)
        task = self._dc(nplc, {":TRIG:SOUR": "IMM", ":TRIG:DEL:AUTO": 1, ":TRIG:COUN": 1, ":SAMP:COUN": count})
        return self._measured(task, range, lambda full: self._take(task, full, count, stop))

    def triggered_voltage(
        self, stop: Stop, *, range: float, delay: float, aperture: float, count: int, patience: float, after: float = 0.0
    ) -> Reading:
        """Return the mean in V of `count` DC readings begun `delay` s after an edge on SYNC, each of at most `aperture` s.

        The first edge comes `after` s from now at the earliest.
        """
        nplc = tables.nplc_within(aperture, self._mains_hz)
        edge: dict[str, Value] = {
            ":TRIG:SOUR": "EXT",
            ":TRIG:SLOP": "POS",
            ":TRIG:DEL": float(delay),
            ":TRIG:COUN": count,
            ":SAMP:COUN": 1,
        }
        task = replace(self._dc(nplc, edge), patience=patience, after=after)
        return self._measured(task, range, lambda full: self._take(task, full, count, stop))

    def ac_voltage(self, stop: Stop, *, range: float, lowest: float, count: int) -> Reading:
        """Return the true RMS in V of the AC part, from readings that agree with each other: then the filter has settled."""
        band = tables.filter_for(lowest)
        one: dict[str, Value] = {":TRIG:SOUR": "IMM", ":TRIG:DEL:AUTO": 1, ":TRIG:COUN": 1, ":SAMP:COUN": 1}
        settings: dict[str, Value] = {":VOLT:AC:BAND": band, ":VOLT:AC:NULL": 0, **_PLAIN, **one}
        task = Task(ac_method(lowest), settings, tables.AC_SECONDS[band] + _OVERHEAD)
        self.input_ohm = tables.AC_INPUT_OHM
        return self._measured(task, range, lambda full: self._settled(task, full, count, stop))

    def resistance(self, stop: Stop) -> float:
        """Return what lies across the terminals in ohm, roughly; infinite above 120 kilohm. 10 uA flow meanwhile."""
        task = Task(_OHMS, {":RES:NPLC": 1.0, ":RES:ZERO:AUTO": 1, **_AT_ONCE}, 2.0 / self._mains_hz + _OVERHEAD)
        (ohms,) = self._take(task, _OHMS_RANGE, 1, stop)
        return math.inf if ohms is None else ohms

    def await_edge(self, _: Stop) -> None:
        """Take a reading at the next edge on SYNC, whose value nobody asks for."""
        task = self._dc(1.0, {":TRIG:SOUR": "EXT", ":TRIG:SLOP": "POS", ":TRIG:DEL": 0.0, ":TRIG:COUN": 1, ":SAMP:COUN": 1})
        self._settings.hold({":FUNC": '"VOLT"', ":VOLT:RANG": 10.0, **task.settings})
        self._scpi.command(":ABOR", ":INIT")

    def saw_edge(self) -> bool:
        """Return whether the edge of `await_edge` has come, and its reading was taken."""
        return self._stored() > 0

    def _dc(self, nplc: float, trigger: Mapping[str, Value]) -> Task:
        # Automatic input impedance would be 10 Gohm on some ranges; fixed, the load on the circuit is always the same.
        fixed: dict[str, Value] = {":VOLT:ZERO:AUTO": 1, ":VOLT:IMP:AUTO": 0, ":VOLT:NULL": 0, **_PLAIN}
        settings: dict[str, Value] = {":VOLT:NPLC": nplc, **fixed, **trigger}
        each = 2.0 * nplc / self._mains_hz + float(trigger.get(":TRIG:DEL", 0.0)) + _OVERHEAD  # twice: autozero
        self.input_ohm = tables.DC_INPUT_OHM
        return Task(dc_method(nplc), settings, each)

    def _measured(self, task: Task, expected: float, take: Callable[[float], list[float | None]]) -> Reading:
        """Take on the range that holds `expected` V, and once more on the next one when that was too small."""
        full = tables.range_for(expected)
        for attempt in (full, tables.range_above(full)):
            if attempt is not None:
                readings = take(attempt)
                good = [reading for reading in readings if reading is not None]
                if len(good) == len(readings):
                    return budgeted(task.method, attempt, good, self._surroundings)
        raise UndecidedError(
            f"over range: more than {tables.OVER_RANGE * (attempt or full):g} V where {expected:g} V were expected"
        )

    def _take(self, task: Task, full: float, count: int, stop: Stop) -> list[float | None]:
        """Return `count` readings in V, None for one that is over range."""
        function = task.method.function
        changed = self._settings.hold({":FUNC": f'"{function}"', f":{function}:RANG": full, **task.settings})
        self._scpi.command(":ABOR", ":INIT")
        if task.patience is None:
            self._await_readings(task.each * count + _SWITCHING * changed, count, stop)
        else:
            self._await_edges(task, task.patience, count, stop)
        return self._settings.readings(":FETC?", count, takes=_SPARE)

    def _await_readings(self, expected: float, count: int, stop: Stop) -> None:
        end = 2.0 * expected + _SPARE
        if not poll(self._clock, stop, lambda: self._stored() >= count, expected=expected, patience=end, pause=_FIRST_LOOK):
            raise self._late(count, None)

    def _await_edges(self, task: Task, patience: float, count: int, stop: Stop) -> None:
        """Look first when half of the readings at as many edges were there, and again half a period of the edges later.

        Units of one product are alike, only where a period begins is not: the time of the first look is found by steps, down
        where it was late enough and up where it was not.
        """
        begin, kind, stored = self._clock.now(), (task.each, count), list[int]()
        usual = self._usual.get(kind, 0.0)
        pause = 0.5 * usual / count or _FIRST_LOOK_AT_EDGES

        def done() -> bool:
            stored.append(self._stored())
            return stored[-1] >= count

        expected, end = max(task.each + task.after, usual), task.each + patience
        if not poll(self._clock, stop, done, expected=expected, patience=end, pause=pause):
            raise self._late(count, patience)
        if count > 1:  # a single edge may be one that is waited for on purpose
            step = _STEP * (pause if len(stored) > 1 else -pause)
            self._usual[kind] = usual + step if usual else self._clock.now() - begin

    def _stored(self) -> int:
        return int(self._scpi.number(":DATA:POIN?"))

    def _late(self, count: int, patience: float | None) -> InstrumentError:
        stored = self._stored()
        self.rest()
        if patience is None:
            return InstrumentError(f"{self._scpi.name} took {stored} of {count} readings in twice the time they need")
        return NoTriggerError(f"{self._scpi.name} saw {stored} of {count} edges on SYNC within {patience:g} s")

    def _settled(self, task: Task, full: float, count: int, stop: Stop) -> list[float | None]:
        """Return `count` readings from the first that agrees with the one before it, or the last two if none does."""
        before, *_ = self._take(task, full, 1, stop)
        for _ in range(_MOST_SETTLING):
            now, *_ = self._take(task, full, 1, stop)
            if before is None or now is None:
                return [None]
            if abs(now - before) <= _SETTLED * abs(now) + _SETTLED_RANGE * full:
                return [now, *(self._take(task, full, 1, stop)[0] for _ in range(count - 1))]
            last, before = before, now
        return [last, before]  # their difference goes into the budget: an unsteady unit is not an unsettled meter
