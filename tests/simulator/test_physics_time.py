"""Contact, timer and battery: when a unit's output starts and when it stops."""

import math
from dataclasses import replace

import numpy as np
import pytest

from station.simulator.physics.battery import Drain, open_circuit, state_of_charge
from station.simulator.physics.climate import Climate
from station.simulator.physics.comparator import Comparator
from station.simulator.physics.drive import OPEN, Circuit
from station.simulator.physics.parts import PERFECT, Parts
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit

SKIN = Circuit(2000.0, 2000.0)
AIR = Circuit(200e3, 200e3)


def placed(parts: Parts = PERFECT, circuit: Circuit = SKIN) -> Unit:
    unit = Unit("U1", parts, Climate(0.0), stream("noise"), 0.0)
    unit.connect(circuit, 0.0)
    return unit


def pulses(unit: Unit, until: float) -> list[float]:
    """The rising edges of a comparator that watched the unit from its beginning."""
    unit.advance(until)
    comparator = Comparator(stream("comparator"))
    return comparator.watch(unit.history, 0.0, until)


def test_the_output_starts_one_tick_after_three_sense_pulses() -> None:
    unit = placed()
    unit.engine.start(3, 1.0)

    assert pulses(unit, 2.0)[0] == pytest.approx(1.0 + 0.05 + 0.3)


def test_no_key_no_output() -> None:
    assert pulses(placed(), 10.0) == []


def test_probes_that_are_not_bridged_get_sense_pulses_only() -> None:
    unit = placed(circuit=AIR)
    unit.engine.start(3, 0.0)
    unit.advance(5.0)

    amps = unit.history.last.clean(np.linspace(1, 5, 400_001))
    rounded = 1 - math.exp(-1e-3 / (200e3 * 2e-9))  # the output's capacitance does not let 1 ms reach the plateau

    assert pulses(unit, 5.0) == []
    assert amps.max() == pytest.approx(5e-6 * 5e6 / 5.2e6 * rounded, rel=1e-3)
    assert np.count_nonzero(amps > 2.4e-6) / amps.size == pytest.approx(0.01, rel=0.1)  # 1 ms at 10 Hz


@pytest.mark.parametrize(("ohm", "starts"), [(59e3, True), (61e3, False)])
def test_contact_is_found_below_60_kiloohm(ohm: float, starts: bool) -> None:
    unit = placed(circuit=Circuit(ohm, ohm))
    unit.engine.start(3, 0.0)

    assert bool(pulses(unit, 2.0)) == starts


@pytest.mark.parametrize(("ohm", "stays"), [(95e3, True), (97e3, False)])
def test_contact_is_lost_above_96_kiloohm(ohm: float, stays: bool) -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.connect(Circuit(ohm, ohm), 5.0)

    assert (pulses(unit, 10.0)[-1] > 9.0) == stays


def test_lift_off_stops_after_three_more_pulses() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.connect(AIR, 5.01)

    assert pulses(unit, 10.0)[-1] == pytest.approx(5.25)


def test_contact_made_again_starts_softly() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.connect(AIR, 5.01)
    unit.connect(SKIN, 7.01)
    unit.advance(9.0)

    train = unit.history.last.train

    assert train is not None
    assert train.origin == pytest.approx(7.35)
    assert [train.height(n) for n in range(6)] == pytest.approx([0.25, 0.4, 0.55, 0.7, 0.85, 1.0])


def test_a_short_opening_does_not_end_the_output() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.connect(OPEN, 5.01)
    unit.connect(SKIN, 5.10)

    beats = np.diff([moment for moment in pulses(unit, 8.0) if moment > 4.0])

    assert beats.max() == pytest.approx(0.2)  # one pulse is missing, and no soft start follows
    assert unit.history.last.train is not None
    assert unit.history.last.train.origin == pytest.approx(0.35)


@pytest.mark.parametrize("detune", [-0.02, 0.0, 0.03])
def test_shut_off_comes_after_11700_pulses_whatever_the_oscillator(detune: float) -> None:
    unit = placed(replace(PERFECT, detune=detune))
    unit.engine.start(3, 0.0)

    seen = pulses(unit, 1300.0)

    assert len(seen) == 11700
    assert seen[-1] - seen[0] == pytest.approx(1169.9 / (1 + detune))
    assert not unit.engine.on


def test_the_timer_runs_through_contact_loss_and_level_changes() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.connect(AIR, 200.0)
    unit.connect(SKIN, 300.0)
    unit.engine.press_level(1, 400.0)

    assert pulses(unit, 1300.0)[-1] == pytest.approx(0.35 + 1169.9)


def test_off_is_silent_for_good() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)

    assert pulses(unit, 5000.0)[-1] < 1171.0
    assert unit.history.last.train is None


def test_a_hurried_timer_is_sixty_times_as_fast_and_the_pulses_are_not() -> None:
    unit = placed()
    unit.service.hear(b"ACC 60\n", 0.0)
    unit.engine.start(3, 0.0)

    seen = pulses(unit, 60.0)

    assert len(seen) == 195
    assert seen[1] - seen[0] == pytest.approx(0.1)


def test_a_rate_that_changes_on_the_way_counts_from_then_on() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.engine.hurry(10, 0.35 + 170.0)

    assert pulses(unit, 400.0)[-1] == pytest.approx(0.35 + 170.0 + 99.9)


def test_stop_ends_at_once_and_start_begins_anew() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.engine.stop(600.0)
    unit.engine.start(2, 700.0)

    assert pulses(unit, 2500.0)[-1] == pytest.approx(700.35 + 1169.9)


def test_the_charger_switches_off_and_keeps_off() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.engine.charger(True, 5.0)
    started = unit.engine.start(3, 6.0)
    unit.engine.charger(False, 7.0)

    assert not started
    assert pulses(unit, 20.0)[-1] < 5.0


def test_the_cell_follows_its_table() -> None:
    assert open_circuit(np.array([0.0, 0.55, 1.0])) == pytest.approx([3.0, 3.8, 4.18])
    assert state_of_charge(3.8) == pytest.approx(0.55)


def test_the_charge_goes_down_by_what_is_taken() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.advance(2000.0)

    taken = (0.55 - unit.history.last.drain.soc_at_one(2000.0)) * 1800.0

    assert taken == pytest.approx(14e-3 * 1170.35 + 4e-6 * 830, rel=1e-4)
    assert taken / 3.6 == pytest.approx(4.55, abs=0.01)  # mAh a run


def test_the_motor_sags_the_cell_by_30_millivolt_for_200_ms() -> None:
    unit = placed()
    unit.engine.buzz(1.0)
    unit.advance(2.0)

    before, during, after = unit.cell_volts(np.array([0.9, 1.1, 1.3]))

    assert [before - during, before - after] == pytest.approx([0.030, 0.0], abs=1e-4)


def test_an_empty_cell_switches_off_and_stays_off_until_it_recovers() -> None:
    unit = placed(replace(PERFECT, soc=0.037))
    unit.engine.start(3, 0.0)
    seen = pulses(unit, 3000.0)

    empty = Drain(0.0, 0.037, 14e-3, 1800.0, 0.25).reaches(3.20)

    assert seen[-1] == pytest.approx(empty, abs=0.2)
    assert not unit.engine.start(3, 3100.0)


def test_a_kiloohm_in_the_battery_lead_starves_a_unit_that_runs() -> None:
    unit = placed()
    unit.engine.start(3, 0.0)
    unit.engine.feed_through(1000.0, 5.0)

    assert pulses(unit, 10.0)[-1] < 5.0
    assert not math.isinf(unit.history.last.start)
