"""The virtual clock: one thread at a time, time jumps when all wait, and the same flow happens the same way each time."""

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.clocks.baton import DeadlockError
from station.clocks.virtual import VirtualClock
from station.core.clock import Clock, Monitor, Stop
from station.core.errors import Stopped
from station.line.crew import Crew


class Deaf:
    """A stop of some other clock."""

    reason = None

    def set(self, reason: str) -> None:
        return None

    def check(self) -> None:
        return None


def together(clock: Clock, *bodies: Callable[[Stop], None]) -> None:
    """Run `bodies` in threads of their own until all have ended."""
    with Crew(clock) as crew:
        for number, body in enumerate(bodies, 1):
            crew.start(f"body {number}", body)
        crew.join()


def test_a_wait_takes_its_time_and_no_more() -> None:
    clock = VirtualClock()

    clock.wait(1200.0, clock.stop())

    assert 1200.0 == clock.now()


def test_the_earliest_wakes_first_and_equals_in_the_order_they_came() -> None:
    clock = VirtualClock()
    woken: list[tuple[float, str]] = []

    def sleeper(name: str, seconds: float) -> Callable[[Stop], None]:
        def body(stop: Stop) -> None:
            clock.wait(seconds, stop)
            woken.append((clock.now(), name))

        return body

    together(clock, sleeper("late", 30.0), sleeper("first", 10.0), sleeper("second", 10.0))

    assert [(10.0, "first"), (10.0, "second"), (30.0, "late")] == woken


def test_time_stands_while_anybody_can_run() -> None:
    clock = VirtualClock()
    seen: list[float] = []

    def busy(_: Stop) -> None:
        seen.extend(clock.now() for _ in range(1000))

    together(clock, lambda stop: clock.wait(5.0, stop), busy)

    assert {0.0} == set(seen)


def test_the_transport_clock_is_the_same_time_unhurried() -> None:
    clock = VirtualClock(speed=300.0)

    clock.wait(600.0, clock.stop())
    clock.transport.wait(1.0, clock.stop())

    assert (900.0, 3.0) == (clock.now(), clock.transport.now())
    assert clock.transport.transport is clock.transport


def test_a_wait_too_short_for_a_float_still_moves_time_on() -> None:
    clock = VirtualClock(speed=3.0)
    clock.wait(1e9, clock.stop())
    before = clock.now()

    clock.wait(1e-30, clock.stop())

    assert before < clock.now() < before + 1e-3


def test_a_wait_ends_when_what_it_waits_for_holds() -> None:
    clock = VirtualClock()
    monitor = clock.monitor()
    done: list[int] = []
    held: list[tuple[bool, float]] = []

    def waits(stop: Stop) -> None:
        with monitor:
            held.append((monitor.wait_for(lambda: bool(done), 60.0, stop), clock.now()))

    def does(stop: Stop) -> None:
        clock.wait(7.0, stop)
        with monitor:
            done.append(1)
            monitor.notify()

    together(clock, waits, does)

    assert [(True, 7.0)] == held


def test_a_wait_whose_time_is_up_says_so() -> None:
    clock = VirtualClock()
    monitor = clock.monitor()

    with monitor:
        found = monitor.wait_for(lambda: False, 60.0)

    assert (False, 60.0) == (found, clock.now())


def test_nobody_enters_a_monitor_while_its_holder_waits_elsewhere() -> None:
    clock = VirtualClock()
    monitor, course = clock.monitor(), []

    def holds(stop: Stop) -> None:
        with monitor:
            course.append("in")
            clock.wait(10.0, stop)
            course.append("out")

    def enters(stop: Stop) -> None:
        clock.wait(1.0, stop)
        with monitor:
            course.append(f"next at {clock.now():g}")

    together(clock, holds, enters)

    assert ["in", "out", "next at 10"] == course


def test_who_waits_inside_is_looked_at_again_when_the_monitor_is_free() -> None:
    clock = VirtualClock()
    monitor = clock.monitor()
    done: list[int] = []
    course: list[float] = []

    def waits(stop: Stop) -> None:
        with monitor:
            monitor.wait_for(lambda: bool(done), 100.0, stop)
            course.append(clock.now())

    def notifies_and_dwells(stop: Stop) -> None:
        clock.wait(1.0, stop)
        with monitor:
            done.append(1)
            monitor.notify()
            clock.wait(4.0, stop)  # elsewhere, with the monitor held

    together(clock, waits, notifies_and_dwells)

    assert [5.0] == course


