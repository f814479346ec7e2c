import itertools

import numpy as np
import pytest

from station.simulator.infiniivision import InfiniiVision
from tests.simulator.fakes import SETUP, SQUARE, Steps, Talk, preamble, scope, spent, steady, trace

BIPHASIC = Steps(((0.005, 0.8), (0.0005, 0.0), (0.005, -0.8), (0.0895, 0.0)), edges=[0.1 * k for k in range(1, 200)])


def test_it_says_who_it_is() -> None:
    assert scope().ask("*IDN?") == "KEYSIGHT TECHNOLOGIES,DSOX1204G,SIMDSOX1204G1,02.12.2021071625"


def test_a_single_record_fills_its_pretrigger_waits_for_its_trigger_and_ends_with_the_screen() -> None:
    talk = scope(Steps(((0.1, 0.0), (100.0, 1.0))), f"{SETUP};:TIM:RANG 0.4;REF CENT")
    talk.now = 99.0
    talk.send("*CLS;:SING;:AER?")
    states = []
    for _ in range(400):
        talk.pass_time(0.01)
        states.append(tuple(int(text) for text in talk.ask(":OPER:COND?;:TER?;:AER?").split(";")))

    seen = [state for state, _ in itertools.groupby(states)]

    assert seen[:3] == [(8, 0, 0), (40, 0, 1), (40, 0, 0)]  # filling, armed (event once), waiting
    assert seen[3:] == [(8, 1, 0), (8, 0, 0), (0, 0, 0)]  # triggered (event once), the rest of the screen, stopped
    armed = sum(state[0] == 40 for state in states) * 0.01
    assert armed == pytest.approx(100.2 - 99.0 - 0.001 - 0.2, abs=0.03)


def test_the_trigger_is_at_time_zero_of_the_record() -> None:
    talk = scope()
    talk.ask(":DIG;*OPC?")

    times, volts = trace(talk)

    assert np.all(volts[(times > 1e-4) & (times < 2.9e-3)] > 0.9)
    assert np.all(volts[(times > -6.9e-3) & (times < -1e-4)] < -0.9)


@pytest.mark.parametrize(("reference", "left"), [("LEFT", -0.005), ("CENT", -0.025), ("RIGH", -0.045)])
def test_reference_and_position_place_the_trigger(reference: str, left: float) -> None:
    talk = scope(setup=f"{SETUP};:TIM:REF {reference}")

    talk.ask(":DIG;*OPC?")
    plain = preamble(talk)[5]
    talk.ask(":TIM:POS 0.01;:DIG;*OPC?")

    assert plain == pytest.approx(left)
    assert preamble(talk)[5] == pytest.approx(left + 0.01)


def test_averages_take_several_triggers_and_leave_less_noise() -> None:
    single, mean = scope(steady(0.0), f"{SETUP};:TRIG:SOUR EXT"), scope(SQUARE, f"{SETUP};:TRIG:SOUR EXT")
    mean.send(":ACQ:TYPE AVER;COUN 16")

    took_many = spent(mean, ":DIG")
    took_one = spent(scope(), ":DIG")
    _, volts = trace(mean)

    assert took_many > 10 * took_one
    assert preamble(mean)[1:4:2] == [2, 16]
    assert np.std(volts[400:440]) < 0.005
    assert single.error() == 0


def test_external_edges_trigger() -> None:
    talk = scope(BIPHASIC, f"{SETUP};:TIM:RANG 0.02;REF LEFT;:TRIG:SOUR EXT")
    talk.ask(":DIG;*OPC?")

    times, volts = trace(talk)

    assert volts[(times > 0.0002) & (times < 0.0048)].mean() == pytest.approx(0.8, abs=0.07)
    assert volts[(times > 0.0058) & (times < 0.0102)].mean() == pytest.approx(-0.8, abs=0.07)


