"""What each defect does to currents and pulses, beside the healthy twin: the unit of the same seed and serial without it.

PRODUCT.md, "Defects", and the rows of "Model of a unit" they change. What defects do to the shut-off is in test_clockwork.py,
what a weak cell does in test_battery.py, and what a contact detection that is always on does in test_currents.py.
"""

from collections.abc import Mapping

import numpy as np
import pytest

from tests.closed_forms import paper
from tests.closed_forms.bench import Bench
from tests.closed_forms.bench import bench as opened

pytestmark = pytest.mark.process

SPEED = 100.0
OFFSETS = 4 * 0.6e-6
"""I_os, 0.6 uA, may or may not follow what scales a level ("command"): four of it."""

DEFECTS = (
    "wrong_sense",
    "oscillator",
    "stuck_fet",
    "bridge_leg",
    "dc_imbalance",
    "noisy",
    "level_map",
    "no_soft_start",
    "charge_interlock",
    "dead",
)
SERIALS = {defect: f"UNIT-{slot}" for slot, defect in enumerate(DEFECTS, 1)}
SLOTS = {defect: slot for slot, defect in enumerate(DEFECTS, 1)}

Truths = Mapping[str, dict[str, float]]


@pytest.fixture(scope="module")
def twins() -> Truths:
    """Return the truths of the healthy twins by their sisters' defects."""
    with opened(SPEED) as other:
        return {defect: other.operator.place(1, serial) for defect, serial in SERIALS.items()}


@pytest.fixture(scope="module")
def truths(bench: Bench) -> Truths:
    """Put a unit with each defect into a slot of its own, and return their truths."""
    return {defect: bench.operator.place(SLOTS[defect], serial, defect) for defect, serial in SERIALS.items()}


def _levels(bench: Bench, slot: int) -> list[float]:
    """Return the positive plateaus of levels 1, 2 and 3 through 500 ohm, in amperes."""
    heights = []
    for level in (1, 2, 3):
        bench.start(slot, 500, level)
        heights.append(bench.height(slot, 500)[0])
        bench.stop(slot)
    return heights


def _healthy(twin: dict[str, float]) -> list[float]:
    return [twin[f"CUR.{level}10"] * 1e-6 for level in (1, 2, 3)]


@pytest.mark.usefixtures("truths")
def test_a_wrong_sense_resistor_scales_all_levels_alike(bench: Bench, twins: Truths) -> None:
    # "All levels ×0.82 or ×1.22".
    seen, healthy = _levels(bench, SLOTS["wrong_sense"]), _healthy(twins["wrong_sense"])

    factor = 0.82 if seen[2] < healthy[2] else 1.22
    for height, sound in zip(seen, healthy, strict=True):
        assert height == pytest.approx(factor * sound, abs=0.22 * OFFSETS + 0.1e-6 + 5e-4 * sound)


@pytest.mark.usefixtures("truths")
def test_a_wrong_level_map_swaps_two_levels_and_leaves_the_third(bench: Bench, twins: Truths) -> None:
    # A level is one height: the heights are those of the twin in another order. dL goes with the level or with the key: 4·0.6 %.
    seen, healthy = _levels(bench, SLOTS["level_map"]), _healthy(twins["level_map"])

    assert sorted(seen) == pytest.approx(healthy, rel=0.024)
    assert sum(round(height / healthy[0]) == 2**place for place, height in enumerate(seen)) == 1


@pytest.mark.usefixtures("truths")
def test_without_soft_start_the_first_pulse_has_the_height_of_all(bench: Bench, twins: Truths) -> None:
    slot = SLOTS["no_soft_start"]
    bench.fixture.do(f"LOAD {slot} 2000")
    bench.look(slot)
    bench.arm(1, nplc=0.02, delay=1e-3, count=4)
    bench.fixture.do(f"KEY {slot} start 3")
    volts = bench.meter.numbers("FETC?")
    bench.stop(slot)

    assert volts / 1000 == pytest.approx(np.full(4, twins["no_soft_start"]["CUR.311"] * 1e-6), rel=1e-3)


def test_an_oscillator_that_is_off_moves_frequency_and_widths_and_not_their_product(
    bench: Bench, truths: Truths, twins: Truths
) -> None:
    # "Off ±4–12 %": of the twin's, whose own d is part of it or not (4·0.35 %). PW·f = 0.05 ("osc").
    slot = SLOTS["oscillator"]
    bench.start(slot, 2000)
    bench.wait(10)
    log = bench.fixture.do(f"PULSES? {slot}")
    bench.stop(slot)

    frequency = (int(log["count"]) - 1) / (int(log["last"]) - int(log["first"])) * 1e6
    wrong = abs(frequency / twins["oscillator"]["WAV.010"] - 1)
    assert 0.04 - 0.014 <= wrong <= 0.12 + 0.014
    assert truths["oscillator"]["WAV.010"] == pytest.approx(frequency, rel=paper.CRYSTALS)
    assert truths["oscillator"]["WAV.020"] * 1e-3 * frequency == pytest.approx(0.05, rel=1e-4)


