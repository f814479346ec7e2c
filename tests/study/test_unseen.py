"""What the accelerated recipe lets pass is what the product says that it cannot see, on each certificate."""

import pytest

from benchmarks.study import bench
from benchmarks.study.kinds import UNSEEN as SAID
from benchmarks.study.plan import Shard
from station.core.recipe import Recipe
from station.products.mc100 import SEQUENCES, UNSEEN
from station.simulator.physics.defects import DEFECTS

UNITS = 6


def test_each_fault_that_is_said_to_be_unseen_is_one_that_the_simulator_makes() -> None:
    assert set(UNSEEN) == set(SAID.values())
    assert set(SAID) <= set(DEFECTS)
    assert {recipe: UNSEEN if recipe is Recipe.ACCELERATED else () for recipe in SEQUENCES} == {
        recipe: sequence.unseen for recipe, sequence in SEQUENCES.items()
    }


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_that_the_accelerated_recipe_lets_pass_is_on_its_certificate(defect: str) -> None:
    seen = bench.seen_in(Shard(9, 900, f"{defect}, accelerated", UNITS))

    passed = [one.serial for one in seen if one.verdict == "PASS" and one.deserves == "FAIL"]
    assert not passed or defect in SAID