@pytest.mark.parametrize(("slope", "after"), [("POS", 1.0), ("NEG", -1.0)])
def test_the_slope_chooses_the_edge(slope: str, after: float) -> None:
    talk = scope(setup=f"{SETUP};:TRIG:SLOP {slope}")
    talk.ask(":DIG;*OPC?")

    times, volts = trace(talk)

    assert volts[(times > 1e-4) & (times < 2e-3)].mean() == pytest.approx(after, abs=0.08)


def test_digitize_holds_the_next_command_back() -> None:
    talk = scope(setup=f"{SETUP};:TIM:REF LEFT")

    took = spent(talk, ":DIG CHAN1")

    assert 0.045 < took < 0.08


def test_a_digitize_without_trigger_waits_in_normal_and_comes_in_auto() -> None:
    normal, auto = scope(steady(0.0)), scope(steady(0.0), f"{SETUP};:TRIG:SWE AUTO")
    normal.send(":DIG;*OPC?")

    silence = normal.pass_time(60.0)

    assert silence == b""
    assert spent(auto, ":DIG") < 0.3


def test_a_client_that_comes_anew_is_the_end_of_a_digitize_that_nothing_triggers() -> None:
    talk = scope(steady(0.0))
    talk.send(":DIG;*OPC?")
    talk.pass_time(60.0)

    talk.device.closed(talk.now)
    talk.device.opened(talk.now)

    assert "SING" == talk.ask(":RST?")
    assert "STOP" == talk.ask(":STOP;:RST?")


def test_single_leaves_the_sweep_at_normal_and_force_ends_the_wait() -> None:
    talk = scope(steady(0.0), f"{SETUP};:TRIG:SWE AUTO")
    talk.send(":SING")
    talk.pass_time(10.0)
    waiting = talk.ask(":OPER:COND?;:TRIG:SWE?")

    talk.send(":TRIG:FORC")
    talk.pass_time(0.1)

    assert waiting == "+40;NORM"
    assert talk.ask(":OPER:COND?;:TER?;:RST?") == "+0;+1;STOP"


def test_a_running_scope_shows_what_is_there_now() -> None:
    talk = scope()
    talk.send(":RUN")
    empty = talk.ask(":MEAS:VPP?")

    talk.pass_time(1.0)
    running = talk.value(":MEAS:FREQ?")
    talk.send(":STOP")

    assert empty == "+9.9E+37"
    assert running == pytest.approx(100.0, rel=1e-3)
    assert talk.ask(":OPER:COND?;:TER?;:TER?") == "+0;+1;+0"
    assert preamble(talk)[2] == 1000


def test_settings_changed_while_armed_begin_anew() -> None:
    talk = scope(Steps(((0.5, 0.0), (0.5, 1.0)), edges=[]))
    talk.send(":TIM:RANG 4;:SING")
    talk.pass_time(1.0)

    talk.send(":TIM:RANG 0.01")
    talk.pass_time(1.2)

    assert talk.ask(":OPER:COND?") == "+0"
    assert preamble(talk)[5] == pytest.approx(-0.005)


def test_a_power_cycle_loses_everything_and_says_so() -> None:
    device = InfiniiVision(SQUARE, np.random.default_rng(1))
    talk = Talk(device, 1.0)
    talk.ask(f"*ESR?;{SETUP};:DIG;*OPC?")

    device.power_cycle(talk.now)

    assert talk.ask("*ESR?;:TIM:RANG?;:OPER:COND?;:MEAS:VPP?") == "+128;+1.00000E-03;+8;+9.9E+37"


def test_reset_runs_with_an_automatic_sweep() -> None:
    talk = scope()

    talk.send("*RST;:SYST:LOCK ON")

    assert talk.ask(":OPER:COND?;:TRIG:SWE?;:SYST:LOCK?;:SYST:ERR?") == '+8;AUTO;1;+0,"No error"'


def test_late_polls_give_the_same_record() -> None:
    prompt, late = scope(), scope()
    prompt.ask(":DIG;*OPC?")
    late.send(":DIG;*OPC?")
    late.pass_time(30.0)

    assert np.array_equal(trace(prompt)[1], trace(late)[1])
