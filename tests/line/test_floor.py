"""The floor's rules: what fails together holds the line, and a slot that comes to no verdict is locked."""

import pytest

from station.line.floor import Judged, held

GOOD = Judged("", ())


def fail(row: str, *, safety: bool = False) -> Judged:
    return Judged(row, (row,) if safety else ())


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        ([], ""),
        ([GOOD] * 50, ""),
        ([fail("CUR.310", safety=True), *[GOOD] * 48], ""),
        ([fail("CUR.310", safety=True), GOOD, fail("CUR.311", safety=True)], ""),
        (
            [fail("CUR.310", safety=True), GOOD, fail("CUR.310", safety=True)],
            "CUR.310, a safety row, failed on 2 of the last 3 units",
        ),
        ([fail("BAT.010")] * 2, ""),
        ([fail("BAT.010")] * 3, "3 units in a row failed BAT.010 first"),
        ([fail("BAT.010"), fail("BAT.010"), GOOD, fail("BAT.010")], ""),
        ([fail("BAT.010"), fail("WAV.010"), fail("BAT.010")], ""),
        ([fail("BAT.010"), GOOD] * 6, ""),
        ([fail("BAT.010"), GOOD] * 7, "7 of the last 14 units failed"),
    ],
)
def test_the_line_is_held_by_what_the_last_units_failed(judged: list[Judged], said: str) -> None:
    assert said == held(judged)
