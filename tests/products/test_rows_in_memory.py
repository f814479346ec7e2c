"""The whole station against the simulator in memory: every row measured as what it is, every defect by its row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from station.cli.home import Home
from station.core.recipe import Recipe
from station.core.record import RunRecord
from station.simulator.physics.defects import DEFECTS
from station.simulator.physics.draw import draw
from tests.products.definitions import differs
from tests.world.world import world

SEED = 22  # all its good units lie well inside their tolerances


@dataclass(frozen=True)
class Examined:
    """A unit that was tested: its record, and the truth about it."""

    record: RunRecord
    truth: Mapping[str, object]

    @property
    def failing(self) -> set[str]:
        """Return the rows that failed by what was measured of the output, not for want of it."""
        return {one.row.id for one in self.record.failing if one.measured is not None and "no output" not in one.measured.reason}

    def shares(self, serial: str, seed: int) -> Iterator[tuple[str, float]]:
        """Yield each row with |error| over what is allowed: 3.5 u, and the difference of definitions."""
        parts, _ = draw(seed, serial, ())
        values = self.truth["values"]
        assert isinstance(values, dict)
        for result in self.record.rows:
            one, true = result.measured, values.get(result.row.id)
            if one is not None and one.u is not None and true is not None and isinstance(one.value, float):
                scale = float(result.row.scale)
                allowed = 3.5 * one.u / scale + differs(result.row.id, true, parts)
                yield result.row.id, abs(one.value / scale - true) / allowed


def by(recipe: Recipe, mains_hz: int) -> Callable[[Home], Home]:
    return lambda home: replace(home, config=replace(home.config, recipe=recipe, mains_hz=mains_hz))


def examined(
    folder: Path, defects: Mapping[str, str], recipe: Recipe, *, seed: int = SEED, mains_hz: int = 50
) -> dict[str, Examined]:
    """Test one unit for each serial of `defects`, and return each by its serial."""
    with world(folder, seed=seed, documents=False, change=by(recipe, mains_hz)) as made:
        truths = {serial: made.place(slot, serial, defect) for slot, (serial, defect) in enumerate(defects.items(), 1)}
        outcomes = made.line(dict(enumerate(defects, 1))).test()
    return {one.serial: Examined(one.record, truths[one.serial]) for one in outcomes if one.record is not None}


def test_every_row_of_every_good_unit_is_measured_within_its_stated_uncertainty(tmp_path: Path) -> None:
    units = examined(tmp_path, {f"G-{number}": "good" for number in range(1, 5)}, Recipe.SAMPLE)

    shares = [(serial, *share) for serial, unit in units.items() for share in unit.shares(serial, SEED)]
    assert {"PASS"} == {unit.record.verdict.name for unit in units.values()}
    assert 4 * 37 <= len(shares)
    assert [] == [(serial, row_id, round(share, 2)) for serial, row_id, share in shares if share > 1.0]


def test_a_mean_is_of_whole_periods_at_60_hertz_mains_too(tmp_path: Path) -> None:
    units = examined(tmp_path, {"G-1": "good", "B-1": "dc_imbalance", "B-2": "dc_imbalance"}, Recipe.ACCELERATED, mains_hz=60)

    for serial, unit in units.items():
        parts, _ = draw(SEED, serial, ("dc_imbalance",) if serial.startswith("B") else ())
        true = unit.truth["values"]
        found = next(one.measured for one in unit.record.rows if one.row.id == "WAV.060")
        assert isinstance(true, dict)
        assert parts.asymmetry == pytest.approx(true["WAV.070"] / 100.0, rel=0.05, abs=1e-3)  # the row sees direct current too
        if found is not None:  # a safety row before it may have ended the run
            assert isinstance(found.value, float)
            assert found.u is not None
            assert true["WAV.060"] * 1e-6 == pytest.approx(found.value, abs=3.5 * found.u)
    assert any(one.row.id == "WAV.060" and one.word == "FAIL" for unit in units.values() for one in unit.record.rows)


def test_output_starts_and_stops_within_four_periods_of_the_relay(tmp_path: Path) -> None:
    units = examined(tmp_path, {f"G-{number}": "good" for number in range(1, 5)}, Recipe.ACCELERATED)

    found = {one.row.id: one.measured.value for unit in units.values() for one in unit.record.rows if one.measured is not None}
    assert isinstance(found["CON.030"], float)
    assert isinstance(found["CON.040"], float)
    assert 0.29 < found["CON.030"] < 0.42  # three sense pulses agree, and the next tick is the first of the output
    assert 0.19 < found["CON.040"] < 0.42


# Each defect with the rows of the accelerated recipe that it fails by; one of several sets where its size or the moment decides.
GONE: set[str] = set()
NOBODY_HOME = {"ID.010", "ID.020", "ID.030"}
LOWER_LEVELS = {"CUR.110", "CUR.111", "CUR.112", "CUR.210", "CUR.211", "CUR.212", "CUR.340", "CUR.341"}
ACCELERATED: dict[str, list[set[str]]] = {
    "dead": [NOBODY_HOME],
    "weak_cell": [{"BAT.040"}],
    "wrong_sense": [{"CUR.311", "CUR.320"}],
    "oscillator": [{"TIM.020"}],
    "stuck_fet": [{"CON.020"}],
    "bridge_leg": [{"WAV.021", "WAV.030"}],
    "no_shutoff": [{"TIM.020"}],
    "early_shutoff": [GONE],  # the recipe cannot see it, and its certificate says so
    "dc_imbalance": [{"WAV.050", "WAV.060", "WAV.070"}, {"CUR.311", "WAV.070"}],
    "noisy": [{"CON.020"}, {"CON.020", "CON.010"}],
    "contact_slot": [GONE],
    "contact_unit": [GONE, {"TIM.020"}, {"TIM.040"}, {"TIM.020", "TIM.040"}, {"CON.030"}, {"CON.040"}],
    "contact_always": [{"CON.010", "CON.020"}],
    "level_map": [LOWER_LEVELS, {"CUR.311", "CUR.320"}],
    "no_soft_start": [{"CUR.350"}],
    "charge_interlock": [{"CHG.010"}],
    "service_mode": [GONE, {"SVC.010"}],
    "timer_restart": [{"TIM.020"}],
}
HIDDEN = {"early_shutoff"}


@pytest.fixture(scope="module")
def accelerated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Examined]:
    names, found = list(ACCELERATED), dict[str, Examined]()
    for first in range(0, len(names), 8):
        tray = {name: name for name in names[first : first + 8]}
        found |= examined(tmp_path_factory.mktemp("accelerated"), tray, Recipe.ACCELERATED, seed=11)
    return found


def test_every_defect_of_the_simulator_is_tried_by_the_accelerated_recipe() -> None:
    assert set(DEFECTS) == set(ACCELERATED)


@pytest.mark.parametrize("defect", ACCELERATED)
def test_a_defect_gets_what_it_deserves_by_its_row_unless_the_recipe_cannot_see_it(
    accelerated: dict[str, Examined], defect: str
) -> None:
    unit = accelerated[defect]

    deserved = "PASS" if defect in HIDDEN else unit.truth["deserves"]
    assert deserved == unit.record.verdict.name, f"{unit.record.reason}: {unit.truth['because']}"
    assert unit.failing in ACCELERATED[defect], unit.record.reason
    assert all(result.word != "ERROR" for result in unit.record.rows)


def test_an_accelerated_record_names_the_rows_that_it_leaves_out(accelerated: dict[str, Examined]) -> None:
    started = accelerated["early_shutoff"].record.started

    assert ("accelerated", ["TIM.010", "TIM.030", "TIM.050"]) == (started.recipe, [row.id for row in started.omitted])
