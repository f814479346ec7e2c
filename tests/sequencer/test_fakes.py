"""The fakes keep the promises of the things they stand for."""

import pytest

from station.core.clock import Clock
from station.core.errors import InterlockError, NoTriggerError, SequenceError, Stopped
from station.core.instruments import Bench, Dmm, Nest, Scope
from tests.sequencer.fakes import FakeBench, FakeClock, FakeDmm, FakeNest, FakeScope


def test_they_have_the_shape_of_what_they_stand_for() -> None:
    clock: Clock = FakeClock()
    bench: Bench = FakeBench()
    nest: Nest = FakeNest()
    dmm: Dmm = FakeDmm()
    scope: Scope = FakeScope()

    assert clock.transport is clock
    assert bench.nest(3).number == nest.number
    assert dmm.input_ohm > scope.input_ohm > nest.comparator
    assert 1 == len(bench.equipment(3))
    assert [scope.gain_accuracy, scope.offset_accuracy] == [0.01, 0.01]
    assert nest.timer_accuracy < scope.time_accuracy


def test_a_monitor_waits_for_what_is_planned() -> None:
    clock = FakeClock()
    items: list[str] = []
    clock.plan(5.0, lambda: items.append("here"))

    with clock.monitor() as monitor:
        found = monitor.wait_for(lambda: bool(items), 60.0, clock.stop())
        monitor.notify()

    assert (True, 5.0) == (found, clock.now())


def test_a_monitor_gives_up_in_time() -> None:
    clock = FakeClock()
    clock.plan(90.0, lambda: None)

    with clock.monitor() as monitor:
        assert not monitor.wait_for(lambda: False, 60.0)

    assert 60.0 == clock.now()


def test_a_monitor_hears_stop() -> None:
    clock = FakeClock()
    stop = clock.stop()
    clock.plan(5.0, lambda: stop.set("operator"))

    with clock.monitor() as monitor, pytest.raises(Stopped, match="operator"):
        monitor.wait_for(lambda: False, 60.0, stop)


def test_a_clock_without_plans_has_nothing_to_go_to() -> None:
    assert not FakeClock().step()


def test_a_nest_writes_down_what_was_asked_of_it() -> None:
    nest = FakeNest(answers={"SN?": "SN SN1"})

    nest.connect(load=500)
    nest.press("start", level=3)
    nest.press("stop")
    nest.charger(on=True)
    nest.arm(gap=0.6)
    nest.disconnect()
    nest.safe()

    assert ["connect 500", "press start 3", "press stop", "charger on", "arm 0.6", "disconnect", "safe"] == nest.asked
    assert ("SN SN1", None) == (nest.tell("SN?"), nest.tell("VER?"))
    assert nest.loopback()
    assert nest.contact().closed
    assert "running" == nest.pulses().state
    assert 23.0 == nest.temperature()


def test_a_nest_knows_its_sense_resistor_while_a_load_is_closed() -> None:
    nest = FakeNest()

    with pytest.raises(SequenceError, match="no load is closed"):
        nest.sense  # noqa: B018  # asking is the test
    nest.connect(load=2000)

    assert 1000.0 == nest.sense.ohm


def test_a_nest_that_breaks_can_still_be_made_safe() -> None:
    nest = FakeNest(breaks=InterlockError("the lid is open"))

    with pytest.raises(InterlockError):
        nest.connect(load=500)
    nest.safe()

    assert ["connect 500", "safe"] == nest.asked


def test_instruments_without_edges_say_so() -> None:
    dmm, scope = FakeDmm(triggers=False), FakeScope(triggers=False)

    with pytest.raises(NoTriggerError):
        dmm.triggered_voltage(range=1.0, delay=0.0, aperture=0.1, count=1, patience=3.0)
    scope.arm(span=1.0, peak=1.0)
    with pytest.raises(NoTriggerError):
        scope.capture(span=1.0, peak=1.0, patience=3.0)


def test_instruments_show_what_they_are_set_to() -> None:
    dmm, scope = FakeDmm(volts=0.5), FakeScope()

    readings = [
        dmm.dc_voltage(range=1.0),
        dmm.ac_voltage(range=1.0, lowest=3.0),
        dmm.triggered_voltage(range=1.0, delay=0.0, aperture=0.1, count=1, patience=3.0),
    ]

    assert [0.5] * 3 == [reading.value for reading in readings]
    assert ["DCV", "ACV", "DCV, triggered"] == [reading.u.budget for reading in readings]
    assert scope.wave is scope.look(span=1.0, peak=1.0) is scope.read(patience=1.0)
