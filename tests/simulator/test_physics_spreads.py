"""Two thousand drawn units against the product's spreads and shares; and the same unit in every process."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from station.simulator.physics.defects import DEFECTS
from station.simulator.physics.draw import Process, draw
from station.simulator.physics.parts import Parts
from station.simulator.ports import Floats

COUNT = 2000


@pytest.fixture(scope="module")
def units() -> list[Parts]:
    return [draw(7, f"S{n}", ())[0] for n in range(COUNT)]


def column(units: list[Parts], name: str) -> Floats:
    return np.array([getattr(parts, name) for parts in units], dtype=np.float64)


@pytest.mark.parametrize(
    ("name", "mean", "sigma"),
    [
        ("gain", 0.0, math.sqrt(0.01**2 / 3 + 0.0115**2 + 0.0135**2)),
        ("offset", 0.0, 0.6e-6),
        ("per_kelvin", 0.0, 150e-6),
        ("detune", 0.0, 0.0035),
        ("detune_per_kelvin", 0.0, 50e-6),
        ("detune_per_volt", 0.0, 1e-3),
        ("asymmetry", 0.0, 0.005),
        ("direct", 0.0, 0.05e-6),
        ("contact_ohm", 60e3, 24e3 / math.sqrt(12)),
        ("soc", 0.60, 0.30 / math.sqrt(12)),
        ("capacity", 1800.0, 15 * 3.6),
        ("resistance", 0.25, 0.05),
    ],
)
def test_a_part_has_its_mean_and_spread(units: list[Parts], name: str, mean: float, sigma: float) -> None:
    values = column(units, name)

    assert values.mean() == pytest.approx(mean, abs=4 * sigma / math.sqrt(COUNT))
    assert values.std() == pytest.approx(sigma, rel=4 / math.sqrt(2 * COUNT))


@pytest.mark.parametrize(("level", "sigma"), [(0, 0.006), (1, 0.004), (2, 0.003)])
def test_each_level_has_its_own_spread(units: list[Parts], level: int, sigma: float) -> None:
    values = np.array([parts.level_gains[level] for parts in units])

    assert values.std() == pytest.approx(sigma, rel=4 / math.sqrt(2 * COUNT))


@pytest.mark.parametrize("name", ["offset", "detune", "asymmetry", "direct", "capacity", "gain"])
def test_a_wider_process_has_the_same_units_further_from_their_mean(name: str) -> None:
    mean = {"capacity": 1800.0}.get(name, 0.0)
    narrow = column([draw(7, f"S{n}", ())[0] for n in range(20)], name)
    wide = column([draw(7, f"S{n}", (), Process(spread=2.0))[0] for n in range(20)], name)

    assert list(2.0 * (narrow - mean)) == pytest.approx(list(wide - mean), rel=1e-9, abs=1e-12)


def test_a_shifted_process_has_every_current_command_off_and_nothing_else() -> None:
    plain, _ = draw(7, "S1", ())
    shifted, _ = draw(7, "S1", (), Process(shift=-0.06))

    assert replace(plain, gain=plain.gain - 0.06) == shifted


def test_leakage_is_lognormal_around_20_nanoampere(units: list[Parts]) -> None:
    logs = np.log(column(units, "leakage"))

    assert logs.mean() == pytest.approx(math.log(20e-9), abs=4 * 0.8 / math.sqrt(COUNT))
    assert logs.std() == pytest.approx(0.8, rel=4 / math.sqrt(2 * COUNT))


def test_each_defect_has_its_share() -> None:
    many = 20_000
    fates = [name for n in range(many) for name in _fate(n)]

    for name, defect in DEFECTS.items():
        expected = defect.share * many
        assert fates.count(name) == pytest.approx(expected, abs=4 * math.sqrt(expected) + 1), name
    assert sum(defect.share for defect in DEFECTS.values()) == pytest.approx(0.0365)


def _fate(number: int) -> tuple[str, ...]:
    return draw(3, f"S{number}", None)[1]


def test_a_forced_defect_leaves_the_other_parts_as_they_are() -> None:
    good, _ = draw(1, "S1", ())
    bad, names = draw(1, "S1", ("dc_imbalance",))

    assert names == ("dc_imbalance",)
    assert bad.gain == good.gain
    assert bad.asymmetry != good.asymmetry


def test_seed_and_serial_make_the_unit_and_nothing_else_does() -> None:
    assert draw(1, "S1", None) == draw(1, "S1", None)
    assert draw(1, "S1", ())[0] != draw(2, "S1", ())[0]
    assert draw(1, "S1", ())[0] != draw(1, "S2", ())[0]


@pytest.mark.process
def test_another_process_draws_the_same_unit() -> None:
    code = "from station.simulator.physics.draw import draw; print(repr(draw(1, 'S1', ('early_shutoff',))))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == repr(draw(1, "S1", ("early_shutoff",)))
