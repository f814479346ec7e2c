"""What the battery gives: an open-circuit voltage behind a resistance, and a few currents out of it.

PRODUCT.md, "Model of a unit", the row *battery*: Vb = OCV(SOC) - Ib·Rint; Ib(L3) 14 mA, off 4 uA, haptic peak 120 mA.
Spread: SOC U(0.45, 0.75), Rint N(0.25, 0.05) ohm. How far the currents of a unit may be from these is not stated.
"""

import numpy as np
import pytest

from tests.closed_forms import paper
from tests.closed_forms.bench import Bench

pytestmark = pytest.mark.process

SPEED = 100.0
SOC = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)
OCV = (3.00, 3.35, 3.50, 3.61, 3.67, 3.71, 3.76, 3.84, 3.93, 4.02, 4.10, 4.18)
MOTOR, RUNNING = 120e-3, 14e-3


@pytest.mark.parametrize("serial", ["CELL-1", "CELL-2", "CELL-3"])
def test_the_motor_sags_the_cell_by_120_milliamperes_times_its_resistance(bench: Bench, serial: str) -> None:
    # Rest minus reading under the motor, 50 ms into its 200 ms: MOTOR·Rint, both on one range, so its offset goes and 35 ppm of
    # 30 mV are left: 1 uV; with the step of 10 uV of each, 20 uV.
    truth = bench.operator.place(1, serial)
    bench.look(1, "battery")
    rest = bench.volts(10, nplc=1, count=4).mean()
    bench.arm(10, nplc=1, delay=50e-3)

    bench.fixture.do("KEY 1 haptic 500000")
    sag = rest - bench.meter.numbers("FETC?")[0]

    assert sag == pytest.approx(truth["BAT.040"] * 1e-3, abs=20e-6)
    assert sag / MOTOR == pytest.approx(0.25, abs=4 * 0.05)


def test_running_costs_the_cell_14_milliamperes_times_the_same_resistance(bench: Bench) -> None:
    # RUNNING·Rint, with Rint from the motor's sag; 14 mA for some seconds out of 500 mAh are 1e-5 of SOC, not 10 uV of it.
    # Steps of 10 uV, twice; what "14 mA" is worth of this unit is said by its own BAT.030.
    truth = bench.operator.place(2, "CELL-RUNNING")
    bench.look(2, "battery")
    rest = bench.volts(10, nplc=10, count=4).mean()

    bench.start(2, 10_000)
    under = bench.volts(10, nplc=10, count=4).mean()
    bench.stop(2)

    resistance = truth["BAT.040"] * 1e-3 / MOTOR
    assert truth["BAT.030"] * 1e-3 == pytest.approx(RUNNING, rel=0.1)
    assert rest - under == pytest.approx(truth["BAT.030"] * 1e-3 * resistance, abs=60e-6)


def test_one_ohm_in_the_lead_sees_the_current_that_runs_it(bench: Bench) -> None:
    truth = bench.operator.place(3, "LEAD")
    bench.start(3, 10_000)
    bench.look(3, "zero")
    zero = bench.volts(0.1, nplc=10, count=2).mean()
    bench.look(3, "shunt1")
    seen = bench.volts(0.1, nplc=10, count=2).mean() - zero
    bench.stop(3)

    assert seen == pytest.approx(truth["BAT.030"] * 1e-3, abs=paper.current_error(RUNNING, 1.0, 0.1))


def test_a_kilohm_in_the_lead_sees_what_an_idle_unit_takes(bench: Bench) -> None:
    # 4 uA over 1 kohm, the meter's 10 Mohm beside it.
    truth = bench.operator.place(4, "IDLE")
    bench.look(4, "zero")
    zero = bench.volts(0.1, nplc=10, count=2).mean()
    bench.look(4, "shunt1k")
    seen = (bench.volts(0.1, nplc=10, count=2).mean() - zero) / 1000 * (1 + 1e-4)

    assert seen == pytest.approx(truth["BAT.020"] * 1e-6, abs=paper.current_error(4e-6, 1000, 0.1))
    assert 0.5e-6 < seen < 15e-6


def test_at_rest_a_cell_shows_its_open_circuit_voltage(bench: Bench) -> None:
    # 4 uA·0.25 ohm is 1 uV. SOC 0.45 to 0.75 lies between 3.735 and 3.975 V on the curve.
    truth = bench.operator.place(5, "REST")
    bench.look(5, "battery")
    seen = bench.volts(10, nplc=10, count=2).mean()

    low, high = np.interp((0.45, 0.75), SOC, OCV)
    assert [low, high] == pytest.approx([3.735, 3.975])
    assert low <= truth["BAT.010"] <= high
    assert seen == pytest.approx(truth["BAT.010"], abs=paper.meter_error(4, 10) + 10e-6)


def test_a_weak_cell_looks_healthy_at_rest_and_sags_under_the_motor(bench: Bench) -> None:
    # "Rint 2–6 ohm: sag under load": 0.24 to 0.72 V by the resistance alone. The motor also empties the cell: until the
    # lock-out at 3.20 V it has at least 1 mAh, 3.6 C, for the 0.6 V or so from its rest; 120 mA for the 70 ms until the
    # reading's end cost up to 1.4 mV of them.
    truth = bench.operator.place(6, "WEAK", "weak_cell")
    bench.look(6, "battery")
    rest = bench.volts(10, nplc=1, count=4).mean()
    bench.arm(10, nplc=1, delay=50e-3)
    bench.fixture.do("KEY 6 haptic 500000")
    sag = rest - bench.meter.numbers("FETC?")[0]

    assert 3.65 <= rest <= 4.00
    assert 0.24 - 0.01 <= sag <= 0.72 + 0.01
    assert sag == pytest.approx(truth["BAT.040"] * 1e-3, abs=1.4e-3)
