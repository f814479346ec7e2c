"""Instruments of a pool have names: the first that of its kind, so that a bench with one of each reads as it always did."""

from station.core.equipment import named


def test_the_first_of_a_pool_is_called_by_its_kind_and_the_others_are_numbered() -> None:
    assert ("dmm", "dmm2", "dmm3") == named("dmm", 3)
