"""The steady clock: no test sleeps; waits are ended by other threads, and are so long that a late end would be seen."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from station.clocks.steady import SteadyClock, SteadyStop
from station.core.clock import Stop
from station.core.errors import Stopped

LONG = 3600.0  # s of the clock: nobody waits that long
SOON = 5.0  # s of the host: far more than any wait here takes, far less than it would take if nobody woke it


class Deaf:
    """A stop of some other clock."""

    reason = None

    def set(self, reason: str) -> None:
        return None

    def check(self) -> None:
        return None


@contextmanager
def thread(body: Callable[[], object]) -> Iterator[list[Stopped]]:
    """Run `body` in a thread for the length of the `with`; whether it was stopped is in the list at its end."""
    raised: list[Stopped] = []

    def work() -> None:
        try:
            body()
        except Stopped as stopped:
            raised.append(stopped)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield raised
    finally:
        worker.join(SOON)
        assert not worker.is_alive()


@contextmanager
def quickly() -> Iterator[None]:
    begin = time.monotonic()
    yield
    assert time.monotonic() - begin < SOON


def test_time_goes_on_and_never_back() -> None:
    clock = SteadyClock(speed=1000.0)

    moments = [clock.now() for _ in range(1000)]

    assert sorted(moments) == moments
    assert moments[0] >= 0.0


def test_a_wait_takes_the_clock_s_seconds() -> None:
    clock = SteadyClock(speed=1e6)
    begin = clock.now()

    with quickly():
        clock.wait(LONG, clock.stop())

    assert clock.now() - begin >= LONG


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("-inf"), float("nan")])
def test_no_time_is_no_wait(seconds: float) -> None:
    clock = SteadyClock()

    with quickly():
        clock.wait(seconds, clock.stop())


@pytest.mark.parametrize("seconds", [LONG, 1e12, float("inf")])
@pytest.mark.parametrize("speed", [1.0, 60.0, 1e-3])
def test_a_stop_from_another_thread_ends_a_wait_at_once(seconds: float, speed: float) -> None:
    clock = SteadyClock(speed)
    stop = clock.stop()
    waiting = threading.Event()

    def wait() -> None:
        waiting.set()
        clock.wait(seconds, stop)

    with quickly(), thread(wait) as raised:
        assert waiting.wait(SOON)
        stop.set("operator")

    assert ["operator"] == [str(error) for error in raised]


@pytest.mark.parametrize("seconds", [LONG, 0.0])
def test_a_wait_begun_after_the_stop_does_not_begin(seconds: float) -> None:
    clock = SteadyClock()
    stop = clock.stop()
    stop.set("operator")

    with quickly(), pytest.raises(Stopped, match="operator"):
        clock.wait(seconds, stop)


def test_the_first_reason_stays() -> None:
    stop = SteadyClock().stop()

    reasons = [stop.reason]
    stop.check()
    for reason in ("E-stop", "operator"):
        stop.set(reason)
        reasons.append(stop.reason)

    assert [None, "E-stop", "E-stop"] == reasons
    with pytest.raises(Stopped, match="E-stop"):
        stop.check()


def test_one_stop_ends_the_waits_of_many_on_different_clocks() -> None:
    clocks = [SteadyClock(), SteadyClock(60.0), SteadyClock(0.5)]
    stop = clocks[0].stop()
    begun = threading.Barrier(len(clocks) + 1)

    def waiter(clock: SteadyClock) -> Callable[[], None]:
        def wait() -> None:
            begun.wait(SOON)
            clock.wait(LONG, stop)

        return wait

    with quickly(), thread(waiter(clocks[0])) as one, thread(waiter(clocks[1])) as two, thread(waiter(clocks[2])) as three:
        begun.wait(SOON)
        stop.set("SIGTERM")

    assert ["SIGTERM"] * 3 == [str(error) for error in (*one, *two, *three)]


def test_a_stop_for_one_is_not_heard_by_another() -> None:
    clock = SteadyClock(speed=1e4)
    other = clock.stop()
    other.set("slot 2 only")

    with quickly():
        clock.wait(60.0, clock.stop())


def test_a_signal_handler_ends_the_wait_of_its_own_thread() -> None:
    clock = SteadyClock()
    stop = clock.stop()
    before = signal.signal(signal.SIGUSR1, lambda *_: stop.set("SIGUSR1"))
    main = threading.get_ident()

    try:
        with quickly(), thread(lambda: signal.pthread_kill(main, signal.SIGUSR1)), pytest.raises(Stopped, match="SIGUSR1"):
            clock.wait(LONG, stop)
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("seconds", [LONG, None])
def test_a_stop_set_between_looking_and_waiting_is_not_lost(seconds: float | None) -> None:
    clock = SteadyClock()
    stop = clock.stop()

    def handler_strikes_here() -> bool:
        stop.set("signal")  # nobody waits yet, so nobody is woken
        return False

    with quickly(), clock.monitor() as monitor, pytest.raises(Stopped, match="signal"):
        monitor.wait_for(handler_strikes_here, seconds, stop)


def test_setting_a_stop_never_waits_for_whoever_is_inside_a_monitor() -> None:
    clock = SteadyClock()
    stop = clock.stop()
    monitor = clock.monitor()
    inside, may_leave = threading.Event(), threading.Event()

    def look() -> bool:
        inside.set()
        return may_leave.wait(SOON) and False

    def wait() -> None:
        with monitor:
            monitor.wait_for(look, LONG, stop)

    with quickly(), thread(wait) as raised:
        assert inside.wait(SOON)
        stop.set("operator")
        may_leave.set()

    assert ["operator"] == [str(error) for error in raised]


def test_a_monitor_wakes_who_waits_in_it() -> None:
    clock = SteadyClock()
    monitor = clock.monitor()
    items: list[str] = []
    found: list[bool] = []
    begun = threading.Event()

    def take() -> None:
        with monitor:
            begun.set()
            found.append(monitor.wait_for(lambda: bool(items), LONG, clock.stop()))

    with quickly(), thread(take) as raised:
        assert begun.wait(SOON)
        with monitor:
            items.append("here")
            monitor.notify()

    assert ([True], []) == (found, raised)


def test_a_wake_up_without_a_cause_ends_no_wait() -> None:
    clock = SteadyClock()
    monitor = clock.monitor()
    looks: list[int] = []
    found: list[bool] = []

    def third_look() -> bool:
        looks.append(len(looks))
        return len(looks) >= 20

    def take() -> None:
        with monitor:
            found.append(monitor.wait_for(third_look, LONG))

    with quickly(), thread(take):
        while not found:
            with monitor:
                monitor.notify()

    assert [True] == found
    assert len(looks) >= 20


def test_what_holds_already_needs_no_wait_even_when_stopped() -> None:
    clock = SteadyClock()
    stop = clock.stop()
    stop.set("operator")

    with quickly(), clock.monitor() as monitor:
        assert monitor.wait_for(lambda: True, None, stop)
        assert monitor.wait_for(lambda: True, 0.0)


@pytest.mark.parametrize("heard", [True, False])
def test_what_does_not_come_in_time_is_told(heard: bool) -> None:
    clock = SteadyClock(speed=1e5)
    stop = clock.stop() if heard else None

    with quickly(), clock.monitor() as monitor:
        assert not monitor.wait_for(lambda: False, 60.0, stop)


def test_who_is_inside_keeps_others_out() -> None:
    clock = SteadyClock()
    monitor = clock.monitor()
    order: list[str] = []
    begun = threading.Event()

    def enter() -> None:
        begun.set()
        with monitor:
            order.append("second")

    with monitor:
        with_second = thread(enter)
        with_second.__enter__()
        assert begun.wait(SOON)
        order.append("first")
    with_second.__exit__(None, None, None)

    assert ["first", "second"] == order


def test_two_may_wait_in_one_monitor_for_one_stop() -> None:
    clock = SteadyClock()
    stop = clock.stop()
    monitor = clock.monitor()
    begun = threading.Semaphore(0)

    def wait() -> None:
        with monitor:
            begun.release()
            monitor.wait_for(lambda: False, LONG, stop)

    with quickly(), thread(wait) as one, thread(wait) as two:
        assert begun.acquire(timeout=SOON)
        assert begun.acquire(timeout=SOON)
        stop.set("operator")

    assert ["operator", "operator"] == [str(error) for error in (*one, *two)]


def test_an_error_in_what_is_waited_for_comes_out() -> None:
    clock = SteadyClock()

    with clock.monitor() as monitor, pytest.raises(ZeroDivisionError):
        monitor.wait_for(lambda: 1 // 0 > 0, LONG, clock.stop())


def test_wires_are_never_hurried_and_their_time_goes_on() -> None:
    clock = SteadyClock(speed=1e6)

    wire = clock.transport
    begin, hurried = wire.now(), clock.now()
    clock.wait(1000.0, clock.stop())

    assert 1.0 == wire.speed == wire.transport.speed
    assert clock.transport is wire
    assert begin < clock.transport.now() < clock.now() - hurried


def test_a_clock_that_is_not_hurried_is_its_own_wire_s() -> None:
    clock = SteadyClock()

    assert clock.transport is clock


def test_a_stop_is_heard_on_the_wire_too() -> None:
    clock = SteadyClock(speed=60.0)
    stop = clock.stop()
    stop.set("operator")

    with pytest.raises(Stopped):
        clock.transport.wait(LONG, stop)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0 and finite"):
        SteadyClock(speed)


def test_a_stop_of_another_clock_is_refused() -> None:
    clock = SteadyClock()
    foreign: Stop = Deaf()

    with pytest.raises(TypeError, match="only stops made by a steady clock"):
        clock.wait(1.0, foreign)


def test_no_wait_leaves_anything_behind_in_its_stop() -> None:
    clock = SteadyClock(speed=1e6)
    stop = SteadyStop()
    woken: list[str] = []

    class Telltale(threading.Condition):
        def notify_all(self) -> None:
            woken.append("woken")

    clock.wait(1.0, stop)
    stop.enter(Telltale())
    stop.set("operator")

    assert ["woken"] == woken


def test_the_wall_clock_is_utc_in_iso_8601_with_microseconds() -> None:
    stamp = SteadyClock(speed=60.0).utc()

    assert "Z" == stamp[-1]
    assert len("2026-11-22T08:00:00.000000Z") == len(stamp)
