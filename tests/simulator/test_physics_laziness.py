"""Time passes in a slot when somebody asks, and long stretches at once: nobody may see a difference."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.simulator.bench import Bench
from station.simulator.firmware.controller import Controller
from station.simulator.firmware.watch import Watch
from station.simulator.physics.battery import Drain
from station.simulator.physics.climate import Climate
from station.simulator.physics.comparator import Comparator, is_counted, is_silent
from station.simulator.physics.draw import draw
from station.simulator.physics.drive import Circuit
from station.simulator.physics.history import History, Stretch
from station.simulator.physics.parts import PERFECT
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit
from station.simulator.physics.waveform import Train
from station.simulator.ports import Floats
from station.simulator.pulselog import PulseLog

DRAIN = Drain(0.0, 0.6, 14e-3, 1800.0, 0.25)
END = 4.0


def micro(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda amps: amps * 1e-6)


@st.composite
def trains(draw_one: st.DrawFn) -> Train:
    """Biphasic pulses of any proportion, also such as overlap, are too short for the blanking, or too small to be seen."""
    period = draw_one(st.floats(0.02, 0.3))
    return Train(
        origin=draw_one(st.floats(-1.0, 2.0)),
        period=period,
        width=draw_one(st.sampled_from((0.001, 0.003, 0.005))) if period < 0.1 else draw_one(st.floats(5e-4, 0.04)),
        gap=draw_one(st.floats(1e-4, 5e-3)),
        positive=draw_one(micro(0.0, 400.0)),
        negative=draw_one(micro(0.0, 400.0)),
        tau=4e-6,
        soft=draw_one(st.booleans()),
    )


@st.composite
def stretches(draw_one: st.DrawFn) -> list[Stretch]:
    """One to four stretches from 0 s on, all without noise."""
    starts = [0.0, *sorted(draw_one(st.lists(st.floats(0.1, END - 0.1), max_size=3, unique=True)))]
    steady = st.one_of(st.just(0.0), micro(-30.0, 30.0))
    return [
        Stretch(start, draw_one(st.none() | trains()), draw_one(steady), draw_one(st.sampled_from((0.0, 3e-7))), 5e-7, DRAIN)
        for start in starts
    ]


def watched(found: list[Stretch], ends: list[float]) -> tuple[list[float], list[float], bool]:
    """Return the edges as they were told, as they are remembered, and whether the output is high at the end."""
    history, comparator, told = History(), Comparator(stream("comparator")), list[float]()
    for stretch in found:
        history.append(stretch)
    for start, end in pairwise([0.0, *ends, END]):
        told += comparator.watch(history, start, end)
    return told, comparator.edges(-1.0, END), comparator.high(END)


@given(stretches(), st.lists(st.floats(0.0, END), max_size=6).map(sorted))
def test_many_pulses_at_once_make_the_edges_that_one_by_one_they_make(found: list[Stretch], ends: list[float]) -> None:
    at_once = watched(found, ends)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("station.simulator.physics.comparator._A_RUN", 10**9)
        assert watched(found, ends) == at_once


@given(stretches())
def test_what_is_called_silent_is_silent_and_what_is_called_counted_has_one_edge_a_pulse(found: list[Stretch]) -> None:
    for stretch in (replace(one, start=0.0) for one in found):
        edges, _, _ = watched([stretch], [])
        if is_silent(stretch):
            assert [] == edges
        if stretch.train is not None and is_counted(stretch):
            begins = [stretch.train.origin + index * stretch.train.period for index in stretch.train.begins(0.2, END)]
            assert begins == [edge for edge in edges if edge >= 0.2 - 1e-6]  # at 0 s it may be within a pulse


@given(
    st.lists(st.floats(0.0, 20.0), max_size=40, unique=True).map(sorted),
    st.lists(st.integers(0, 40), max_size=5).map(sorted),
    st.floats(0.0, 10.0),
    st.floats(0.1, 3.0),
    st.none() | st.integers(0, 40),
)
def test_a_log_of_many_pulses_says_what_a_log_of_each_says(
    moments: list[float], cuts: list[int], armed: float, gap: float, frozen: int | None
) -> None:
    together, alone = PulseLog(), PulseLog()
    for log in (together, alone):
        log.arm(gap, armed)
    for low, high in pairwise([0, *cuts, len(moments)]):
        if frozen is not None and low >= frozen:
            together.freeze(20.0)
            alone.freeze(20.0)
        together.pulses(moments[low:high])
        for moment in moments[low:high]:
            alone.pulse(moment)

    assert together.read(20.0) == alone.read(20.0)


@dataclass(frozen=True)
class Act:
    """Something that is done to a slot at a moment."""

    moment: float
    slot: int
    what: str


ACTS = (
    "load 2000",
    "load 200000",
    "load open",
    "start 3",
    "start 1",
    "stop",
    "arm",
    "charge",
    "uncharge",
    "follow",
    "haptic",
    "ask",
)

NOISY = 3  # a slot whose edges are made by chance: other ones for other looks


def unit_of(number: int) -> Unit:
    """A unit whose contact comes and goes in slot 2, one that is noisy in slot 3, a good one in slot 1."""
    bench = Bench(1, 1)
    defects = {1: (), 2: ("contact_unit",), 3: ("noisy",)}[number]
    parts, _ = draw(1, f"U{number}", defects)
    return Unit(f"U{number}", parts, bench.climate, stream("noise", number), 0.0)


def do(bench: Bench, act: Act) -> None:
    slot, (word, _, rest) = bench.slot(act.slot, act.moment), act.what.partition(" ")
    assert slot.unit is not None
    if word == "load":
        bench.load(act.slot, rest, act.moment)
    elif word == "start":
        slot.unit.engine.start(int(rest), act.moment)
    elif word == "stop":
        slot.unit.engine.stop(act.moment)
    elif word == "arm":
        slot.log.arm(0.6, act.moment)
    elif word in ("charge", "uncharge"):
        bench.charge(act.slot, word == "charge", act.moment)
    elif word == "follow":
        bench.buses["D1"].follow(slot, act.moment)
    elif word == "haptic":
        slot.press_haptic_at(act.moment + 1.0)


def lived(acts: list[Act], looks: Iterator[float]) -> tuple[list[object], list[tuple[str, ...]]]:
    """Return what the logs and SYNC say after `acts`, with all slots advanced at `looks`; and the news in their order."""
    bench, transport = Bench(1, 3), [0.0]
    for number in (1, 2, 3):
        bench.place(number, unit_of(number), 0.0)
    controller = Controller(bench, lambda: transport[0], 1, "power", 0.0)
    watch, act, told = Watch(controller, 0.0), iter([*acts, Act(math.inf, 1, "ask")]), list[tuple[str, ...]]()
    coming = next(act)
    for look in looks:
        while coming.moment <= look:
            do(bench, coming)
            coming = next(act)
        bench.advance(look)
        watch.look(look)
        told += news_of(controller)
    bench.advance(100.0)
    logs = [(slot.log.read(100.0), slot.edges(0.0, 100.0), slot.opens(100.0)) for slot in bench.slots]
    return [*logs, bench.buses["D1"].triggers(0.0, 100.0)], told


def news_of(controller: Controller) -> list[tuple[str, ...]]:
    """Take the news out; their number is left aside."""
    frames = bytes(controller.news.frames).decode().splitlines()
    controller.news.frames.clear()
    return [tuple(frame.split("*")[0].split(" ")[1:]) for frame in frames]


acts = st.lists(
    st.builds(Act, st.floats(0.5, 60.0), st.integers(1, 3), st.sampled_from(ACTS)), min_size=3, max_size=12
).map(lambda found: sorted(found, key=lambda act: act.moment))  # fmt: skip


@settings(deadline=None)
@given(acts)
def test_a_slot_that_is_left_alone_has_gone_on_as_if_it_had_been_looked_at(found: list[Act]) -> None:
    quiet = [act for act in found if act.slot != NOISY]

    often, _ = lived(quiet, iter(np.arange(0.1, 100.0, 0.37).tolist()))
    seldom, _ = lived(quiet, iter([*(act.moment for act in quiet), 100.0]))

    assert often[:2] + often[3:] == seldom[:2] + seldom[3:]


@settings(deadline=None)
@given(acts)
def test_news_are_told_when_they_are_due_though_most_slots_are_not_looked_at(found: list[Act]) -> None:
    bench, looks = Bench(1, 3), np.arange(0.1, 100.0, 0.37).tolist()
    for number in (1, 2, 3):
        bench.place(number, unit_of(number), 0.0)
    controller = Controller(bench, lambda: 0.0, 1, "power", 0.0)
    quiet = [act for act in found if act.slot != NOISY]
    watch, told, waiting = Watch(controller, 0.0), list[tuple[str, ...]](), list(quiet)
    for look in looks:
        while waiting and waiting[0].moment <= look:
            do(bench, waiting.pop(0))
        watch.look(look)  # nobody has advanced the slots
        told += news_of(controller)

    assert told == lived(quiet, iter(looks))[1]


@given(stretches(), st.lists(st.floats(0.0, END), min_size=2, max_size=12, unique=True).map(sorted))
def test_running_sums_are_the_sums(found: list[Stretch], moments: list[float]) -> None:
    history = History()
    for stretch in found:
        history.append(stretch)

    running = history.running_sums(np.array(moments))

    for column, moment in zip(running.T, moments, strict=True):
        sums = history.sums(moments[0], moment)
        assert column.tolist() == pytest.approx([sums.charge, sums.square, sums.noise, sums.ripple], rel=1e-9, abs=1e-15)


@given(stretches(), st.floats(0.0, END), st.floats(1e-7, 1e-3), st.integers(2, 9))
def test_the_mean_of_some_looks_is_taken_where_edges_are_and_is_the_same_everywhere(
    found: list[Stretch], begin: float, each: float, looks: int
) -> None:
    times: Floats = begin + each * np.arange(400, dtype=np.float64)
    around: Floats = each / looks * (np.arange(looks, dtype=np.float64) - (looks - 1) / 2)

    for stretch in found:
        wanted = stretch.clean((times[:, None] + around).ravel()).reshape(-1, looks).mean(axis=1)
        assert stretch.clean_seen(times, around) == pytest.approx(wanted, rel=1e-12, abs=1e-17)


def test_the_mean_of_some_looks_is_as_noisy_and_as_large_as_if_each_was_taken() -> None:
    unit = unit_running()
    for looks, step in ((4, 2.5e-6), (4, 1.25e-7), (4, 25e-6), (1, 1e-5)):
        times = 5.0 + looks * step * np.arange(20_000, dtype=np.float64)
        each = (times[:, None] + step * (np.arange(looks) - (looks - 1) / 2)).ravel()

        found, wanted = unit.current_seen(times, looks, step), unit.current(each).reshape(-1, looks).mean(axis=1)

        assert found.mean() == pytest.approx(wanted.mean(), abs=2e-8)
        assert (found - wanted).std() < 1.6 * 0.6e-6  # both are noisy, by 0.3 µA, and have 0.5 µA of ripple
        assert np.abs(found - wanted).max() < 8e-6


def unit_running() -> Unit:
    unit = Unit("U1", PERFECT, Climate(0.0), stream("noise"), 0.0)
    unit.connect(Circuit(2000.0, 2000.0), 0.0)
    unit.engine.start(3, 0.0)
    unit.advance(20.0)
    return unit
