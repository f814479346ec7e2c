"""The service pads: exact words in, exact words out."""

import numpy as np
import pytest

from station.simulator.physics.climate import Climate
from station.simulator.physics.drive import Circuit
from station.simulator.physics.parts import PERFECT
from station.simulator.physics.streams import stream
from station.simulator.physics.unit import Unit


def unit() -> Unit:
    made = Unit("MC100-7", PERFECT, Climate(0.0), stream("noise"), 0.0)
    made.connect(Circuit(2000.0, 2000.0), 0.0)
    return made


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        (b"VER?\n", b"VER 1.4.2\n"),
        (b"SN?\r\n", b"SN MC100-7\n"),
        (b"CRC?\r", b"CRC 8F3A\n"),
        (b"TIMER?\n", b"TIMER 1170\n"),
        (b"MODE?\n", b"MODE NORMAL\n"),
        (b"LEVEL 3\n", b"OK\n"),
        (b"LEVEL 4\n", b"ERR\n"),
        (b"START\n", b"OK\n"),
        (b"STOP\n", b"OK\n"),
        (b"ACC 60\n", b"OK\n"),
        (b"ACC 0\n", b"ERR\n"),
        (b"ACC many\n", b"ERR\n"),
        (b"EXIT\n", b"OK\n"),
        (b"ver?\n", b"ERR\n"),
        (b"\xff\xfe\n", b"ERR\n"),
        (b"x" * 1000 + b"\n", b"ERR\n"),
        (b"\n\r\n", b""),
        (b"VER?\nCRC?\n", b"VER 1.4.2\nCRC 8F3A\n"),
    ],
)
def test_a_line_has_its_answer(heard: bytes, said: bytes) -> None:
    made = unit()

    made.service.hear(heard, 1.0)

    assert made.service.say(1.1) == said


def test_a_line_may_come_byte_by_byte() -> None:
    made = unit()

    for byte in b"VER?\n":
        made.service.hear(bytes([byte]), 1.0)

    assert made.service.say(1.1) == b"VER 1.4.2\n"


def test_an_answer_takes_its_time() -> None:
    made = unit()
    made.service.hear(b"VER?\n", 1.0)

    assert made.service.say(1.002) == b""
    assert made.service.say(1.003) == b"VER 1.4.2\n"
    assert made.service.say(2.0) == b""


def test_a_command_enters_service_mode_a_query_does_not_and_exit_leaves_it() -> None:
    made = unit()

    made.service.hear(b"VER?\nMODE?\nLEVEL 2\nMODE?\nEXIT\nMODE?\n", 1.0)

    assert made.service.say(2.0) == b"VER 1.4.2\nMODE NORMAL\nOK\nMODE SERVICE\nOK\nMODE NORMAL\n"


def test_start_runs_at_the_chosen_level_and_exit_switches_off() -> None:
    made = unit()
    made.service.hear(b"LEVEL 2\nSTART\n", 0.0)
    made.advance(3.0)
    train = made.history.last.train
    made.service.hear(b"EXIT\n", 3.0)

    assert train is not None
    assert train.positive == pytest.approx(200e-6, rel=1e-3)
    assert not made.engine.on


def test_exit_puts_the_timer_back_to_its_own_pace() -> None:
    made = unit()
    made.service.hear(b"ACC 60\nEXIT\n", 0.0)
    made.engine.start(3, 1.0)
    made.advance(1000.0)

    assert made.engine.on
    assert np.isfinite(made.history.last.start)


def test_a_unit_that_charges_refuses_to_start() -> None:
    made = unit()
    made.engine.charger(True, 0.0)
    made.service.hear(b"START\n", 1.0)

    assert made.service.say(2.0) == b"ERR\n"
