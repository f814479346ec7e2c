"""Write a test as a sequence of steps, each declaring beforehand the rows it will measure."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from station.core.errors import SequenceError
from station.core.limit import Limit
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
    """A product's test: its steps in order, and `finish`, which leaves the unit safe and runs on every exit."""

    product: str
    version: str
    recipe: str
    steps: tuple[Step, ...]
    finish: Callable[[Unit], None]

    def check(self, limits: Mapping[str, Limit]) -> None:
        """Refuse a flow whose rows are not exactly the rows of the limits; raises SequenceError."""
        declared = Counter(row_id for step in self.steps for row_id in step.ids)
        faults = [f"{row_id} is measured by {times} steps" for row_id, times in declared.items() if times > 1]
        faults += [f"{row_id} is measured but has no limit" for row_id in declared if row_id not in limits]
        faults += [f"{row_id} has a limit but no step measures it" for row_id in limits if row_id not in declared]
        if not declared:
            faults.append("no step measures anything")
        if faults:
            raise SequenceError(f"the sequence for {self.product} and its limits do not fit: {'; '.join(faults)}")
