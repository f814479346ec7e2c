"""Every defect by the signature that a station can see."""

import math
from dataclasses import replace

import numpy as np
import pytest

from station.simulator.physics.climate import Climate
from station.simulator.physics.comparator import Comparator
from station.simulator.physics.defects import DEFECTS, apply
from station.simulator.physics.drive import OPEN, Circuit
from station.simulator.physics.history import Sums
from station.simulator.physics.output import command
from station.simulator.physics.parts import PERFECT, Loose, Parts
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit

SERIALS = [f"U{n}" for n in range(20)]


def spoiled(defect: str, serial: str = "U1") -> Parts:
    return apply(PERFECT, (defect,), 1, serial)


def unit_of(parts: Parts, ohm: float = 2000.0) -> Unit:
    unit = Unit("U1", parts, Climate(0.0), stream("noise"), 0.0)
    unit.seat(1, 0.0)
    unit.connect(Circuit(ohm, ohm), 0.0)
    return unit


def started(parts: Parts, until: float, level: int = 3, ohm: float = 2000.0) -> Unit:
    unit = unit_of(parts, ohm)
    unit.engine.start(level, 0.0)
    unit.advance(until)
    return unit


def pulses(unit: Unit, until: float) -> list[float]:
    unit.advance(until)
    comparator = Comparator(stream("comparator"))
    return comparator.watch(unit.history, 0.0, until)


def second(unit: Unit) -> Sums:
    """Ten periods of a unit that was started at 0 s, begun in the quiet part of one."""
    train = unit.history.last.train
    assert train is not None
    begin = train.origin + 10.5 * train.period
    return unit.sums(begin, begin + 10 * train.period)


def level_amps(parts: Parts) -> list[float]:
    return [command(parts, level, 25.0) for level in (1, 2, 3)]


def test_a_dead_unit_gives_neither_output_nor_answer() -> None:
    unit = started(spoiled("dead"), 5.0)
    unit.service.hear(b"VER?\n", 5.0)

    assert unit.service.say(6.0) == b""
    assert pulses(unit, 10.0) == []
    assert unit.cell_volts(np.array([9.0]))[0] == pytest.approx(3.8, abs=1e-3)


@pytest.mark.parametrize("serial", SERIALS)
def test_a_weak_cell_looks_healthy_and_gives_up_before_1140_s(serial: str) -> None:
    parts = spoiled("weak_cell", serial)
    unit = started(parts, 1.0)
    rest = unit_of(parts).cell_volts(np.array([0.0]))[0]

    assert 3.65 < rest < 4.0
    assert 240e-3 <= parts.resistance * 0.12 <= 720e-3  # the sag of BAT.040
    assert 250 < pulses(unit, 1300.0)[-1] < 1035


def test_a_wrong_sense_resistor_scales_all_levels() -> None:
    factors = {round(level_amps(spoiled("wrong_sense", serial))[2] / 400e-6, 4) for serial in SERIALS}

    assert factors == {0.82, 1.22}
    assert level_amps(spoiled("wrong_sense")) == pytest.approx(
        [a * spoiled("wrong_sense").sense_factor for a in (1e-4, 2e-4, 4e-4)]
    )


@pytest.mark.parametrize("serial", SERIALS[:5])
def test_a_detuned_oscillator_moves_frequency_and_shut_off_and_not_their_product(serial: str) -> None:
    parts = spoiled("oscillator", serial)
    seen = pulses(started(parts, 1.0), 1400.0)
    span, frequency = seen[-1] - seen[0], (len(seen) - 1) / (seen[-1] - seen[0])

    assert 0.04 <= abs(parts.detune) <= 0.12
    assert frequency == pytest.approx(10 * (1 + parts.detune))
    assert span * frequency == pytest.approx(11699)


@pytest.mark.parametrize("serial", SERIALS[:5])
def test_a_stuck_fet_leaks_on_and_off(serial: str) -> None:
    parts = spoiled("stuck_fet", serial)
    unit = started(parts, 10.0, ohm=500.0)
    on = second(unit).charge
    unit.engine.stop(10.0)
    unit.advance(20.0)

    assert 5e-6 <= abs(parts.stuck) <= 200e-6
    assert on == pytest.approx(parts.stuck, abs=1e-8)
    assert unit.sums(15.0, 16.0).charge == pytest.approx(parts.stuck + 20e-9, abs=1e-9)


def test_a_dead_bridge_leg_keeps_the_peak_and_loses_the_rest() -> None:
    unit = started(spoiled("bridge_leg"), 10.0)
    train, sums = unit.history.last.train, second(unit)

    assert train is not None
    assert train.positive == pytest.approx(400e-6, rel=1e-3)
    assert sums.charge == pytest.approx(20e-6, rel=1e-3)
    assert math.sqrt(sums.square) == pytest.approx(126.49e-6 / math.sqrt(2), rel=2e-3)


def test_a_unit_without_shut_off_goes_on() -> None:
    assert pulses(started(spoiled("no_shutoff"), 1.0), 2000.0)[-1] > 1999.8


@pytest.mark.parametrize("serial", SERIALS[:5])
def test_an_early_shut_off_comes_early_but_not_in_the_hurried_test(serial: str) -> None:
    parts = spoiled("early_shutoff", serial)
    hurried = unit_of(parts)
    hurried.engine.hurry(60, 0.0)
    hurried.engine.start(3, 0.0)

    assert pulses(started(parts, 1.0), 1300.0)[-1] == pytest.approx(0.35 + parts.early, abs=0.11)
    assert pulses(hurried, 60.0)[-1] == pytest.approx(0.35 + 19.4)


