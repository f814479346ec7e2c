"""How large a defect is, over forty units with each: inside what is said, on both sides, and not all alike.

PRODUCT.md, "Defects". The sizes are read from the truth file, whose worth the other modules prove on the wire.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.closed_forms.bench import Bench

pytestmark = pytest.mark.process

SPEED = 1.0
UNITS = 40


def _truths(bench: Bench, defect: str) -> dict[str, NDArray[np.float64]]:
    """Return the true values of forty units with `defect`, by row (UNITS,) float64."""
    told = [bench.operator.place(1, f"{defect}-{number}", defect) for number in range(UNITS)]
    return {row: np.array([np.nan if values[row] is None else values[row] for values in told]) for row in told[0]}


def _assert_fills(sizes: NDArray[np.float64], low: float, high: float, slack: float = 0.0) -> None:
    """Hold `sizes` to low … high, and to both outer quarters: forty even ones miss one of these 2 times in 100,000."""
    assert low - slack <= sizes.min() < low + (high - low) / 4
    assert high - (high - low) / 4 < sizes.max() <= high + slack


def test_an_oscillator_is_4_to_12_percent_fast_or_slow(bench: Bench) -> None:
    # The unit's own d, 4·0.35 %, adds.
    wrong = _truths(bench, "oscillator")["WAV.010"] / 10 - 1

    _assert_fills(np.abs(wrong), 0.04, 0.12, slack=0.014)
    assert (wrong > 0).any()
    assert (wrong < 0).any()


def test_a_stuck_transistor_gives_5_to_200_microamperes(bench: Bench) -> None:
    # With I_dc (0.05 uA) and leakage (some 0.1 uA) beside it.
    _assert_fills(np.abs(_truths(bench, "stuck_fet")["LEK.010"]), 5, 200, slack=1)


def test_an_imbalance_is_8_to_20_percent_to_either_side(bench: Bench) -> None:
    # WAV.070 is a, and 2 I_dc/I: 5·0.025 %.
    percent = _truths(bench, "dc_imbalance")["WAV.070"]

    _assert_fills(np.abs(percent), 8, 20, slack=0.125)
    assert (percent > 0).any()
    assert (percent < 0).any()


def test_noise_is_5_to_30_microamperes(bench: Bench) -> None:
    # With the ripple's 0.5 uA in squares: 0.025 uA at 5.
    _assert_fills(_truths(bench, "noisy")["WAV.080"], 5, 30, slack=0.03)


def test_an_early_shut_off_comes_anywhere_between_30_and_1100_seconds(bench: Bench) -> None:
    # U(30, 1100): its mean of forty is known to 309/sqrt(40) = 49 s. The last pulse is up to a period before it.
    seconds = _truths(bench, "early_shutoff")["TIM.010"]

    _assert_fills(seconds, 30, 1100, slack=0.11)
    assert seconds.mean() == pytest.approx(565, abs=4 * 49)


def test_a_weak_cell_has_1_to_4_milliampere_hours_and_2_to_6_ohm(bench: Bench) -> None:
    # The charge is the running current (BAT.030, 14 mA or so) times the time until it locks out: 257 s for each mAh at 14 mA. The
    # motor's 120 mA·2 to 6 ohm are 240 to 720 mV.
    truths = _truths(bench, "weak_cell")

    _assert_fills(truths["TIM.010"] * truths["BAT.030"] / 3600, 1, 4, slack=0.01)
    _assert_fills(truths["BAT.040"], 240, 720, slack=1)


def test_a_wrong_sense_resistor_makes_all_of_it_082_or_122(bench: Bench) -> None:
    # The unit's own gain is 1.9 %: four of it apart from either factor.
    factors = _truths(bench, "wrong_sense")["CUR.311"] / 399.84
    low, high = factors[factors < 1], factors[factors > 1]

    assert low == pytest.approx(np.full(low.size, 0.82), rel=0.08)
    assert high == pytest.approx(np.full(high.size, 1.22), rel=0.08)
    assert min(low.size, high.size) >= 5


def test_a_dead_bridge_leg_costs_the_root_of_two_and_gives_20_microamperes(bench: Bench) -> None:
    # "RMS/1.414, DC 20 uA": RMS·sqrt(2) = I·sqrt(2·PW·f) = 0.3162 I, and the direct current is I·PW·f = 0.05 I, where I is the
    # plateau (CUR.311). I_dc is 0.05 uA.
    truths = _truths(bench, "bridge_leg")
    plateau = truths["CUR.311"]

    assert truths["CUR.320"] * 2**0.5 == pytest.approx(0.3162 * plateau, rel=0.002)
    assert np.abs(truths["WAV.060"]) == pytest.approx(0.05 * plateau, abs=0.25)
