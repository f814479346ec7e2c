"""The comparator on a slot: threshold, hysteresis, blanking, and what strange units do to it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from station.simulator.physics.climate import Climate
from station.simulator.physics.comparator import Comparator
from station.simulator.physics.drive import Circuit
from station.simulator.physics.parts import PERFECT, Parts
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit


def watched(parts: Parts, level: int = 3, ends: tuple[float, ...] = (10.0,)) -> list[float]:
    """The edges of a unit that was started at 0 s, looked at until each of `ends`."""
    unit = Unit("U1", parts, Climate(0.0), stream("noise"), 0.0)
    unit.connect(Circuit(2000.0, 2000.0), 0.0)
    unit.engine.start(level, 0.0)
    comparator = Comparator(stream("comparator"))
    edges = []
    for start, end in zip((0.0, *ends), ends, strict=False):
        unit.advance(end)
        edges += comparator.watch(unit.history, start, end)
    return edges


def test_each_pulse_is_one_edge_at_its_begin() -> None:
    assert watched(PERFECT) == pytest.approx([0.35 + n / 10 for n in range(97)])


def test_often_or_seldom_looked_at_makes_no_difference() -> None:
    often = tuple(n * 0.0137 for n in range(1, 700))

    assert watched(PERFECT, ends=often) == pytest.approx(watched(PERFECT, ends=(often[-1],)))


def test_a_look_at_the_very_edge_neither_loses_nor_doubles_it() -> None:
    ends = (*(0.35 + n / 10 for n in range(50)), 5.3)

    assert watched(PERFECT, ends=ends) == pytest.approx([0.35 + n / 10 for n in range(50)])


def test_direct_current_over_the_threshold_moves_the_edge_to_the_end_of_the_pulse() -> None:
    edges = watched(replace(PERFECT, stuck=20e-6))

    assert edges[0] == 0.0  # high from the first moment on
    assert edges[-1] % 0.1 == pytest.approx(0.05 + 0.0105)


def test_direct_current_below_the_threshold_is_not_seen() -> None:
    assert len(watched(replace(PERFECT, stuck=9e-6))) == 97


def test_negative_direct_current_hides_the_small_pulses() -> None:
    assert watched(replace(PERFECT, stuck=-150e-6), level=1) == []
    assert len(watched(replace(PERFECT, stuck=-150e-6), level=3)) == 95  # the first two soft pulses are too small


def test_strong_noise_makes_edges_of_its_own_but_not_within_the_blanking() -> None:
    edges = watched(replace(PERFECT, noise=30e-6))
    gaps = [later - earlier for earlier, later in pairwise(edges)]

    assert len(edges) > 500
    assert min(gaps) > 2.9e-3


def test_little_noise_makes_none() -> None:
    assert watched(replace(PERFECT, noise=5e-6)) == pytest.approx(watched(PERFECT))


def test_a_comparator_says_what_it_saw_in_a_window() -> None:
    unit = Unit("U1", PERFECT, Climate(0.0), stream("noise"), 0.0)
    unit.connect(Circuit(2000.0, 2000.0), 0.0)
    unit.engine.start(3, 0.0)
    unit.advance(2.0)
    comparator = Comparator(stream("comparator"))
    comparator.watch(unit.history, 0.0, 2.0)

    assert comparator.edges(0.4, 0.7) == pytest.approx([0.45, 0.55, 0.65])
    assert not comparator.high(2.0)