@pytest.mark.parametrize("serial", SERIALS[:5])
def test_a_charge_imbalance_is_direct_current(serial: str) -> None:
    parts = spoiled("dc_imbalance", serial)

    assert 0.08 <= abs(parts.asymmetry) <= 0.20
    assert second(started(parts, 10.0)).charge == pytest.approx(20e-6 * parts.asymmetry, rel=2e-3)


@pytest.mark.parametrize("serial", SERIALS[:5])
def test_a_noisy_unit_is_noisy_between_the_pulses(serial: str) -> None:
    parts = spoiled("noisy", serial)
    unit = started(parts, 10.0)

    quiet = unit.current(np.linspace(5.38, 5.44, 20_000))

    assert 5e-6 <= parts.noise <= 30e-6
    assert quiet.std() == pytest.approx(math.hypot(parts.noise, 0.5e-6), rel=0.05)


def test_a_loose_contact_of_the_slot_is_seen_by_the_needles_and_stays_with_the_slot() -> None:
    unit = started(spoiled("contact_slot"), 0.0)
    beats = np.diff(pulses(unit, 600.0))
    lost = unit.losses(0.0, 600.0)

    unit.seat(None, 600.0)
    unit.seat(2, 601.0)

    assert lost == 10
    assert beats.max() > 0.15
    assert unit.losses(601.0, 1200.0) == 0
    assert all(unit.touches(601.0 + t / 100) for t in range(10_000))


def test_a_loose_contact_inside_is_not_seen_by_the_needles_and_goes_wherever_the_unit_goes() -> None:
    unit = started(spoiled("contact_unit"), 0.0)
    here = np.diff(pulses(unit, 400.0)).max()
    unit.seat(None, 400.0)
    unit.seat(2, 401.0)
    there = np.diff([moment for moment in pulses(unit, 1100.0) if moment > 402]).max()

    assert min(here, there) > 0.15
    assert unit.losses(0.0, 1100.0) == 0
    assert all(unit.touches(t / 10) for t in range(6000))


def test_openings_last_50_ms_to_2_s() -> None:
    unit = unit_of(spoiled("contact_slot"))
    states = np.array([unit.touches(t / 100) for t in range(120_000)])
    moves = np.flatnonzero(np.diff(states)) / 100

    lengths = moves[1::2] - moves[::2]

    assert len(lengths) == 20
    assert lengths.min() >= 0.04
    assert lengths.max() <= 2.01


def test_a_unit_that_always_feels_contact_drives_into_200_kiloohm() -> None:
    unit = started(spoiled("contact_always"), 10.0, ohm=200e3)
    train = unit.history.last.train

    assert train is not None
    assert train.positive == pytest.approx(64.9e-6, rel=0.01)
    assert len(pulses(unit, 20.0)) > 190


@pytest.mark.parametrize("serial", SERIALS[:6])
def test_a_wrong_level_map_swaps_two_levels(serial: str) -> None:
    amps = level_amps(spoiled("level_map", serial))

    assert sorted(amps) == pytest.approx([1e-4, 2e-4, 4e-4])
    assert sum(a != pytest.approx(b) for a, b in zip(amps, (1e-4, 2e-4, 4e-4), strict=True)) == 2


def test_no_soft_start_means_a_full_first_pulse() -> None:
    unit = started(spoiled("no_soft_start"), 5.0)

    peaks = [unit.history.last.clean(np.array([0.35 + n / 10 + 2.5e-3]))[0] for n in range(3)]

    assert peaks == pytest.approx([400e-6] * 3, rel=1e-3)


def test_without_the_charge_interlock_it_runs_while_charging() -> None:
    unit = started(spoiled("charge_interlock"), 5.0)
    unit.engine.charger(True, 5.0)

    assert pulses(unit, 10.0)[-1] > 9.8


def test_service_mode_left_on_shuts_off_after_19_5_s_even_after_exit() -> None:
    unit = unit_of(spoiled("service_mode"))
    unit.service.hear(b"EXIT\nMODE?\n", 0.0)
    unit.engine.start(3, 0.0)

    assert unit.service.say(1.0) == b"OK\nMODE SERVICE\n"
    assert pulses(unit, 60.0)[-1] == pytest.approx(0.35 + 19.4)


def test_a_timer_that_restarts_on_a_level_change_runs_over() -> None:
    unit = started(spoiled("timer_restart"), 1.0)
    unit.engine.press_level(2, 120.35)

    assert pulses(unit, 1500.0)[-1] == pytest.approx(120.35 + 1169.9, abs=0.11)


def test_a_defect_that_is_not_named_here_does_not_exist() -> None:
    named = {
        "dead", "weak_cell", "wrong_sense", "oscillator", "stuck_fet", "bridge_leg", "no_shutoff", "early_shutoff",
        "dc_imbalance", "noisy", "contact_slot", "contact_unit", "contact_always", "level_map", "no_soft_start",
        "charge_interlock", "service_mode", "timer_restart",
    }  # fmt: skip

    assert set(DEFECTS) == named


def test_defects_come_together_when_both_are_asked_for() -> None:
    parts = apply(PERFECT, ("bridge_leg", "no_soft_start"), 1, "U1")

    assert parts == replace(PERFECT, negative_leg=False, soft_start=False)
    assert parts.loose is Loose.NOWHERE
    assert math.isinf(OPEN.ohm)
