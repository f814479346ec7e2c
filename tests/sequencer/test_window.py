"""While a unit's window is open each of its loans must begin inside it; a loan's own moment goes before."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import pytest

from station.core.clock import Stop
from station.core.events import Waiting
from station.core.instruments import Dmm, Scope
from station.core.uncertainty import Uncertainty
from station.core.verdict import Verdict
from station.sequencer.sequence import step
from station.sequencer.unit import Unit
from tests.core.samples import number
from tests.sequencer.fakes import FakeBench, Rig


class Listening(FakeBench):
    """A bench that hears by when each loan must begin, and whose windows end at 1000 s."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[float | None] = []

    def dmm(self, slot: int, stop: Stop, path: str = "sense", before: float | None = None) -> AbstractContextManager[Dmm]:
        self.heard.append(before)
        return super().dmm(slot, stop, path, before)

    def scope(self, slot: int, stop: Stop, before: float | None = None) -> AbstractContextManager[Scope]:
        self.heard.append(before)
        return super().scope(slot, stop, before)

    def both(self, slot: int, stop: Stop, before: float | None = None) -> AbstractContextManager[tuple[Dmm, Scope]]:
        self.heard.append(before)
        return super().both(slot, stop, before)

    def open_window(
        self, slot: int, stop: Stop, *, seconds: float, loans: Mapping[str, int], waits: Callable[[float], None] | None = None
    ) -> float:
        super().open_window(slot, stop, seconds=seconds, loans=loans, waits=waits)
        return 1000.0


BORROWS: list[Callable[[Unit, float | None], AbstractContextManager[object]]] = [
    lambda unit, before: unit.dmm(before=before),
    lambda unit, before: unit.scope(before=before),
    lambda unit, before: unit.both(before=before),
]


@pytest.mark.parametrize("borrow", BORROWS)
def test_a_loan_must_begin_inside_the_window_or_by_its_own_moment(
    borrow: Callable[[Unit, float | None], AbstractContextManager[object]],
) -> None:
    rig, bench = Rig(), Listening()
    unit = rig.unit
    unit.bench = bench

    borrow(unit, None)
    unit.open_window(seconds=900.0, loans={"dmm": 3})
    borrow(unit, None)
    borrow(unit, 50.0)
    unit.close_window()
    borrow(unit, None)

    assert [None, 1000.0, 50.0, None] == bench.heard
    assert [] == bench.windows


def test_a_start_that_waits_is_told_with_its_forecast_and_told_once_more_when_it_comes() -> None:
    rig = Rig(number())
    rig.bench.queue = 40.0

    @step("Start", "CUR.310")
    def start(unit: Unit) -> None:
        unit.open_window(seconds=900.0, loans={"dmm": 3})
        unit.measure("CUR.310", 4e-4, Uncertainty(1e-6, "A", "told"))

    assert Verdict.PASS == rig.run(start)
    assert [40.0, 0.0] == [event.seconds for event in rig.events if isinstance(event, Waiting)]
