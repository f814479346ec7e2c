"""What the accelerated recipe lets pass is what the product says that it cannot see, on each certificate."""

import pytest

from benchmarks.study import bench
from benchmarks.study.kinds import KINDS, Kind
from benchmarks.study.plan import Shard
from station.core.recipe import Recipe
from station.products.mc100 import SEQUENCES, UNSEEN
from station.simulator.physics.defects import DEFECTS

UNITS = 6
SAID = {  # the sentence on the certificate, by the simulator's name of the defect
    "early_shutoff": "a unit that stops early although its timer is right",
    "weak_cell": "a weak cell whose voltage holds under the vibration motor",
    "contact_unit": "a contact inside the unit that opens now and then",
}


def test_each_fault_that_is_said_to_be_unseen_is_one_that_the_simulator_makes() -> None:
    assert set(UNSEEN) == set(SAID.values())
    assert set(SAID) <= set(DEFECTS)
    assert {recipe: UNSEEN if recipe is Recipe.ACCELERATED else () for recipe in SEQUENCES} == {
        recipe: sequence.unseen for recipe, sequence in SEQUENCES.items()
    }


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_that_the_accelerated_recipe_lets_pass_is_on_its_certificate(
    defect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{defect}, accelerated"
    kind = Kind(name, defect=defect, recipe=Recipe.ACCELERATED)
    monkeypatch.setattr(bench, "KINDS", {**KINDS, name: kind})

    seen = bench.seen_in(Shard(9, 900, name, UNITS))

    passed = [one.serial for one in seen if one.verdict == "PASS" and one.deserves == "FAIL"]
    assert not passed or defect in SAID
