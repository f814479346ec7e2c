"""The profile is a fold of the loan log: who waited on what, and how busy each thing was."""

import pytest

from station.hardware.lending import START, LoanEntry
from station.line.profile import Use, Wait, profile

LOG = [
    LoanEntry(1, ("dmm",), 10.0, 10.0, 30.0),
    LoanEntry(2, ("dmm", "scope"), 12.0, 30.0, 40.0),
    LoanEntry(3, ("dmm",), 13.0, None, 43.0),
    LoanEntry(2, ("dmm",), 50.0, 51.0, 61.0),
    LoanEntry(2, (START,), 61.0, 71.0, 71.0),
]


def test_what_a_slot_had_of_a_thing_is_added_up() -> None:
    found = profile(LOG, 10.0, 110.0)

    assert Use(2, "dmm", 2, 2, 19.0, 18.0, 20.0) in found.slots
    assert Use(3, "dmm", 1, 0, 30.0, 30.0, 0.0) in found.slots
    assert {(1, "dmm"), (2, "dmm"), (2, "scope"), (2, START), (3, "dmm")} == {(use.slot, use.thing) for use in found.slots}


def test_the_utilisation_is_the_share_of_the_span_for_which_a_thing_was_held() -> None:
    found = profile(LOG, 10.0, 110.0)

    shares = {use.thing: found.utilisation(use) for use in found.things}
    assert {"dmm": pytest.approx(0.4), "scope": pytest.approx(0.1), START: None} == shares


def test_the_longest_waits_come_first() -> None:
    assert [Wait(3, "dmm", 3.0, 30.0), Wait(2, "dmm", 2.0, 18.0)] == list(profile(LOG, 10.0, 110.0).longest[:2])


def test_a_line_that_lent_nothing_has_an_empty_profile() -> None:
    found = profile([], 0.0, 5.0)

    assert ((), (), ()) == (found.slots, found.things, found.longest)
