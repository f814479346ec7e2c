"""The output current against closed forms: amplitude, compliance, charge, edges and soft start."""

import math
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest

from station.simulator.physics.climate import Climate
from station.simulator.physics.drive import Circuit
from station.simulator.physics.output import command, delivered
from station.simulator.physics.parts import PERFECT, Parts
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit
from station.simulator.ports import Floats


def running(parts: Parts = PERFECT, level: int = 3, ohm: float = 2000.0, until: float = 5.0) -> Unit:
    """A unit that was started at 0 s and gave its first pulse at 0.35 s."""
    unit = Unit("U1", parts, Climate(0.0), stream("noise"), 0.0)
    unit.connect(Circuit(ohm, ohm), 0.0)
    unit.engine.start(level, 0.0)
    unit.advance(until)
    return unit


def first_pulse(unit: Unit) -> float:
    train = unit.history.last.train
    assert train is not None
    return train.origin


def clean(unit: Unit, times: Floats) -> Floats:
    """The current without noise and ripple."""
    amps = np.empty_like(times)
    for stretch, part in unit.history.split(times):
        amps[part] = stretch.clean(times[part])
    return amps


@pytest.mark.parametrize(("level", "amps"), [(1, 100e-6), (2, 200e-6), (3, 400e-6)])
def test_a_level_is_its_plateau(level: int, amps: float) -> None:
    unit = running(level=level, ohm=500.0)

    plateau = clean(unit, np.array([first_pulse(unit) + 2.0 + 2.5e-3]))[0]

    assert plateau == pytest.approx(amps * 5e6 / (5e6 + 500), rel=1e-9)


def test_the_rms_is_that_of_the_formula() -> None:
    unit = running()
    begin = first_pulse(unit) + 1.0 - 0.02

    sums = unit.sums(begin, begin + 3.0)

    amps = 400e-6 * 5e6 / (5e6 + 2000)
    tau = 2000 * 2e-9  # each of four edges takes tau/2 off, or adds it, of a squared plateau: they nearly cancel
    assert math.sqrt(sums.square / 3.0) == pytest.approx(amps * math.sqrt(2 * 5e-3 * 10), rel=tau / 5e-3)
    assert math.sqrt(sums.square / 3.0) == pytest.approx(126.49e-6, rel=2e-3)


def test_a_phase_carries_two_microcoulomb_and_a_pulse_none() -> None:
    unit = running(ohm=500.0)
    begin = first_pulse(unit) + 2.0

    phase = unit.sums(begin - 1e-3, begin + 5.25e-3).charge
    pulse = unit.sums(begin - 0.02, begin + 0.08).charge

    assert phase == pytest.approx(2.0e-6, rel=1e-3)
    assert pulse == pytest.approx(0.0, abs=1e-14)


@pytest.mark.parametrize(("ohm", "amps"), [(500.0, 400e-6), (2e3, 399.8e-6), (10e3, 399.2e-6), (30e3, 390e-6), (200e3, 64.9e-6)])
def test_the_compliance_bends_the_current_as_the_product_says(ohm: float, amps: float) -> None:
    assert delivered(400e-6, 3.8, ohm) == pytest.approx(amps, rel=2e-3)


def test_the_limiter_stops_at_600_microampere() -> None:
    assert delivered(2e-3, 3.8, 500.0) == 600e-6


def test_an_open_circuit_carries_nothing() -> None:
    assert delivered(400e-6, 3.8, math.inf) == 0.0


def test_an_empty_cell_drives_nothing() -> None:
    assert delivered(400e-6, 2.7, 500.0) == 0.0


def test_the_command_follows_gain_offset_and_temperature() -> None:
    parts = replace(PERFECT, gain=0.01, level_gains=(0.0, 0.02, 0.0), offset=1e-6, per_kelvin=1e-3)

    assert command(parts, 2, 35.0) == pytest.approx(200e-6 * 1.03 * 1.01 + 1e-6)


