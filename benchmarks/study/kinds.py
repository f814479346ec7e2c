"""Name the kinds of units that the study makes: each defect, good units, and productions that are out of control."""

from dataclasses import dataclass

from station.core.recipe import Recipe
from station.simulator.physics.defects import DEFECTS

GOOD = "good"
"""The hand's word for a unit without defect."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of units: the `defect` that each has, how far its production is out of control, and the recipe it is tested by.

    `spread` and `shift` are those of the simulated hand's LOT. `share` is that of all good and marginal units; of a kind with a
    defect it is 0.
    """

    name: str
    defect: str = GOOD
    spread: float = 1.0
    shift: float = 0.0
    recipe: Recipe = Recipe.REAL_TIME
    share: float = 0.0

    @property
    def lot(self) -> str:
        """Return what the hand is told."""
        return f"LOT {self.spread:g} {self.shift:g}"


SOUND = (
    Kind("good", share=0.40),
    Kind("wide", spread=2.0, share=0.20),
    Kind("high", shift=0.06, share=0.15),
    Kind("low", shift=-0.04, share=0.10),
    Kind("lower", shift=-0.06, share=0.05),
    Kind("wild", spread=4.0, share=0.10),
)
"""Units without any defect.

`wide`, `high` and `low` are marginal: 5 to 20 % of them are rejected. Shifted by 6 % as `high` is, half of `lower` are, for
CUR.313 leaves but 5 % below its nominal value. `wild` is there for the rows that no smaller spread brings to their limits.
"""
DEFECTIVE = tuple(Kind(name, defect=name) for name in DEFECTS)
"""Each defect, by the recipe that every unit gets."""
HURRIED = tuple(Kind(f"{name}, accelerated", defect=name, recipe=Recipe.ACCELERATED) for name in DEFECTS)
"""Each defect, by the recipe that does not wait the twenty minutes."""
UNSEEN = {
    "early_shutoff": "a unit that stops early although its timer is right",
    "weak_cell": "a weak cell whose voltage holds under the vibration motor",
    "contact_unit": "a contact inside the unit that opens now and then",
}
"""Defects that the accelerated recipe lets pass now and then, and how its certificate names each (a test holds them equal)."""
KINDS = {kind.name: kind for kind in (*DEFECTIVE, *HURRIED, *SOUND)}
