"""What other programs' drivers ask of an InfiniiVision beside what ours asks: pictures, counts, places, settings."""

import struct

import numpy as np
import pytest

from station.simulator.scope.measures import Displayed, time_of
from tests.simulator.fakes import SETUP, SQUARE, Steps, payload, scope, steady


def test_a_running_scope_measures_with_new_settings_from_the_moment_of_their_command_on() -> None:
    talk = scope(setup="*CLS")
    talk.send(SETUP)

    talk.pass_time(1.0)

    assert 100 == pytest.approx(talk.value(":MEAS:FREQ? CHAN1"), rel=1e-3)


def test_autoscale_shows_three_cycles_of_what_repeats_and_triggers_on_it() -> None:
    talk = scope(setup="*CLS")
    talk.pass_time(1.0)

    talk.send(":AUT")

    talk.pass_time(1.0)
    assert 0.03 == talk.value(":TIM:RANG?")
    assert 0 == pytest.approx(talk.value(":TRIG:LEV?"), abs=0.1)
    assert 100 == pytest.approx(talk.value(":MEAS:FREQ? CHAN1"), rel=1e-3)


def test_autoscale_leaves_the_time_base_where_nothing_repeats() -> None:
    talk = scope(steady(0.5), setup=":TIM:RANG 0.2")
    talk.pass_time(1.0)

    talk.send(":AUT CHAN1")

    assert (0.2, 0) == (talk.value(":TIM:RANG?"), talk.error())


def test_edges_and_pulses_are_counted_on_the_screen() -> None:
    talk = scope()
    talk.pass_time(1.0)

    counts = {word: talk.value(f":MEAS:{word}? CHAN1") for word in ("PEDG", "NEDG", "PPUL", "NPUL")}

    assert 5 <= counts["PEDG"] <= 6
    assert abs(counts["PEDG"] - counts["NEDG"]) <= 1
    assert {counts["PPUL"], counts["NPUL"]} <= {4, 5, 6}
    assert 70 == pytest.approx(talk.value(":MEAS:NDUT?"), rel=1e-3)


def test_a_flat_line_has_no_edge_no_overshoot_and_no_time_of_an_edge() -> None:
    talk = scope(steady(0.5), setup=":CHAN1:SCAL 0.5;:TIM:RANG 0.05;:TRIG:SWE AUTO")
    talk.pass_time(1.0)

    assert [0, 0] == [talk.value(f":MEAS:{word}?") for word in ("PEDG", "NPUL")]
    assert [9.9e37] * 5 == [talk.value(f":MEAS:{word}") for word in ("OVER?", "PRES?", "NDUT?", "TEDG? +1", "TVAL? 0.2,-1")]


def test_places_on_the_record_are_read_at_a_time_an_edge_and_a_voltage() -> None:
    talk = scope()
    talk.send(":TIM:REF LEFT")
    talk.pass_time(1.0)

    assert 1 == pytest.approx(talk.value(":MEAS:VTIM? 1E-3"), abs=0.1)
    assert 3e-3 == pytest.approx(talk.value(":MEAS:TEDG? -1"), abs=1e-5)
    assert 10e-3 == pytest.approx(talk.value(":MEAS:TVAL? 0.2 V,+2,CHAN1"), abs=1e-5)
    assert 9.9e37 == talk.value(":MEAS:VTIM? 3")
    assert 0 == talk.error()


@pytest.mark.parametrize(("which", "time"), [(1, 2.0), (-1, 4.0)])
def test_a_voltage_on_which_samples_stand_is_passed_at_the_last_of_them(which: int, time: float) -> None:
    shown = Displayed(np.array([0.0, 1.0, 1.0, 2.0, 1.0, 0.0]), np.arange(6.0), step=0.1)

    assert time == time_of(1.0, which)(shown)


def test_an_edge_beyond_all_counting_is_out_of_range() -> None:
    talk = scope()
    talk.pass_time(1.0)

    for asked in (":MEAS:TEDG? " + "1" * 400, ":MEAS:TVAL? 0.2,-1E999"):
        talk.send(asked)

        assert -222 == talk.error()


def test_an_overshoot_is_a_share_of_the_amplitude_on_the_side_of_the_first_edge() -> None:
    ringing = Steps(((0.0001, 1.2), (0.0029, 1.0), (0.007, 0.0)))
    talk = scope(ringing, setup=":CHAN1:SCAL 0.2;OFFS 0.5;:TIM:REF LEFT;RANG 0.05;:TRIG:EDGE:LEV 0.5;:TRIG:SWE NORM")
    talk.pass_time(1.0)

    assert 20 == pytest.approx(talk.value(":MEAS:OVER?"), abs=4)
    assert 0 == pytest.approx(talk.value(":MEAS:PRES?"), abs=4)


def test_measurements_put_on_the_screen_come_back_with_their_statistics() -> None:
    talk = scope()
    talk.pass_time(1.0)
    talk.send(":MEAS:CLE;FREQ CHAN1;VPP CHAN1;FREQ CHAN1;STAT ON")

    label, now, least, most, mean, deviation, count, second, *_ = talk.ask(":MEAS:RES?").split(",")

    assert ("FREQuency(1)", "VPP(1)", "1") == (label, second, count)
    assert 100 == pytest.approx(float(now), rel=1e-3)
    assert (now, now, now, 0) == (least, most, mean, float(deviation))
    talk.send(":MEAS:STAT MEAN")
    assert 2 == len(talk.ask(":MEAS:RES?").split(","))
    talk.send(":MEAS:CLE")
    assert "" == talk.ask(":MEAS:RES?")


