"""An instrument that is asked once has done what it would have done had it been asked all the time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.simulator.bench import Bench
from station.simulator.physics.parts import PERFECT
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit
from station.simulator.scope.channel import Screen
from station.simulator.scope.record import Codes, Places, Trace
from tests.simulator.fakes import SQUARE, Talk, meter, payload, scope

SCREEN = Screen(0.1, 0.0, 1.0, False, False, False)


def after(talk: Talk, seconds: float, step: float) -> Talk:
    """Let time pass, looking each `step` s."""
    for _ in range(round(seconds / step)):
        talk.pass_time(step)
    return talk


@given(st.integers(1, 12), st.floats(0.0, 0.02), st.sampled_from((0.02, 0.2, 1.0)), st.sampled_from((0.01, 0.1, 2.0)))
def test_readings_at_edges_are_the_same_however_often_the_meter_is_looked_at(
    count: int, delay: float, cycles: float, step: float
) -> None:
    said = []
    for each in (step, 2.0):
        talk = meter(SQUARE)
        talk.send(f":VOLT:NPLC {cycles};:TRIG:SOUR EXT;DEL {delay};COUN {count};:SAMP:COUN 2;:INIT")
        said.append(after(talk, 2.0, each).ask("DATA:POIN?;*ESR?;:FETC?"))

    assert said[0] == said[1]


def test_a_command_behind_a_pause_is_obeyed_before_an_edge_that_comes_after_it() -> None:
    talk = meter(replace(SQUARE, edges=[2.5]))
    talk.send(":TRIG:SOUR EXT;:INIT;*TST?;:ABOR")  # the self test takes 2 s

    talk.pass_time(10.0)

    assert talk.ask(":DATA:POIN?") == "+0"


@given(st.floats(0.0, 0.02), st.sampled_from((0.001, 0.01, 0.5)))
def test_a_record_is_the_same_however_often_the_oscilloscope_is_looked_at(later: float, step: float) -> None:
    records = []
    for each in (step, 0.5):
        talk = scope(setup=":CHAN1:SCAL 0.5;OFFS 0;:TIM:RANG 0.05;:TRIG:EDGE:SOUR EXT;:TRIG:SWE NORM;:WAV:POIN:MODE RAW")
        talk.pass_time(later)
        talk.send(":SING")
        assert after(talk, 0.5, each).ask(":AER?;:TER?").startswith("+1;+1")
        records.append(payload(talk.raw(":WAV:POIN 5000;:WAV:DATA?")))

    assert records[0] == records[1]


@given(st.integers(1, 500), st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_a_trace_has_one_value_a_sample_in_whatever_parts_it_is_read(count: int, groups: list[int]) -> None:
    chance, asked = np.random.default_rng(1), list[int]()

    def work_out(places: Places) -> Codes:
        asked.extend(places.tolist())
        return chance.integers(0, 65536, places.size).astype(np.uint16)

    trace = Trace(SCREEN, count, work_out)
    parts = [(group, trace.every(group).copy()) for group in groups]

    whole = trace.codes
    assert all(part.tolist() == whole[: count // group * group : group].tolist() for group, part in parts)
    assert len(asked) == len(set(asked)) == count


@given(st.lists(st.floats(3.0, 9.0), min_size=1, max_size=8, unique=True).map(sorted), st.floats(0.05, 0.5))
def test_many_windows_of_ac_are_read_as_each_of_them_is(starts: list[float], seconds: float) -> None:
    bench = Bench(1, 2)
    bench.place(1, Unit("U1", PERFECT, bench.climate, stream("noise"), 0.0), 0.5)
    bench.load(1, "2000", 1.0)
    bus, unit = bench.buses["D1"], bench.slots[0].unit
    assert unit is not None
    unit.engine.start(3, 2.0)
    bench.route(bus, 1, "sense", 2.5)
    bench.load(1, "500", 5.5)

    together = bus.ac_rms_each(np.array(starts), seconds)

    assert together.tolist() == pytest.approx([bus.ac_rms(start, start + seconds) for start in starts], rel=1e-9)