def test_a_monitor_may_be_entered_again_by_who_is_inside() -> None:
    clock = VirtualClock()
    monitor = clock.monitor()

    with monitor, monitor:
        monitor.wait_for(lambda: False, 1.0)

    assert 1.0 == clock.now()


def test_a_stop_wakes_every_wait_that_hears_it() -> None:
    clock = VirtualClock()
    stop = clock.stop()
    ended: list[tuple[str, float]] = []

    def waits(_: Stop) -> None:
        with pytest.raises(Stopped, match="lunch"):
            clock.wait(3600.0, stop)
        ended.append(("waits", clock.now()))

    def stops(own: Stop) -> None:
        clock.transport.wait(2.0, own)
        stop.set("lunch")
        stop.set("too late")

    together(clock, waits, stops)

    assert [("waits", 2.0)] == ended
    assert "lunch" == stop.reason


def test_a_stop_that_comes_with_what_was_waited_for_loses() -> None:
    clock = VirtualClock()
    monitor, stop = clock.monitor(), clock.stop()
    stop.set("now")

    with monitor:
        assert monitor.wait_for(lambda: True, 1.0, stop)
        with pytest.raises(Stopped):
            monitor.wait_for(lambda: False, 1.0, stop)


def test_a_stop_of_another_clock_is_refused() -> None:
    clock = VirtualClock()
    foreign: Stop = Deaf()

    with pytest.raises(TypeError, match="only stops made by a virtual clock"):
        clock.wait(1.0, foreign)


def test_a_deadlock_is_told_to_everyone_in_it() -> None:
    clock = VirtualClock()
    told: list[str] = []

    def waits_for_ever(monitor: Monitor) -> Callable[[Stop], None]:
        def body(_: Stop) -> None:
            with monitor:
                try:
                    monitor.wait_for(lambda: False, None)
                except DeadlockError as error:
                    told.append(str(error))

        return body

    with pytest.raises(DeadlockError, match="all wait for each other"):
        together(clock, waits_for_ever(clock.monitor()), waits_for_ever(clock.monitor()))

    assert 2 == len(told)
    assert all("body 1" in words and "body 2" in words for words in told)


def test_a_thread_that_never_enlisted_is_refused() -> None:
    clock = VirtualClock()
    refused: list[RuntimeError] = []

    def stranger() -> None:
        try:
            clock.wait(1.0, clock.stop())
        except RuntimeError as error:
            refused.append(error)

    thread = threading.Thread(target=stranger)
    thread.start()
    thread.join()

    assert "never enlisted" in str(refused[0])


def test_a_body_that_raises_passes_the_baton_on() -> None:
    clock = VirtualClock()

    def breaks(_: Stop) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        together(clock, breaks, lambda stop: clock.wait(1.0, stop))


def test_the_wall_clock_starts_where_told_and_a_step_changes_no_duration() -> None:
    clock = VirtualClock(begin=datetime(2026, 3, 29, 0, 59, tzinfo=UTC))
    clock.wait(30.0, clock.stop())

    clock.set_wall(3600.0)
    clock.wait(30.0, clock.stop())

    assert "2026-03-29T02:00:00.000000Z" == clock.utc()
    assert 60.0 == clock.now()


def story(seed: int, threads: int, steps: int) -> list[tuple[float, int, int]]:
    """Return what happens when threads wait, enter one monitor and wake each other as chance has it: who, when, which step."""
    clock, told = VirtualClock(speed=7.0), []
    monitor, shared = clock.monitor(), [0]

    def reached(goal: int) -> bool:
        return shared[0] >= goal

    def body(number: int) -> Callable[[Stop], None]:
        chance = random.Random(f"{seed} {number}")

        def work(stop: Stop) -> None:
            for turn in range(steps):
                clock.wait(chance.choice([0.0, 0.5, 1.0, 1.5]), stop)
                with monitor:
                    shared[0] += 1
                    goal = shared[0] + chance.randrange(3)
                    monitor.notify()
                    monitor.wait_for(partial(reached, goal), chance.choice([0.0, 2.0]), stop)
                told.append((clock.now(), number, turn))

        return work

    together(clock, *(body(number) for number in range(threads)))
    return told


@given(seed=st.integers(0, 10_000), threads=st.integers(1, 6), steps=st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_the_same_seed_gives_the_same_story_and_time_never_goes_back(seed: int, threads: int, steps: int) -> None:
    first = story(seed, threads, steps)

    assert story(seed, threads, steps) == first
    assert sorted(time for time, _, _ in first) == [time for time, _, _ in first]
    assert threads * steps == len(first)
