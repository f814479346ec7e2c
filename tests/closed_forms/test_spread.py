"""How units differ from each other: the spread of good ones, and how often each defect comes, over 1,500 truths.

PRODUCT.md, "Good-unit spread" and "Defects". Independent spreads add in squares. Means are held to five standard errors, standard
deviations to 6 % (three of theirs, 1/sqrt(2·1450) = 1.9 %; the units are always the same).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from math import log, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.closed_forms.bench import Bench
from tests.closed_forms.bench import bench as opened

pytestmark = pytest.mark.process

UNITS = 1500
SHARES = {
    "dead": 0.003, "weak_cell": 0.004, "wrong_sense": 0.003, "oscillator": 0.003, "stuck_fet": 0.001, "bridge_leg": 0.002,
    "no_shutoff": 0.001, "early_shutoff": 0.002, "dc_imbalance": 0.004, "noisy": 0.003, "contact_slot": 0.7 * 0.005,
    "contact_unit": 0.3 * 0.005, "contact_always": 0.001, "level_map": 0.001, "no_soft_start": 0.001, "charge_interlock": 0.0005,
    "service_mode": 0.001, "timer_restart": 0.001,
}  # fmt: skip
"""Of all units; of intermittent contacts 70 % are the slot's and 30 % the unit's."""


Lot = list[tuple[tuple[str, ...], dict[str, float]]]
"""Defects and true values of each unit."""
Rows = Callable[[str], NDArray[np.float64]]
"""What gives the true values of a row."""


@pytest.fixture(scope="module")
def natural() -> Iterator[Bench]:
    with opened(1.0, defects="natural") as served:
        yield served


@pytest.fixture(scope="module")
def lot(natural: Bench) -> Lot:
    """Return defects and true values of so many units as production makes them."""
    return [_placed(natural, f"LOT-{number}") for number in range(UNITS)]


@pytest.fixture(scope="module")
def good(lot: Lot) -> Rows:
    """Return what gives the true values of a row, of all units without a defect."""
    healthy = [values for defects, values in lot if not defects]
    return lambda row: np.array([values[row] for values in healthy])


def _placed(bench: Bench, serial: str, defect: str = "") -> tuple[tuple[str, ...], dict[str, float]]:
    bench.operator.do(f"PLACE 1 {serial} {defect}".strip())
    told = json.loads(bench.operator.do("TRUTH 1"))
    bench.operator.do("REMOVE 1")
    return tuple(told["defects"]), told["values"]


def _assert_spread(values: NDArray[np.float64], mean: float, deviation: float) -> None:
    """Hold `values` to a mean and a standard deviation, in their own unit."""
    assert values.mean() == pytest.approx(mean, abs=5 * deviation / sqrt(values.size))
    assert values.std() == pytest.approx(deviation, rel=0.06)


@pytest.mark.parametrize(("row", "level", "own"), [("CUR.111", 100, 0.6), ("CUR.211", 200, 0.4), ("CUR.311", 400, 0.3)])
def test_the_levels_spread_by_their_common_gain_and_each_by_its_own(good: Rows, row: str, level: float, own: float) -> None:
    # In per cent: g = U(±1) + N(1.15) + N(1.35), dL, half of a's 0.5 in the positive phase, I_os of 0.6 uA. Through 2 kohm, at
    # Ro/(Ro + R).
    percent = sqrt(1 / 3 + 1.15**2 + 1.35**2 + own**2 + 0.25**2 + (0.6 / level * 100) ** 2)

    _assert_spread(good(row), level * 5 / 5.002, level * percent / 100)


def test_ratios_of_levels_do_not_know_the_common_gain(good: Rows) -> None:
    # d(L2/L1)/(L2/L1) = d2 - d1 + I_os(1/200 - 1/100): 0.4, 0.6 and 0.3 %; L3/L2: 0.3, 0.4 and 0.15 %.
    _assert_spread(good("CUR.340"), 2.0, 2 * sqrt(0.4**2 + 0.6**2 + 0.3**2) / 100)
    _assert_spread(good("CUR.341"), 2.0, 2 * sqrt(0.3**2 + 0.4**2 + 0.15**2) / 100)


def test_one_oscillator_makes_frequency_width_and_shut_off(good: Rows) -> None:
    # d0 0.35 %; 2 K·50 ppm/K and 0.2 V·0.1 %/V are small beside it. PW·f = 0.05, and the last pulse before T_off = 11700/f is
    # the 11700th.
    frequency = good("WAV.010")

    _assert_spread(frequency, 10.0, 0.035)
    assert good("WAV.020") * frequency == pytest.approx(np.full(frequency.size, 50.0), rel=1e-6)
    assert good("TIM.010") * frequency == pytest.approx(np.full(frequency.size, 11_699.0), rel=1e-6)
    assert good("TIM.020") * frequency == pytest.approx(np.full(frequency.size, 194.0), rel=1e-6)


def test_asymmetry_direct_current_and_leakage_spread_as_they_say(good: Rows) -> None:
    # a 0.5 %; I_dc N(0, 0.05 uA), which is what the direct current has beside the charge of the pulses; leakage lognormal,
    # median 20 nA, sigma 0.8. The asymmetry of two plateaus contains 2 I_dc/I: 0.025 %.
    direct = good("WAV.060") - good("WAV.050") * 1e-3 * good("WAV.010")

    _assert_spread(good("WAV.070"), 0.0, sqrt(0.5**2 + 0.025**2))
    _assert_spread(direct, 0.0, 0.05)
    _assert_spread(np.log(good("LEK.010")), log(0.020), 0.8)


def test_net_charge_is_the_asymmetry_of_the_phase_charge(good: Rows) -> None:
    # Q+ = I(1 + a/2)·PW, Q+ - Q- = a·I·PW: Q_net/Q+ = a/(1 + a/2). WAV.070 is a and 2 I_dc/I (up to 5·0.025 %).
    a = good("WAV.050") / good("WAV.040") / 1000  # nC over uC
    asymmetry = a / (1 - a / 2)

    assert 100 * asymmetry == pytest.approx(good("WAV.070"), abs=0.125)


def test_cells_are_45_to_75_percent_full_behind_a_quarter_of_an_ohm(good: Rows) -> None:
    # SOC U(0.45, 0.75) through the curve of OCV; Rint N(0.25, 0.05) ohm under the motor's 120 mA.
    soc = np.interp(good("BAT.010"), (3.71, 3.76, 3.84, 3.93, 4.02), (0.4, 0.5, 0.6, 0.7, 0.8))

    assert 0.45 - 1e-4 <= soc.min() < 0.46
    assert 0.74 < soc.max() <= 0.75 + 1e-4
    _assert_spread(soc, 0.6, 0.3 / sqrt(12))
    _assert_spread(good("BAT.040"), 30.0, 6.0)


def test_defects_come_as_often_as_their_shares_say(lot: Lot) -> None:
    # By chance (Poisson), each within five roots of what is expected and one more; all 3.65 % together within four.
    seen = Counter(defect for defects, _ in lot for defect in defects)

    assert set(seen) <= set(SHARES)
    for defect, share in SHARES.items():
        assert abs(seen[defect] - share * UNITS) <= 5 * sqrt(share * UNITS) + 1
    together = sum(SHARES.values()) * UNITS
    assert together == pytest.approx(0.0365 * UNITS)
    assert sum(seen.values()) == pytest.approx(together, abs=4 * sqrt(together))


def test_a_marginal_lot_is_twice_as_wide_about_a_mean_six_percent_higher(natural: Bench) -> None:
    # "LOT 2 0.06": all of the spread of CUR.311 (1.906 % of 400 uA) twice, about 1.06·399.84 uA.
    natural.operator.do("LOT 2 0.06")
    marginal = np.array([_placed(natural, f"MARGINAL-{number}", "good")[1]["CUR.311"] for number in range(400)])
    natural.operator.do("LOT 1 0")

    deviation = 2 * 400 * sqrt(1 / 3 + 1.15**2 + 1.35**2 + 0.3**2 + 0.25**2 + 0.15**2) / 100
    assert marginal.mean() == pytest.approx(1.06 * 400 * 5 / 5.002, abs=5 * 1.06 * deviation / 20)
    assert marginal.std() == pytest.approx(1.03 * deviation, rel=0.03 + 5 / sqrt(800))