def test_a_stuck_transistor_leaks_5_to_200_microamperes_running_and_off(bench: Bench, truths: Truths) -> None:
    # While it runs, a mean over 2 s that begins anywhere is wrong by a phase's charge at most, 2 uC/2 s = 1 uA, of two opposite
    # phases; after off there is only the direct current, which has the same size but for I_dc's own 4·0.05 uA, a·I·PW·f (2 % of
    # 20 uA) and the leakage.
    slot = SLOTS["stuck_fet"]
    bench.start(slot, 2000)
    bench.look(slot)
    running = float(bench.volts(1, nplc=100).mean()) / 1000
    bench.fixture.do(f"KEY {slot} stop")
    bench.wait(5)
    off = float(bench.volts(1, nplc=100).mean()) / 1000
    bench.stop(slot)

    assert 5e-6 - 1e-6 <= abs(off) <= 200e-6 + 1e-6
    assert running == pytest.approx(off, abs=1.0e-6 + 0.2e-6 + 0.4e-6 + 0.5e-6)
    assert off == pytest.approx(truths["stuck_fet"]["LEK.010"] * 1e-6, abs=paper.current_error(off, 1000, 1) + 10e-9)


@pytest.mark.usefixtures("truths")
def test_a_dead_bridge_leg_gives_half_a_pulse_that_peaks_as_ever(bench: Bench, twins: Truths) -> None:
    # The one phase is the twin's, the other nothing: mean I·PW·f = 20 uA, mean square I²·PW·f, and of that the AC-coupled meter
    # sees what the mean leaves: I·sqrt(0.05 - 0.05²). The meter's errors as in test_meter.py; the crest factor is then 4.6, for
    # which 0.4 % are allowed.
    slot, twin = SLOTS["bridge_leg"], paper.train_of(twins["bridge_leg"], 2000)
    bench.start(slot, 2000)
    height, error = bench.height(slot, 2000)
    other, _ = bench.height(slot, 2000, delay=6.3e-3)
    alternating = bench.effective(1) / 1000 * (1 + 1e-3)
    direct = bench.volts(1, nplc=10, delay=20e-3, count=10, source="EXT").mean() / 1000
    bench.stop(slot)

    assert height == pytest.approx(twin.positive + twin.direct, abs=error)
    assert abs(other) <= 0.3e-6
    assert alternating == pytest.approx(twin.positive * (0.05 - 0.05**2) ** 0.5, rel=0.0075, abs=0.3e-6)
    assert direct == pytest.approx(2 * twin.positive * twin.width / 0.2 + twin.direct, abs=paper.current_error(20e-6, 1000, 1))


@pytest.mark.usefixtures("truths")
def test_a_dc_imbalance_shows_in_both_phases_and_as_direct_current(bench: Bench, twins: Truths) -> None:
    # I(1 + a/2) and I(1 - a/2) with |a| from 8 to 20 %; their mean is the twin's I, and their difference times PW is the charge
    # of each pulse, two of which lie in 0.2 s from quiet to quiet. I_dc is in both plateaus, once with each sign, and in the
    # mean: some 0.05 uA, four of it.
    slot, twin = SLOTS["dc_imbalance"], paper.train_of(twins["dc_imbalance"], 2000)
    bench.start(slot, 2000)
    positive, error = bench.height(slot, 2000)
    negative, _ = bench.height(slot, 2000, delay=6.3e-3)
    direct = bench.volts(1, nplc=10, delay=20e-3, count=10, source="EXT").mean() / 1000
    bench.stop(slot)

    middle = (positive - negative) / 2
    assert middle == pytest.approx((twin.positive + twin.negative) / 2, abs=error)
    assert 0.08 - 0.002 <= abs(positive + negative) / middle <= 0.20 + 0.002
    assert direct == pytest.approx(2 * (positive + negative) * twin.width / 0.2, abs=0.2e-6)


def test_a_noisy_unit_makes_5_to_30_microamperes(bench: Bench, truths: Truths) -> None:
    # On the charger nothing but noise and ripple flows: 1 % of reading and 0.04 % of the range of 100 mV. Its mean over 2 s is
    # nothing: of noise of a bandwidth of 1 kHz or more it would be 30 uA/sqrt(2·1 kHz·2 s) = 0.5 uA at most.
    slot = SLOTS["noisy"]
    bench.fixture.do(f"CHARGER {slot} on")
    bench.start(slot, 2000)
    bench.look(slot)
    seen = bench.effective(0.1) / 1000 * (1 + 1e-3)
    mean = bench.volts(1, nplc=100)[0] / 1000
    bench.stop(slot)

    assert abs(mean) <= 4 * 0.5e-6
    assert 5e-6 - 0.1e-6 <= seen <= 30e-6 + 0.4e-6
    assert seen == pytest.approx(truths["noisy"]["CHG.010"] * 1e-6, rel=0.01, abs=0.04e-6)


@pytest.mark.usefixtures("truths")
def test_a_broken_charge_interlock_gives_full_output_on_the_charger(bench: Bench, twins: Truths) -> None:
    slot = SLOTS["charge_interlock"]
    bench.fixture.do(f"CHARGER {slot} on")
    bench.start(slot, 2000)
    height, error = bench.height(slot, 2000)
    bench.stop(slot)

    assert height == pytest.approx(twins["charge_interlock"]["CUR.311"] * 1e-6, abs=error)


@pytest.mark.usefixtures("truths")
def test_a_dead_unit_is_silent_on_a_loop_that_is_sound(bench: Bench) -> None:
    slot = SLOTS["dead"]
    bench.start(slot, 2000)
    heard = bench.uart(slot, "VER?")
    log = bench.fixture.do(f"PULSES? {slot}")
    bench.stop(slot)

    assert bench.fixture.do(f"LOOP {slot}") == {"loop": "pass"}
    assert (heard, log["state"]) == ("", "armed")
