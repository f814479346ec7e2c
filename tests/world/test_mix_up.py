"""Units that a hand puts into each other's slots: nothing is said of a unit that nobody tested, and the right order passes."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from station.core.verdict import Verdict
from station.line.admission import history_refusal
from station.line.line import Outcome
from tests.world.line import MemoryHand, NoHand
from tests.world.world import World, world

MEANT = {1: "SN-A", 2: "SN-B"}


class Muddle(MemoryHand):
    """A hand that takes one unit for another."""

    def __init__(self, made: World, taken: Mapping[str, str]) -> None:
        super().__init__(made.operate, dict.fromkeys(taken, "good"))
        self._taken = taken

    def change(self, slot: int, out: Outcome | None, into: str) -> None:
        super().change(slot, out, self._taken.get(into, into))


@pytest.mark.parametrize("waiting", [(), ("SN-C",)])
@pytest.mark.hazard("SN-13")
def test_two_units_in_each_other_s_slots_are_undecided_hold_no_line_and_pass_where_they_belong(
    tmp_path: Path, waiting: tuple[str, ...]
) -> None:
    wrong = {"SN-A": "SN-B", "SN-B": waiting[0] if waiting else "SN-A"}
    with world(tmp_path, documents=False) as made:
        line = made.line(MEANT, waiting, hand=Muddle(made, wrong))
        muddled = {one.serial: (one.verdict, one.reason) for one in line.test() if one.serial in MEANT.values()}
        history = {serial: made.kept.archive.history(serial, simulated=True) for serial in MEANT.values()}
        for slot in MEANT:
            made.operate(f"REMOVE {slot}")
        again = made.test(MEANT)

    assert {Verdict.INCONCLUSIVE} == {verdict for verdict, _ in muddled.values()}
    assert "the unit in slot 1 says that it is SN-B, which was scanned too, or before" in muddled["SN-A"][1]
    assert "" == line.station.view().held
    assert [None, None] == [history_refusal(serial, slot, history[serial]) for slot, serial in MEANT.items()]
    assert [Verdict.PASS] * 2 == [one.verdict for one in again]


@pytest.mark.hazard("SN-13")
def test_a_unit_of_an_earlier_tray_that_was_left_in_its_slot_quarantines_no_unit_of_this_one(tmp_path: Path) -> None:
    with world(tmp_path, documents=False) as made:
        (first,) = made.test({1: "SN-A"})
        made.bench.restore()
        (left,) = made.line({1: "SN-B"}, hand=NoHand()).test()
        made.operate("REMOVE 1")
        (right,) = made.test({1: "SN-B"})

    assert [Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.PASS] == [first.verdict, left.verdict, right.verdict]
    assert "the unit in slot 1 says that it is SN-A, which was scanned too, or before" in left.reason
