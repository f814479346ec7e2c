"""The bench: what each path of each bus shows of the unit in the routed slot."""

import math

import numpy as np
import pytest

from station.simulator.bench import Bench
from station.simulator.bus import Bus
from station.simulator.physics.engine import Engine
from station.simulator.physics.parts import PERFECT
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit

QUIET = -0.02
"""A moment before a pulse at which nothing happens."""


def bench_with_unit(load: str = "2000", level: int | None = 3) -> tuple[Bench, Bus, Bus]:
    """A unit in slot 3 with a load; when started, its first pulse is at 2.35 s."""
    bench = Bench(1, 4)
    bench.place(3, Unit("U1", PERFECT, bench.climate, stream("noise"), 0.0), 0.5)
    bench.load(3, load, 1.0)
    if level:
        engine(bench).start(level, 2.0)
    return bench, bench.buses["D1"], bench.buses["S1"]


def engine(bench: Bench) -> Engine:
    unit = bench.slots[2].unit
    assert unit is not None
    return unit.engine


def sense_ohm(bench: Bench) -> float:
    return bench.slots[2].sense_ohm()


def test_the_sense_path_shows_the_current_over_the_sense_resistor() -> None:
    bench, meter, _ = bench_with_unit()
    bench.route(meter, 3, "sense", 3.0)
    edge = bench.slots[2].comparator.edges
    bench.advance(6.0)
    begin = edge(5.0, 6.0)[0]

    plateau = meter.mean(begin + 1e-3, begin + 4e-3)

    assert plateau == pytest.approx(399.8e-6 * sense_ohm(bench), rel=3e-4)
    assert sense_ohm(bench) == pytest.approx(1000, rel=2.1e-4)


def test_the_rms_over_the_sense_resistor_is_that_of_the_pulses_with_noise_and_ripple() -> None:
    bench, meter, _ = bench_with_unit()
    bench.route(meter, 3, "sense", 3.0)
    begin = 5.35 + QUIET

    amps = meter.ac_rms(begin, begin + 3.0) / sense_ohm(bench)

    assert amps == pytest.approx(math.hypot(126.43e-6, 0.3e-6, 0.5e-6), rel=2e-3)


def test_samples_and_means_tell_the_same() -> None:
    bench, _, scope = bench_with_unit()
    bench.route(scope, 3, "sense", 3.0)
    times = np.linspace(5.0, 5.3, 300_001)

    assert scope.volts(times).mean() == pytest.approx(scope.mean(5.0, 5.3), abs=2e-5)
    assert scope.volts(times).std() == pytest.approx(scope.ac_rms(5.0, 5.3), rel=2e-3)


def test_the_inputs_load_the_sense_resistor() -> None:
    bench, meter, scope = bench_with_unit()
    bench.route(meter, 3, "sense", 3.0)
    alone = meter.mean(5.351, 5.354)
    bench.route(scope, 3, "sense", 6.0)

    together = meter.mean(7.351, 7.354)

    assert together / alone == pytest.approx(1 - 1e-3, abs=1e-4)


def test_the_zero_path_shows_the_relays_alone() -> None:
    bench, meter, _ = bench_with_unit()
    bench.route(meter, 3, "zero", 3.0)
    zero = meter.mean(4.0, 4.5)
    bench.route(meter, 3, "sense", 5.0)
    engine(bench).stop(5.0)

    off = meter.mean(6.0, 7.0)

    assert 0 < abs(zero) < 15e-6
    assert off - zero == pytest.approx(20e-9 * 1000, rel=1e-2)


def test_each_slot_has_relays_of_its_own() -> None:
    bench = Bench(1, 4)
    emfs = []
    for number in range(1, 5):
        bench.place(number, Unit(f"U{number}", PERFECT, bench.climate, stream("noise"), 0.0), number)
        bench.route(bench.buses["D1"], number, "zero", number)
        emfs.append(bench.buses["D1"].mean(number + 0.2, number + 0.4))

    assert len(set(emfs)) == 4


def test_the_battery_path_shows_the_cell() -> None:
    bench, meter, _ = bench_with_unit(level=None)
    bench.route(meter, 3, "battery", 1.5)

    rest = meter.mean(1.6, 1.8)
    engine(bench).buzz(2.0)
    sagged = meter.mean(2.05, 2.15)

    assert rest == pytest.approx(3.8, abs=1e-4)
    assert rest - sagged == pytest.approx(0.030, abs=1e-4)


