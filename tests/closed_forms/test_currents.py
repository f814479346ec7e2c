"""How much current flows through each load at each level: a current source with a compliance limit and an output resistance.

PRODUCT.md, "Model of a unit", the rows *command*, *comply* and *numbers*.
"""

import pytest

from tests.closed_forms import paper
from tests.closed_forms.bench import Bench

pytestmark = pytest.mark.process

SPEED = 100.0
LOADS = 1e-3
"""Part of a load by which it may be off: only its sense resistor has a certificate, and 0.1 % is a common grade of the rest."""


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_level_divides_between_output_resistance_and_load(bench: Bench, level: int) -> None:
    # Far below compliance (400 uA of 13.5 V / 10 kohm = 1350 uA: (400/1350)^12/12 = 4e-8) the current is the commanded one, and
    # I_out = I·Ro/(Ro + R): 0.99990 of it through 500 ohm, 0.99960 through 2 kohm, 0.99800 through 10 kohm.
    truth = bench.operator.place(1, f"LEVEL-{level}")
    command = truth[f"CUR.{level}10"] * 1e-6 * (5e6 + 500) / 5e6
    bench.start(1, 500, level)

    for load in (500, 2000, 10_000):
        bench.fixture.do(f"LOAD 1 {load}")
        seen, error = bench.height(1, load)

        assert seen == pytest.approx(command * 5e6 / (5e6 + load), abs=error)

    bench.stop(1)


def test_the_highest_level_sags_into_30_kilohm_by_the_soft_minimum_with_the_compliance_limit(bench: Bench) -> None:
    # I_lim = 13.5 V / 30 kohm = 450 uA; I = (400^-12 + 450^-12)^(-1/12) = 392.8 uA; ·5/5.03 = 390.5 uA (the table says 390).
    # The phases' (1 ± a/2) multiplies what came out ("phase"), so the soft minimum is of the mean of both, and I_dc is not in it.
    # Contact, relay and the load's own 0.1 % move it by a fifth of their share: I/I_lim = 0.88, and 0.88^12 = 0.2.
    truth = bench.operator.place(1, "COMPLIANCE")
    through = paper.train_of(truth, 500)
    command = (through.positive + through.negative) / 2 * (5e6 + 500) / 5e6
    expected = paper.delivered(command, 30_000) * through.positive * 2 / (through.positive + through.negative) + through.direct

    bench.start(1, 30_000)
    seen, error = bench.height(1, 30_000)
    bench.stop(1)

    assert paper.delivered(400e-6, 30_000) == pytest.approx(390.5e-6, abs=0.05e-6)
    assert seen == pytest.approx(expected, abs=error + LOADS / 5 * expected)
    assert truth["CUR.313"] * 1e-6 == pytest.approx(expected, rel=1e-4)


def test_the_lowest_level_does_not_feel_the_compliance_limit(bench: Bench) -> None:
    # (100/450)^12/12 = 1e-9 through 30 kohm: what is left is the output resistance, 5/5.03.
    command = bench.operator.place(1, "LOWEST")["CUR.110"] * 1e-6 * (5e6 + 500) / 5e6

    bench.start(1, 30_000, 1)
    seen, error = bench.height(1, 30_000)
    bench.stop(1)

    assert seen == pytest.approx(command * 5e6 / 5.03e6, abs=error)


def test_a_unit_whose_contact_detection_is_always_on_drives_200_kilohm_at_its_compliance(bench: Bench) -> None:
    # "Full output into 200k": I_lim = 13.5 V / 200 kohm = 67.5 uA, (67.5/400)^12/12 is nothing, so the command does not matter;
    # ·5/5.2 = 64.9 uA, of which the positive phase has (1 + a/2). tau is 0.4 ms: 4 ms behind the edge e^-10 is missing, and
    # the mean of 0.4 ms from there lacks e^-10 to e^-11, 3e-5 of it.
    truth = bench.operator.place(1, "OPEN-EYED", "contact_always")
    through = paper.train_of(truth, 500)
    lean = through.positive * 2 / (through.positive + through.negative)

    bench.start(1, 200_000)
    bench.look(1)
    volts = bench.volts(1, nplc=0.02, delay=4e-3, count=20, source="EXT")
    bench.stop(1)

    expected = 67.5e-6 * 5 / 5.2 * lean + through.direct
    error = paper.current_error(expected, 1000, 1, paper.standard_error(volts) / 1000)
    assert volts.mean() / 1000 == pytest.approx(expected, abs=error + (LOADS + 1e-4) * expected)


@pytest.mark.parametrize("load", [500, 2000, 10_000, 30_000])
def test_the_negative_phase_flows_as_the_positive_but_for_its_asymmetry(bench: Bench, load: int) -> None:
    # -I(1 - a/2) + I_dc, 5.5 ms behind the first edge ("phase"); the 4 ms of the aperture begin 0.8 ms later, where e^-13 of
    # the edge is left.
    train = paper.train_of(bench.operator.place(1, "NEGATIVE"), load)

    bench.start(1, load)
    seen, error = bench.height(1, load, delay=6.3e-3)
    bench.stop(1)

    assert seen == pytest.approx(-train.negative + train.direct, abs=error)


def test_the_hardware_limiter_lets_no_more_than_600_microamperes_out(bench: Bench) -> None:
    # A lot without spread whose currents are 30 % high, and a wrong sense resistor: 400·1.3·1.22 = 634 uA, so the limiter has
    # both phases ("comply"). The factor is 0.82 or 1.22 of each unit: one of eight is the greater but for once in 256. At 30
    # kohm the compliance is below the limiter: (634^-12 + 450^-12)^(-1/12)·5/5.03 = 446.7 uA, and the load's own 0.1 % counts
    # in full.
    bench.operator.do("LOT 0 0.3")
    truths = {serial: bench.operator.place(2, serial, "wrong_sense") for serial in map("LIMITED-{}".format, range(8))}
    bench.operator.do("LOT 1 0")
    serial = next(serial for serial, truth in truths.items() if truth["CUR.110"] > 130)
    bench.operator.place(2, serial, "wrong_sense")

    bench.start(2, 500)
    positive, error = bench.height(2, 500)
    negative, _ = bench.height(2, 500, delay=6.3e-3)
    bench.fixture.do("LOAD 2 30000")
    sagged, sagged_error = bench.height(2, 30_000)
    bench.stop(2)

    assert positive == pytest.approx(600e-6, abs=error + 1e-4 * 600e-6)
    assert negative == pytest.approx(-600e-6, abs=error + 1e-4 * 600e-6)
    assert sagged == pytest.approx(paper.delivered(400e-6 * 1.3 * 1.22, 30_000), abs=sagged_error + LOADS * 450e-6)
