"""What a unit says and does on its service pads.

PRODUCT.md, "Model of a unit", the row *service*, and the limit table's ID.030. How a word is answered is not stated:
an answer is held to contain what was asked for.
"""

import pytest

from tests.closed_forms.bench import Bench

pytestmark = pytest.mark.process

SPEED = 100.0


def test_a_unit_knows_its_serial_and_the_1170_seconds_of_its_timer(bench: Bench) -> None:
    bench.operator.place(1, "SPEAKING")

    assert "SPEAKING" in bench.uart(1, "SN?")
    assert "1170" in bench.uart(1, "TIMER?")


@pytest.mark.parametrize("level", [1, 2, 3])
def test_started_on_its_pads_it_gives_the_level_that_was_asked_for(bench: Bench, level: int) -> None:
    # The same current as by its keys: CUR.x11 through 2 kohm.
    truth = bench.operator.place(2, f"SERVED-{level}")
    bench.fixture.do("LOAD 2 2000")
    bench.uart(2, f"LEVEL {level}")
    bench.uart(2, "START")
    bench.wait(2)

    height, error = bench.height(2, 2000)
    bench.stop(2)

    assert height == pytest.approx(truth[f"CUR.{level}11"] * 1e-6, abs=error)


def test_stopped_on_its_pads_it_is_off(bench: Bench) -> None:
    bench.operator.place(3, "STOPPED")
    bench.start(3, 2000)

    bench.uart(3, "STOP")
    bench.wait(2)
    seen = bench.fixture.do("PULSES? 3")
    bench.stop(3)

    assert (seen["state"], seen["after"]) == ("off", "0")