def test_one_ohm_in_the_lead_shows_the_running_current() -> None:
    bench, meter, _ = bench_with_unit()
    bench.route(meter, 3, "shunt1", 3.0)

    assert meter.mean(4.0, 4.2) == pytest.approx(14e-3, rel=1e-3)


def test_a_kiloohm_in_the_lead_shows_the_quiescent_current() -> None:
    bench, meter, _ = bench_with_unit(level=None)
    bench.route(meter, 3, "shunt1k", 1.5)

    assert meter.mean(1.6, 1.8) == pytest.approx(4e-3, rel=3e-3)


def test_a_bus_that_is_not_routed_sees_next_to_nothing() -> None:
    bench, meter, scope = bench_with_unit()

    assert abs(meter.mean(2.0, 3.0)) < 1e-6
    assert np.abs(scope.volts(np.linspace(2.0, 3.0, 1000))).max() < 20e-6
    assert bench.slots[2].unit is not None


def test_a_change_of_route_shows_from_its_moment_on() -> None:
    bench, _, scope = bench_with_unit()
    bench.route(scope, 3, "sense", 5.352)
    bench.route(scope, None, "-", 5.354)

    before, between, after = scope.volts(np.array([5.3515, 5.353, 5.3545]))

    assert abs(before) < 20e-6
    assert between == pytest.approx(0.4, rel=0.02)
    assert abs(after) < 20e-6


def test_an_open_load_shows_nothing() -> None:
    bench, meter, _ = bench_with_unit()
    bench.route(meter, 3, "sense", 3.0)
    bench.load(3, "open", 4.0)

    assert abs(meter.mean(4.1, 4.6)) < 15e-6


def test_a_change_of_load_never_opens_the_path() -> None:
    bench, _, _ = bench_with_unit()
    for number, load in enumerate(["500", "10000", "30000", "2000"] * 5):
        bench.load(3, load, 3.0 + number / 7)
    bench.advance(10.0)

    beats = np.diff(bench.slots[2].comparator.edges(2.0, 10.0))

    assert beats.max() == pytest.approx(0.1, rel=1e-3)


def test_sync_follows_the_slot_it_was_told_to() -> None:
    bench, meter, scope = bench_with_unit()
    meter.follow(bench.slots[2], 2.1)
    scope.follow(bench.slots[0], 2.1)

    assert meter.triggers(2.0, 3.0) == pytest.approx([2.35 + n / 10 for n in range(7)], abs=1e-3)
    assert scope.triggers(2.0, 3.0) == []


def test_sync_is_low_when_it_follows_nothing_and_rises_when_turned_to_a_slot_that_is_high() -> None:
    bench, meter, _ = bench_with_unit()
    bench.advance(5.352)
    meter.follow(bench.slots[2], 5.352)
    seen = meter.triggers(5.0, 5.44)
    meter.follow(None, 5.5)

    assert seen == [5.352]
    assert meter.triggers(5.5, 7.0) == []


def test_taking_the_unit_out_ends_its_pulses() -> None:
    bench, meter, _ = bench_with_unit()
    bench.route(meter, 3, "sense", 3.0)
    unit = bench.remove(3, 5.0)

    assert unit is not None
    assert abs(meter.mean(5.1, 5.6)) < 15e-6
    assert bench.slots[2].comparator.edges(5.0, 9.0) == []


def test_a_unit_keeps_its_charge_and_its_timer_on_the_table() -> None:
    bench, _, _ = bench_with_unit()
    unit = bench.remove(3, 102.35)
    assert unit is not None
    bench.place(1, unit, 900.0)
    bench.load(1, "2000", 900.0)
    bench.advance(1300.0)

    edges = bench.slots[0].comparator.edges(900.0, 1300.0)

    assert edges[-1] == pytest.approx(2.35 + 1169.9, abs=0.3)
    assert unit.cell_volts(np.array([1299.0]))[0] < 3.7999


def test_the_floor_is_at_23_degrees_give_or_take() -> None:
    bench = Bench(1, 1)

    assert all(22.4 < bench.climate.celsius(t * 60) < 23.6 for t in range(600))