def test_a_channel_that_a_measurement_names_is_the_source_of_those_after_it_too() -> None:
    talk = scope()
    talk.pass_time(1.0)
    assert "CHAN1,NONE" == talk.ask(":MEAS:SOUR?")

    assert 9.9e37 == talk.value(":MEAS:VPP? CHAN2")  # it is not on the screen

    assert (9.9e37, "CHAN2,NONE") == (talk.value(":MEAS:VPP?"), talk.ask(":MEAS:SOUR?"))
    talk.send(":MEAS:SOUR CHAN1,CHAN3")
    assert (True, "CHAN1,CHAN3") == (talk.value(":MEAS:VPP?") < 10, talk.ask(":MEAS:SOUR?"))


def test_a_measurement_on_the_screen_stays_with_its_channel_whatever_is_measured_later() -> None:
    talk = scope()
    talk.pass_time(1.0)
    talk.send(":STOP;:MEAS:VPP;:MEAS:STAT CURR")

    assert talk.ask(":MEAS:VPP? CHAN1") == talk.ask(":MEAS:SOUR CHAN2;:MEAS:RES?")

    assert "CHAN2,NONE" == talk.ask(":MEAS:SOUR?")


def test_completeness_is_a_whole_number() -> None:
    assert "+100" == scope().ask(":ACQ:COMP?")


def test_two_channels_of_which_one_is_open_have_no_delay() -> None:
    talk = scope()

    talk.send(":MEAS:SOUR CHAN1,CHAN2")

    assert [9.9e37] * 3 == [talk.value(f":MEAS:{word}") for word in ("DEL?", "PHAS? CHAN1,CHAN2", "VRAT?")]
    assert 0 == talk.error()


def test_the_voltmeter_shows_something_only_while_it_is_on() -> None:
    talk = scope()
    talk.pass_time(1.0)
    assert 9.9e37 == talk.value(":DVM:CURR?")

    talk.send(":DVM:ENAB ON;MODE DCRM")

    assert 1 == pytest.approx(talk.value(":DVM:CURR?"), abs=0.1)
    assert 100 == pytest.approx(talk.value(":DVM:FREQ?"), rel=1e-3)
    talk.send(":DVM:MODE FREQ")
    assert 100 == pytest.approx(talk.value(":DVM:CURR?"), rel=1e-3)


def test_a_screenshot_is_of_the_kind_that_was_asked_for() -> None:
    talk = scope()

    assert payload(talk.raw(":DISP:DATA? PNG, COLor")).startswith(b"\x89PNG")
    for words in ("BMP", "BMP8bit,SCReen,COLor"):
        picture = payload(talk.raw(f":DISP:DATA? {words}"))
        assert (b"BM", len(picture)) == struct.unpack("<2sI", picture[:6])


def test_what_a_scope_has_learnt_brings_its_settings_back() -> None:
    talk = scope()
    talk.send(":CHAN1:SCAL 0.2;LAB 'A;B'")
    learnt = talk.raw("*LRN?").decode("latin-1")
    talk.send("*RST")

    talk.send(learnt.removesuffix("\n"))

    assert (0.2, '"A;B"', 0) == (talk.value(":CHAN1:SCAL?"), talk.ask(":CHAN1:LAB?"), talk.error())


@pytest.mark.parametrize("branch", ["TRIGger", "TRIG:EDGE", "EXT", "WAV", "DISP", "HARD", "MARK", "ACQ", "TIM", "CHAN1"])
def test_a_branch_describes_itself_in_one_line(branch: str) -> None:
    talk = scope()

    assert talk.ask(f":{branch}?").startswith(f":{branch[:4].split(':', maxsplit=1)[0]}")
    assert 0 == talk.error()


def test_setup_files_are_the_numbered_memories() -> None:
    talk = scope(SQUARE)
    talk.send(":CHAN1:SCAL 0.2;:SAVE:SETup 3;:CHAN1:SCAL 1")

    talk.send(":RECall:SETup 3")

    assert (0.2, 0) == (talk.value(":CHAN1:SCAL?"), talk.error())


def test_setups_are_kept_in_files_too_and_a_file_that_is_not_there_is_an_error() -> None:
    talk = scope(SQUARE)
    talk.send(":CHAN1:SCAL 0.2;:SAVE:SETup 'mine';:SAVE:IMAGe 'screen.png';:CHAN1:SCAL 1")

    talk.send(":RECall:SETup 'mine'")

    assert (0.2, 0) == (talk.value(":CHAN1:SCAL?"), talk.error())
    talk.send(":RECall:SETup 'yours'")
    assert -256 == talk.error()


def test_markers_tell_how_far_they_are_apart() -> None:
    talk = scope()

    talk.send(":MARK:MODE MAN;X1P 1E-3;X2P 3E-3")

    assert 2e-3 == pytest.approx(talk.value(":MARK:XDEL?"))


def test_blank_by_itself_takes_all_channels_off_the_screen() -> None:
    talk = scope(setup=":VIEW CHAN2;:BLAN")

    assert ["0", "0"] == [talk.ask(f":CHAN{number}:DISP?") for number in (1, 2)]
    talk.send(":VIEW")
    assert -109 == talk.error()
