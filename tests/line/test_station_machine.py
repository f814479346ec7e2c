"""Whatever is asked of the slots, in whatever order and at whatever moment: the line does what its model does, slot by slot."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from station.core.errors import AdmissionError, SlotError
from station.core.verdict import Verdict
from station.line.admission import history_refusal
from station.line.feed import Change, View
from station.line.slots import State
from tests.line.stage import Stage, lasting

SLOTS = st.integers(1, 3)
SERIALS = st.sampled_from(["A", "B", "C", "D"])
_MOMENT = 0.001  # s: enough for everybody to do what was asked
_BETWEEN = 0.0005  # s: a test never ends at the very moment at which somebody looks


@dataclass
class Model:
    """One slot as it should be; `ends` is when its test ends by itself, `verdict` what it comes to then."""

    state: State = State.EMPTY
    serial: str = ""
    lock: str = ""
    ends: float = 0.0
    verdict: Verdict = Verdict.PASS


class LifeCycle(RuleBasedStateMachine):
    """Three slots, four serials, and hands that ask for anything."""

    @initialize()
    def open(self) -> None:
        self.stage = Stage(3)
        self.stack = ExitStack()
        self.stack.enter_context(self.stage.station.at_work())
        self.model = {slot: Model() for slot in range(1, 4)}
        self.watch = self.stage.station.watch()
        first = self.watch.next(0.0)
        assert isinstance(first, View)
        self.seen = first
        self.touched: set[int] = set()

    @rule(slot=SLOTS, serial=SERIALS)
    def load(self, slot: int, serial: str) -> None:
        model = self.model[slot]
        elsewhere = any(one.serial == serial for one in self.model.values())
        admitted = not elsewhere and history_refusal(serial, slot, self.stage.journal.history(serial)) is None
        if model.state is not State.EMPTY or not admitted:
            self._refused(lambda: self.stage.station.ready(slot, serial))
        else:
            self.stage.station.ready(slot, serial)
            self.touched.add(slot)
            model.state, model.serial = State.READY, serial

    @rule(slot=SLOTS, seconds=st.integers(1, 10))
    def start(self, slot: int, seconds: int) -> None:
        model = self.model[slot]
        if model.state is not State.READY or model.lock:
            self._refused(lambda: self.stage.station.start(slot))
            return
        self.stage.bodies[model.serial] = lasting(seconds + _BETWEEN)
        self.stage.station.start(slot)
        self.touched.add(slot)
        model.state, model.ends, model.verdict = State.TESTING, self.stage.clock.now() + seconds + _BETWEEN, Verdict.PASS

    @rule(slot=SLOTS)
    def stop(self, slot: int) -> None:
        model = self.model[slot]
        if model.state is not State.TESTING:
            self._refused(lambda: self.stage.station.stop(slot, "the operator"))
            return
        self.stage.station.stop(slot, "the operator")
        self.touched.add(slot)
        model.ends, model.verdict = self.stage.clock.now(), Verdict.ABORTED

    @rule(slot=SLOTS)
    def free(self, slot: int) -> None:
        model = self.model[slot]
        if model.state not in (State.READY, State.DONE):
            self._refused(lambda: self.stage.station.free(slot))
            return
        self.stage.station.free(slot)
        self.touched.add(slot)
        self.model[slot] = Model(State.LOCKED if model.lock else State.EMPTY, lock=model.lock)

    @rule(slot=SLOTS)
    def lock(self, slot: int) -> None:
        model = self.model[slot]
        self.stage.station.lock(slot, "its needles")
        self.touched.add(slot)
        model.lock = "its needles"
        model.state = State.LOCKED if model.state is State.EMPTY else model.state

    @rule(slot=SLOTS)
    def unlock(self, slot: int) -> None:
        model = self.model[slot]
        if model.state is State.EMPTY:
            self._refused(lambda: self.stage.station.unlock(slot))
            return
        self.stage.station.unlock(slot)
        self.touched.add(slot)
        model.lock = ""
        model.state = State.EMPTY if model.state is State.LOCKED else model.state

    @rule(seconds=st.integers(1, 15))
    def pass_by(self, seconds: int) -> None:
        self.stage.pass_by(seconds)

    def _refused(self, ask: Callable[[], None]) -> None:
        before = self.stage.station.view()
        try:
            ask()
        except (SlotError, AdmissionError):
            assert before == self.stage.station.view()
        else:
            raise AssertionError("it should have been refused")

    @invariant()
    def the_line_is_its_model_and_its_news_tell_of_nobody_else(self) -> None:
        self.stage.pass_by(_MOMENT)
        self._end_what_is_over()
        self._read_the_news()
        view = self.stage.station.view()
        assert view == self.seen
        for slot, model in self.model.items():
            found = view.of(slot)
            assert (model.state, model.serial, model.lock) == (found.state, found.serial, found.lock)
            assert (model.verdict if model.state is State.DONE else None) == (found.outcome and found.outcome.verdict)
        self.touched.clear()

    def _end_what_is_over(self) -> None:
        for slot, model in self.model.items():
            if model.state is State.TESTING:
                self.touched.add(slot)
                model.state = State.DONE if model.ends <= self.stage.clock.now() else State.TESTING

    def _read_the_news(self) -> None:
        while isinstance(change := self.watch.next(0.0), Change):
            assert change.slot is not None
            assert change.slot.slot in self.touched
            self.seen = self.seen.after(change)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()
            assert 1 == len(self.stage.made_safe)
            assert not [one for one in self.stage.station.view().slots if one.state is State.TESTING]
            for events in self.stage.journal.events.values():
                assert "RunEnded" == type(events[-1]).__name__


TestLifeCycle = LifeCycle.TestCase
TestLifeCycle.settings = settings(max_examples=120, stateful_step_count=60, deadline=None)
