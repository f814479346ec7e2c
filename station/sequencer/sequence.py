"""Write a test as a sequence of steps, each declaring beforehand the rows it will measure."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from station.core.errors import SequenceError
from station.core.limit import Limit
from station.core.recipe import Recipe, belongs
from station.sequencer.unit import Unit


@dataclass(frozen=True, slots=True)
class Step:
    """A named part of a test: the rows it declares, and what it does to the unit."""

    title: str
    ids: tuple[str, ...]
    body: Callable[[Unit], None]


def step(title: str, *ids: str) -> Callable[[Callable[[Unit], None]], Step]:
    """Turn a function of a unit into a step that measures the rows `ids`, all of them, each once."""

    def made(body: Callable[[Unit], None]) -> Step:
        return Step(title, ids, body)

    return made


@dataclass(frozen=True, slots=True)
class Sequence:
    """A product's test by one recipe: its steps in order, and `finish`, which leaves the unit safe and runs on every exit.

    `unseen` names the faults that the recipe cannot see; it goes on record, and is printed on every certificate.
    """

    product: str
    version: str
    recipe: Recipe
    steps: tuple[Step, ...]
    finish: Callable[[Unit], None]
    unseen: tuple[str, ...] = ()

    def check(self, limits: Mapping[str, Limit]) -> None:
        """Refuse a flow whose rows are not exactly those rows of the limits that its recipe measures; raises SequenceError."""
        required = self.required(limits)
        declared = Counter(row_id for step in self.steps for row_id in step.ids)
        faults = [f"{row_id} is measured by {times} steps" for row_id, times in declared.items() if times > 1]
        faults += [f"{row_id} is measured but {_unasked(row_id, limits)}" for row_id in declared if row_id not in required]
        faults += [f"{row_id} has a limit but no step measures it" for row_id in required if row_id not in declared]
        if not declared:
            faults.append("no step measures anything")
        if faults:
            raise SequenceError(
                f"the sequence for {self.product}, recipe {self.recipe}, and its limits do not fit: {'; '.join(faults)}"
            )

    def required(self, limits: Mapping[str, Limit]) -> Mapping[str, Limit]:
        """Return the rows of `limits` that this recipe measures, in their order: the limit file says which these are."""
        return {row_id: limit for row_id, limit in limits.items() if belongs(limit.recipes, self.recipe)}

    def omitted(self, limits: Mapping[str, Limit]) -> Mapping[str, Limit]:
        """Return the rows of `limits` that this recipe does not measure, for the record and the certificate."""
        return {row_id: limit for row_id, limit in limits.items() if not belongs(limit.recipes, self.recipe)}


def _unasked(row_id: str, limits: Mapping[str, Limit]) -> str:
    return "is no row of this recipe" if row_id in limits else "has no limit"
