"""Whoever asks for whatever, in whatever order: loans never overlap, nobody starves without being told, all is given back."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import combinations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from station.clocks.virtual import VirtualClock
from station.core.clock import Stop
from station.core.equipment import named
from station.core.errors import LoanError, SequenceError, Stopped
from station.hardware.lending import Lending, LoanEntry
from station.line.crew import Crew

PATIENCE = 60.0
DMM, SCOPE, BOTH = frozenset({"dmm"}), frozenset({"scope"}), frozenset({"dmm", "scope"})
SLOTS = st.integers(1, 8)


@dataclass
class Wish:
    """What one slot asked for, and what became of it; times in s."""

    slot: int
    instruments: frozenset[str]
    asked: float
    before: float | None
    hold: float
    stop: Stop
    got: float | None = None
    ended: float | None = None
    told: str = ""
    stopped: float | None = field(default=None)

    @property
    def waits(self) -> bool:
        return self.got is None and self.ended is None


class Office(RuleBasedStateMachine):
    """Eight slots that borrow from a pool of DMMs and one of oscilloscopes, on a clock that is turned by hand."""

    @initialize(dmms=st.integers(1, 3), scopes=st.integers(1, 2))
    def open(self, dmms: int, scopes: int) -> None:
        self.clock = VirtualClock()
        self.log: list[LoanEntry] = []
        self.pools = {"dmm": named("dmm", dmms), "scope": named("scope", scopes)}
        self.lending = Lending(self.clock, self.log.append, self.pools, patience=PATIENCE)
        self.wishes: list[Wish] = []
        self.has: dict[str, int] = {}
        self.aside = False
        self.wrong: list[str] = []
        self.stack = ExitStack()
        self.crew = self.stack.enter_context(Crew(self.clock))

    @rule(
        slot=SLOTS,
        instruments=st.sampled_from([DMM, SCOPE, BOTH]),
        hold=st.integers(1, 40),
        window=st.one_of(st.none(), st.integers(1, 200)),
        raises=st.booleans(),
    )
    def borrow(self, slot: int, instruments: frozenset[str], hold: int, window: int | None, raises: bool) -> None:
        if any(one.slot == slot and one.ended is None for one in self.wishes):
            return
        now = self.clock.now()
        before = None if window is None else now + window
        wish = Wish(slot, instruments, now, before, hold, self.clock.stop())
        self.wishes.append(wish)
        self.crew.start(f"slot {slot}", lambda _: self._body(wish, raises))

    def _body(self, wish: Wish, raises: bool) -> None:
        try:
            with self.lending.turn(wish.slot, wish.instruments, wish.stop, wish.before) as loan:
                wish.got = self.clock.now()
                self._took(wish, loan.lent)
                self._nests(wish)
                try:
                    self.clock.wait(wish.hold, wish.stop)
                    loan.check()
                    _ = 1 // 0 if raises else 0
                finally:
                    for name in loan.lent.values():
                        del self.has[name]
        except LoanError as error:
            wish.told = str(error)
        except ZeroDivisionError:
            wish.told = "the step broke"
        except Stopped:
            wish.stopped = self.clock.now()
        finally:
            wish.ended = self.clock.now()

    def _took(self, wish: Wish, lent: Mapping[str, str]) -> None:
        if set(lent) != wish.instruments or any(name not in self.pools[kind] for kind, name in lent.items()):
            self.wrong.append(f"slot {wish.slot} wanted {wish.instruments} and got {lent}")
        for name in lent.values():
            if self.has.setdefault(name, wish.slot) != wish.slot:
                self.wrong.append(f"{name} was given to slots {self.has[name]} and {wish.slot} at once")
        ahead = [one for one in self.wishes if one.waits and one.asked < wish.asked and not self._may_pass(wish, one)]
        for kind in wish.instruments:
            free = len(set(self.pools[kind]) - set(self.has))
            if free < sum(kind in other.instruments for other in ahead):
                self.wrong.append(f"slot {wish.slot} was served before {[other.slot for other in ahead]}")

    @staticmethod
    def _may_pass(wish: Wish, other: Wish) -> bool:
        """Return whether `wish`, which came later, may be served before `other`.

        It may when it has to begin earlier, and when it stands still while `other` is in a window that has time left.
        """
        if wish.before is None:
            return other.before is not None
        return other.before is None or wish.before <= other.before

    def _nests(self, wish: Wish) -> None:
        try:
            with self.lending.turn(wish.slot, SCOPE, wish.stop):
                self.wrong.append(f"slot {wish.slot} got a loan inside a loan")
        except SequenceError:
            pass

    @rule(slot=SLOTS)
    def stop(self, slot: int) -> None:
        now = self.clock.now()
        found = [one for one in self.wishes if one.slot == slot and one.ended is None]
        for wish in found:
            wish.stop.set("the operator")
        self.clock.wait(1e-6, self.clock.stop())
        assert all(one.ended is not None and one.ended <= now + 1e-6 for one in found)

    @rule(seconds=st.integers(1, 100))
    def pass_by(self, seconds: int) -> None:
        self.clock.wait(seconds, self.clock.stop())

    @invariant()
    def nothing_is_lent_twice_and_nobody_waits_in_vain(self) -> None:
        self.clock.wait(1e-6, self.clock.stop())
        now = self.clock.now()
        assert [] == self.wrong
        for wish in self.wishes:
            last = min(wish.asked + PATIENCE, wish.asked + PATIENCE if wish.before is None else wish.before)
            assert not wish.waits or now <= last + 1e-3, "it waited in silence"
            assert wish.got is None or wish.got <= last + 1e-6, "it began too late"

    @invariant()
    def an_instrument_that_somebody_wants_and_nobody_before_him_lies_not_idle(self) -> None:
        self.clock.wait(1e-6, self.clock.stop())
        waiting = [one for one in self.wishes if one.waits]
        if waiting and not self.aside:
            wanted = {kind for one in waiting for kind in one.instruments}
            assert any(set(self.pools[kind]) <= set(self.has) for kind in wanted), "one of each kind is free, and yet they wait"

    @rule(kind=st.sampled_from(["dmm", "scope"]), number=st.integers(0, 2))
    def breaks(self, kind: str, number: int) -> None:
        """Set an instrument of a pool aside; nobody who waits is to be the worse for it but by the wait."""
        pool = self.pools[kind]
        name = pool[number % len(pool)]
        if self.lending.set_aside(name):
            assert len(pool) > 1
            self.aside = True

    def teardown(self) -> None:
        if not hasattr(self, "crew"):
            return
        self.clock.wait(PATIENCE + 50.0 * len(self.wishes), self.clock.stop())
        self.stack.close()
        assert [] == self.wrong
        assert {} == self.has
        assert len(self.wishes) == len(self.log)
        for wish in self.wishes:
            assert wish.got is not None or wish.stopped is not None or f"slot {wish.slot} waited" in wish.told
        with self.lending.turn(99, BOTH, self.clock.stop(), self.clock.now() + 1.0):
            pass
        spans = [(one.got, one.gave_back, set(one.instruments)) for one in self.log if one.got is not None]
        for (a, b, mine), (c, d, yours) in combinations(spans, 2):
            assert not mine & yours or b <= c or d <= a


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
