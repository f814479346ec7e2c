"""The crew joins whom it starts, and raises what they raised."""

import os
import signal

import pytest

from station.clocks.steady import SteadyClock
from station.core.clock import Stop
from station.core.errors import StationError
from station.line.crew import Crew


def test_a_crew_waits_for_everyone_at_the_end() -> None:
    clock, done = SteadyClock(), []

    def body(stop: Stop) -> None:
        monitor = clock.monitor()
        try:
            with monitor:
                monitor.wait_for(lambda: False, None, stop)
        finally:
            done.append("stopped")

    with Crew(clock) as crew:
        crew.start("one", body)
        crew.start("two", body)

    assert ["stopped", "stopped"] == done


def test_what_a_thread_raises_is_raised_by_the_crew() -> None:
    def body(_: Stop) -> None:
        raise StationError("the pump broke")

    with pytest.raises(StationError, match="the pump broke"), Crew(SteadyClock()) as crew:
        crew.start("pump", body)
        crew.join()


def test_several_broken_threads_raise_a_group() -> None:
    clock = SteadyClock()
    monitor, ready = clock.monitor(), []

    def body(_: Stop) -> None:
        with monitor:
            ready.append(1)
            monitor.notify()
            assert monitor.wait_for(lambda: len(ready) == 2, 10.0)
        raise StationError("broke")

    with pytest.raises(ExceptionGroup) as caught, Crew(clock) as crew:
        crew.start("one", body)
        crew.start("two", body)
        crew.join()

    assert 2 == len(caught.value.exceptions)


def test_one_broken_thread_stops_the_others_and_is_told_at_once() -> None:
    clock = SteadyClock()
    told: list[BaseException] = []

    def broken(_: Stop) -> None:
        raise StationError("broke")

    def patient(stop: Stop) -> None:
        clock.wait(1000.0, stop)

    with pytest.raises(StationError, match="broke"), Crew(clock, broken=told.append) as crew:
        crew.start("patient", patient)
        crew.start("broken", broken)
        crew.join()

    assert ["broke"] == [str(error) for error in told]


def test_what_the_block_raises_wins_over_what_threads_raise() -> None:
    def body(_: Stop) -> None:
        raise StationError("a thread")

    with pytest.raises(ValueError, match="the block"), Crew(SteadyClock()) as crew:
        crew.start("one", body)
        raise ValueError("the block")


@pytest.mark.parametrize("later", [0.0, 0.1])
def test_a_ctrl_c_while_threads_start_or_are_waited_for_leaves_none_behind(later: float) -> None:
    clock, done = SteadyClock(), list[str]()

    def body(stop: Stop) -> None:
        clock.wait(later, clock.stop())
        os.kill(os.getpid(), signal.SIGINT)
        try:
            clock.wait(10.0, stop)
        finally:
            clock.wait(0.1, clock.stop())  # a document is being written
            done.append("written")

    with pytest.raises(KeyboardInterrupt), Crew(clock) as crew:
        crew.start("slot", body)
        crew.join()

    assert ["written"] == done
