"""The truth file: what is true of each placed unit, and the verdict it deserves."""

import io
import json
import math
from dataclasses import replace

import pytest

from station.simulator.physics.defects import DEFECTS, apply
from station.simulator.physics.draw import draw
from station.simulator.physics.parts import PERFECT
from station.simulator.rig import rig
from station.simulator.tolerances import TOLERANCES, outside
from station.simulator.truth import TruthFile
from station.simulator.worth import worth

OWN_ROWS = {
    "dead": {"ID.030", "CUR.310", "WAV.010", "TIM.010"},
    "weak_cell": {"BAT.040", "TIM.010"},
    "wrong_sense": {"CUR.110", "CUR.210", "CUR.310", "CUR.320"},
    "oscillator": {"WAV.010", "TIM.010"},
    "stuck_fet": {"WAV.060", "LEK.010"},
    "bridge_leg": {"CUR.320", "WAV.021", "WAV.060", "WAV.070"},
    "no_shutoff": {"TIM.010", "TIM.020"},
    "early_shutoff": {"TIM.010"},
    "dc_imbalance": {"WAV.060", "WAV.070"},
    "noisy": {"WAV.080"},
    "contact_slot": set(),
    "contact_unit": set(),
    "contact_always": {"CON.010", "CON.020"},
    "level_map": {"CUR.340"},
    "no_soft_start": {"CUR.350", "CUR.351"},
    "charge_interlock": {"CHG.010"},
    "service_mode": {"TIM.010"},
    "timer_restart": {"TIM.010", "TIM.050"},
}  # fmt: skip


def lines(*placed: str) -> list[dict[str, object]]:
    """The truth file after the operator has said `placed`, a second apart."""
    file = io.StringIO()
    made = rig(lambda: 0.0, truth_file=TruthFile(file))
    for moment, line in enumerate(placed):
        made.operator.receive(line.encode() + b"\n", float(moment))
    return [json.loads(line) for line in file.getvalue().splitlines()]


def test_a_perfect_unit_is_worth_its_drawing() -> None:
    values = worth(PERFECT, 0.55)

    expected = {
        "BAT.010": 3.80, "BAT.020": 4.0, "BAT.030": 14.0, "BAT.040": 30.0, "CUR.110": 100.0, "CUR.112": 99.8,
        "CUR.210": 200.0, "CUR.212": 199.6, "CUR.310": 400.0, "CUR.311": 399.8, "CUR.312": 399.2, "CUR.313": 390.0,
        "CUR.320": 126.5, "CUR.340": 2.0, "CUR.341": 2.0, "CUR.350": 25.0, "WAV.010": 10.0,
        "WAV.020": 5.0, "WAV.021": 5.0, "WAV.030": 0.5, "WAV.040": 2.0, "CON.010": 4.41, "LEK.010": 0.02,
        "TIM.010": 1169.9, "TIM.020": 19.4, "TIM.030": 11699.0, "CHG.010": 0.583, "CON.020": 0.6973, "WAV.080": 0.583,
    }  # fmt: skip
    assert {row: values[row] for row in expected} == pytest.approx(expected, rel=2e-3, abs=1e-3)
    assert [values[row] for row in ("WAV.050", "WAV.060", "WAV.070")] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert values["CUR.330"] == pytest.approx(-0.2, abs=0.02)
    assert outside(values) == []


def test_every_row_with_a_tolerance_has_a_true_value() -> None:
    assert set(worth(PERFECT, 0.55)) == set(TOLERANCES)


@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("serial", ["U1", "U2", "U3"])
def test_a_defect_is_outside_tolerance_in_its_own_rows(defect: str, serial: str) -> None:
    spoiled = apply(PERFECT, (defect,), 1, serial)

    assert OWN_ROWS[defect] <= set(outside(worth(spoiled, spoiled.soc)))


def test_a_direct_current_is_output_too_where_there_must_be_none() -> None:
    leaky = worth(replace(PERFECT, leakage=1.9e-6), 0.55)
    biased = worth(replace(PERFECT, direct=1.0e-6), 0.55)

    assert math.hypot(0.583, 1.9) == pytest.approx(leaky["CHG.010"], rel=2e-3)
    assert 0.6973**2 + 2 * 0.048 * 1.0 + 1.0**2 == pytest.approx((biased["CON.020"] or 0.0) ** 2, rel=2e-3)  # 5 µA x 1 ms x 10 Hz
    assert outside(worth(replace(PERFECT, leakage=2.1e-6), 0.55)) == ["CHG.010", "LEK.010"]


def test_drawn_good_units_are_good() -> None:
    bad = [n for n in range(2000) if outside(worth(draw(5, f"S{n}", ())[0], 0.6))]

    assert len(bad) <= 3  # Cpk of 1.4 and better: about 0.2 are expected


@pytest.mark.parametrize("defect", [name for name in DEFECTS if name != "contact_slot"])
def test_a_unit_with_a_fault_of_its_own_deserves_to_fail(defect: str) -> None:
    (line,) = lines(f"PLACE 2 MC1 {defect}")

    assert line["deserves"] == "FAIL"
    assert line["defects"] == [defect]
    assert f"defect {defect}" in str(line["because"])


def test_a_good_unit_deserves_to_pass() -> None:
    (line,) = lines("PLACE 2 MC1 good")

    assert (line["serial"], line["slot"], line["defects"], line["deserves"]) == ("MC1", 2, [], "PASS")


def test_a_good_unit_at_loose_needles_deserves_neither_until_it_is_elsewhere() -> None:
    here, there = lines("PLACE 2 MC1 contact_slot", "REMOVE 2", "PLACE 3 MC1")

    assert [here["deserves"], there["deserves"]] == ["INCONCLUSIVE", "PASS"]


def test_a_bad_unit_at_loose_needles_deserves_to_fail() -> None:
    (line,) = lines("PLACE 2 MC1 contact_slot,noisy")

    assert line["deserves"] == "FAIL"


def test_a_value_outside_tolerance_is_enough_to_fail() -> None:
    values = worth(replace(PERFECT, gain=0.085), 0.55)

    assert outside(values) == ["CUR.210", "CUR.211", "CUR.212", "CUR.310", "CUR.311", "CUR.312"]


def test_each_placing_is_a_line_and_nothing_else_is() -> None:
    told = lines("PLACE 1 A", "PLACE 2 B", "PLACE 1 C", "REMOVE 1", "TRUTH 2", "PLACE 1 C")

    assert [line["serial"] for line in told] == ["A", "B", "C"]