def test_the_start_is_soft() -> None:
    unit = running()
    peaks = clean(unit, first_pulse(unit) + np.arange(8) / 10 + 2.5e-3)

    assert peaks / peaks[-1] == pytest.approx([0.25, 0.40, 0.55, 0.70, 0.85, 1.0, 1.0, 1.0])


def test_an_edge_is_one_pole_of_load_and_output_capacitance() -> None:
    unit = running(ohm=30e3)
    begin, tau = first_pulse(unit) + 2.0, 60e-6

    rise = clean(unit, begin + np.array([tau, 2 * tau, 2.5e-3]))
    fall = clean(unit, begin + 5e-3 + np.array([tau, 2 * tau]))

    assert rise[:2] / rise[2] == pytest.approx([1 - math.exp(-1), 1 - math.exp(-2)])
    assert fall / rise[2] == pytest.approx([math.exp(-1), math.exp(-2)])


def test_the_second_phase_is_the_first_turned_over_after_a_gap() -> None:
    unit = running()
    begin = first_pulse(unit) + 2.0

    positive, gap, negative, quiet = clean(unit, begin + np.array([2.5e-3, 5.25e-3, 8e-3, 50e-3]))

    assert negative == pytest.approx(-positive)
    assert [gap, quiet] == pytest.approx([0.0, 0.0], abs=1e-12)


def test_asymmetry_makes_direct_current() -> None:
    unit = running(replace(PERFECT, asymmetry=0.05))
    begin = first_pulse(unit) + 1.98

    assert unit.sums(begin, begin + 1.0).charge == pytest.approx(400e-6 * 0.05 * 5e-3 * 10, rel=1e-3)


def test_noise_and_ripple_have_their_size_only_while_on() -> None:
    unit = running(PERFECT)
    quiet = np.linspace(4.87, 4.94, 100_000)

    on = unit.current(quiet).std()
    unit.engine.stop(6.0)
    unit.advance(8.0)
    off = unit.current(quiet + 2.0)

    assert on == pytest.approx(math.hypot(0.3e-6, 0.5e-6), rel=0.03)
    assert off == pytest.approx(np.full(quiet.size, 20e-9))


def test_the_past_stays_as_it_was() -> None:
    unit = running()
    times = np.linspace(0.0, 5.0, 9973)
    before = clean(unit, times)

    unit.connect(Circuit(500.0, 500.0), 5.5)
    unit.engine.choose(1, 6.0)
    unit.advance(900.0)

    assert np.array_equal(clean(unit, times), before)


def test_an_aperture_over_a_change_is_the_sum_of_its_parts() -> None:
    unit = running()
    unit.connect(Circuit(500.0, 500.0), 5.003)
    unit.engine.choose(1, 5.302)
    unit.advance(10.0)

    whole, parts = unit.sums(4.0, 6.0), [unit.sums(4.0 + k / 7, 4.0 + (k + 1) / 7) for k in range(14)]

    assert whole.charge == pytest.approx(sum(part.charge for part in parts), abs=1e-15)
    assert whole.square == pytest.approx(sum(part.square for part in parts), rel=1e-9)


def test_the_integrals_agree_with_a_fine_sum() -> None:
    unit = running(ohm=10e3, until=9.0)

    fine = float((clean(unit, np.arange(0.3, 0.7, 1e-7)) ** 2).sum() * 1e-7)

    assert unit.sums(0.3, 0.7).square == pytest.approx(fine, rel=1e-5)


def test_a_million_samples_are_quick() -> None:
    unit = running(PERFECT)
    times = np.linspace(3.0, 5.0, 1_000_000)
    unit.current(times)

    fastest = min(_seconds(unit, times) for _ in range(5))

    assert fastest < 0.25  # 50 ms on an idle machine; the rest is for machines that are not


def _seconds(unit: Unit, times: Floats) -> float:
    begin = perf_counter()
    unit.current(times)
    return perf_counter() - begin
