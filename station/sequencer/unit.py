"""Give a step what it may see and do: the unit in its nest, instruments on loan, time, and the rows to measure."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import MappingProxyType
from typing import TypeVar

from station.core.canonical import Json, detached
from station.core.clock import Clock, Stop
from station.core.errors import SequenceError
from station.core.finite import finite
from station.core.instruments import Bench, Dmm, Nest, Scope
from station.core.limit import Limit, Value
from station.core.measurement import Evidence, Measurement, judged
from station.core.uncertainty import Reading, Uncertainty
from station.core.verdict import Verdict
from station.core.waveform import Waveform

_T = TypeVar("_T")
Keep = Callable[[Waveform, str], Evidence]
Ask = Callable[[str], str]


def _unheard(*_: object) -> None:
    """Hear nothing: no run has begun."""


def _unknown(_: str) -> bool:
    """Know no other unit."""
    return False


class Unit:
    """The unit under test as a step sees it."""

    def __init__(
        self,
        serial: str,
        slot: int,
        attempt: int,
        *,
        limits: Mapping[str, Limit],
        bench: Bench,
        clock: Clock,
        stop: Stop,
        keep: Keep,
        ask: Ask,
        known: Callable[[str], bool] = _unknown,
    ) -> None:
        self.serial = serial
        self.known = known  # whether a serial was scanned for this tray, or tested before: who says one is not the unit meant
        self.slot = slot
        self.attempt = attempt
        self.limits = limits
        self.bench = bench
        self.nest: Nest = bench.nest(slot)
        self.clock = clock
        self.stop = stop
        self.notes: dict[str, Reading] = {}
        self.last_moment: float | None = None
        self.broken: str | None = None
        self.declared: tuple[str, ...] = ()
        self.tell: Callable[[Measurement], None] = _unheard
        self.tell_prompt: Callable[[str, str], None] = _unheard
        self.tell_waiting: Callable[[float], None] = _unheard
        self._measurements: dict[str, Measurement] = {}
        self._measured = MappingProxyType(self._measurements)
        self._unsafe: str | None = None
        self._taken: list[str] = []
        self._keep = keep
        self._ask = ask

    @property
    def measurements(self) -> Mapping[str, Measurement]:
        """Return what was measured so far, by row."""
        return self._measured

    def dmm(self, path: str = "sense", *, before: float | None = None) -> AbstractContextManager[Dmm]:
        """Borrow the DMM, routed to `path` of this slot, for the length of a `with`.

        The loan must begin by `before`, a moment of the line's time in s, or by the end of the window that is open: LoanError.
        """
        return self._noted(self.bench.dmm(self.slot, self.stop, path, self._by(before)), lambda dmm: (dmm,))

    def scope(self, *, before: float | None = None) -> AbstractContextManager[Scope]:
        """Borrow the oscilloscope, routed to this slot, for the length of a `with`; `before` as in `dmm`."""
        return self._noted(self.bench.scope(self.slot, self.stop, self._by(before)), lambda scope: (scope,))

    def both(self, *, before: float | None = None) -> AbstractContextManager[tuple[Dmm, Scope]]:
        """Borrow DMM and oscilloscope at once; a step never borrows one inside the other; `before` as in `dmm`."""
        return self._noted(self.bench.both(self.slot, self.stop, self._by(before)), lambda both: both)

    def _by(self, before: float | None) -> float | None:
        return self.last_moment if before is None else before

    @contextmanager
    def _noted(self, loan: AbstractContextManager[_T], parts: Callable[[_T], tuple[Dmm | Scope, ...]]) -> Iterator[_T]:
        with loan as lent:
            self._taken += [one.serial for one in parts(lent)]
            yield lent

    def taken(self) -> tuple[str, ...]:
        """Return the serials of the instruments that were lent since this was asked last."""
        found, self._taken = tuple(dict.fromkeys(self._taken)), []
        return found

    def open_window(self, *, seconds: float, loans: Mapping[str, int]) -> None:
        """Wait until so many `loans` (dmm, scope) fit into the next `seconds` s beside those that others still need.

        Then start the unit: from then on until `close_window` each loan must begin within those `seconds`, and goes first when
        it might not. A wait is told, with a forecast: whoever looks at the slot sees when its unit starts.
        """
        self.last_moment = self.bench.open_window(self.slot, self.stop, seconds=seconds, loans=loans, waits=self.tell_waiting)

    def close_window(self) -> None:
        """Say that no loan is needed any more that must begin by a certain moment."""
        self.last_moment = None
        self.bench.close_window(self.slot)

    def now(self) -> float:
        """Return the line's time in s."""
        return self.clock.now()

    def wait(self, seconds: float) -> None:
        """Wait `seconds` of the line's time; a stop ends it at once."""
        self.clock.wait(seconds, self.stop)

    def wait_until(self, moment: float) -> None:
        """Wait until the line's time is `moment` s; at once when that is past."""
        self.wait(max(0.0, moment - self.clock.now()))

    def span(self, row_id: str) -> float:
        """Return the largest size of value, in SI, that the method of row `row_id` must be able to show."""
        return self._limit(row_id).span

    def keep(self, waveform: Waveform, title: str) -> Evidence:
        """Keep `waveform` as evidence, to be named by the rows that were taken from it."""
        return self._keep(waveform, title)

    def ask(self, question: str) -> str:
        """Ask the operator, and return and record the answer."""
        answer = self._ask(question)
        self.tell_prompt(question, answer)
        return answer

    def measure(
        self,
        row_id: str,
        value: Value,
        u: Uncertainty | None = None,
        *,
        evidence: tuple[Evidence, ...] = (),
        detail: Mapping[str, Json] | None = None,
    ) -> None:
        """Measure row `row_id`: judge `value` (SI) by the loaded limits and record it.

        A number comes with its uncertainty `u`, in the same SI unit; counts, texts and flags without. Raises SequenceError
        when the step did not declare the row or measures it twice.
        """
        limit = self._mine(row_id)
        try:
            kept = {key: detached(item) for key, item in (detail or {}).items()}
        except (TypeError, ValueError) as error:
            raise self._broke(f"the detail of {row_id} cannot be put on record: {error}") from error
        self._record(judged(limit, value, u, kept, evidence))

    def fail(self, row_id: str, why: str) -> None:
        """Fail row `row_id` on evidence that is no number: nothing to measure, or output where there must be none.

        Only on a bench proven healthy: where it might be us, raise UndecidedError.
        """
        self._record(Measurement(self._mine(row_id), None, None, Verdict.FAIL, why))

    def undecided(self, row_id: str, why: str) -> None:
        """Record that row `row_id` was tried and allows no verdict."""
        self._record(Measurement(self._mine(row_id), None, None, Verdict.INCONCLUSIVE, why))

    def reading(self, row_id: str) -> Reading | None:
        """Return what row `row_id` was measured as, for rows derived from it; None when it gave no finite number."""
        found = self.measurements.get(row_id)
        if found is None or found.u is None or not finite(found.value):
            return None
        return Reading(float(found.value), found.u)

    @property
    def unsafe(self) -> str | None:
        """Return the first safety row that failed, or None."""
        return self._unsafe

    def _limit(self, row_id: str) -> Limit:
        if row_id not in self.limits:
            raise self._broke(f"{row_id} is not a row of the limits")
        return self.limits[row_id]

    def _mine(self, row_id: str) -> Limit:
        limit = self._limit(row_id)
        if row_id not in self.declared:
            raise self._broke(f"{row_id} is measured by a step that did not declare it")
        if row_id in self._measurements:
            raise self._broke(f"{row_id} is measured a second time; a row is measured exactly once")
        return limit

    def _broke(self, what: str) -> SequenceError:
        """Remember that a rule of measuring was broken, so that a step which swallows the error does not get away with it."""
        self.broken = self.broken or what
        return SequenceError(what)

    def _record(self, measurement: Measurement) -> None:
        self._measurements[measurement.limit.id] = measurement
        if self._unsafe is None and measurement.verdict is Verdict.FAIL and measurement.limit.is_safety:
            self._unsafe = measurement.limit.id
        self.tell(measurement)
